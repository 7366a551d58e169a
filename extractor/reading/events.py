"""Statements into events: one mention of one deal, with its roles and amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.reading.lexicon import Cue, Lexicon, NounFrame, Roles, VerbFrame
from extractor.reading.objects import object_classes
from extractor.reading.statements import DETERMINERS, PREPOSITIONS, Party, Quantity, Statement, is_passive
from extractor.reading.tokens import Tokens
from extractor.records import DealType

_STRONG_OBJECTS = ("coins", "shares", "machines", "equipment")
_BEFORE_ADJECTIVE = frozenset("of the its their a an new newly recently previously fully 's ’s any all some more already approved".split())
_DONE = frozenset("signed executed struck announced agreed closed concluded inked".split())
_MONTHS = frozenset("january february march april may june july august september october november december earlier spring summer autumn fall winter 2021 2022 2023 2024 2025 2026".split())
_RELATIONS = frozenset("owner owners parent rival rivals part subsidiary unit arm spin-off competitor peer founder ceo chief head owned controlled founded run operated managed shareholder division affiliate".split())
_GENERATION = frozenset("electricity reactor nuclear generation turbines carbon-free fuel hydropower geothermal solar wind ppa".split())
_GERUND_HEADS = frozenset("capacity activities business unit arm group spree program programme campus partner partners needs power site sites spot price".split())
_LISTING = frozenset((",", "and", "&", "plus", "(", ")", "its", "the"))
_OTHER_DEALS = frozenset("contract contracts agreement agreements deal deals lease leases partnership".split())
_AUXILIARY = frozenset("has have had will would may might could can should must is are was were be been being not also already now collectively".split())
_ANYBODY = frozenset("miners companies firms investors traders holders analysts they buyers lenders banks operators developers hyperscalers executives insiders customers funds players peers rivals people others many some few utilities".split())
_SOMEBODY = frozenset("miner company firm developer operator lender bank investor customer tenant trader buyer".split())
_OBJECT_OF_KIND = {"money": "money", "power": "power", "coins": "coins", "count": "machines"}
_POINTERS = frozenset("the this that these both each its those".split())
_HOMOGRAPHS = frozenset("lease rent host let order purchase offer bid supply contract power loan award access use tap book reserve need own swap fill place float issue loan merge lead plan price close round".split())
_COLOURED = frozenset("payments payment obligations revenue revenues term terms site sites facility facilities campus company firm provider unit segment arm income costs cost rate rates holders options option portfolio business services market pipeline customers clients sites operations revenue-sharing price prices".split())
_NEW = frozenset("another second third separate separately new further additional more".split())


@dataclass(slots=True)
class Event:
    """One mention of a deal. Parties are by role: company, counterparty, party (either)."""

    type: DealType | None  # None: unspecific until the context decides
    statement: Statement
    cue: Cue
    rule: str
    roles: dict[str, list[Party]] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    anaphoric: bool = False
    is_new: bool = False
    weak: bool = False
    indefinite: bool = False  # "a lease", "two agreements"
    needs_focus: bool = False  # says something only of a deal that was told before

    def parties(self, role: str) -> list[Party]:
        return self.roles.get(role, [])


class EventFinder:
    """Finds the events of a statement by the lexicon's frames."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, tokens: Tokens, statement: Statement) -> list[Event]:
        """The events of the statement: at most one for each type and verb-noun group."""
        candidates: list[Event] = []
        verb_at = -1
        for cue in statement.cues:
            event = None
            if cue.kind == "verb":
                event = self._from_verb(tokens, statement, cue)
                verb_at = cue.first if event is not None else verb_at
            elif cue.first == verb_at or self._is_modifier(tokens, cue, statement) or self._is_general_plural(tokens, cue) or self._is_verb_after_all(tokens, cue, statement):
                continue
            elif cue.kind == "noun":
                event = self._from_noun(tokens, statement, cue)
            if event is None and cue.is_general and cue.lemma not in ("capacity", "tenant", "customer", "expansion", "option"):
                event = Event(None, statement, cue, f"noun {cue.lemma}")
                event.roles = self._roles_of(tokens, statement, cue, {}, passive=False)
            if event is not None:
                self._mark(tokens, event)
                candidates.append(event)
        return self._unite(candidates)

    # -- verbs ------------------------------------------------------------------

    def _from_verb(self, tokens: Tokens, statement: Statement, cue: Cue) -> Event | None:
        if tokens.words[cue.first][0].isupper() and cue.first > statement.sentence.first and statement.sentence.zone == "body":
            return None  # "Troll Housing" is a name
        passive = is_passive(tokens, cue, statement.first)
        if cue.form in ("base", "s", "ing") and self._is_noun_use(tokens, cue, statement):
            return None
        if cue.form == "past" and not passive and self._is_adjective(tokens, cue, statement):
            return None
        if passive:
            window = (statement.first, cue.first)
        else:
            window = (cue.last, statement.last)
        if cue.form == "ing" and self._is_gerund_noun(tokens, cue, statement):
            return None
        found = object_classes(
            tokens,
            *window,
            statement.parties,
            statement.quantities,
            with_object=cue.lemma in ("provide", "supply", "furnish"),
        )
        if statement.border in ("that", "which") and not passive:
            # "the campus that the miner is building": the object stands before
            earlier = object_classes(
                tokens, max(statement.sentence.first, statement.first - 10), statement.first, (), ()
            )
            for name, distance in earlier.items():
                found.setdefault(name, distance + 4)
        if passive:
            after = object_classes(tokens, cue.last, statement.last, statement.parties, statement.quantities)
            for name, distance in after.items():
                found.setdefault(name, distance + 20)
        labels = {
            "at" if p.label == "poss" and p.head == "site" else p.label for p in statement.parties
        }
        frames = [f for f in cue.verbs if any(needs <= labels for needs, _ in f.active)]
        frame = self._choose(tokens, statement, cue, frames, found)
        if frame is None:
            return None
        event = Event(frame.type, statement, cue, f"{frame.type}: verb {frame.lemma}", weak=frame.weak)
        roles: Roles | None = frame.passive
        if not passive or all(needs for needs, _ in frame.active):
            labels = {"at" if p.label == "poss" and p.head == "site" else p.label for p in statement.parties}
            labels |= {tokens.lower[i] for i in range(cue.last, statement.last) if tokens.lower[i] in PREPOSITIONS and any(p.first > i and p.label == tokens.lower[i] for p in statement.parties)}
            fitting = next((r for needs, r in frame.active if needs <= labels), None)
            if fitting is None:
                return None
            roles = frame.passive if passive else fitting
        if frame.type == "hosting" and _GENERATION & set(tokens.lower[statement.first : statement.last]):
            event.type, roles = "power", dict.fromkeys(("subj", "to", "for", "from", "by", "with", "at"), "party")
        event.roles = self._roles_of(tokens, statement, cue, roles, passive=passive)
        if not passive and self._has_common_subject(tokens, statement, cue):
            return None
        return event

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
        if word in _ANYBODY:
            return True
        near = lower[max(statement.sentence.first, index - 3) : index]
        return word in _SOMEBODY and bool({"a", "an", "any", "no", "every", "each"} & set(near))

    def _is_noun_use(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a verb form is a noun here: "the lease", "a 10-year lease", "its order"."""
        lower = tokens.lower
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        if cue.form == "ing":
            return cue.last < statement.last and lower[cue.last] in ("is", "was", "has", "pressure")
        if before in DETERMINERS or before in ("'s", "’s", "of", "per", "-", "year", "or", "total", "new", "under", "in", "on", "by", "with"):
            return True
        if cue.last - cue.first > 1:
            return False
        if before in ("to", "will", "would", "may", "could", "can", "should", "must", "and", "also", "not", "it", "they", "which", "who", "that", "we") or before.endswith("ly"):
            return False
        if cue.form == "base" and (
            cue.lemma in _HOMOGRAPHS or statement.sentence.zone != "title" and not before.endswith("s")
        ):
            return before not in (",", "or", "jointly")
        return not any(p.last <= cue.first for p in statement.parties)

    def _is_gerund_noun(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether an "-ing" form colours a noun: "lending capacity", "a 106MW hosting site"."""
        lower = tokens.lower
        after = lower[cue.last] if cue.last < statement.last else ""
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        if after in _GERUND_HEADS:
            return True
        return cue.lemma == "host" and before not in ("is", "are", "be", "been", "was", "were", "by", "of", "for", ",", "and")

    def _is_adjective(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a participle only colours a noun: "2,910MW of secured power"."""
        lower = tokens.lower
        before = lower[cue.first - 1] if cue.first > statement.first else ""
        after = lower[cue.last] if cue.last < statement.last else ""
        return before in _BEFORE_ADJECTIVE and after[:1].isalpha() and after not in DETERMINERS and after not in PREPOSITIONS

    def _is_verb_after_all(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a noun in "-ing" is a verb: "is offering a reward"."""
        before = tokens.lower[cue.first - 1] if cue.first > statement.first else ""
        return cue.lemma.endswith("ing") and before in ("is", "are", "was", "were", "been", "be")

    def _is_general_plural(self, tokens: Tokens, cue: Cue) -> bool:
        """Whether a plural speaks of no deal in particular: "to fund capex and acquisitions"."""
        return cue.lemma in ("acquisition", "merger", "takeover") and tokens.lower[cue.last - 1].endswith("s") and (
            cue.last >= len(tokens) or tokens.lower[cue.last] != "of"
        )

    def _is_modifier(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a noun only colours the next one: "lease payments", "loan agreement date"."""
        following = tokens.lower[cue.last] if cue.last < statement.last else ""
        return following in _COLOURED

    def _choose(
        self,
        tokens: Tokens,
        statement: Statement,
        cue: Cue,
        frames: Sequence[VerbFrame],
        found: dict[str, int],
    ) -> VerbFrame | None:
        """The frame whose object is there; the more telling object wins."""
        subject = next((p for p in reversed(statement.parties) if p.last <= cue.first and p.label == "subj"), None)
        best: tuple[float, VerbFrame] | None = None
        for frame in frames:
            if frame.categories and subject is not None and subject.category and subject.category not in frame.categories:
                continue
            if frame.categories and (subject is None or not subject.category):
                continue
            fits = [o for o in frame.objects if o in found]
            if not fits:
                if "none" in frame.objects and not (set(found) & set(_STRONG_OBJECTS)):
                    score = 0.1
                else:
                    continue
            else:
                score = max(self._weight(o, found) for o in fits)
            if frame.categories:
                score += 1.5
            if frame.weak:
                score -= 0.5
            if best is None or score > best[0]:
                best = (score, frame)
        if best is None or (best[1].type == "hosting" and "site" not in best[1].objects and "power" in best[1].objects and "capacity" not in best[1].objects and found.get("power", 0) > 7):
            return None
        if best[1].weak and best[1].type == "equity" and not self._in_context(tokens, statement, best[1].type):
            # "Nscale has raised $1.1bn." is a round; "raising $41m" tells of a sale before
            if cue.form == "ing" or subject is None or self._in_context(tokens, statement, "debt"):
                return None
        direct = found.get("company", 99)
        if best[1].type in ("equipment", "treasury", "compute") and direct <= 1 and cue.lemma in ("buy", "acquire", "purchase") and found.get("machines", found.get("coins", 99)) > 3:
            return next((f for f in frames if f.type == "acquisition"), best[1])
        return best[1]

    def _in_context(self, tokens: Tokens, statement: Statement, type_: DealType) -> bool:
        sentence = statement.sentence
        words = self._lexicon.types[type_].context.keys()
        return any(w in words for w in tokens.lower[sentence.first : sentence.last])

    def _weight(self, name: str, found: dict[str, int]) -> float:
        rank = {
            "coins": 9, "shares": 8, "machines": 7, "equipment": 6.5, "land": 6, "plant": 5.5, "site": 5,
            "compute": 4.9, "round": 6.2, "electricity": 4.5, "grid": 4.2, "company": 4, "portion": 4.5, "stake": 8, "power": 3, "capacity": 2.5, "money": 2, "none": 0,
        }.get(name, 1.0)  # fmt: skip
        return rank - 0.15 * found[name]

    # -- nouns ------------------------------------------------------------------

    def _from_noun(self, tokens: Tokens, statement: Statement, cue: Cue) -> Event | None:
        found: dict[str, int] | None = None
        for frame in cue.nouns:
            if frame.objects:
                if found is None:
                    found = object_classes(tokens, cue.last, statement.last, statement.parties, statement.quantities)
                    before = object_classes(tokens, max(statement.first, cue.first - 6), cue.first, statement.parties, statement.quantities)
                    found = {**before, **found}
                for quantity in statement.quantities:
                    name = _OBJECT_OF_KIND.get(quantity.amount.kind)
                    if name:
                        found.setdefault(name, 9)
                if any(p.label == "mod" and 0 <= cue.first - p.last <= 3 for p in statement.parties):
                    found["company"] = 1
                missing = not frame.objects & found.keys()
                if missing and not self._points_back(tokens, statement, cue):
                    continue
            else:
                missing = False
            event = Event(frame.type, statement, cue, f"{frame.type}: noun {frame.phrase}", weak=frame.weak)
            event.roles = self._roles_of(tokens, statement, cue, frame.roles, passive=False)
            event.needs_focus = missing
            return event
        return None

    def _points_back(self, tokens: Tokens, statement: Statement, cue: Cue) -> bool:
        window = tokens.lower[max(statement.first, cue.first - 3) : cue.first]
        return any(w in _POINTERS for w in window)

    # -- arguments --------------------------------------------------------------

    def _roles_of(
        self, tokens: Tokens, statement: Statement, cue: Cue, roles: Roles, *, passive: bool
    ) -> dict[str, list[Party]]:
        """The parties of the statement by the role that their place gives them."""
        found: dict[str, list[Party]] = {}
        acting = self._acting(tokens, statement, cue) if cue.kind == "verb" and not passive else None
        by_company = roles.get("by") == "company" and any(p.label == "by" for p in statement.parties)
        for party in statement.parties:
            label = party.label
            if acting is not None and label == "subj" and party.first < cue.first and party not in acting:
                found.setdefault("topic", []).append(party)
                continue
            if label == "backer":
                found.setdefault("backer", []).append(party)
                continue
            if label == "subj" and party.first > cue.first and cue.kind == "verb" and not passive:
                found.setdefault("topic", []).append(party)
                continue
            if label in ("of", "by") and party.head in _RELATIONS:
                continue
            if label == "poss":
                if party.head == "other" and not (
                    cue.kind == "verb" and not passive and roles.get("poss") == "counterparty" and 0 <= party.first - cue.last <= 3
                ):
                    found.setdefault("topic", []).append(party)
                    continue
                if party.head == "deal" and not self._owns(tokens, party, cue):
                    found.setdefault("topic", []).append(party)
                    continue
                if party.head == "duties":
                    found.setdefault("counterparty", []).append(party)
                    continue
                if party.head == "shares":
                    label = "of" if "of" in roles else "poss"
                if party.head == "site" and "at" in roles:
                    label = "at"
            if label == "obj" and party.first < cue.first and not passive and roles.get("obj") != "party":
                label = "subj" if not any(c.kind in ("verb", "deal verb") and c.last <= party.first for c in statement.cues) else label
            if label == "with" and cue.kind == "noun" and self._has_own_deal(tokens, party, cue):
                found.setdefault("other", []).append(party)
                continue
            if label == "for" and roles.get("for") == "company" and not self._attached(tokens, party, cue, statement):
                label = "purpose"
            if label == "by" and party.head in ("led", "backed", "arranged", "provided", "underwritten"):
                label = "from" if "from" in roles else "by"
            role = roles.get(label)
            if label == "subj" and role == "company" and by_company and cue.kind == "noun":
                role = "counterparty"  # "X holders approved the acquisition by Y"
            if role is None and not roles and label == "of" and party.head in ("%", "percent", "cent"):
                role = "party"
            if role is None:
                role = {"subj": "party", "with": "party", "between": "party", "by": "party", "obj": "party", "mod": "party", "poss": "party"}.get(label, "other") if not roles else "other"
            if role != "none":
                found.setdefault(role, []).append(party)
        return found

    def _has_own_deal(self, tokens: Tokens, party: Party, cue: Cue) -> bool:
        """Whether "with X" hangs on another deal: "a loan to fund its contract with X"."""
        lower = tokens.lower
        index = party.first - 1
        while index > cue.last and lower[index] != "with":
            index -= 1
        return index > cue.last + 2 and lower[index - 1] in _OTHER_DEALS and lower[index - 2] in ("its", "their", "the")

    def _owns(self, tokens: Tokens, party: Party, cue: Cue) -> bool:
        """Whether the possessed noun is the cue itself: "CoreWeave's $8.5B loan"."""
        between = tokens.lower[party.last : cue.first]
        return party.first < cue.first and not any(
            w in PREPOSITIONS and w not in ("of",) or w in (",", ";") for w in between
        )

    def _acting(self, tokens: Tokens, statement: Statement, cue: Cue) -> list[Party]:
        """The subject nearest to a verb, with those that "and" joins to it."""
        subjects = [p for p in statement.parties if p.label == "subj" and p.first < cue.first]
        acting = subjects[-1:]
        for party in reversed(subjects[:-1]):
            between = tokens.lower[party.last : acting[0].first]
            if not between or any(w not in _LISTING for w in between) or acting[0].reference.startswith("pronoun"):
                break
            acting.insert(0, party)
        return acting

    def _attached(self, tokens: Tokens, party: Party, cue: Cue, statement: Statement) -> bool:
        """Whether "for X" hangs on the cue or an amount, not on something built in between."""
        index = party.first - 1
        while index > cue.last and tokens.lower[index] != "for":
            index -= 1
        return index <= cue.last or any(q.last == index for q in statement.quantities)

    def _mark(self, tokens: Tokens, event: Event) -> None:
        """Whether the cue points back ("the agreement") or introduces something new."""
        cue, lower = event.cue, tokens.lower
        window = lower[max(event.statement.first, cue.first - 6) : cue.first]
        if cue.kind in ("noun", "deal noun"):
            cut = max((i for i, w in enumerate(window) if w in PREPOSITIONS or w in (",", "and", "'s", "’s")), default=-1)
            near = window[cut + 1 :]
            event.indefinite = bool({"a", "an", "two", "three"} & set(window))
            event.anaphoric = any(w in _POINTERS for w in near) and not ({"a", "an"} & set(near))
            if "its" in near and any(p.label == "subj" and p.name for p in event.statement.parties):
                event.anaphoric = False  # "Hut 8 increased its line": its own, not the one told
        else:
            behind = lower[cue.last : cue.last + 3]
            event.indefinite = bool({"a", "an", "two", "three", "some"} & set(behind))
        event.is_new = any(w in _NEW for w in window)
        behind = lower[cue.last : min(cue.last + 5, event.statement.last)]
        if event.anaphoric and any(w in _DONE for w in behind) and any(w in _MONTHS for w in behind):
            event.anaphoric, event.is_new = False, True  # "the two leases executed in May"

    def _unite(self, events: list[Event]) -> list[Event]:
        """Cues of one statement that speak of one deal become one event.

        Typed cues of the same type unite; unspecific ones join the nearest typed one; a
        weak event gives way to a strong one.
        """
        typed = [e for e in events if e.type is not None]
        generic = [e for e in events if e.type is None]
        strong = [e for e in typed if not e.weak]
        if generic or len({e.type for e in typed}) > 1:
            # "the partnership" is but another word for a deal that is named beside it
            strong = [e for e in strong if e.type != "partnership" or e.indefinite]
            typed = [e for e in typed if e.type != "partnership" or e.indefinite]
        if strong:
            kept = strong + [
                e for e in typed if e.weak and all(self._apart(e, s) for s in strong)
            ]
        else:
            kept = typed
        if any(e.type == "power" and e.cue.kind == "verb" for e in kept) and not any(
            e.type == "hosting" and e.cue.kind == "verb" for e in kept
        ):
            # power secured through a lease of land is power
            kept = [e for e in kept if e.type != "hosting"]
        united: list[Event] = []
        for event in sorted(kept, key=lambda e: e.cue.first):
            twin = next((u for u in united if u.type == event.type), None)
            if twin is None:
                united.append(event)
                continue
            for role, parties in event.roles.items():
                mine = twin.roles.setdefault(role, [])
                known = {p.first for ps in twin.roles.values() for p in ps if ps is not twin.roles.get("other")}
                mine.extend(p for p in parties if p.first not in known)
            twin.anaphoric = twin.anaphoric and event.anaphoric
            twin.is_new = twin.is_new or event.is_new
        if not united and generic:
            first = generic[0]
            for event in generic[1:]:
                first.anaphoric = first.anaphoric and event.anaphoric
            return [first]
        return united

    def _apart(self, weak: Event, strong: Event) -> bool:
        return weak.type in ("treasury", "equity") and strong.type not in ("equity", "treasury", "debt")
