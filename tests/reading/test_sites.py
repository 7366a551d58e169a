"""Which names are places, and how much of the text belongs to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.reading import load_reader

READER = load_reader()


def sites(text: str, title: str = "") -> list[str]:
    return [site.text for site in READER.layer(text, title).sites]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It leases its Harrow Bend campus in Texas to a cloud firm.",
         ["Harrow Bend campus in Texas", "Texas"]),
        ("The halls stand in Quillmark, North Dakota.",
         ["Quillmark, North Dakota", "North Dakota"]),
        ("It bought land in Orrin County from a farmer.", ["Orrin County"]),
        ("The Ferrow data center campus is let.", ["Ferrow data center campus"]),
        ("A hall near Vardneset is for sale.", ["Vardneset"]),
        ("It builds in Norway and Finland.", ["Norway", "Finland"]),
    ],
)  # fmt: skip
def test_a_place_is_told_with_what_it_is_and_where(text: str, expected: list[str]) -> None:
    assert sites(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was signed in August and closed in September.",
        "The company has 300 MW and a campus of 40 acres.",
        "Shares in TeraWulf rose.",
        "It drew on the Term Loan Facility.",
        "Analysts at Bernstein agree.",
    ],
)
def test_months_companies_and_loans_are_no_places(text: str) -> None:
    assert not {"August", "September", "TeraWulf", "Bernstein"} & set(sites(text))
    assert not any("MW" in site for site in sites(text))


def test_in_a_title_only_listed_places_and_those_of_the_body_count() -> None:
    found = sites("It let Harrow Bend to Fluidstack.", "Harrow Bend Gets a Tenant, Says Miner")
    assert "Tenant" not in found
    found = sites("The site at Harrow Bend is let.", "Harrow Bend Gets a Tenant From Texas")
    assert found[:2] == ["Harrow Bend", "Texas"]


def test_a_deal_has_the_place_that_its_sentence_names() -> None:
    (deal,) = READER.layer(
        "TeraWulf (NASDAQ: WULF) said on Monday that it has signed a 10-year lease with "
        "Fluidstack for 200 MW at its Lake Mariner campus in New York, worth $3.7 billion."
    ).drafts
    assert deal.slots["site"].value == "Lake Mariner campus in New York"


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_has_places_that_are_its_words(text: str, title: str) -> None:
    layer = READER.layer(text, title.replace("\n", " "))
    for site in layer.sites:
        start = layer.tokens.starts[site.first]
        assert layer.tokens.text[start : start + len(site.text)] == site.text
        assert site.text.startswith(site.name)
