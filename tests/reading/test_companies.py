"""Which names are companies, in small sentences of every shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import assets
from extractor.errors import ModelError
from extractor.reading.companies import CompanyFinder
from extractor.reading.gazetteer import load_companies
from extractor.reading.tokens import Tokens, split_sentences
from extractor.reading.wordlists import load_words

FOLDER = assets.pipeline_dir() / "companies"
FINDER = CompanyFinder(load_companies(FOLDER), load_words(FOLDER))


def companies(text: str, title: str = "") -> list[str]:
    body = f"{title}\n\n{text}" if title else text
    tokens = Tokens(body)
    mentions = FINDER.find(tokens, split_sentences(tokens, len(title)))
    return list(dict.fromkeys(mention.name for mention in mentions))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday Ostravolt Energi bought a plant.", ["Ostravolt Energi"]),
        ("The lender is Bank Tarsis, of Vilna.", ["Bank Tarsis"]),
        ("A loan came from SpareBank 7 Fjordane last week.", ["SpareBank 7 Fjordane"]),
        ("The wind is sold by Ventos do Norte Energia.", ["Ventos do Norte Energia"]),
        ("A deal with Quarrel & Finch LLP was signed.", ["Quarrel & Finch"]),
        ("It said HashOrchard had paid.", ["HashOrchard"]),
        ("The Prague-based Brnomine has a new site.", ["Brnomine"]),
        ("Dorvik, a Bergen family office, is the seller.", ["Dorvik"]),
        ("The local utility, Noravatn, raised its fee.", ["Noravatn"]),
        ("State-owned Bank Orlan lent the money.", ["Bank Orlan"]),
        ("Mirkotel (MRKT) fell.", ["Mirkotel"]),
        ("Millbrook City Utilities Board, the largest, has a contract.",
         ["Millbrook City Utilities Board"]),
        ("Analysts at Pine Street Research disagree.", ["Pine Street Research"]),
        ("Polarfrost and Vantik both deny it.", ["Polarfrost", "Vantik"]),
        ("Japan's Kabutora slid.", ["Kabutora"]),
        ("On Monday 9Harbors paid for the hall.", ["9Harbors"]),
        ("A loan went to Q7 Compute last week.", ["Q7 Compute"]),
        ("It will merge with Larkmoor Acquisition Corp. III soon.",
         ["Larkmoor Acquisition Corp. III"]),
        ("Halvorn & Trask rents out the halls.", ["Halvorn & Trask"]),
        ("Landlord Grey Heron Realty sold a hall.", ["Grey Heron Realty"]),
        ("The money is from Brindlewick, a Dallas credit fund.", ["Brindlewick"]),
        ("Shares fell after Orrin Vasquel told clients to sell.", ["Orrin Vasquel"]),
        ("It is parting with KarstForge Iberia for good.", ["KarstForge Iberia"]),
        ("Tundra Hash of Chile ordered machines.", ["Tundra Hash"]),
        ("Oddlund Compute — Said to be in talks.", ["Oddlund Compute"]),
        ("It was said by hosting startup QXL in May.", ["QXL"]),
        ("Lender: Varnholt (sole)", ["Varnholt"]),
        ("They met Kestmark, of which little is known.", ["Kestmark"]),
        ("Nobody mourned Zelnik's $40m loan.", ["Zelnik"]),
        ("Green Anvil, owned by a family, is silent.", ["Green Anvil"]),
        ("Cobalt Fern has withdrawn.", ["Cobalt Fern"]),
        ("It came via Tollmark Sons last week.", ["Tollmark Sons"]),
        ("A group called Fennoric moves in.", ["Fennoric"]),
        ("His company, Wrenmoor, runs the hall.", ["Wrenmoor"]),
        ("Amber Fold | Oracle | 100 MW", ["Amber Fold", "Oracle"]),
        ("Sawar Batu (5281) gained 14%.", ["Sawar Batu"]),
        ("On Monday Koivu Data Oy bought a plant.", ["Koivu Data"]),
        ("The loan to PT Langit Biru Tbk was signed.", ["Langit Biru"]),
        ("Power is for a Saltwick Digital Infrastructure campus in Ohio.",
         ["Saltwick Digital Infrastructure"]),
        # words of the lists
        ("The building of Lodge Fen Cómputo is new.", ["Lodge Fen Cómputo"]),
        ("The yard is for Kestrel Downs Salvage now.", ["Kestrel Downs Salvage"]),
        ("The turbines of Eólica Monte Fusco stood still.", ["Eólica Monte Fusco"]),
        ("It met Brass Lands, a family trust, about a hall.", ["Brass Lands"]),
        ("A letter of intent with Brass Lantern was sent.", ["Brass Lantern"]),
        ("Its accord lets Marlow Nanopore run models.", ["Marlow Nanopore"]),
        ("Some $30 million is owed to Fernward on a loan.", ["Fernward"]),
        ("The yard went from Grassel to the county.", []),
        ("The yard has gone from Grassel to the county.", ["Grassel"]),
        ("The peat came from Bord na Mórta last year, under contract.", ["Bord na Mórta"]),
        ("Teacher Pension System of Norfeld sits beneath it.",
         ["Teacher Pension System of Norfeld"]),
        ("It is over. Marlow Fen might fork over $160 million.", ["Marlow Fen"]),
        # where it stands
        ("It is dull. Brass Curlew alone might lend.", ["Brass Curlew"]),
        ("It is sold. Quorlith Downs fronts $24 million.", ["Quorlith Downs"]),
        ("It came late. Pacific Marlow Bank paid.", ["Pacific Marlow Bank"]),
        ("Sweden's Nordic Fern House is taking over its plant.", ["Nordic Fern House"]),
        ("In Texas, Thornfell tore up a contract.", ["Thornfell"]),
        ("It ordered 20 MW from privately held Marlow Fen.", ["Marlow Fen"]),
        ("Harvest, the hedge fund, puts up the loan.", ["Harvest"]),
        ("Owner Brass Lantern said so in a letter.", ["Brass Lantern"]),
        ("The halls are representing builder Marsh & Tarly, it said.", ["Marsh & Tarly"]),
        ("Thornvik Fibre & Colo, Charleston, is now part of it.", ["Thornvik Fibre & Colo"]),
        ("Thornvik / Frankfurt / two banks / €620m green loan / 5 yr", ["Thornvik"]),
        ("Sponsor: Brass Curlew", ["Brass Curlew"]),
        ("A local firm by the name of Fjellkjerne moves in.", ["Fjellkjerne"]),
        ("A loan came from Banque de l'Étoile on Monday.", ["Banque de l'Étoile"]),
        ("It has a supply contract with UTE.", ["UTE"]),
        ("It was hard, says Thornvik founder Lionel Oduya.", ["Thornvik"]),
        ("Tallin Miners OÜ, of Narva, has placed an order.", ["Tallin Miners"]),
    ],
)  # fmt: skip
def test_unknown_companies_are_found_by_their_words_and_neighbours(
    text: str, expected: list[str]
) -> None:
    assert companies(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Extensions could push revenue higher.",
        "The Singaporeans announced a bond.",
        "The Californians will build it.",
        "Zelnik's residents and its port are noisy.",
        "Its site manager Cal Redmoor said so.",
        "Notes: Signed in May.",
        "Jorun Vasquel, a co-founder, left.",
        "The exchange and its Regulation Services Provider are silent.",
        "It is over. Frontier AI has turned into a question of electricity.",
        "It is run by Xu Jiwan now.",
        "Mostly, the halls stand empty.",
        "An Annual General Meeting approved it.",
        "The plant opened (2025) on time.",
        'The loan was drawn on 4 May (the "Closing Date"). The Closing Date is near.',
        "The Credit Agreement provides for a term loan.",
        "Shares rose on the Toronto Stock Exchange.",
        "The Nuclear Regulatory Commission must approve it.",
        "An Omani regulator agreed.",
        "It costs NOK 200 or EUR 18.",
        "The plant is in Grand Harbour, Texas.",
        "The municipality of Norvik has agreed.",
        "It ordered 400 Antminer S21 Hydro units and 12 GB300 racks.",
        "It was said on Twitter.",
        "The note says the S&P 500 fell.",
        '"We will see," Anselm Kvist said.',
        "Spokeswoman Ingrid Solheim declined to comment.",
        "\"I'm told so. We've waited and they've built.\"",
        "It costs them USD 35m or NOK 4 million.",
        "It ordered 400 S21 Pro machines and S19 XPs. The ADSs fell.",
        "PJM Interconnection and ERCOT must approve it.",
        "Handover is due in May. Liquidity was low. Optionality is costly.",
        "The power goes to Project Marigold in Kansas.",
        "Finance chief Anneke de Wit and Marc-Antoine Roy, a partner, agreed.",
        "Local newspaper O Mundo put it at a billion.",
        "The debt is for TEKS1, its new hall.",
        "Power comes from the Itaipú dam and the Susquehanna river.",
        "A US bitcoin miner and a Cornish lithium mine were sold.",
        "It ordered 5,800 Gritminer boards and 640 Torvex machines.",
        "KPD Muskogee LLC, an indirect subsidiary of the tenant, signed.",
        "Shares fell by 4% in Frankfurt / Xetra trading on Monday.",
        "Thornvik Valley / 20 MW",
        "Investors are a mixed lot, said Lionel Oduya. Half Life is over.",
        "The privately held miner paid. A publicly traded Texas lender paid.",
        "Power, the firm reckons, is scarce. Financing, the company, the landlord agreed.",
        "It is 9 a.m. Pacific. Sales closed at 5 p.m. Eastern Monday.",
        "In Texas, residents tore up a contract. In Houston, Harris, they sold it.",
        "Lenders paid. Seller financing was scarce. Owner occupiers said so.",
        "Highlights: Strong Quarter",
        "It goes by the name of Project Marigold. It changed in the name of Freedom.",
        "The loan came from the de l'an fund of a friend.",
        "She spoke with Ute about it.",
        "Kansas founder culture is thin.",
        "Residents might sue. Optionality can help. Halls alone would cost more.",
        "Neighbours fronts the lake.",
    ],
)
def test_other_capitalised_words_are_no_companies(text: str) -> None:
    assert companies(text) == []


def test_two_names_joined_by_and_stay_two() -> None:
    text = "The loan came from funds of Marlow Credit Partners and Bank Halvor."
    assert companies(text) == ["Marlow Credit Partners", "Bank Halvor"]


def test_a_longer_name_wins_over_the_known_name_inside_it() -> None:
    assert companies("A stake went to Mubadala Capital.") == ["Mubadala Capital"]


def test_a_list_goes_on_in_both_directions() -> None:
    text = "The round was joined by Nokia, Kestrivo and Vantik, it said."
    assert companies(text) == ["Nokia", "Kestrivo", "Vantik"]


def test_short_forms_lead_to_the_full_name() -> None:
    text = (
        'Torvald Harbour Energy ("Torvald") sells power. Torvald has a plant. '
        "Rimvolt Compute is a host. Later Rimvolt paid."
    )
    assert companies(text) == ["Torvald Harbour Energy", "Rimvolt Compute"]


def test_the_short_form_is_the_long_one_wherever_it_stands() -> None:
    text = "Miner Garrow said so. An accord with Garrow Peak Mining was signed. Garrow Peak paid."
    assert companies(text, "Garrow Signs") == ["Garrow Peak Mining"]


def test_plain_words_of_a_known_name_may_end_a_longer_one() -> None:
    title = "Granite Peak Mining Reports Results"
    text = "CHEYENNE - Granite Peak Mining Corp. (NASDAQ: GRPK) has paid. Granite Peak rose."
    assert companies(text, title) == ["Granite Peak Mining"]
    text = "Latham advised Bramble Digital Realty Partners LLC on the lease."
    assert "Digital Realty" not in companies(text)


def test_a_first_word_is_the_company_that_the_text_names_in_full() -> None:
    text = "It merges with Ardent Acquisition Corp. II, a shell. Ardent has $288m in trust."
    assert companies(text) == ["Ardent Acquisition Corp. II"]


def test_a_noun_in_apposition_makes_a_common_word_a_company() -> None:
    assert companies("Switch, the Las Vegas operator, had a plan.") == ["Switch"]
    assert companies("Creditor Galaxy has first claim.") == ["Galaxy Digital"]
    assert companies("Tesla shareholders vote in May.") == ["Tesla"]


def test_a_name_that_heads_a_line_is_a_company() -> None:
    assert companies("Galaxy: another phase of the hall.") == ["Galaxy Digital"]
    assert companies("- Fernoxia: no news yet.") == ["Fernoxia"]
    assert companies("1. Yotta. The group is buying chips.") == ["Yotta Data Services"]


def test_the_headline_begins_with_a_company_that_acts() -> None:
    text = "Nobody in the valley had heard of Quorlith before."
    assert companies(text, "Quorlith signs for 40 MW") == ["Quorlith"]
    assert companies(text, "Quorlith: a town without work") == []


def test_a_symbol_beside_the_name_it_shortens_is_no_company() -> None:
    text = "Hollin Mining bought a mine. HLLN fell 5%."
    assert companies(text) == ["Hollin Mining"]


def test_every_known_name_leads_to_one_company() -> None:
    owners: dict[str, str] = {}
    for company in FINDER.companies:
        for name in company.names:
            assert owners.setdefault(name, company.name) == company.name


def test_former_names_and_aliases_lead_to_the_current_name() -> None:
    assert companies("In 2023 Iris Energy sold shares to Facebook.") == ["IREN", "Meta"]


def test_a_common_word_is_a_company_only_where_it_acts_as_one() -> None:
    assert companies("Riot, which owns a mine, sold coins.") == ["Riot Platforms"]
    assert companies("The riot ended. Police left.") == []
    assert companies("Strategy matters. Foundry work is hot.") == []


def test_a_common_word_that_begins_a_sentence_is_a_company_before_an_aside() -> None:
    assert companies("It was sold. Kraken, named as a defendant, denies it.") == ["Kraken"]
    assert companies("It was sold. Strategy meetings are held there.") == []


def test_a_prefix_leaves_a_known_name_whole() -> None:
    assert companies("It was founded by two ex-Pfizer engineers.") == ["Pfizer"]


def test_a_plants_name_is_no_company() -> None:
    text = "Power comes from its Susquehanna nuclear plant. Susquehanna has two reactors."
    assert companies(text) == []


def test_a_symbol_is_no_name_beside_a_name() -> None:
    assert companies("CleanSpark mined more. CLSK rose.") == ["CleanSpark"]


def test_a_person_is_no_company_even_when_later_named_by_surname() -> None:
    text = "Chief executive Fred Nakamura left. Nakamura said little. Nakamura sold shares."
    assert companies(text) == []


def test_a_title_in_headline_capitals_makes_no_new_names() -> None:
    title = "Mighty Miner Seals Huge Power Pact"
    assert companies("The deal was signed on Monday.", title) == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Brass Curlew Mining, Inc. - Form 10-Q - Liquidity and Capital Resources",
         ["Brass Curlew Mining"]),
        ("Form 10-K: Umbral Networks, Inc. - Selected Items", ["Umbral Networks"]),
        ("Digger Buys Plant From Curlew Peak Corp.", ["Curlew Peak"]),
        ("Thornvik (THV), Curlew Hash (CRLW) to combine in $2bn deal", ["Thornvik", "Curlew Hash"]),
        ("Sedge Lake Digital, third-quarter call: what was asked", ["Sedge Lake Digital"]),
        ("Fernsel Compute Q3 2026 earnings call summary", ["Fernsel Compute"]),
        ("Brass Realty Trust - Second Amendment to Lease", ["Brass Realty Trust"]),
    ],
)  # fmt: skip
def test_a_title_names_a_company_by_its_form_its_symbol_or_a_paper(
    title: str, expected: list[str]
) -> None:
    assert companies("The agents may sell shares.", title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Bitcoin (BTC) Slides",
        "Power Purchase Agreement (PPA) Prices: What To Know",
        "Bitcoin Mining: a quarterly report",
        "Iceland: statements of a minister",
        "Sedge Lake Digital: a town without work",
        "Grid, Power and Land: earnings season begins",
        "Why Is It Falling (AGAIN)",
    ],
)
def test_other_titles_name_nobody(title: str) -> None:
    assert companies("The agents may sell shares.", title) == []


def test_a_coinage_without_a_capital_is_a_company_where_it_begins_and_acts() -> None:
    text = "Power is scarce. For years brightfeld had none."
    assert companies(text, "brightfeld wants to be cheap") == ["brightfeld"]
    assert companies("qumo inc. (TSE: 6084) signed a contract today.") == ["qumo"]
    assert companies("Half of what thornfern.ai raised goes into chips.") == ["thornfern.ai"]


def test_other_words_without_a_capital_are_no_companies() -> None:
    assert companies("miners wanted more power. bitcoin has fallen.") == []
    assert companies("brightfeld towns are many.") == []
    assert companies("Visit thornfern.ai or write to press@fern.ai for more.") == []


def test_the_first_word_of_a_known_name_is_that_company() -> None:
    text = "It is in talks with Lumina CloudInfra. Lumina bought a hall, too."
    assert companies(text) == ["Lumina CloudInfra"]
    text = "Morgan Stanley lent it. Thornvik Hash paid, and Thornvik can pay again."
    assert companies(text) == ["Morgan Stanley", "Thornvik Hash"]


def test_a_faulty_row_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("name,category\nAcme,miner\n,bank\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"bad\.csv:3"):
        load_companies(tmp_path)


def test_missing_word_lists_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"words\.toml"):
        load_words(tmp_path)


PIECES = st.sampled_from(
    ["IREN", "Riot", "Bank", "of", "and", "&", ",", ".", "(", ")", '"', "the", "Inc", "'s", "-",
     "Partners", "Kvist", "said", "with", "in", "Texas", "|", "\n\n", "8", "S19s", "$", "CEO", "“"]
)  # fmt: skip


@given(
    st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=25).map(" ".join)),
    st.integers(0, 20),
)
def test_any_text_is_read_and_mentions_stay_inside_it_without_overlap(text: str, end: int) -> None:
    tokens = Tokens(text)
    mentions = FINDER.find(tokens, split_sentences(tokens, min(end, len(text))))
    last = 0
    for mention in mentions:
        assert last <= mention.first < mention.last <= len(tokens)
        assert tokens.span_text(mention.first, mention.last).strip()
        last = mention.last
