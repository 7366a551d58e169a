"""Reports of one transaction become one deal; other transactions stay other deals."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from extractor.deals import assemble
from extractor.records import (
    NUMBER_SLOTS,
    Claim,
    Conflict,
    Deal,
    DealReport,
    Link,
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
    source: str = "",
    cues: Sequence[str] = (),
    deals: int = 1,
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
        article,
        story or f"story-{article}",
        None if days is None else day(days),
        report,
        source,
        tuple(cues),
        deals,
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
    assert deal.conflicts == (
        Conflict(
            "value",
            "rounding",
            (
                Claim(865e6, "USD", ("a", "c"), 2, day(0), False, ""),
                Claim(850e6, "USD", ("b",), 1, day(1), False, "rounding"),
            ),
        ),
    )


def test_independent_stories_outvote_copies():
    copies = [said(f"copy{n}", value=850e6, story="syndicated", days=2) for n in range(5)]
    (deal,) = met(said("a", value=865e6), said("b", value=865e6, days=1), *copies)
    assert deal.value == 865e6


def test_of_equally_many_stories_the_newest_is_believed():
    (deal,) = met(said("a", value=866e6), said("b", value=853e6, days=1))
    assert deal.value == 853e6
    assert deal.conflicts[0].label == "contradiction"


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
    assert deal.conflicts[0].label == "update"
    assert deal.conflicts[0].claims[0] == Claim(
        500e6, "USD", ("launch", "launch2"), 2, day(0), False, "update"
    )


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
    assert len(before.key) == 16


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


def test_a_primary_source_outranks_what_many_make_of_it():
    many = [said(f"m{n}", "IREN", "Microsoft", value=9.4e9, days=0.1) for n in range(3)]
    release = said("release", "IREN", "Microsoft", value=9.7e9, source="release")
    (deal,) = met(release, *many)
    assert deal.value == 9.7e9
    (conflict,) = deal.conflicts
    assert [(c.number, c.stories, c.primary, c.label) for c in conflict.claims] == [
        (9.7e9, 1, True, ""),
        (9.4e9, 3, False, "contradiction"),
    ]


def test_those_who_round_a_figure_speak_for_it():
    (deal,) = met(
        said("exact", "IREN", "Microsoft", value=3.67e9),
        said("round1", "IREN", "Microsoft", value=3.7e9, days=1),
        said("round2", "IREN", "Microsoft", value=3.7e9, days=2),
        said("other1", "IREN", "Microsoft", value=3.58e9, days=0.5),
        said("other2", "IREN", "Microsoft", value=3.58e9, days=1.5),
    )
    labels = {c.number: c.label for c in deal.conflicts[0].claims}
    assert (deal.value, labels[3.7e9], labels[3.58e9]) == (3.67e9, "rounding", "contradiction")


def test_gross_capacity_is_another_scope_where_a_report_states_both():
    pair = ("Hut 8", "Fluidstack")
    both = said("a", *pair, value=7e9, megawatts=245, megawatts_gross=330)
    gross = [said(f"g{n}", *pair, value=7e9, megawatts=330, days=1) for n in range(3)]
    (deal,) = met(both, *gross)
    assert (deal.megawatts, deal.megawatts_gross) == (245, 330)
    assert [(c.slot, c.label) for c in deal.conflicts] == [("megawatts", "scope")]
    (guess,) = met(
        said("a", *pair, value=7e9, megawatts=245), said("b", *pair, value=7e9, megawatts=330)
    )
    assert [c.label for c in guess.conflicts] == ["contradiction"]


def test_another_currency_is_no_contradiction():
    pair = ("MARA", "Exaion")
    (deal,) = met(
        said("a", *pair, kind="acquisition", value=168e6),
        said("b", *pair, kind="acquisition", value=144e6, currency="EUR"),
        said("c", *pair, kind="acquisition", value=168e6, days=1),
    )
    assert (deal.value, deal.currency) == (168e6, "USD")
    assert deal.conflicts[0].label == "currency"


def test_a_tenant_named_as_the_company_is_turned_around():
    right = [said(f"r{n}", "TeraWulf", "Fluidstack", value=3.7e9, days=n / 10) for n in range(2)]
    wrong = said("w", "Fluidstack", "TeraWulf", value=3.7e9, megawatts=200, days=1)
    (deal,) = met(*right, wrong)
    assert (deal.company, deal.counterparties, deal.megawatts) == (
        "TeraWulf",
        ("Fluidstack",),
        200,
    )


def test_two_companies_that_deal_both_ways_keep_their_deals_apart():
    deals = met(
        said("a", "TeraWulf", "Fluidstack", value=3.7e9),
        said("b", "TeraWulf", "Fluidstack", value=3.7e9, days=1),
        said("c", "Fluidstack", "TeraWulf", value=90e6, days=2),
    )
    assert {deal.company for deal in deals} == {"TeraWulf", "Fluidstack"}


def test_an_addition_is_linked_to_the_contract_it_expands():
    pair = ("Applied Digital", "CoreWeave")
    first, second = met(
        said("a", *pair, value=7e9, megawatts=250),
        said("b", *pair, value=4e9, megawatts=150, days=90, cues=["expansion"]),
    )
    assert second.links == (Link("expands", first.key, total=False),)
    assert first.links == ()


def test_a_new_total_is_linked_as_one_and_folded_into_the_addition_if_that_is_told():
    pair = ("Applied Digital", "CoreWeave")
    first = said("a", *pair, value=7e9, megawatts=250)
    total = said("t", *pair, value=11e9, megawatts=400, days=91, cues=["expansion", "total"])
    base, grown = met(first, total)
    assert grown.links == (Link("expands", base.key, total=True),)
    addition = said("b", *pair, value=4e9, megawatts=150, days=90, cues=["expansion"])
    base, grown = met(first, addition, total)
    assert (grown.value, grown.megawatts) == (4e9, 150)
    assert grown.links == (Link("expands", base.key, total=False),)
    assert {c.label for c in grown.conflicts} == {"scope"}


def test_a_backlog_names_the_contracts_it_sums_up():
    lease = said("a", "TeraWulf", "Fluidstack", value=3.7e9)
    talks = said("b", "TeraWulf", "Oracle", value=2e9, status="proposed", days=1)
    later = said("c", "TeraWulf", "Meta", value=5e9, days=90)
    backlog = said("d", kind="backlog", status="outstanding", value=6.7e9, days=60)
    deals = {deal.reports[0].article_key: deal for deal in met(lease, talks, later, backlog)}
    assert deals["d"].links == (Link("sums", deals["a"].key),)


def test_a_round_up_that_errs_makes_no_new_deal():
    pair = ("IREN", "Microsoft")
    told = [said(f"a{n}", *pair, value=9.7e9, days=n) for n in range(2)]
    wrong = said("digest", *pair, value=8.6e9, days=30, deals=8)
    (deal,) = met(*told, wrong)
    assert [(c.number, c.label) for c in deal.conflicts[0].claims if c.label] == [
        (8.6e9, "contradiction")
    ]
    assert len(met(*told, replace(wrong, article_deals=1))) == 2


def test_a_price_that_costs_too_little_a_megawatt_is_flagged_and_kept():
    lease = {"megawatts": 200, "term_years": 10}
    (fine,) = met(said("a", "TeraWulf", "Fluidstack", value=3.7e9, **lease))
    (slip,) = met(said("a", "TeraWulf", "Fluidstack", value=3.7e6, **lease))
    (annual,) = met(said("a", "TeraWulf", "Fluidstack", value=370e6, **lease))
    (cloud,) = met(
        said("a", "IREN", "Microsoft", kind="compute", value=9.7e9, megawatts=200, term_years=5)
    )
    verdicts = [deal.checks[0].verdict for deal in (fine, slip, annual, cloud)]
    assert verdicts == ["usual", "doubtful", "doubtful", "usual"]
    assert slip.value == 3.7e6
    assert "millions for billions" in slip.checks[0].hint
    assert "a year" in annual.checks[0].hint
    assert met(said("a", value=3.7e9))[0].checks == ()


def test_notes_and_a_loan_of_one_amount_are_two_deals():
    notes = {"company": "CoreWeave", "kind": "debt", "value": 2.6e9}
    one = said("a", cues=["instrument notes"], **notes)
    two = said("b", cues=["instrument loan"], status="completed", days=5, **notes)
    assert len(met(one, two)) == 2
    vague = said("b", status="completed", days=5, **notes)
    assert len(met(one, vague)) == 1


def test_talks_that_end_in_a_contract_of_another_size_are_one_transaction():
    pair = ("Bitdeer", "Oracle")
    (deal,) = met(
        said("talks", *pair, value=2e9, megawatts=150, status="proposed"),
        said("signed", *pair, value=2.4e9, megawatts=180, days=40),
    )
    assert [step.status for step in deal.history] == ["proposed", "announced"]
    assert [conflict.label for conflict in deal.conflicts] == ["update", "update"]
    assert deal.value == 2.4e9


def test_a_round_up_does_not_mistake_one_lender_for_another():
    line = {"kind": "debt", "value": 100e6, "deals": 6}
    one = said("a", "CleanSpark", "Coinbase", **line)
    two = said("b", "CleanSpark", "Two Prime", days=3, **line)
    assert len(met(one, two)) == 2


def test_one_printed_amount_belongs_to_one_deal():
    lease = said("a", "TeraWulf", "Fluidstack", value=3.7e9)
    more = said("b", "TeraWulf", "Fluidstack", value=3.7e9, days=1)
    stake = said("a", "TeraWulf", "Google", kind="equity", value=3.7e9)
    deals = {deal.type: deal for deal in met(lease, more, stake)}
    assert deals["equity"].links == (Link("same amount", deals["hosting"].key),)
    assert deals["hosting"].links == ()
    elsewhere = said("c", "TeraWulf", "Google", kind="equity", value=3.7e9, days=1)
    assert all(not deal.links for deal in met(lease, more, elsewhere))


def test_an_addition_of_equal_size_is_not_the_first_contract():
    pair = ("Galaxy", "CoreWeave")
    deals = met(
        said("first", *pair, megawatts=133, term_years=15),
        said("third", *pair, megawatts=133, term_years=15, days=140, cues=["expansion"]),
        said("retold", *pair, megawatts=133, days=141, cues=["expansion"]),
    )
    assert articles(deals) == {frozenset({"first"}), frozenset({"third", "retold"})}
    assert [link.kind for link in deals[1].links] == ["expands"]


def test_a_credit_line_that_is_raised_stays_one_line():
    pair = ("Riot", "Coinbase")
    loan = [
        said("line", *pair, kind="debt", value=100e6, story="s"),
        said("line-too", *pair, kind="debt", value=100e6, story="s"),
        said("raised", *pair, kind="debt", value=200e6, days=27, source="filing", cues=["amended"]),
        said("later", *pair, kind="debt", value=200e6, days=60),
    ]
    (deal,) = met(*loan)
    assert deal.value == 200e6
    assert [claim.label for claim in deal.conflicts[0].claims] == ["update", ""]
    another = said("raised", *pair, kind="debt", value=200e6, days=27, source="filing")
    assert len(met(*loan[:2], another)) == 2


def test_a_round_that_is_enlarged_stays_one_round():
    first = said("a", "Glimt", "SoftBank", kind="equity", value=400e6)
    words = {"kind": "equity", "value": 550e6, "status": "completed", "days": 120}
    (deal,) = met(first, said("b", "Glimt", "SoftBank", cues=["amended"], **words))
    assert (deal.value, deal.status, deal.conflicts[0].label) == (550e6, "completed", "update")
    assert len(met(first, said("b", "Glimt", "SoftBank", **words))) == 2
    assert len(met(first, said("b", "Glimt", "Nvidia", cues=["amended"], **words))) == 2


def test_others_round_the_size_of_an_offering_but_its_issuer_does_not():
    notes = {"kind": "debt", "status": "completed"}
    exact = said("exact", "CleanSpark", value=1.15e9, source="filing", **notes)
    (deal,) = met(exact, said("retold", "CleanSpark", value=1.2e9, days=30, **notes))
    assert deal.value == 1.15e9
    assert [claim.label for claim in deal.conflicts[0].claims] == ["", "rounding"]
    again = said("again", "CleanSpark", value=1.2e9, days=30, source="filing", **notes)
    assert len(met(exact, again)) == 2


def test_a_seller_whose_release_tells_the_deal_as_its_own_is_not_the_principal():
    power = {"kind": "power", "megawatts": 1121}
    (deal,) = met(
        said("release", "Constellation", "Meta", source="release", **power),
        said("a", "Meta", "Constellation", days=0.1, **power),
        said("b", "Meta", "Constellation", days=1, **power),
    )
    assert (deal.company, deal.counterparties) == ("Meta", ("Constellation",))


def test_a_lease_that_is_called_separate_is_another_one():
    pair = ("Boreal", "Lambda")
    first = [said(f"a{n}", *pair, value=1.4e9, megawatts=80, days=n) for n in range(3)]
    words = {"value": 1.35e9, "megawatts": 78, "days": 49}
    assert len(met(*first, said("b", *pair, cues=["separate"], **words))) == 2
    assert len(met(*first, said("b", *pair, **words))) == 1


def test_an_article_rather_tells_the_news_of_the_day():
    pair = ("Boreal", "Lambda")
    deals = met(
        said("jan", *pair, value=1.4e9, megawatts=80),
        said("mar", *pair, value=1.35e9, megawatts=78, days=49, cues=["separate"]),
        said("coarse", *pair, value=1.4e9, megawatts=78, days=50),
    )
    assert articles(deals) == {frozenset({"jan"}), frozenset({"mar", "coarse"})}


def test_counts_are_exact_unless_they_are_rounded():
    coins = {"kind": "treasury", "status": "completed"}
    deals = met(
        said("first", "Strategy", coins=10_624, value=962.7e6, **coins),
        said("count", "Strategy", coins=10_600, days=1, **coins),
        said("second", "Strategy", coins=10_645, value=980.3e6, days=7, **coins),
    )
    assert articles(deals) == {frozenset({"first", "count"}), frozenset({"second"})}


def test_the_size_at_closing_replaces_that_at_pricing():
    launch = said("launch", "Galaxy", kind="debt", status="proposed", value=1e9, value_max=1.15e9)
    prices = [
        said(f"price{n}", "Galaxy", kind="debt", value=1.15e9, value_max=1.3e9, story="p", days=1)
        for n in range(2)
    ]
    (deal,) = met(launch, *prices)
    assert deal.value == 1.15e9  # agreed, though it was an option at launch
    closed = said("closed", "Galaxy", kind="debt", status="completed", value=1.3e9, days=4)
    later = said("later", "Galaxy", kind="debt", status="completed", value=1.3e9, days=28)
    (deal,) = met(launch, *prices, closed, later)
    assert deal.value == 1.3e9
    assert [c.label for c in deal.conflicts[0].claims] == ["update", "update", ""]


def test_an_addition_expands_the_contract_with_which_it_makes_the_total():
    pair = ("Boreal", "Lambda")
    alberta = said("alberta", *pair, megawatts=80, value=1.4e9)
    idaho = said("idaho", *pair, megawatts=60, value=1e9, days=30)
    added = said("added", *pair, megawatts=40, days=90, cues=["expansion"])
    total = said("total", *pair, megawatts=120, days=91, cues=["expansion", "total"])
    by_article = {d.reports[0].article_key: d for d in met(alberta, idaho, added, total)}
    assert by_article["added"].links == (Link("expands", by_article["alberta"].key, total=False),)
    assert {c.label for c in by_article["added"].conflicts} == {"scope"}


def test_an_addition_expands_the_contract_at_its_place():
    pair = ("Boreal", "Lambda")
    alberta = said("alberta", *pair, megawatts=80, site="Medicine Hat")
    idaho = said("idaho", *pair, megawatts=60, days=30, site="Boise")
    added = said("added", *pair, megawatts=40, days=90, site="Medicine Hat", cues=["expansion"])
    by_article = {d.reports[0].article_key: d for d in met(alberta, idaho, added)}
    assert [link.key for link in by_article["added"].links] == [by_article["alberta"].key]


def test_a_sum_of_all_contracts_is_another_scope_of_the_last():
    pair = ("CoreWeave", "OpenAI")
    compute = {"kind": "compute"}
    deals = met(
        said("march", *pair, value=11.9e9, **compute),
        said("may", *pair, value=4e9, days=66, cues=["expansion"], **compute),
        said("sept", *pair, value=6.5e9, days=199, cues=["expansion"], **compute),
        said("sum", *pair, value=22.4e9, days=200, story="s", cues=["expansion"], **compute),
        said("copy", *pair, value=22.4e9, days=200, story="s", cues=["total"], **compute),
    )
    assert [deal.value for deal in deals] == [11.9e9, 4e9, 6.5e9]
    assert [c.label for c in deals[-1].conflicts[0].claims] == ["", "scope"]


def test_the_sales_of_two_months_stay_two_though_one_may_round_the_other():
    coins = {"kind": "treasury", "status": "completed"}
    deals = met(
        said("march", "Sable", coins=210, value=15.1e6, story="m", source="release", **coins),
        said("march-count", "Sable", coins=210, story="m", **coins),
        said("march-coarse", "Sable", value=15e6, days=1, **coins),
        said("april", "Sable", coins=214, value=15.3e6, days=32, source="release", **coins),
    )
    march = frozenset({"march", "march-count", "march-coarse"})
    assert articles(deals) == {march, frozenset({"april"})}


def test_an_amount_in_another_currency_meets_at_a_rate_there_has_been():
    coins = {"kind": "treasury", "status": "completed"}
    first = said("a", "Sable", value=15.3e6, source="release", **coins)
    (deal,) = met(first, said("b", "Sable", value=21e6, currency="CAD", days=1, **coins))
    assert (deal.value, deal.conflicts[0].label) == (15.3e6, "currency")
    assert len(met(first, said("b", "Sable", value=15e6, currency="CAD", days=1, **coins))) == 2


def test_what_may_become_of_a_campus_is_another_scope():
    pair = ("Crusoe", "Tallgrass")
    (deal,) = met(
        said("a", *pair, kind="partnership", megawatts=1800),
        said("b", *pair, kind="partnership", story="s", days=1),
        said(
            "c", *pair, kind="partnership", megawatts=10_000, days=1, story="s", cues=["potential"]
        ),
    )
    assert (deal.megawatts, deal.conflicts[0].label) == (1800, "scope")


def test_the_sum_of_two_purchases_told_together_is_no_third_one():
    both = [
        said("filing", "Cango", "Bitmain", kind="equipment", value=256e6),
        said("filing", "Cango", "TechGen", kind="equipment", value=144e6),
    ]
    total = said("sum", "Cango", "Bitmain", kind="equipment", value=400e6, days=1, cues=["total"])
    deals = met(*both, total)
    assert sorted(deal.value for deal in deals) == [144e6, 256e6]
    assert [deal.conflicts[0].label for deal in deals if deal.conflicts] == ["scope"]


def test_a_tenant_that_tells_the_gross_capacity_is_turned_around():
    right = said("a", "Digi", "Cerebras", megawatts=40, megawatts_gross=55, source="release")
    wrong = said("b", "Cerebras", "Digi", megawatts=55, days=19)
    (deal,) = met(right, wrong)
    assert (deal.company, deal.megawatts, deal.conflicts[0].label) == ("Digi", 40, "scope")


def test_a_hall_handed_over_long_after_it_was_let_is_the_one_that_was_let():
    let = said("a", "TeraWulf", "Fluidstack", value=3.7e9, megawatts=200)
    done = said("b", "TeraWulf", "Fluidstack", status="completed", megawatts=200, days=400)
    (deal,) = met(let, done)
    assert deal.status == "completed"
    other = said("b", "TeraWulf", "Fluidstack", status="completed", megawatts=150, days=400)
    assert len(met(let, other)) == 2


def test_who_tells_the_amount_with_all_options_tells_of_the_same_lease():
    pair = ("TeraWulf", "Fluidstack")
    (deal,) = met(
        said("a", *pair, value=3.7e9, value_max=8.7e9, term_years=10),
        said("b", *pair, value=3.7e9, days=0.5),
        said("c", *pair, value=8.7e9, term_years=20, days=1),
    )
    assert (deal.value, deal.value_max, deal.term_years) == (3.7e9, 8.7e9, 10.0)
    assert {conflict.slot: conflict.label for conflict in deal.conflicts} == {
        "value": "scope",
        "term_years": "scope",
    }


def test_a_lender_lends_once_in_the_same_days_and_again_in_later_ones():
    loan = said("a", "TeraWulf", "Generate Capital", kind="debt", value=1e8)
    drawn = said("b", "TeraWulf", "Generate Capital", kind="debt", value=1.26e7, days=2)
    assert len(met(loan, drawn)) == 1
    later = said("b", "TeraWulf", "Generate Capital", kind="debt", value=1.26e7, days=40)
    assert len(met(loan, later)) == 2


def test_leases_that_are_told_together_are_summed_up_and_no_further_lease():
    leases = [
        said("a", "Caprock", "Voltage Park", value=6.2e8, megawatts=45),
        said("b", "Caprock", "Hydra Host", value=4.5e8, megawatts=32, days=50),
        said("c", "Caprock", "Firmus", value=3.8e8, megawatts=28, days=100),
    ]
    total = said("d", "Caprock", value=1.45e9, megawatts=105, days=200, cues=["total"])
    *parts, whole = met(*leases, total)
    assert whole.links == tuple(Link("sums", part.key) for part in parts)
    *_, alone = met(*leases[1:], total)
    assert alone.links == ()


def labels(deal: Deal) -> set[tuple[float, str]]:
    """The figures that differ from the agreed ones, with their labels."""
    return {(c.number, c.label) for known in deal.conflicts for c in known.claims if c.label}


def test_notes_of_two_maturities_are_two_issues_though_the_amount_is_one():
    spring = said("a", kind="debt", value=3e8, cues=["instrument notes", "mark 2030"])
    autumn = said("b", kind="debt", value=3e8, days=150, cues=["instrument notes", "mark 2032"])
    assert len(met(spring, autumn)) == 2
    again = said("b", kind="debt", value=3e8, days=150, cues=["instrument notes", "mark 2030"])
    assert len(met(spring, again)) == 1


def test_a_round_is_known_by_its_letter_after_a_year():
    first = said("a", kind="equity", status="completed", value=4.8e8, cues=["mark d"])
    named = said("b", kind="equity", status="completed", value=4.8e8, days=300, cues=["mark d"])
    assert len(met(first, named)) == 1
    bare = said("b", kind="equity", status="completed", value=4.8e8, days=300)
    assert len(met(first, bare)) == 2


def test_who_looks_back_means_the_contract_of_long_ago():
    first = said("a", "Google", "Kairos", kind="power", megawatts=500)
    late = said("b", "Google", "Kairos", kind="power", megawatts=500, days=300)
    assert len(met(first, late)) == 2
    assert len(met(first, replace(late, cues=("looks back",)))) == 1
    sold = said("a", kind="treasury", status="completed", coins=400)
    next_year = said("b", kind="treasury", coins=400, days=365, cues=["looks back"])
    assert len(met(sold, next_year)) == 2


def test_a_company_is_bought_once():
    bought = said("a", "Bit Digital", "Enovum", kind="acquisition", status="completed", value=46e6)
    told = said("b", "Bit Digital", "Enovum", kind="acquisition", status="completed", days=900)
    assert len(met(bought, told)) == 1
    bid = said("b", "Bit Digital", "Enovum", kind="acquisition", value=90e6, days=900)
    assert len(met(bought, bid)) == 2


def test_what_is_drawn_on_a_facility_is_no_further_loan():
    pair = ("CoreWeave", "Macquarie")
    deals = met(
        said("a", *pair, kind="debt", value=5e8),
        said("b", *pair, kind="debt", status="completed", value=1.5e8, days=70, cues=["drawn"]),
        said("c", *pair, kind="debt", status="completed", value=2e8, days=200, cues=["drawn"]),
    )
    (deal,) = deals
    assert (deal.value, deal.status) == (5e8, "completed")
    assert labels(deal) == {(1.5e8, "scope"), (2e8, "scope")}
    other = said("d", "CoreWeave", "MUFG", kind="debt", value=1.5e8, days=70, cues=["drawn"])
    larger = said("e", *pair, kind="debt", value=9e8, days=70, cues=["drawn"])
    assert len(met(deal.reports[0], other)) == len(met(deal.reports[0], larger)) == 2


def test_an_option_on_machines_expands_the_order():
    pair = ("CleanSpark", "Bitmain")
    order, option = met(
        said("a", *pair, kind="equipment", value=21e6, gpus=6000),
        said("b", *pair, kind="equipment", value=14e6, gpus=4000, days=90, cues=["expansion"]),
        said("c", *pair, kind="equipment", gpus=10000, days=91, cues=["expansion", "total"]),
    )
    assert option.links == (Link("expands", order.key, total=False),)
    assert labels(option) == {(10000, "scope")}


def test_a_figure_that_words_call_changed_replaces_what_more_reports_said():
    pair = ("Rockhampton", "Corvid")
    first = [
        said(f"a{n}", *pair, kind="acquisition", status="proposed", value=1.9e9) for n in range(2)
    ]
    raised = said("b", *pair, kind="acquisition", status="proposed", value=2.1e9, days=20)
    (deal,) = met(*first, raised)
    assert deal.value == 1.9e9
    (deal,) = met(*first, replace(raised, cues=("amended",)))
    assert (deal.value, labels(deal)) == (2.1e9, {(1.9e9, "update")})


def test_a_price_with_debt_is_another_scope():
    pair = ("SoftBank", "DigitalBridge")
    price = said("a", *pair, kind="acquisition", value=4e9, source="release")
    shares = said("b", *pair, kind="acquisition", value=3e9, days=1)
    (deal,) = met(price, shares)
    assert labels(deal) == {(3e9, "contradiction")}
    (deal,) = met(price, replace(shares, cues=("with debt",)))
    assert labels(deal) == {(3e9, "scope")}


def test_who_tells_the_gross_capacity_tells_of_the_same_lease_as_all_who_tell_the_load():
    deals = met(
        said("a", "TeraWulf", "Fluidstack", value=3.7e9, megawatts=90, megawatts_gross=125),
        said("b", "TeraWulf", value=3.7e9, megawatts=90, story="story-a", days=0.1),
        said("c", "TeraWulf", megawatts=90, days=0.5),
        said("d", "TeraWulf", "Fluidstack", megawatts=125, days=1),
    )
    (deal,) = deals
    assert labels(deal) == {(125, "scope")}


def test_talks_without_an_amount_end_in_a_contract_of_another_power():
    talks = said("a", "TeraWulf", "Anthropic", status="proposed", megawatts=250)
    signed = said("b", "TeraWulf", "Anthropic", value=3.1e9, megawatts=200, days=25)
    (deal,) = met(talks, signed)
    assert (deal.megawatts, labels(deal)) == (200, {(250, "update")})
    much_less = said("b", "TeraWulf", "Anthropic", value=3.1e8, megawatts=20, days=25)
    assert len(met(talks, much_less)) == 2


def test_talks_of_a_round_end_in_one_of_another_size():
    talks = said("a", "Crusoe", "Mubadala", kind="equity", status="proposed", value=5e8)
    raised = said(
        "b", "Crusoe", "Mubadala", kind="equity", status="completed", value=6.5e8, days=30
    )
    (deal,) = met(talks, raised)
    assert (deal.value, labels(deal)) == (6.5e8, {(5e8, "update")})
    other = said("b", "Crusoe", "Nvidia", kind="equity", status="completed", value=6.5e8, days=30)
    assert len(met(talks, other)) == 2


def test_of_one_story_who_errs_in_the_price_means_the_deal_that_the_others_tell():
    pair = ("IREN", "Dell")
    told = [said(f"a{n}", *pair, kind="equipment", value=2.4e8, gpus=6144) for n in range(2)]
    wrong = said("w", *pair, kind="equipment", value=4.2e8, days=1, story="s")
    assert len(met(*told, wrong)) == 2
    right = said("r", *pair, kind="equipment", value=2.4e8, days=2, story="s")
    (deal,) = met(*told, wrong, right)
    assert (deal.value, labels(deal)) == (2.4e8, {(4.2e8, "contradiction")})
    another = replace(wrong, cues=("separate",))
    assert len(met(*told, another, right)) == 2
    large = said("l", *pair, kind="equipment", value=9e8, gpus=24000, story="t")
    small = said("m", *pair, kind="equipment", value=1e8, gpus=900, story="t", days=5)
    assert len(met(large, small)) == 2


def test_a_lender_lends_once_a_week():
    loan = said("a", "Crusoe", "Blue Owl", kind="debt", value=11.6e9)
    wrong = said("b", "Crusoe", "Blue Owl", kind="debt", value=15e9, days=5)
    assert len(met(loan, wrong)) == 1
    assert len(met(loan, replace(wrong, published=day(9)))) == 2


CATEGORIES = {"Talen": "utility_power", "Amazon": "hyperscaler", "Poolside": "ai_lab"}


def sides(*refs: ReportRef) -> set[tuple[str, tuple[str, ...]]]:
    deals = assemble(refs, current, category=lambda name: CATEGORIES.get(name, ""))
    return {(deal.company, deal.counterparties) for deal in deals}


def test_the_categories_of_both_companies_tell_whose_deal_it_is():
    utility = said("a", "Talen", "Amazon", kind="power", megawatts=1920, source="release")
    buyer = said("b", "Amazon", "Talen", kind="power", megawatts=1920, days=1)
    assert sides(utility, buyer) == {("Amazon", ("Talen",))}
    again = said("c", "Talen", "Amazon", kind="power", megawatts=1920, days=2)
    assert sides(utility, buyer, again) == {("Amazon", ("Talen",))}


def test_an_unlisted_company_stands_between_those_that_provide_and_those_that_take():
    lab = said("a", "Poolside", "Kestrel", kind="compute", value=2e9)
    cloud = said("b", "Kestrel", "Poolside", kind="compute", value=2e9, days=1)
    assert sides(lab, cloud) == {("Kestrel", ("Poolside",))}


def test_the_name_of_an_unlisted_company_may_tell_its_side():
    lab = said("a", "Aurelian AI", "Quillon Data", megawatts=250)
    host = said("b", "Quillon Data", "Aurelian AI", megawatts=250, days=1)
    assert sides(lab, host) == {("Quillon Data", ("Aurelian AI",))}
