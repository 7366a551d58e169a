"""Short and full names of companies that no list has: what is one company, what stays apart."""

from collections.abc import Sequence

import pytest

from extractor.deals import assemble
from extractor.names import are_short_and_long, are_spellings, company_key, name_family, name_stem
from extractor.records import Deal, ReportRef
from tests.deals.test_assemble import articles, said

LISTED = {company_key(name): name for name in ("Core", "Core Data", "Summit Mining")}


def met(*refs: ReportRef) -> tuple[Deal, ...]:
    return assemble(refs, lambda name: LISTED.get(company_key(name), name))


def companies(deals: Sequence[Deal]) -> set[str]:
    return {deal.company for deal in deals}


@pytest.mark.parametrize(
    ("key", "stem"),
    [
        ("ridgeback infrastructure", "ridgeback"),
        ("grupo andara", "andara"),
        ("prairie loom ai", "prairie loom"),
        ("lodestone treasury", "lodestone"),
        ("data power", "data power"),
        ("nvidia", "nvidia"),
    ],
)
def test_a_stem_leaves_out_the_trade(key, stem):
    assert name_stem(key) == stem


def test_two_long_names_are_not_short_and_long():
    assert are_short_and_long("cumulus", "cumulus data")
    assert not are_short_and_long("cumulus data", "cumulus mining")
    assert not are_short_and_long("cumulus", "cumulus")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("osprey", "osprey power and light"),
        ("osprey power", "osprey power and light"),
        ("nordlys", "nordlys datasenter"),
        ("andara", "grupo andara"),
    ],
)
def test_a_short_name_leaves_out_any_last_words(short, long):
    assert are_short_and_long(short, long) and are_short_and_long(long, short)
    assert name_family(short) == name_family(long)


@pytest.mark.parametrize(
    ("left", "right", "is_one"),
    [
        ("red fern cloud", "redfern cloud", True),
        ("ashgrove digitial", "ashgrove digital", True),
        ("ashgrove digitel", "ashgrove digital", True),
        ("ashgrove digital", "ashgrove digital", False),
        ("riot", "rio", False),
        ("ashgrove fund 1", "ashgrove fund 2", False),
        ("ashgrove mining", "ashgrove digital", False),
    ],
)
def test_a_slip_of_one_letter_is_a_spelling(left, right, is_one):
    assert are_spellings(left, right) is is_one
    assert are_spellings(right, left) is is_one


@pytest.mark.parametrize("order", [1, -1])
def test_a_short_name_takes_the_fuller_one(order):
    refs = [
        said("a", "Ridgeback", "Vultr", value=310e6),
        said("b", "Ridgeback Infrastructure", "Vultr", value=310e6, megawatts=20, days=1),
        said("c", "Ridgeback", "Vultr", megawatts=20, days=90),
    ]
    (deal,) = met(*refs[::order])
    assert (deal.company, deal.megawatts) == ("Ridgeback Infrastructure", 20)


def test_a_listed_company_lends_its_name_to_a_short_one_that_no_list_has():
    (deal,) = met(
        said("a", "Summit Mining", "Vultr", value=310e6),
        said("b", "Summit", "Vultr", value=310e6, days=1),
    )
    assert deal.company == "Summit Mining"


def test_the_other_side_takes_its_fuller_name():
    (deal,) = met(
        said("a", "TeraWulf", "Grupo Andara", value=500e6),
        said("b", "TeraWulf", "Andara", value=500e6, days=1),
    )
    assert deal.counterparties == ("Grupo Andara",)


def test_a_short_name_told_the_other_way_around_is_turned():
    (deal,) = met(
        said("a", "Ridgeback Infrastructure", "Vultr", value=310e6),
        said("b", "Ridgeback Infrastructure", "Vultr", value=310e6, days=1),
        said("c", "Vultr", "Ridgeback", value=310e6, days=2),
    )
    assert (deal.company, deal.counterparties) == ("Ridgeback Infrastructure", ("Vultr",))


def test_a_short_name_that_tells_all_machines_of_a_pair_takes_the_fuller_one():
    deals = met(
        said("a", "Thornbury Mining", "MicroBT", kind="equipment", value=14e6, gpus=4000),
        said("b", "Thornbury", "MicroBT", kind="equipment", gpus=10000, days=1, cues=["total"]),
        said("c", "Thornbury", "MicroBT", kind="equipment", gpus=2500, days=1),
    )
    assert sorted((deal.company, len(deal.reports)) for deal in deals) == [
        ("Thornbury Mining", 1),
        ("Thornbury Mining", 1),
        ("Thornbury Mining", 1),
    ]


def test_an_amount_in_another_currency_is_turned_at_a_rate_there_has_been():
    told = [said(f"r{n}", "Ridgeback", "Vultr", value=100e6, days=n) for n in range(2)]
    (deal,) = met(*told, said("w", "Vultr", "Ridgeback", value=90e6, currency="EUR", days=1))
    assert (deal.company, deal.value) == ("Ridgeback", 100e6)
    deals = met(*told, said("w", "Vultr", "Ridgeback", value=9e6, currency="EUR", days=1))
    assert companies(deals) == {"Ridgeback", "Vultr"}


def test_without_another_side_the_figure_tells():
    (deal,) = met(
        said("a", "Glimt Compute", kind="backlog", value=3.86e9),
        said("b", "Glimt", kind="backlog", value=3.86e9, days=1),
    )
    assert deal.company == "Glimt Compute"
    deals = met(
        said("a", "Glimt Compute", kind="backlog", value=3.86e9),
        said("b", "Glimt", kind="backlog", value=1.2e9, days=1),
    )
    assert companies(deals) == {"Glimt Compute", "Glimt"}


@pytest.mark.parametrize(
    "other",
    [
        said("b", "Ridgeback", "Nvidia", value=310e6, days=1),
        said("b", "Ridgeback", "Vultr", value=90e6, days=1),
        said("b", "Ridgeback", "Vultr", value=310e6, days=300),
        said("b", "Ridgeback", "Vultr", kind="debt", value=310e6, days=1),
        said("b", "Ridgeback Mining", "Vultr", value=310e6, days=1),
    ],
    ids=["another side", "another figure", "another year", "another type", "another long name"],
)
def test_what_agrees_too_little_stays_another_company(other):
    deals = met(said("a", "Ridgeback Infrastructure", "Vultr", value=310e6), other)
    assert companies(deals) == {"Ridgeback Infrastructure", other.report.company}
    assert articles(deals) == {frozenset("a"), frozenset("b")}


def test_a_name_that_is_known_means_one_company_in_every_report():
    deals = met(
        said("a", "Ridgeback Works", "Vultr", value=310e6),
        said("b", "Ridgeback", "Vultr", value=310e6, days=1),
        said("c", "Ridgeback", "Nvidia", kind="debt", value=90e6, days=400),
    )
    assert companies(deals) == {"Ridgeback Works"}
    deals = met(
        said("a", "Ridgeback Works", "Vultr", value=310e6),
        said("b", "Ridgeback", "Vultr", value=310e6, days=1),
        said("c", "Ridgeback", "Nvidia", kind="debt", value=90e6, days=400),
        said("d", "Ridgeback Farms", kind="power", megawatts=7, days=400),
    )
    assert companies(deals) == {"Ridgeback Works", "Ridgeback", "Ridgeback Farms"}


def test_a_subsidiary_takes_the_name_that_more_stories_tell():
    (deal,) = met(
        said("a", "Larkspur Mining", "Alcoa", kind="acquisition", value=54e6),
        said("b", "Larkspur Mining", "Alcoa", kind="acquisition", value=54e6, days=1),
        said("c", "Larkspur Mining Calder LLC", "Alcoa", kind="acquisition", value=54e6, days=50),
    )
    assert (deal.company, len(deal.reports)) == ("Larkspur Mining", 3)


def test_a_misspelt_name_takes_the_usual_one():
    (deal,) = met(
        said("a", "Ashgrove Digital", "Fairmont", kind="debt", value=150e6),
        said("b", "Ashgrove Digital", "Fairmont", kind="debt", value=150e6, days=1),
        said("c", "Ashgrove Digitial", "Fairmont", kind="debt", value=150e6, days=2),
    )
    assert (deal.company, len(deal.reports)) == ("Ashgrove Digital", 3)


def test_a_short_name_of_two_companies_is_neither():
    deals = met(
        said("a", "Cumulus Data", "Vultr", value=310e6),
        said("b", "Cumulus Mining", "Vultr", value=310e6, days=1),
        said("c", "Cumulus", "Vultr", value=310e6, days=2),
    )
    assert companies(deals) == {"Cumulus Data", "Cumulus Mining", "Cumulus"}


def test_two_listed_companies_stay_two():
    deals = met(
        said("a", "Core Data", "Vultr", value=310e6),
        said("b", "Core", "Vultr", value=310e6, days=1),
    )
    assert companies(deals) == {"Core Data", "Core"}


def test_a_fuller_name_that_comes_later_changes_no_key():
    first = said("a", "Ridgeback", "Vultr", value=310e6)
    (before,) = met(first)
    (after,) = met(first, said("b", "Ridgeback Infrastructure", "Vultr", value=310e6, days=1))
    assert after.company == "Ridgeback Infrastructure"
    assert after.key == before.key
