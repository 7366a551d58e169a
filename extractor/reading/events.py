"""One mention of one deal, with its roles and amounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.reading.lexicon import Cue
from extractor.reading.statements import Party, Statement
from extractor.records import DealType


@dataclass(slots=True)
class Event:
    """One mention of a deal. Parties are by role: company, counterparty, party (either)."""

    type: DealType | None  # None: unspecific until the context decides
    statement: Statement
    cue: Cue
    rule: str
    roles: dict[str, list[Party]] = field(default_factory=dict)
    anaphoric: bool = False
    weak: bool = False
    indefinite: bool = False  # "a lease", "two agreements"
    needs_focus: bool = False  # says something only of a deal that was told before
