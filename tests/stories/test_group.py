"""Which articles become one story, and which never do."""

import random

import pytest

from extractor.stories import group
from tests.stories.builders import Told, grouped, reasons, told

LEASE = (
    "TeraWulf has signed two colocation agreements with Fluidstack, each for ten years, the miner "
    "said on Thursday. They cover 200 MW at its Lake Mariner campus in New York and bring about "
    "$3.7 billion of revenue.\n\nWith extensions the sum would be $8.7 billion. As a guarantor, "
    "Google steps in for $1.8 billion and receives warrants for 41 million shares."
)
PARTIES = ("TeraWulf", "Fluidstack", "Google")
HOSTING = ("hosting", "announced")


def lease(key: str = "wire", **options) -> Told:
    options = {"companies": PARTIES, "deal": HOSTING, **options}
    return told(key, "TeraWulf lets 200 MW to Fluidstack", LEASE, **options)


def rewrite(key: str = "brief", **options) -> Told:
    text = (
        "Google is standing behind a bitcoin miner. Fluidstack, an AI cloud, will rent more than "
        "200 MW from TeraWulf at Lake Mariner for a decade, in return for $3.7 billion.\n\n"
        "The search company guarantees $1.8 billion of it and obtains a right to 41 million "
        "shares. If the tenant stays longer, the landlord earns $8.7 billion."
    )
    options = {"companies": PARTIES, "deal": HOSTING, "hours": 30, **options}
    return told(key, "Google guarantees rent of Fluidstack", text, **options)


def one_story(*articles: Told) -> bool:
    return len(group(articles)) == 1


def test_independent_reports_of_one_event_are_one_story():
    stories = group([rewrite(), lease()])
    assert grouped(stories) == {frozenset({"wire", "brief"})}
    assert reasons(stories) == {"wire": "first", "brief": "same figures and names"}


def test_one_canonical_url_is_one_story_whatever_the_text():
    first = told("a", "Live", "Nothing yet.", canonical="https://www.wire.example.com/1/")
    second = told("b", "Done", "All said.", canonical="http://wire.example.com/1?utm_source=x")
    assert reasons(group([first, second]))["b"] == "same url"


def test_a_source_link_leads_to_the_original():
    copied = "A very short digest.\n\nSource: https://wire.example.com/story?utm_medium=rss"
    assert reasons(group([lease(), told("spin", "WULF", copied, hours=5)]))["spin"] == "same url"


def test_a_lightly_edited_copy_is_found_weeks_later():
    edited = LEASE.replace("the miner said on Thursday", "it was said")
    stories = group([lease(), told("copy", "WULF deal", edited, companies=PARTIES, hours=500)])
    assert reasons(stories)["copy"] == "copy"


def test_the_same_event_told_weeks_later_is_background():
    assert not one_story(lease(), rewrite(hours=500))


def production(month: str, mined: int, sold: str, hours: float) -> Told:
    text = (
        f"Riot Platforms, a vertically integrated Bitcoin miner, today announces unaudited "
        f"production updates for {month}. Riot produced {mined} bitcoin in {month}, or an "
        f"average of {mined / 30:.1f} per day. During the month, Riot sold bitcoin for net "
        f"proceeds of ${sold} million. Average operating hash rate was {mined / 15:.1f} EH/s.\n\n"
        "About Riot Platforms\n\nRiot has operations in Texas and Kentucky with 700 MW of power."
    )
    title = f"Riot Announces {month} Production and Operations Updates"
    return told(month, title, text, companies=("Riot Platforms", "Riot"), hours=hours)


@pytest.mark.parametrize("hours", [20, 720])
def test_updates_of_two_months_from_one_template_are_two_stories(hours):
    assert not one_story(
        production("April", 463, "38.8", 0), production("September", 445, "52.6", hours)
    )


def notes(stage: str, size: str, hours: float, more: str = "", status="announced") -> Told:
    text = (
        f"TeraWulf {stage.lower()} ${size} million of convertible senior notes due 2032 in a "
        f"private placement.{more}\n\nThe proceeds pay for part of the campus in Abernathy, Texas, "
        "that the miner is building with Fluidstack."
    )
    title = f"TeraWulf {stage} ${size} Million Convertible Notes Offering"
    companies = ("TeraWulf", "Fluidstack")
    return told(
        f"{stage}-{size}", title, text, companies=companies, hours=hours, deal=("debt", status)
    )


def test_launch_pricing_and_closing_of_notes_are_three_stories():
    articles = [
        notes("Proposes", "500", 0, status="proposed"),
        notes("Prices", "900", 24, " It was upsized from $500 million."),
        notes("Closes", "1025", 96, " The option over $125 million was used.", "completed"),
    ]
    assert len(group(articles)) == 3


def cipher(key: str, value: str, maximum: str, power: int, hours: float) -> Told:
    text = (
        f"Cipher Mining has landed a tenant for its Barber Lake site in Colorado City, Texas. "
        f"Fluidstack, an AI cloud platform, will take {power} MW of critical IT load there. The "
        f"agreement runs for ten years and carries contracted revenue of about ${value}. Two "
        f"five-year extension options would bring the figure to roughly ${maximum}. Google is "
        "backstopping part of the tenant's lease obligations to help with project debt."
    )
    title = f"Cipher Mining Stock: Google-Backed AI Hosting Deal Worth ${value} Signed"
    companies = ("Cipher Mining", "Fluidstack", "Google")
    return told(key, title, text, companies=companies, hours=hours, deal=HOSTING)


def test_two_deals_of_one_pair_are_two_stories():
    september = cipher("sep", "3 billion", "7 billion", 168, 0)
    november = cipher("nov", "830 million", "2 billion", 39, 40)
    assert not one_story(september, november)


def test_two_lenders_of_one_borrower_are_two_stories():
    def line(lender: str, total: int, hours: float) -> Told:
        title = f"CleanSpark gets $100 million bitcoin-backed credit line from {lender}"
        text = (
            f"CleanSpark said that it had secured a new $100 million facility from {lender}. It is "
            f"borrowed against coins. With it, lending capacity comes to ${total} million."
        )
        companies = ("CleanSpark", lender)
        return told(
            lender, title, text, companies=companies, hours=hours, deal=("debt", "announced")
        )

    assert not one_story(line("Coinbase Prime", 300, 0), line("Two Prime", 400, 72))


def roundup() -> Told:
    text = (
        "Our summary of the past seven days.\n\n- TeraWulf let 200 MW at Lake Mariner to "
        "Fluidstack for ten years and $3.7 billion, with Google guaranteeing $1.8 billion.\n\n"
        "- Galaxy closed a loan of $1.4 billion for Helios in Texas, with Deutsche Bank as lender."
        "\n\n- MARA is paying $168 million for most of Exaion.\n\n- Bitfarms has drawn "
        "$50 million of what Macquarie promised for Panther Creek."
    )
    names = (*PARTIES, "Galaxy", "Deutsche Bank", "MARA", "Exaion", "Bitfarms", "Macquarie")
    return told("weekly", "Power Weekly: the money comes", text, companies=names, hours=60)


def galaxy(key: str, opening: str, hours: float) -> Told:
    text = (
        f"{opening} $1.4 billion for its Helios campus in West Texas. Deutsche Bank is the initial "
        "lender. Another $350 million is equity of Galaxy, and CoreWeave will rent 800 MW there."
    )
    names = ("Galaxy", "CoreWeave", "Deutsche Bank")
    title = "Galaxy closes $1.4 billion loan for Helios"
    return told(key, title, text, companies=names, hours=hours, deal=("debt", "completed"))


def test_a_round_up_joins_no_story_and_bridges_none():
    articles = [
        lease(),
        rewrite(),
        roundup(),
        galaxy("g1", "Galaxy said on Friday that it had closed a project financing of", 26),
        galaxy("g2", "Mike Novogratz's firm has borrowed", 30),
    ]
    assert grouped(group(articles)) == {
        frozenset({"wire", "brief"}),
        frozenset({"weekly"}),
        frozenset({"g1", "g2"}),
    }


def test_shared_boilerplate_makes_no_story():
    boilerplate = (
        "\n\nAbout TeraWulf\n\nTeraWulf owns 750 MW in Easton, Maryland, with Fluidstack and "
        "Google among its partners, and has raised $3.2 billion since 2021 from many investors."
    )
    hire = told(
        "hire",
        "TeraWulf names finance chief",
        "TeraWulf said that Jane Doe joins from Acme next month." + boilerplate,
        companies=PARTIES,
    )
    results = told(
        "results",
        "TeraWulf reports second quarter",
        "TeraWulf lost $18 million on revenue of $47 million." + boilerplate,
        companies=PARTIES,
        hours=1,
    )
    assert not one_story(hire, results)


def test_undated_copies_are_one_story():
    assert one_story(lease(hours=None), told("copy", "", LEASE + " More.", companies=PARTIES))


def test_the_order_of_arrival_does_not_matter():
    articles = [
        lease(),
        rewrite(),
        roundup(),
        production("April", 463, "38.8", 0),
        production("May", 445, "52.6", 20),
        notes("Proposes", "500", 0),
        notes("Prices", "900", 24),
    ]
    expected = group(articles)
    shuffler = random.Random(7)
    for _ in range(10):
        shuffler.shuffle(articles)
        assert group(articles) == expected


def test_an_article_given_twice_is_told_once():
    assert [m.article_key for m in group([lease(), lease()])[0].members] == ["wire"]


def test_no_articles_make_no_stories():
    assert group([]) == ()
