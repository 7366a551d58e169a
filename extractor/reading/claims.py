"""Events into claims: names resolved, type and sides decided, amounts in their slots."""

from __future__ import annotations

from extractor.reading.drafts import Claim, Named
from extractor.reading.events import Event
from extractor.reading.figures import Figures
from extractor.reading.kinds import DealKinds
from extractor.reading.lexicon import Lexicon
from extractor.reading.progress import Progress
from extractor.reading.sides import Roles, Sides, only_known
from extractor.reading.statements import Party, Quantity
from extractor.reading.told import CONNECTED, Told
from extractor.records import DealType

_SENTENCE_LENGTH = 20  # tokens: turns a distance in tokens into one in sentences


class ClaimMaker:
    """Makes claims of events, in the light of what was told before."""

    def __init__(self, lexicon: Lexicon, progress: Progress, figures: Figures) -> None:
        self._words = lexicon.words
        self._kinds = DealKinds(lexicon)
        self._sides = Sides(lexicon)
        self._progress = progress
        self._figures = figures

    def claim(
        self, event: Event, quantities: list[Quantity], carried: Named | None, told: Told
    ) -> Claim | None:
        """The claim of an event; None where it says nothing of a deal.

        `carried` is the principal of the statement before it in the sentence.
        """
        statement, tokens = event.statement, told.tokens
        named = self._named(event, told)
        type_ = self._type(event, named, told)
        if type_ is None:
            return None
        if type_ == "backlog":
            if self._is_loose_revenue(event, told):
                return None
            if self._is_value_of_focus(event, told):
                assert told.focus is not None
                type_, named, event.anaphoric = told.focus.type, {}, True
        focus = told.focus
        if event.anaphoric and event.weak and focus is not None and focus.type == type_:
            named = only_known(named, focus)
        if type_ == "equity" and self._is_majority(event, told):
            type_ = "acquisition"  # more than half of a company
            named["company"], named["counterparty"] = (
                named.get("counterparty", []),
                named.get("company", []),
            )
        if type_ == "acquisition":
            self._sides.turn_rejected(event, named, told)
        company, counterparties = self._sides.split(type_, named, told)
        self._add_user(type_, event, company, counterparties, told)
        inherited = company is None
        if company is None:
            company = self._sides.inherit(event, type_, counterparties, carried, named, told)
        if company is not None:
            counterparties.pop(company.name, None)
        numbers = self._figures.numbers(tokens, type_, event, quantities)
        found = self._progress.phrases(tokens, statement.first, statement.last)
        status = self._progress.status(type_, event, found, tokens)
        if type_ == "debt":
            if self._is_no_debt(event, told):
                return None
            if numbers and self._is_repaid(event, told):
                # the loan that is paid back was there before: another deal, still owed
                status, event.is_new, event.anaphoric = ("outstanding", True), True, False
        return Claim(
            type=type_,
            company=company,
            counterparties=counterparties,
            backers={
                n.name: n for n in named.get("backer", ()) if type_ in (*CONNECTED, "backlog")
            },
            numbers=numbers,
            quantities=quantities,
            status=status,
            span=told.span(statement),
            sentence=statement.sentence.first // _SENTENCE_LENGTH,
            anaphoric=event.anaphoric,
            indefinite=event.indefinite,
            # an infinitive is an act by itself in "agreed to buy", not in "to buy more"
            finite=event.cue.form != "base" or "announced" in found or "proposed" in found,
            tentative=event.type is None,
            is_new=event.is_new,
            rule=event.rule,
            together=numbers.pop("megawatts", None) if self._is_sum(event, told) else None,
            in_title=statement.sentence.zone == "title",
            inherited_company=inherited,
            weak=event.weak or event.type is None,
        )

    def _named(self, event: Event, told: Told) -> Roles:
        """The parties of an event by role, descriptions resolved, bystanders left out."""
        bystanders = self._words["bystanders"]
        named: Roles = {}
        for role, parties in event.roles.items():
            for party in parties:
                if party.category in bystanders:
                    continue
                if role not in ("company", "topic") and _is_pronoun_owner(party):
                    continue
                rule = f"{party.label} of {event.cue.lemma}"
                name = told.name(party, event.statement, rule)
                if name is not None:
                    named.setdefault(role, []).append(name)
        acting = {n.name for n in named.get("counterparty", ()) if "refers" not in n.rule}
        named["company"] = [
            n for n in named.get("company", ()) if "refers" not in n.rule or n.name not in acting
        ]
        return named

    def _type(self, event: Event, named: Roles, told: Told) -> DealType | None:
        type_ = event.type or self._kinds.kind(event, named, told)
        if type_ is None or (event.needs_focus and told.latest(type_) is None):
            return None
        if type_ == "partnership" and event.anaphoric and not event.indefinite and told.focus:
            # "the partnership" is but another word for the deal that was told
            own = set(told.focus.counterparties)
            if not own or own & {n.name for names in named.values() for n in names}:
                return None
        return type_

    def _add_user(
        self,
        type_: DealType,
        event: Event,
        company: Named | None,
        counterparties: dict[str, Named],
        told: Told,
    ) -> None:
        """ "in a hall rented from Sakura": by whom the text is about."""
        rented = event.cue.kind == "verb" and any(
            p.label == "from" for p in event.statement.parties
        )
        user = told.topic.leading()
        if type_ in CONNECTED and company is not None and not counterparties and rented:
            if user and user != company.name:
                counterparties[user] = Named(
                    user, company.start, company.end, "topic of the article"
                )

    # -- guards -----------------------------------------------------------------------

    def _window(self, event: Event, told: Told) -> set[str]:
        return set(told.tokens.lower[event.statement.first : event.statement.last])

    def _before(self, event: Event, told: Told, reach: int = 9) -> set[str]:
        first = max(event.statement.first, event.cue.first - reach)
        return set(told.tokens.lower[first : event.cue.first])

    def _is_loose_revenue(self, event: Event, told: Told) -> bool:
        """Whether "contracted revenue" is nobody's total and no deal's value."""
        has_subject = any(p.label == "subj" and p.name for p in event.statement.parties)
        focus = told.focus
        open_deal = focus is not None and focus.type in CONNECTED and "value" not in focus.slots
        is_total = self._words["totals"] & self._window(event, told)
        return event.weak and not has_subject and not open_deal and not is_total

    def _is_value_of_focus(self, event: Event, told: Told) -> bool:
        """Whether "contracted revenue" is that of the deal just told, not a total."""
        draft = told.focus
        if draft is None or draft.type not in CONNECTED:
            return False
        extended = any(q.role == "extended" for q in event.statement.quantities)
        if extended and "value" in draft.slots:
            return True
        if not event.weak or self._words["totals_of_many"] & self._window(event, told):
            return False
        subjects = {p.name for p in event.statement.parties if p.label == "subj" and p.name}
        return (
            "value" not in draft.slots
            and subjects <= draft.names
            and told.is_near(event.statement, 2)
        )

    def _is_majority(self, event: Event, told: Told) -> bool:
        """Whether "a 64% stake" is bought."""
        if event.cue.lemma not in ("buy", "acquire", "purchase", "take", "pick up"):
            return False
        lower, stakes = told.tokens.lower, self._words["stakes"]
        return any(
            q.amount.kind == "percent"
            and 50 <= q.amount.value <= 100
            and stakes & set(lower[q.last : q.last + 3])
            for q in event.statement.quantities
        )

    def _is_sum(self, event: Event, told: Told) -> bool:
        """Whether several deals are summed up: "the three leases together"."""
        if not event.anaphoric or event.type == "backlog":
            return False
        return bool(self._words["together"] & self._window(event, told))

    def _is_no_debt(self, event: Event, told: Told) -> bool:
        """Whether notes are bought back, or borrowings only made fewer."""
        before = self._before(event, told)
        bought_back = before & self._words["buy_back"] and before & self._words["buy_back_verbs"]
        return bool(bought_back) or (event.weak and bool(before & self._words["reducing"]))

    def _is_repaid(self, event: Event, told: Told) -> bool:
        before = self._before(event, told)
        paid_off = before & self._words["paying"] and before & {"off", "down"}
        return bool(before & self._words["repaying"] or paid_off)


def _is_pronoun_owner(party: Party) -> bool:
    """Whether a party is but a pronoun: "its campus", "with it" make nobody a partner."""
    return party.reference in ("pronoun its", "pronoun their", "pronoun our") or (
        party.reference == "pronoun it" and party.label == "with"
    )
