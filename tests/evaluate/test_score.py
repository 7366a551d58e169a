"""The scorer agrees with cases computed by hand."""

import pytest

from extractor.evaluate.pairing import heaviest_pairs, pair_deals
from extractor.evaluate.rows import DealRow, QuantityRow, Row
from extractor.evaluate.score import Miss, Score, score

LEASE = DealRow(
    type="hosting",
    status="announced",
    company="Cipher Mining|Cipher",
    counterparties=("Fluidstack",),
    backers=("Google",),
    value=3e9,
    currency="USD",
    megawatts=168.0,
    term_years=10.0,
)
NOTES = DealRow("debt", "proposed", "Cipher Mining", value=800e6, currency="USD")


def row(*deals: DealRow, name: str = "a", **fields: object) -> Row:
    return Row(id=name, title="t", text="x", deals=deals, **fields)


def scores(gold: Row, predicted: Row) -> dict[str, Score]:
    return {s.name: s for s in score([gold], {predicted.id: predicted}).scores}


def test_equal_rows_score_one_in_every_field():
    quantities = (QuantityRow("$3 billion", "money", 3e9, "USD"),)
    gold = row(LEASE, NOTES, story="s", companies=("Cipher",), quantities=quantities)
    assert {s.f1 for s in scores(gold, gold).values()} == {1.0}


def test_each_filled_slot_counts_for_one():
    predicted = DealRow(
        "hosting",
        "proposed",
        "Cipher",
        counterparties=("Fluidstack", "AWS"),
        value=3.01e9,
        currency="USD",
        megawatts=244.0,
    )
    found = scores(row(LEASE, NOTES), row(predicted))
    # Gold: 7 slots of the lease (type, status, tenant, backer, value, MW, years), 3 of the
    # notes. Predicted: type, status, two tenants, value, MW. Equal: type, tenant, value.
    assert found["slot"] == Score("slot", 3 / 6, 3 / 10, 3, 10, 6)
    assert found["deal"] == Score("deal", 1.0, 0.5, 1, 2, 1)
    assert found["strict"] == Score("strict", 0.0, 0.0, 0, 2, 1)
    assert found["backers"] == Score("backers", 0.0, 0.0, 0, 1, 0)
    assert found["counterparties"] == Score("counterparties", 0.5, 1.0, 1, 1, 2)


def test_a_deal_of_another_company_is_never_paired():
    other = DealRow("hosting", "announced", "IREN", ("Fluidstack",), value=3e9, currency="USD")
    report = score([row(LEASE)], {"a": row(other)})
    assert report.misses == (Miss("a", LEASE, None), Miss("a", None, other))


def test_same_amount_in_another_currency_is_another_amount():
    canadian = DealRow("debt", "proposed", "Cipher Mining", value=800e6, currency="CAD")
    found = scores(row(NOTES), row(canadian))
    assert (found["value"].hits, found["strict"].hits, found["deal"].hits) == (0, 0, 1)


def test_strict_wants_absence_on_both_sides():
    with_term = DealRow(
        "debt", "proposed", "Cipher Mining", value=800e6, currency="USD", term_years=5.0
    )
    assert scores(row(NOTES), row(with_term))["strict"].hits == 0


def test_quantities_are_a_multiset_and_tickers_a_set():
    nine = QuantityRow("$9.7 billion", "money", 9.7e9, "USD")
    same = QuantityRow("$9,700,000,000", "money", 9_700_000_000.0, "USD")
    gold = row(quantities=(nine, nine), tickers=("WULF",))
    found = scores(gold, row(quantities=(same,), tickers=("WULF", "WULF", "HUT")))
    assert found["quantity"] == Score("quantity", 1.0, 0.5, 1, 2, 1)
    assert found["ticker"] == Score("ticker", 0.5, 1.0, 1, 1, 2)


def test_an_article_without_prediction_counts_as_empty():
    found = {s.name: s for s in score([row(LEASE)], {}).scores}
    assert found["deal"] == Score("deal", 0.0, 0.0, 0, 1, 0)
    assert "story" not in found


def test_b_cubed_of_one_wrong_join():
    golds = [row(name=i, story=s) for i, s in (("a", "x"), ("b", "x"), ("c", "y"))]
    predictions = {i: row(name=i, story="all") for i in "abc"}
    story = score(golds, predictions).scores[-1]
    # Each article's own cluster of three holds 2, 2 and 1 of its own kind.
    assert story == Score("story", pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3), 1.0)


def test_pairing_maximises_the_total_where_greed_would_not():
    assert heaviest_pairs([[3.0, 2.9], [2.9, 0.0]]) == [(0, 1), (1, 0)]
    assert heaviest_pairs([[1.0], [2.0], [0.0]]) == [(1, 0)]
    assert heaviest_pairs([[0.0, 0.0]]) == []
    assert heaviest_pairs([]) == []


def test_pairing_does_not_depend_on_the_order_of_predictions():
    bigger = DealRow("debt", "announced", "Cipher Mining", value=1.3e9, currency="USD")
    golds, predictions = (NOTES, bigger), (bigger, NOTES)
    assert pair_deals(golds, predictions) == ((NOTES, NOTES), (bigger, bigger))
