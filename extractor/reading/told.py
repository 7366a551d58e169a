"""What an article has told so far: its deals, the one in focus, who is spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.reading.companies import CompanyMention
from extractor.reading.drafts import Draft, Named
from extractor.reading.references import Topic
from extractor.reading.statements import Party, Statement
from extractor.reading.tokens import Tokens
from extractor.records import DealType

# deals in which somebody takes the capacity or the services of another
CONNECTED: tuple[DealType, ...] = ("hosting", "compute")


@dataclass(slots=True)
class Told:
    """The state of reading one article."""

    tokens: Tokens
    companies: Sequence[CompanyMention]
    topic: Topic
    drafts: list[Draft] = field(default_factory=list)
    focus: Draft | None = None
    focus_paragraph: int = -1

    def is_near(self, statement: Statement, paragraphs: int) -> bool:
        """Whether the deal in focus was spoken of at most that many paragraphs ago."""
        return (
            self.focus is not None
            and statement.sentence.paragraph - self.focus_paragraph <= paragraphs
        )

    def latest(self, *types: DealType) -> Draft | None:
        """The deal of one of these types that was opened last."""
        return next((d for d in reversed(self.drafts) if d.type in types), None)

    def span(self, statement: Statement) -> tuple[int, int]:
        """The characters of the sentence of a statement."""
        sentence = statement.sentence
        return self.tokens.starts[sentence.first], self.tokens.ends[sentence.last - 1]

    def name(self, party: Party, statement: Statement, rule: str) -> Named | None:
        """A party with its place; a description is resolved, None if to nobody."""
        name = party.name or self.topic.resolve(party, statement)
        if not name:
            return None
        if not party.name:
            rule = f"{party.reference} refers"
        return Named(name, *self.place(party), rule)

    def place(self, party: Party) -> tuple[int, int]:
        """The characters of a party."""
        return self.tokens.starts[party.first], self.tokens.ends[party.last - 1]

    def category(self, name: str) -> str:
        """The kind of a company."""
        return self.topic.categories.get(name, "other")
