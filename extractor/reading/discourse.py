"""Sentence by sentence through an article: events become claims, claims become deals.

statement -> events (frames) -> claims (names resolved, sides decided)
          -> the draft that each claim continues, or a new one
statement that opens no deal -> its amounts complete the deal in focus
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.reading.claims import ClaimMaker
from extractor.reading.companies import CompanyMention
from extractor.reading.drafts import Claim, Draft, Named, match
from extractor.reading.eventfinder import EventFinder
from extractor.reading.figures import Figures
from extractor.reading.lexicon import Lexicon
from extractor.reading.openings import is_substantial
from extractor.reading.progress import Progress
from extractor.reading.references import Topic, main_company
from extractor.reading.statementbuilder import StatementBuilder
from extractor.reading.statements import Quantity, Statement
from extractor.reading.statusrules import StatusRules
from extractor.reading.supporters import Supporters
from extractor.reading.terms import defined_terms, self_name
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.told import CONNECTED, Told

_CLAUSES = ("which", "who", "whose", "that", "where")


@dataclass(slots=True)
class ArticleText:
    """The prepared text of one article."""

    tokens: Tokens
    sentences: Sequence[Sentence]
    companies: Sequence[CompanyMention]
    quantities: Sequence[Quantity]
    title_last: int


class DealFinder:
    """Finds the deals of a prepared text; holds nothing between texts."""

    def __init__(self, lexicon: Lexicon, builder: StatementBuilder, status: StatusRules) -> None:
        self._lexicon = lexicon
        self._builder = builder
        self._events = EventFinder(lexicon)
        self._figures = Figures(lexicon.words)
        self._progress = Progress(status, lexicon)
        self._claims = ClaimMaker(lexicon, self._progress, self._figures)
        self._supporters = Supporters(lexicon)

    def find(self, text: ArticleText) -> list[Draft]:
        """The drafts of all deals, in order of first mention."""
        words = self._lexicon.words
        mentions = [
            *text.companies,
            *defined_terms(text.tokens, text.companies, words["definable"]),
        ]
        mentions.sort(key=lambda m: m.first)
        topic = Topic(
            main_company(text.companies, text.title_last, words["principals"]),
            {m.name: m.category for m in text.companies},
            words.table("fits"),
            self_name=self_name(text.tokens, text.companies),
            count=dict(Counter(m.name for m in text.companies)),
        )
        told = Told(text.tokens, text.companies, topic)
        # the title last: what it means by "deal" the text has told by then
        for zone in ("body", "title"):
            for sentence in text.sentences:
                if sentence.zone == zone:
                    self._read(sentence, mentions, text.quantities, told)
        _give_totals_their_customer(told)
        return told.drafts

    def _read(
        self,
        sentence: Sentence,
        mentions: Sequence[CompanyMention],
        quantities: Sequence[Quantity],
        told: Told,
    ) -> None:
        companies = [m for m in mentions if sentence.first <= m.first < sentence.last]
        amounts = [q for q in quantities if sentence.first <= q.first < sentence.last]
        carried: Named | None = None
        told.topic.begin_sentence()
        for statement in self._builder.build(told.tokens, sentence, companies, amounts):
            carried = self._hear(statement, carried, told)

    def _hear(self, statement: Statement, carried: Named | None, told: Told) -> Named | None:
        """One statement; gives the principal to carry over to the next."""
        backers = self._supporters.backers(statement, told)
        events = self._events.find(told.tokens, statement)
        if backers:
            events = [e for e in events if self._supporters.survives(e, backers)]
        if not events and statement.border in ("which", "that", "and"):
            self._note_status(statement, told)
        share = self._figures.share(told.tokens, statement, events)
        applied = False
        for event in events:
            claim = self._claims.claim(event, share[id(event)], carried, told)
            if claim is not None:
                applied = self._apply(claim, statement, told) or applied
                carried = claim.company or carried
        if not applied:
            self._complete(statement, told)
        self._supporters.note_backers(statement, backers, told)
        self._supporters.note_role_nouns(statement, told)
        self._supporters.note_investors(statement, told)
        self._note_topics(statement, told)
        return carried

    def _apply(self, claim: Claim, statement: Statement, told: Told) -> bool:
        """Add a claim to its draft, or open one; False where it says too little."""
        draft = match(claim, told.drafts)
        if draft is None:
            if not is_substantial(claim, told):
                return False
            draft = Draft(
                claim.type, rule=claim.rule, in_title=claim.in_title, tentative=claim.tentative
            )
            told.drafts.append(draft)
        draft.add(claim, statement.sentence.last)
        self._figures.extras(draft, claim.quantities)
        if claim.together is not None and (total := told.latest("backlog")) is not None:
            # "the three leases together cover 400 MW" belongs to the total
            total.fill("megawatts", claim.together)
        told.focus, told.focus_paragraph = draft, statement.sentence.paragraph
        if draft.type in CONNECTED:
            if draft.company is not None:
                told.topic.landlord = draft.company.name
            if draft.counterparties:
                told.topic.tenant = next(iter(draft.counterparties))
        return True

    def _complete(self, statement: Statement, told: Told) -> None:
        """A statement that opens no deal may go on about the one in focus."""
        draft = told.focus
        if draft is None or not statement.quantities or not told.is_near(statement, 2):
            return
        self._figures.extras(draft, statement.quantities)
        known = draft.names | draft.backers.keys()
        sided = ("subj", "obj", "to", "from")
        if any(p.name and p.name not in known and p.label in sided for p in statement.parties):
            return  # it speaks of somebody else
        if draft.type == "acquisition":
            self._supporters.note_seller(statement, draft, told)
        if self._figures.complete(told.tokens, statement, draft):
            draft.evidence.append(told.span(statement))
        elif any(q.role == "extended" for q in statement.quantities):
            # "the options would lift the total to $8.7bn" after a word on the warrants
            earlier = told.latest(*CONNECTED)
            if (
                earlier is not None
                and earlier is not draft
                and (
                    statement.first - earlier.last_token < 90
                    and self._figures.complete(told.tokens, statement, earlier)
                )
            ):
                earlier.evidence.append(told.span(statement))

    def _note_status(self, statement: Statement, told: Told) -> None:
        """ "..., which Bitfarms completed in March" tells how far the deal before it has come."""
        draft = told.focus
        if draft is None or statement.sentence.first > draft.last_token:
            return
        if draft.last_token - statement.last > 60 or statement.last - statement.first >= 14:
            return
        found = self._progress.phrases(told.tokens, statement.first, statement.last)
        draft.statuses += [(s, True) for s in ("completed", "terminated") if s in found]

    def _note_topics(self, statement: Statement, told: Told) -> None:
        """Remember who was spoken of; subjects of side clauses do not become the topic."""
        for party in statement.parties:
            if party.first < statement.first:
                continue
            label = party.label
            if statement.border in _CLAUSES and label == "subj":
                label = "clause subj"
            name = party.name or told.topic.resolve(party, statement)
            told.topic.note(replace(party, label=label, name=name))


def _give_totals_their_customer(told: Told) -> None:
    """A total of contracts that all have one customer is that customer's."""
    for total in told.drafts:
        if total.type != "backlog" or total.counterparties or total.company is None:
            continue
        parts = [
            d
            for d in told.drafts
            if d.type in CONNECTED
            and d.company is not None
            and d.company.name == total.company.name
        ]
        customers = {name for d in parts for name in d.counterparties}
        if len(customers) == 1 and all(d.counterparties for d in parts):
            total.counterparties.update(parts[0].counterparties)
