"""What becomes of a deal: draws, amendments, refusals, further closings, ends, looks back."""

from dataclasses import replace

import pytest

from tests.deals.test_assemble import labels, met, said


def test_a_draw_without_a_lender_is_one_on_the_facility():
    facility = said("a", "Crusoe", "Blue Owl", kind="debt", value=1.1e9)
    draw = said("b", "Crusoe", kind="debt", status="completed", value=350e6, days=90)
    assert len(met(facility, draw)) == 2
    drawn = said(
        "b", "Crusoe", kind="debt", status="completed", value=350e6, days=90, cues=["drawn"]
    )
    (deal,) = met(facility, drawn)
    assert (deal.value, deal.status, labels(deal)) == (1.1e9, "completed", {(350e6, "scope")})


def test_an_amended_contract_for_power_stays_the_same_contract():
    signed = said("a", "Meta", "Entergy", kind="power", megawatts=300)
    larger = said("b", "Meta", "Entergy", kind="power", megawatts=420, days=150)
    assert len(met(signed, larger)) == 2
    amended = said("b", "Meta", "Entergy", kind="power", megawatts=420, days=150, cues=["amended"])
    (deal,) = met(signed, amended)
    assert (deal.megawatts, labels(deal)) == (420, {(300, "update")})


def test_a_refused_bid_may_be_accepted_later():
    bid = said("a", "Riot", "Core", kind="acquisition", status="proposed", value=3.1e9)
    refused = said("b", "Riot", "Core", kind="acquisition", status="terminated", days=9)
    agreed = said("c", "Riot", "Core", kind="acquisition", value=3.6e9, days=30, source="release")
    (deal,) = met(bid, refused, agreed)
    assert [change.status for change in deal.history] == ["proposed", "terminated", "announced"]
    retold = said("d", "Riot", "Core", kind="acquisition", value=3.1e9, days=30)
    (deal,) = met(bid, refused, retold)
    assert deal.status == "terminated"


def test_what_was_agreed_before_it_ended_stays_at_its_end():
    agreed = said("a", "Riot", "Core", kind="acquisition", value=3e9, source="release")
    ended = said("b", "Riot", "Core", kind="acquisition", status="terminated", days=90)
    again = said("c", "Riot", "Core", kind="acquisition", value=3e9, days=95, source="release")
    (deal,) = met(agreed, ended, again)
    assert deal.status == "terminated"


def test_a_target_that_refuses_a_bid_is_no_buyer():
    bid = said("a", "Riot", "Core", kind="acquisition", status="proposed", value=3.1e9)
    refusal = said(
        "b",
        "Core",
        "Riot",
        kind="acquisition",
        status="terminated",
        value=3.1e9,
        days=9,
        source="release",
    )
    (deal,) = met(bid, refusal)
    assert (deal.company, deal.counterparties) == ("Riot", ("Core",))


def test_an_end_that_comes_late_is_that_of_the_contract():
    signed = said("a", "TeraWulf", "Fluidstack", megawatts=52)
    ended = said("b", "TeraWulf", "Fluidstack", status="terminated", megawatts=52, days=290)
    (deal,) = met(signed, ended)
    assert deal.status == "terminated"
    other = said("b", "TeraWulf", "Fluidstack", status="terminated", megawatts=90, days=290)
    assert len(met(signed, other)) == 2


def test_a_second_closing_expands_the_round_of_its_mark():
    first = said(
        "a", "Lambda", "Andra", kind="equity", status="completed", value=350e6, cues=["mark c"]
    )
    second = said(
        "b",
        "Lambda",
        "Nvidia",
        kind="equity",
        status="completed",
        value=60e6,
        days=60,
        cues=["expansion", "mark c"],
    )
    deals = met(first, second)
    assert [link.kind for deal in deals for link in deal.links] == ["expands"]
    assert deals[1].links[0].key == deals[0].key
    of_another = replace(second, cues=("expansion", "mark d"))
    assert not any(deal.links for deal in met(first, of_another))


def test_talks_of_a_round_without_an_investor_end_in_the_round():
    talks = said("a", "Lambda", kind="equity", status="proposed", value=300e6)
    closed = said("b", "Lambda", "Andra", kind="equity", status="completed", value=350e6, days=28)
    (deal,) = met(talks, closed)
    assert (deal.value, deal.status, labels(deal)) == (350e6, "completed", {(300e6, "update")})
    shares = said(
        "a",
        "Lambda",
        kind="equity",
        status="proposed",
        value=300e6,
        cues=["instrument shares"],
    )
    assert len(met(shares, closed)) == 2


def test_shares_are_subscribed_for_weeks():
    def offered(article: str, status: str, value: float, days: float):
        cues = ["instrument shares"]
        return said(
            article, "Metaplanet", kind="equity", status=status, value=value, days=days, cues=cues
        )

    assert len(met(offered("a", "proposed", 12e9, 0), offered("b", "completed", 15e9, 15))) == 1
    assert len(met(offered("a", "proposed", 12e9, 0), offered("b", "completed", 15e9, 45))) == 2


def test_outlets_that_name_different_investors_of_one_round_tell_one_round():
    release = said("a", "Firmus", "Nvidia", "Ellerston", kind="equity", value=330e6, currency="AUD")
    one = said("b", "Firmus", "Nvidia", kind="equity", value=220e6, days=0.1)
    other = said("c", "Firmus", "Ellerston", kind="equity", value=330e6, currency="AUD", days=1)
    (deal,) = met(release, one, other)
    assert labels(deal) == {(220e6, "currency")}
    assert len(met(one, other)) == 2


def test_who_looks_back_may_err_in_a_figure():
    order = said("a", "Crusoe", "Dell", kind="equipment", gpus=35000)
    other = said("b", "Crusoe", "Dell", kind="equipment", gpus=30000, days=20)
    assert len(met(order, other)) == 2
    back = said(
        "b", "Crusoe", "Dell", kind="equipment", gpus=30000, days=20, cues=["looks back", "part"]
    )
    (deal,) = met(order, back)
    assert (deal.gpus, labels(deal)) == (35000, {(30000, "scope")})


def test_coins_of_another_month_are_another_sale_even_of_as_many():
    def sold(article: str, value: float, days: float):
        return said(
            article, "Riot", kind="treasury", status="completed", value=value, coins=1150, days=days
        )

    assert len(met(sold("a", 128.4e6, 0), sold("b", 131.2e6, 30))) == 2
    assert len(met(sold("a", 128.4e6, 0), sold("b", 128e6, 1))) == 1


def test_sizes_that_are_close_are_of_one_deal_in_the_same_days_only():
    joint = said("a", "G42", "Humain", kind="partnership", megawatts=250)
    wrong = said("b", "G42", "Humain", kind="partnership", megawatts=200, days=1)
    (deal,) = met(joint, wrong)
    assert {label for _, label in labels(deal)} == {"contradiction"}
    later = said("b", "G42", "Humain", kind="partnership", megawatts=200, days=30)
    assert len(met(joint, later)) == 2


def test_the_power_of_a_whole_site_is_another_scope():
    signed = said("a", "Meta", "Entergy", kind="power", megawatts=110, source="release")
    whole = said("b", "Meta", "Entergy", kind="power", megawatts=150, days=1, cues=["whole site"])
    (deal,) = met(signed, whole)
    assert (deal.megawatts, labels(deal)) == (110, {(150, "scope")})


def test_a_rounded_amount_without_another_side_is_that_of_the_deal():
    bought = said("a", "Riot", "Alcoa", kind="acquisition", value=54e6, source="release")
    retold = said("b", "Riot", kind="acquisition", status="completed", value=50e6, days=120)
    (deal,) = met(bought, retold)
    assert (deal.value, labels(deal)) == (54e6, {(50e6, "rounding")})
    assert len(met(bought, said("b", "Riot", kind="acquisition", value=70e6, days=120))) == 2


def test_a_source_that_rounds_is_not_contradicted_by_the_exact_figure():
    release = said("a", "Riot", "Alcoa", kind="acquisition", value=24e9, source="release")
    press = said("b", "Riot", "Alcoa", kind="acquisition", value=23.5e9, days=1)
    (deal,) = met(release, press)
    assert (deal.value, labels(deal)) == (24e9, {(23.5e9, "rounding")})


@pytest.mark.parametrize("order", [1, -1])
def test_a_sum_of_two_loans_is_none_of_them(order):
    def lent(article: str, *lenders: str, value: float, days: float = 0.0, cues=()):
        return said(article, "Crusoe", *lenders, kind="debt", value=value, days=days, cues=cues)

    loans = [lent("a", "Ares", value=300e6), lent("a", "Oaktree", value=120e6)]
    both = lent("b", "Ares", "Oaktree", value=420e6, days=1, cues=["total"])
    deals = met(*[*loans, both][::order])
    assert sorted(deal.value or 0 for deal in deals) == [120e6, 300e6, 420e6]
    (total,) = [deal for deal in deals if deal.value == 420e6]
    assert {link.key for link in total.links} == {deal.key for deal in deals if deal.value != 420e6}


def test_each_report_is_in_one_deal_where_every_one_tells_a_sum():
    cues = ["expansion", "total"]
    told = [
        said("a", "IREN", "Google", value=3e9, megawatts=200, cues=cues),
        said("b", "IREN", "Google", value=1e9, cues=cues),
        said("c", "IREN", "Google", value=2e9, cues=["total"]),
    ]
    assert sorted(ref.article_key for deal in met(*told) for ref in deal.reports) == list("abc")


def test_a_round_up_means_the_only_deal_that_comes_close():
    loan = said(
        "a", "Galaxy", "Ares", kind="debt", status="completed", value=1.4e9, source="release"
    )
    retold = said("b", "Galaxy", kind="debt", status="completed", value=1.1e9, days=26, deals=7)
    (deal,) = met(loan, retold)
    assert (deal.value, labels(deal)) == (1.4e9, {(1.1e9, "contradiction")})
    other = said("c", "Galaxy", "KKR", kind="debt", status="completed", value=1.2e9, days=9)
    assert len(met(loan, other, retold)) == 3
    assert len(met(loan, replace(retold, article_deals=1))) == 2
    assert (
        len(
            met(
                replace(loan, cues=("instrument loan",)),
                replace(retold, cues=("instrument notes",)),
            )
        )
        == 2
    )


def test_an_addition_told_beside_a_total_is_a_part_of_it_whoever_tells_it():
    first = said("a", "Ridgeback", "Vultr", value=310e6, megawatts=20, source="release")
    cues = ["expansion"]
    grown = said(
        "b", "Ridgeback", "Vultr", megawatts=50, days=60, story="s", cues=cues, source="release"
    )
    price = said("d", "Ridgeback", "Vultr", value=780e6, days=60.5, story="s")
    added = said("c", "Vultr", "Ridgeback", megawatts=30, days=61, cues=["expansion"])
    small, large = met(first, grown, price, added)
    assert (small.megawatts, large.megawatts, labels(large)) == (20, 50, {(30, "scope")})
    assert [(link.kind, link.key, link.total) for link in large.links] == [
        ("expands", small.key, False)
    ]
