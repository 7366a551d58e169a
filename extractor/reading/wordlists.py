"""The word lists around company names, loaded from `companies/*.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import ModelError
from extractor.reading.english import English, load_english
from extractor.reading.rulefile import read_rules
from extractor.reading.tokens import Tokens


@dataclass(frozen=True, slots=True)
class WordLists:
    """What the words around a name say about it; categories as in the company files."""

    legal: frozenset[str]
    legal_first: frozenset[str]
    tails: dict[str, str]
    heads: dict[str, str]
    descriptors: dict[str, str]
    person_titles: frozenset[str]
    managed: frozenset[str]
    speech: frozenset[str]
    first_names: frozenset[str]
    site_nouns: frozenset[str]
    site_before: frozenset[str]
    of_towns: frozenset[str]
    verbs: frozenset[str]
    cue_nouns: frozenset[str]
    participles: frozenset[str]
    possessions: frozenset[str]
    before_of: frozenset[str]
    buy_verbs: frozenset[str]
    suffixes: frozenset[str]
    assets: frozenset[str]
    not_tickers: frozenset[str]
    not_names: frozenset[tuple[str, ...]]
    places: frozenset[tuple[str, ...]]
    nationalities: frozenset[tuple[str, ...]]
    calendar: frozenset[tuple[str, ...]]
    starters: frozenset[str]
    name_starters: frozenset[str]
    joiners: frozenset[str]
    joined_of: frozenset[str]
    not_last: frozenset[str]
    venues: frozenset[tuple[str, ...]]
    body_last: frozenset[str]
    body_owner: frozenset[str]
    body_first: frozenset[str]
    other_first: frozenset[str]
    sell: frozenset[str]
    buy: frozenset[str]
    contracts: frozenset[str]
    behind: frozenset[str]
    origins: frozenset[str]
    plural_verbs: frozenset[str]
    judgements: frozenset[str]
    labels: frozenset[str]
    not_company_nouns: frozenset[str]
    firm_tails: frozenset[str]
    currencies: frozenset[str]
    channels: frozenset[str]
    weak_verbs: frozenset[str]
    people: frozenset[str]
    adverbs: frozenset[str]
    questions: frozenset[str]
    writing: frozenset[tuple[str, ...]]
    written: frozenset[tuple[str, ...]]
    audience: frozenset[str]
    debtors: frozenset[str]
    held: frozenset[tuple[str, ...]]  # "privately held" X
    never_first: frozenset[str]  # nouns with which no name begins: "Owner"
    papers: frozenset[str]  # "Prospectus", "earnings"
    invest: frozenset[str]
    portions: frozenset[str]
    exchanges: frozenset[str]
    symbols: frozenset[str]
    english: English


def load_words(folder: Path) -> WordLists:
    words, others = read_rules(folder / "words.toml"), read_rules(folder / "not_companies.toml")
    try:
        return _build(words, others, folder / "english.txt")
    except KeyError as error:
        raise ModelError(str(folder), "a word list is missing") from error


def _build(words: dict[str, Any], others: dict[str, Any], dictionary: Path) -> WordLists:
    def by_word(table: dict[str, Any]) -> dict[str, str]:
        return {
            word: category
            for category, listed in table.items()
            if isinstance(listed, list)
            for word in listed
        }

    def sequences(*lists: list[str]) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(Tokens(entry).lower) for listed in lists for entry in listed)

    cues, shapes, contexts = words["company_cues"], words["shapes"], words["contexts"]
    descriptors = by_word(words["descriptors"])
    people = [f"{word}s" for word in others["nationalities"] if word.endswith("n")]
    descriptors.update({f"{w}s": c for w, c in descriptors.items() if f"{w}s" not in descriptors})
    trade = [*contexts["trade"], *descriptors, *cues["verbs"], *cues["nouns"], *cues["possessions"]]
    english = load_english(dictionary, (*trade, *(w.lower() for w in others["starters"])))
    return WordLists(
        legal=frozenset(words["legal"]["words"]),
        legal_first=frozenset(words["legal"]["first"]),
        tails=by_word(words["tails"]),
        heads=by_word(words["heads"]),
        descriptors=descriptors,
        person_titles=frozenset(words["persons"]["titles"]),
        managed=frozenset(words["persons"]["managed"]),
        speech=frozenset(words["persons"]["speech"]),
        first_names=frozenset(words["persons"]["first_names"]),
        site_nouns=frozenset(words["sites"]["nouns"]),
        site_before=frozenset(words["sites"]["before"]),
        of_towns=frozenset(words["sites"]["of_towns"]),
        verbs=frozenset(cues["verbs"]),
        cue_nouns=frozenset(cues["nouns"]),
        participles=frozenset(cues["participles"]),
        possessions=frozenset(cues["possessions"]),
        before_of=frozenset(cues["before_of"]),
        buy_verbs=frozenset(cues["buy_verbs"]),
        suffixes=frozenset(words["suffixes"]["words"]),
        assets=frozenset(others["assets"]),
        not_tickers=frozenset(
            others["assets"] + others["indices"] + others["abbreviations"] + others["currencies"]
        ),
        not_names=sequences(
            others["assets"], others["indices"], others["abbreviations"], others["products"],
            others["publics"], others["calendar"], others["places"], others["currencies"],
            others["nationalities"], people,
        ),
        places=sequences(others["places"]),
        nationalities=sequences(others["nationalities"]),
        calendar=sequences(others["calendar"]),
        starters=frozenset(w.lower() for w in others["starters"]),
        name_starters=frozenset(shapes["first"]),
        joiners=frozenset(shapes["joiners"]),
        joined_of=frozenset(shapes["before_of"]),
        not_last=frozenset(shapes["not_last"]),
        venues=sequences(shapes["venues"]),
        body_last=frozenset(shapes["body_last"]),
        body_owner=frozenset(shapes["body_owner"]),
        body_first=frozenset(shapes["body_first"]),
        other_first=frozenset(shapes["other_first"]),
        sell=frozenset(contexts["sell"]),
        buy=frozenset(contexts["buy"]),
        contracts=frozenset(contexts["contracts"]),
        behind=frozenset(contexts["behind"]),
        origins=frozenset(contexts["origins"]),
        plural_verbs=frozenset(contexts["plural_verbs"]),
        judgements=frozenset(contexts["judgements"]),
        labels=frozenset(contexts["labels"]),
        not_company_nouns=frozenset(contexts["not_companies"]),
        firm_tails=frozenset(shapes["firm_tails"]),
        currencies=frozenset(others["currencies"]),
        channels=frozenset(others["channels"]),
        weak_verbs=frozenset(contexts["weak_verbs"]),
        people=frozenset(contexts["people"]),
        adverbs=frozenset(contexts["adverbs"]),
        questions=frozenset(contexts["questions"]),
        writing=sequences(contexts["writing"]),
        written=sequences(contexts["written"]),
        audience=frozenset(contexts["audience"]),
        debtors=frozenset(contexts["debtors"]),
        papers=frozenset(contexts["papers"]),
        held=sequences(contexts["held"]),
        never_first=frozenset(contexts["never_first"]),
        invest=frozenset(contexts["invest"]),
        portions=frozenset(contexts["portions"]),
        exchanges=frozenset(contexts["exchanges"]),
        symbols=frozenset(words["symbols"]["funds"] + words["symbols"]["preferred"]),
        english=english,
    )  # fmt: skip
