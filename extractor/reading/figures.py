"""Which amounts of a statement fill which slots of which deal."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.drafts import Draft, Filled
from extractor.reading.events import Event
from extractor.reading.statements import Quantity, Statement
from extractor.reading.tokens import Tokens
from extractor.reading.vocabulary import Vocabulary
from extractor.records import DealType, SlotName

_TAKES: dict[str, tuple[DealType, ...]] = {
    "coins": ("treasury",),
    "count": ("equipment", "compute", "hosting"),
    "power": ("hosting", "power", "compute", "partnership", "acquisition", "backlog", "equipment"),
    "duration": ("hosting", "compute", "power", "debt"),
    "money": (
        "hosting", "compute", "acquisition", "equipment", "debt", "equity", "treasury", "backlog",
        "power", "partnership",
    ),
}  # fmt: skip
_LEAST_VALUE = 20_000.0  # smaller sums are prices of a share, a coin, a kilowatt
_NO_MEGAWATTS = ("option", "owned", "part", "per_unit", "rise")


def _is_conversion(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a sum repeats the one before it in another currency: "US$130m (A$198m)"."""
    index = quantity.first - 1
    return (
        index > 1
        and tokens.words[index] == "("
        and tokens.words[index - 1][-1:].isalnum()
        and any(c.isdigit() for c in "".join(tokens.words[max(0, index - 3) : index]))
    )


class Figures:
    """The rules by which amounts find their deal."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    def share(
        self, tokens: Tokens, statement: Statement, events: Sequence[Event]
    ) -> dict[int, list[Quantity]]:
        """Each event's amounts: those its type can take, the nearer event first."""
        shares: dict[int, list[Quantity]] = {id(e): [] for e in events}
        for quantity in statement.quantities:
            kinds = _TAKES.get(quantity.amount.kind, ())
            takers = [
                e
                for e in events
                if e.type is None or e.type in kinds or (e.type == "backlog" and e.weak)
            ]
            if not takers:
                continue
            nearest = min(takers, key=lambda e: self._distance(e, quantity))
            shares[id(nearest)].append(quantity)
        return shares

    def _distance(self, event: Event, quantity: Quantity) -> float:
        gap = (
            quantity.first - event.cue.last
            if quantity.first >= event.cue.last
            else event.cue.first - quantity.last
        )
        # "bought the land for $96 million, funded by selling": the sum belongs to what came first
        crossed = 6.0 if quantity.first < event.cue.first and gap > 3 else 0.0
        if quantity.first < event.cue.first and self._comma_between(event, quantity):
            crossed = 6.0
        return float(max(gap, 0)) + crossed + (0.5 if event.weak else 0.0)

    def _comma_between(self, event: Event, quantity: Quantity) -> bool:
        return event.cue.first - quantity.last > 0 and any(
            quantity.last <= i < event.cue.first for i in event.statement.commas
        )

    def numbers(
        self, tokens: Tokens, type_: DealType, event: Event, quantities: Sequence[Quantity]
    ) -> dict[SlotName, Filled]:
        """The slots that the amounts of an event fill."""
        found: dict[SlotName, Filled] = {}
        plain_money = [
            q
            for q in quantities
            if q.amount.kind == "money"
            and not q.role
            and q.amount.value >= _LEAST_VALUE
            and not _is_conversion(tokens, q)
        ]
        if (
            type_ == "debt"
            and not plain_money
            and self._words["refinancing"]
            & set(tokens.lower[event.statement.first : event.cue.first])
        ):
            plain_money = [
                q for q in quantities if q.role == "use" and 0 <= event.cue.first - q.last <= 2
            ]
        if type_ == "acquisition" and not plain_money:
            plain_money = [
                q for q in quantities if q.amount.kind == "money" and q.role == "market_value"
            ]
        if type_ == "backlog" and not plain_money:
            plain_money = [
                q for q in quantities if q.amount.kind == "money" and q.role == "extended"
            ]
        if type_ == "equity" and "warrant" in event.rule:
            plain_money = []
        if plain_money:
            best = min(plain_money, key=lambda q: self._distance(event, q))
            found["value"] = self._filled(best)
        if type_ == "treasury" and "value" not in found:
            proceeds = [q for q in quantities if q.amount.kind == "money" and q.role == "proceeds"]
            if proceeds:
                found["value"] = self._filled(proceeds[0])
        self._power(type_, event, quantities, found)
        for quantity in quantities:
            kind = quantity.amount.kind
            if (
                kind == "money"
                and quantity.role == "extended"
                and type_ != "backlog"
                and type_ in ("hosting", "compute", "acquisition", "debt", "equity", "power")
            ):
                found.setdefault("value_max", self._filled(quantity))
            elif kind == "duration" and not quantity.role and self._is_term(type_, quantity):
                found.setdefault("term_years", self._filled(quantity))
            elif (
                kind == "count"
                and not quantity.role
                and type_ in ("equipment", "compute", "hosting")
            ):
                found.setdefault("gpus", self._filled(quantity))
            elif kind == "coins" and not quantity.role and type_ == "treasury":
                found.setdefault("coins", self._filled(quantity))
        return found

    def _is_term(self, type_: DealType, quantity: Quantity) -> bool:
        years = quantity.amount.value
        if type_ not in ("hosting", "compute", "power", "debt"):
            return False
        return 0.2 <= years <= 60

    def _power(
        self,
        type_: DealType,
        event: Event,
        quantities: Sequence[Quantity],
        found: dict[SlotName, Filled],
    ) -> None:
        if type_ not in _TAKES["power"]:
            return
        barred = tuple(r for r in _NO_MEGAWATTS if r != "owned" or type_ != "acquisition")
        power = [q for q in quantities if q.amount.kind == "power" and q.role not in barred]
        if type_ == "equipment":  # "bought 1 GW of fuel cells", not the site they go to
            power = [q for q in power if 0 <= q.first - event.cue.last <= 5]
        ranged = [q for q in power if q.amount.rule == "power range"]
        power = [q for q in power if q not in ranged]
        critical = [q for q in power if q.role == "critical"]
        gross = [q for q in power if q.role == "gross"]
        plain = [q for q in power if q.role in ("", "owned")]
        if critical or plain:
            found["megawatts"] = self._filled((critical or plain)[0])
            if gross:
                found["megawatts_gross"] = self._filled(gross[0])
        elif gross:
            found["megawatts"] = self._filled(gross[0])

    def complete(self, tokens: Tokens, statement: Statement, draft: Draft) -> bool:
        """Fill empty slots of the deal in focus from a statement that has no cue; True if any."""
        changed = False
        words = set(tokens.lower[statement.first : statement.last])
        bought = draft.type in ("acquisition", "equipment", "equity")
        value_cues = self._words["price_cues" if bought else "value_cues"]
        for quantity in statement.quantities:
            kind, role = quantity.amount.kind, quantity.role
            if draft.type not in _TAKES.get(kind, ()) or (
                kind == "power" and draft.type == "equipment"
            ):
                continue
            slot: SlotName | None = None
            if (
                kind == "money"
                and role == "extended"
                and draft.type in ("hosting", "compute", "power", "acquisition")
            ):
                slot = "value_max"
            elif kind == "money" and draft.type == "treasury":
                near = statement.sentence.first <= draft.last_token + 2
                if near and (role == "proceeds" or (not role and words & self._words["sale_cues"])):
                    slot = "value"
            elif (
                kind == "money"
                and not role
                and words & value_cues
                and quantity.amount.value >= _LEAST_VALUE
            ):
                slot = "value"
            elif (
                kind == "power"
                and role in ("", "critical")
                and quantity.amount.rule != "power range"
            ):
                slot = "megawatts"
            elif kind == "power" and role == "gross" and "megawatts" in draft.slots:
                slot = "megawatts_gross"
            elif (
                kind == "duration"
                and not role
                and self._is_term(draft.type, quantity)
                and (words & self._words["term_cues"] or tokens.lower[quantity.last - 1] == "year")
            ):
                slot = "term_years"
            elif kind == "count" and not role:
                slot = "gpus"
            elif kind == "coins" and not role:
                slot = "coins"
            if (
                slot is None
                and kind == "money"
                and words & self._words["updates"]
                and draft.type in ("debt", "equity")
                and role in ("", "extended")
            ):
                draft.fill("value", self._filled(quantity), replace=True)
                changed = True
            if slot is not None and slot not in draft.slots:
                draft.fill(slot, self._filled(quantity))
                changed = True
        before = draft.extra
        self.extras(draft, statement.quantities)
        return changed or draft.extra != before

    def extras(self, draft: Draft, quantities: Sequence[Quantity]) -> None:
        """Options on top of the base amount make `value_max`, once the base is known."""
        if draft.type not in ("debt", "equity", "acquisition"):
            return
        for quantity in quantities:
            if quantity.amount.kind == "money" and quantity.role == "option_extra":
                draft.extra = max(draft.extra, quantity.amount.value)
                base = draft.slots.get("value")
                if base is not None and base.unit == quantity.amount.unit:
                    draft.fill(
                        "value_max",
                        Filled(
                            float(base.value) + draft.extra,
                            base.unit,
                            quantity.amount.start,
                            quantity.amount.end,
                            "base plus option",
                        ),
                    )

    def _filled(self, quantity: Quantity) -> Filled:
        amount = quantity.amount
        rule = f"{amount.rule} ({quantity.role})" if quantity.role else amount.rule
        return Filled(amount.value, amount.unit, amount.start, amount.end, rule)
