"""Verbs into events: which frame a verb stands for, by what it acts on."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.arguments import Arguments
from extractor.reading.events import Event
from extractor.reading.lexicon import Cue, Lexicon, VerbFrame
from extractor.reading.objects import ObjectClasses
from extractor.reading.statements import DETERMINERS, PREPOSITIONS, Statement, is_passive
from extractor.reading.tokens import Tokens
from extractor.records import DealType

_STRONG_OBJECTS = ("coins", "shares", "machines", "equipment")
_BEFORE_ADJECTIVE = frozenset(
    "of the its their a an new newly recently previously fully 's ’s any all some more "
    "already approved".split()
)
_AUXILIARY = frozenset(
    "has have had will would may might could can should must is are was were be been being "
    "not also already now collectively".split()
)


class VerbReader:
    """Reads the verbs of statements."""

    def __init__(self, lexicon: Lexicon, arguments: Arguments, objects: ObjectClasses) -> None:
        self._lexicon = lexicon
        self._words = lexicon.words
        self._object_rank: dict[str, float] = lexicon.common["object_rank"]
        self._arguments = arguments
        self._objects = objects

    def event(self, tokens: Tokens, statement: Statement, cue: Cue) -> Event | None:
        if (
            tokens.words[cue.first][0].isupper()
            and cue.first > statement.sentence.first
            and statement.sentence.zone == "body"
        ):
            return None  # "Troll Housing" is a name
        passive = is_passive(tokens, cue, statement.first) or self._is_reduced(
            tokens, cue, statement
        )
        if cue.form in ("base", "s", "ing") and self._is_noun_use(tokens, cue, statement):
            return None
        if cue.form == "past" and not passive and self._is_adjective(tokens, cue, statement):
            return None
        if cue.form == "ing" and self._is_gerund_noun(tokens, cue, statement):
            return None
        labels = {
            "at" if p.label == "poss" and p.head == "site" else p.label for p in statement.parties
        }
        frames = [f for f in cue.verbs if any(needs <= labels for needs, _ in f.active)]
        if not frames:
            return None
        window = (statement.first, cue.first) if passive else (cue.last, statement.last)
        found = self._objects.find(
            tokens,
            *window,
            statement.parties,
            statement.quantities,
            with_object=cue.lemma in ("provide", "supply", "furnish"),
        )
        if statement.border in ("that", "which") and not passive:
            # "the campus that the miner is building": the object stands before
            earlier = self._objects.find(
                tokens, max(statement.sentence.first, statement.first - 10), statement.first, (), ()
            )
            for name, distance in earlier.items():
                found.setdefault(name, distance + 4)
        if passive:
            after = self._objects.find(
                tokens, cue.last, statement.last, statement.parties, statement.quantities
            )
            for name, distance in after.items():
                found.setdefault(name, distance + 20)
        frame = self._choose(tokens, statement, cue, frames, found)
        if frame is None:
            return None
        event = Event(
            frame.type, statement, cue, f"{frame.type}: verb {frame.lemma}", weak=frame.weak
        )
        roles = frame.passive
        if not passive or all(needs for needs, _ in frame.active):
            labels |= {
                tokens.lower[i]
                for i in range(cue.last, statement.last)
                if tokens.lower[i] in PREPOSITIONS
                and any(p.first > i and p.label == tokens.lower[i] for p in statement.parties)
            }
            fitting = next((r for needs, r in frame.active if needs <= labels), None)
            if fitting is None:
                return None
            roles = frame.passive if passive else fitting
        if frame.type == "hosting" and self._words["generation"] & set(
            tokens.lower[statement.first : statement.last]
        ):
            event.type, roles = (
                "power",
                dict.fromkeys(("subj", "to", "for", "from", "by", "with", "at"), "party"),
            )
        event.roles = self._arguments.roles(tokens, statement, cue, roles, passive=passive)
        if not passive and self._has_common_subject(tokens, statement, cue):
            return None
        return event

    def _is_noun_use(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a verb form is a noun here: "the lease", "a 10-year lease", "its order"."""
        lower = tokens.lower
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        if cue.form == "ing":
            return cue.last < statement.last and lower[cue.last] in ("is", "was", "has", "pressure")
        if before in DETERMINERS or before in (
            "'s",
            "’s",
            "of",
            "per",
            "-",
            "year",
            "or",
            "total",
            "new",
            "under",
            "in",
            "on",
            "by",
            "with",
        ):
            return True
        if cue.last - cue.first > 1:
            return False
        if before in (
            "to",
            "will",
            "would",
            "may",
            "could",
            "can",
            "should",
            "must",
            "and",
            "also",
            "not",
            "it",
            "they",
            "which",
            "who",
            "that",
            "we",
        ) or before.endswith("ly"):
            return False
        if cue.form == "base" and (
            cue.lemma in self._words["homographs"]
            or (statement.sentence.zone != "title" and not before.endswith("s"))
        ):
            return before not in (",", "or", "jointly")
        return not any(p.last <= cue.first for p in statement.parties)

    def _is_reduced(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a participle behind its object is passive: "rigs ordered from Bitmain"."""
        if cue.form != "past" or cue.last >= statement.last or cue.first == statement.first:
            return False
        before = tokens.lower[cue.first - 1]
        acts = any(0 <= cue.first - p.last <= 1 for p in statement.parties) or before in _AUXILIARY
        return tokens.lower[cue.last] == "from" and not acts and before[0].isalpha()

    def _is_adjective(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a participle only colours a noun: "2,910MW of secured power"."""
        lower = tokens.lower
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        after = lower[cue.last] if cue.last < statement.last else ""
        return (
            before in _BEFORE_ADJECTIVE
            and after[:1].isalpha()
            and after not in DETERMINERS
            and after not in PREPOSITIONS
        )

    def _is_gerund_noun(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether an "-ing" form colours a noun: "lending capacity", "a 106MW hosting site"."""
        lower = tokens.lower
        after = lower[cue.last] if cue.last < statement.last else ""
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        if after in self._words["gerund_heads"]:
            return True
        return cue.lemma == "host" and before not in (
            "is",
            "are",
            "be",
            "been",
            "was",
            "were",
            "by",
            "of",
            "for",
            ",",
            "and",
        )

    def _has_common_subject(self, tokens: Tokens, statement: Statement, cue: Cue) -> bool:
        """Whether nobody in particular acts: "miners have sold", "a miner can sign"."""
        if any(p.label == "subj" and p.first <= cue.first for p in statement.parties):
            return False
        lower = tokens.lower
        index = cue.first - 1
        while index >= statement.sentence.first and (
            lower[index] in _AUXILIARY or lower[index].endswith("ly")
        ):
            index -= 1
        if index < statement.sentence.first or lower[index] == "to":
            return False
        word = lower[index]
        if word in self._words["anybody"]:
            return True
        near = lower[max(statement.sentence.first, index - 3) : index]
        return word in self._words["somebody"] and bool(
            {"a", "an", "any", "no", "every", "each"} & set(near)
        )

    def _choose(
        self,
        tokens: Tokens,
        statement: Statement,
        cue: Cue,
        frames: Sequence[VerbFrame],
        found: dict[str, int],
    ) -> VerbFrame | None:
        """The frame whose object is there; the more telling object wins."""
        subject = next(
            (p for p in reversed(statement.parties) if p.last <= cue.first and p.label == "subj"),
            None,
        )
        best: tuple[float, VerbFrame] | None = None
        for frame in frames:
            if frame.categories and (subject is None or subject.category not in frame.categories):
                continue
            if frame.partners and not any(
                p.category in frame.partners for p in statement.parties if p is not subject
            ):
                continue
            fits = [o for o in frame.objects if o in found]
            if not fits:
                if "none" in frame.objects and not (set(found) & set(_STRONG_OBJECTS)):
                    score = 0.1
                else:
                    continue
            else:
                score = max(self._weight(o, found) for o in fits)
            if frame.categories or frame.partners:
                score += 1.5
            if frame.weak:
                score -= 0.5
            if best is None or score > best[0]:
                best = (score, frame)
        if best is None or (
            best[1].type == "hosting"
            and "site" not in best[1].objects
            and "power" in best[1].objects
            and "capacity" not in best[1].objects
            and found.get("power", 0) > 7
        ):
            return None
        if (
            best[1].weak
            and best[1].type == "equity"
            and not self._in_context(tokens, statement, best[1].type)
        ):
            # "Nscale has raised $1.1bn." is a round; "raising $41m" tells of a sale before
            if cue.form == "ing" or subject is None or self._in_context(tokens, statement, "debt"):
                return None
        direct = found.get("company", 99)
        if (
            best[1].type in ("equipment", "treasury", "compute")
            and direct <= 1
            and cue.lemma in ("buy", "acquire", "purchase")
            and found.get("machines", found.get("coins", 99)) > 3
        ):
            return next((f for f in frames if f.type == "acquisition"), best[1])
        return best[1]

    def _in_context(self, tokens: Tokens, statement: Statement, type_: DealType) -> bool:
        sentence = statement.sentence
        words = self._lexicon.types[type_].context.keys()
        return any(w in words for w in tokens.lower[sentence.first : sentence.last])

    def _weight(self, name: str, found: dict[str, int]) -> float:
        """How telling an object class is; the nearer to the verb, the more."""
        return self._object_rank.get(name, 1.0) - 0.15 * found[name]
