"""Reports of one transaction become one deal; other transactions stay other deals."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from extractor.deals import assemble
from extractor.records import (
    NUMBER_SLOTS,
    Conflict,
    Deal,
    DealReport,
    ReportRef,
    Slot,
    Span,
    StatusChange,
)

START = datetime(2025, 8, 14, tzinfo=UTC)
HERE = Span("text", 0, 1)
RENAMED = {"Bitfarms": "Keel Infrastructure", "BITF": "Keel Infrastructure"}


def current(name: str) -> str:
    return RENAMED.get(name, name)


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def said(
    article: str,
    company: str = "TeraWulf",
    *to: str,
    kind: str = "hosting",
    status: str = "announced",
    story: str = "",
    days: float | None = 0,
    backers: Sequence[str] = (),
    currency: str = "USD",
    site: str = "",
    **numbers: float,
) -> ReportRef:
    """What `article` says about `company` and the other side; its story is its own if not given."""
    units = {"value": currency, "value_max": currency, "megawatts": "MW", "term_years": "years"}
    slots = [Slot("company", company, "", HERE, "test")]
    slots += [Slot("counterparty", name, "", HERE, "test") for name in to]
    slots += [Slot("backer", name, "", HERE, "test") for name in backers]
    slots += [
        Slot(name, float(numbers[name]), units.get(name, ""), HERE, "test")
        for name in NUMBER_SLOTS
        if name in numbers
    ]
    if site:
        slots.append(Slot("site", site, "", HERE, "test"))
    report = DealReport(kind, status, tuple(slots), (HERE,), "test")
    return ReportRef(
        article, story or f"story-{article}", None if days is None else day(days), report
    )


def met(*refs: ReportRef) -> tuple[Deal, ...]:
    return assemble(refs, current)


def articles(deals: Sequence[Deal]) -> set[frozenset[str]]:
    return {frozenset(ref.article_key for ref in deal.reports) for deal in deals}


def test_same_story_from_two_wires_becomes_one_deal():
    (deal,) = met(
        said("a", "TeraWulf", "Fluidstack", story="s", value=3.7e9, megawatts=200, term_years=10),
        said("b", "TeraWulf Inc.", story="s", days=0.1, value_max=8.7e9, backers=["Google"]),
    )
    assert (deal.company, deal.counterparties, deal.backers) == (
        "TeraWulf",
        ("Fluidstack",),
        ("Google",),
    )
    assert (deal.value, deal.value_max, deal.currency) == (3.7e9, 8.7e9, "USD")
    assert (deal.megawatts, deal.term_years, deal.gpus) == (200.0, 10.0, None)
    assert (deal.first_published, deal.last_published) == (day(0), day(0.1))
    assert deal.conflicts == ()


def test_a_later_digest_meets_the_deal_by_price_and_party():
    assert (
        len(
            met(
                said("a", "IREN", "Microsoft", kind="compute", value=9.7e9, term_years=5),
                said("b", "IREN", "Microsoft", kind="compute", value=9.7e9, days=60),
            )
        )
        == 1
    )


def test_a_mention_without_figures_belongs_to_the_latest_deal_of_the_pair():
    deals = met(
        said("sep", "Cipher", "Fluidstack", value=3e9, megawatts=168, days=0),
        said("nov", "Cipher", "Fluidstack", value=830e6, megawatts=39, days=56),
        said("digest", "Cipher", "Fluidstack", days=60),
    )
    assert articles(deals) == {frozenset({"sep"}), frozenset({"nov", "digest"})}


def test_two_deals_of_one_pair_stay_two():
    deals = met(
        said("sep", "Cipher", "Fluidstack", value=3e9, megawatts=168, term_years=10),
        said("nov", "Cipher", "Fluidstack", value=830e6, megawatts=39, term_years=10, days=56),
    )
    assert len(deals) == 2
    assert len({deal.key for deal in deals}) == 2


def test_a_vague_mention_bridges_no_two_deals():
    pair = ("Cipher", "Fluidstack")
    deals = met(
        said("a", *pair, value=3e9, megawatts=168, term_years=10),
        said("b", *pair, value=3e9, megawatts=168, term_years=10, days=1),
        said("vague", *pair, term_years=10, days=39),
        said("nov", *pair, value=830e6, megawatts=39, term_years=10, days=56),
    )
    assert articles(deals) == {frozenset({"a", "b", "vague"}), frozenset({"nov"})}


def test_an_equal_amount_in_another_year_is_another_loan():
    line = {"kind": "debt", "value": 100e6}
    assert len(met(said("a", "CleanSpark", **line), said("b", "CleanSpark", days=300, **line))) == 2


def test_equal_loans_of_two_lenders_stay_two():
    line = {"kind": "debt", "value": 100e6}
    assert (
        len(
            met(
                said("a", "CleanSpark", "Coinbase", **line),
                said("b", "CleanSpark", "Two Prime", days=3, **line),
            )
        )
        == 2
    )


def test_two_deals_in_one_article_never_meet():
    notes = {"kind": "debt", "value": 500e6, "story": "s"}
    assert len(met(said("a", **notes), said("a", **notes))) == 2


def test_another_type_or_principal_is_another_deal():
    assert (
        len(
            met(
                said("a", value=1e9),
                said("b", value=1e9, kind="debt"),
                said("c", "IREN", value=1e9),
            )
        )
        == 3
    )


def test_rounded_figures_meet_and_the_difference_is_kept():
    (deal,) = met(
        said("a", "WhiteFiber", "Nscale", value=865e6),
        said("b", "WhiteFiber", "Nscale", value=850e6, days=1),
        said("c", "WhiteFiber", "Nscale", value=865e6, days=2),
    )
    assert deal.value == 865e6
    assert deal.conflicts == (Conflict("value", ((865e6, ("a", "c")), (850e6, ("b",)))),)


def test_independent_stories_outvote_copies():
    copies = [said(f"copy{n}", value=850e6, story="syndicated", days=2) for n in range(5)]
    (deal,) = met(said("a", value=865e6), said("b", value=865e6, days=1), *copies)
    assert deal.value == 865e6


def test_of_equally_many_stories_the_newest_is_believed():
    (deal,) = met(said("a", value=865e6), said("b", value=850e6, days=1))
    assert deal.value == 850e6


def test_within_a_story_a_misread_figure_does_not_part_the_reports():
    (deal,) = met(
        said("a", "Hut 8", "Fluidstack", story="s", value=7e9, megawatts=245),
        said("b", "Hut 8", "Fluidstack", story="s", value=6.9e9, megawatts=330, days=0.1),
    )
    assert {conflict.slot for conflict in deal.conflicts} == {"value", "megawatts"}


def test_critical_load_and_gross_capacity_meet():
    assert (
        len(
            met(
                said(
                    "a", "TeraWulf", "Fluidstack", megawatts=200, megawatts_gross=250, term_years=10
                ),
                said("b", "TeraWulf", "Fluidstack", megawatts=250, days=9),
            )
        )
        == 1
    )


def test_a_former_name_leads_to_the_company():
    (deal,) = met(
        said("a", "Bitfarms", "Macquarie", kind="debt", value=300e6),
        said("b", "Keel Infrastructure", "Macquarie", kind="debt", value=300e6, days=190),
    )
    assert deal.company == "Keel Infrastructure"


def test_an_offering_keeps_its_history_from_launch_to_closing():
    notes = {"company": "TeraWulf", "kind": "debt"}
    (deal,) = met(
        said("launch", value=500e6, status="proposed", **notes),
        said("launch2", value=500e6, status="proposed", days=0.2, **notes),
        said("pricing", value=900e6, days=1, **notes),
        said("closing", value=900e6, status="completed", days=6, **notes),
    )
    assert deal.history == (
        StatusChange("proposed", day(0), "launch"),
        StatusChange("announced", day(1), "pricing"),
        StatusChange("completed", day(6), "closing"),
    )
    assert (deal.status, deal.value) == ("completed", 900e6)
    assert deal.conflicts[0].values[0] == (500e6, ("launch", "launch2"))


def test_what_was_proposed_has_no_vote_after_the_agreement():
    notes = {"company": "TeraWulf", "kind": "debt"}
    plans = [said(f"p{n}", value=500e6, status="proposed", days=n / 10, **notes) for n in range(3)]
    (deal,) = met(*plans, said("pricing", value=900e6, days=1, **notes))
    assert deal.value == 900e6


def test_the_next_offering_is_another_deal():
    notes = {"company": "MARA", "kind": "debt"}
    assert (
        len(
            met(
                said("a", value=850e6, status="completed", **notes),
                said("b", value=950e6, status="proposed", days=5, **notes),
            )
        )
        == 2
    )


def test_a_digest_that_looks_back_does_not_reopen_a_deal():
    exaion = {"company": "MARA", "kind": "acquisition", "value": 168e6}
    (deal,) = met(
        said("signed", **exaion),
        said("closed", status="completed", days=190, **exaion),
        said("review", status="announced", days=195, **exaion),
    )
    assert [change.status for change in deal.history] == ["announced", "completed"]


def test_one_misread_article_does_not_complete_a_deal():
    story = {"story": "s", "value": 3.7e9}
    (deal,) = met(
        said("a", **story),
        said("b", status="completed", days=0.1, **story),
        said("c", days=0.2, **story),
    )
    assert deal.status == "announced"


def test_the_price_of_a_target_moves_but_a_new_bid_is_a_new_deal():
    bid = {"company": "CoreWeave", "kind": "acquisition"}
    refs = [
        said("2024", value=1e9, status="terminated", days=-400, **bid),
        said("signed", value=9e9, **bid),
        said("slump", value=7.6e9, days=60, **bid),
    ]
    target = Slot("counterparty", "Core Scientific", "", HERE, "test")
    refs = [
        replace(ref, report=replace(ref.report, slots=(*ref.report.slots, target))) for ref in refs
    ]
    assert articles(met(*refs)) == {frozenset({"2024"}), frozenset({"signed", "slump"})}


def test_amounts_of_a_deal_are_in_one_currency():
    (deal,) = met(
        said("a", "MARA", "Exaion", kind="acquisition", value=168e6, value_max=295e6),
        said(
            "b",
            "MARA",
            "Exaion",
            kind="acquisition",
            value=144e6,
            value_max=253e6,
            currency="EUR",
            days=-1,
        ),
    )
    assert (deal.value, deal.value_max, deal.currency) == (168e6, 295e6, "USD")


def test_undated_reports_take_part():
    (deal,) = met(said("a", value=1e9, days=None), said("b", value=1e9))
    assert deal.first_published == deal.last_published == day(0)


def test_a_deal_keeps_its_key_when_later_reports_arrive():
    first = said("a", "Hut 8", "Fluidstack", value=7e9)
    later = said("b", "Hut 8", "Fluidstack", value=7e9, days=3)
    (before,), (after,) = met(first), met(later, first)
    assert before.key == after.key
    assert len(before.key) == 8


def test_the_order_of_reports_does_not_matter():
    refs = [
        said("a", "Cipher", "Fluidstack", value=3e9, megawatts=168),
        said("b", "Cipher", "Fluidstack", value=3e9, days=1),
        said("c", "Cipher", "Fluidstack", value=830e6, days=50),
        said("d", "Cipher", kind="debt", value=800e6, status="proposed"),
        said("e", "Cipher", kind="debt", value=1.1e9, days=1),
        said("f", "Cipher", "Fluidstack", days=70),
    ]
    expected = met(*refs)
    shuffler = random.Random(5)
    for _ in range(20):
        shuffler.shuffle(refs)
        assert met(*refs) == expected


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_lost(count):
    assert len(met(*[said("a")][:count])) == count
