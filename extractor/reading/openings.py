"""Which claims say enough to open a deal."""

from __future__ import annotations

from extractor.reading.drafts import Claim
from extractor.reading.told import Told

_FIGURES = frozenset(("value", "megawatts", "coins", "gpus"))


def is_substantial(claim: Claim, told: Told) -> bool:
    """Whether a claim names two sides, or a figure, or an act that is a deal by itself."""
    if claim.company is None:
        return False
    has_figure = bool(_FIGURES & claim.numbers.keys())
    if claim.anaphoric and not claim.counterparties:
        # "the loan" opens a deal only with a figure, and where no loan was told
        if not (_FIGURES - {"gpus"}) & claim.numbers.keys() or told.latest(claim.type):
            return False
    if claim.counterparties:
        return True
    if claim.weak and claim.type == "acquisition" and not claim.rule.startswith("noun"):
        return False
    if claim.type == "debt" and claim.status[0] == "outstanding" and "value" in claim.numbers:
        return True  # "Debt totals about $8.7 billion."
    if claim.weak and claim.inherited_company:
        return False
    if claim.type == "power" and "term_years" in claim.numbers and not claim.inherited_company:
        return True
    return has_figure or _is_act(claim)


def _is_act(claim: Claim) -> bool:
    """Whether the deed is a deal without figures: "bought the property in March"."""
    by_verb = ": verb " in claim.rule
    done = claim.status == ("completed", True)
    if claim.inherited_company:
        return claim.type == "acquisition" and done and by_verb
    if claim.weak:
        return False
    if claim.type in ("debt", "equity", "equipment") and claim.indefinite and not by_verb:
        return True  # its figures may follow; without any it is dropped in the end
    if claim.type == "acquisition" and not by_verb:
        named = claim.rule.startswith(("acquisition: noun acqui", "acquisition: noun site acq"))
        return named and (claim.indefinite or (done and claim.rule.endswith("noun acquisition")))
    if claim.type == "partnership":
        return claim.indefinite
    return by_verb and claim.type in ("acquisition", "treasury") and claim.finite
