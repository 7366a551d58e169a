"""recognizers-text (number with unit) as a finder of money and power."""

from __future__ import annotations

from protocol import Amount, answer
from recognizers_number_with_unit import NumberWithUnitRecognizer
from recognizers_text import Culture

_MEGAWATTS = {"Watt": 1e-6, "Kilowatt": 1e-3, "Megawatt": 1.0, "Gigawatt": 1e3}

_recognizer = NumberWithUnitRecognizer(Culture.English)
_currency = _recognizer.get_currency_model()
_dimension = _recognizer.get_dimension_model()


def find(text: str) -> list[Amount]:
    found: list[Amount] = []
    for result in _currency.parse(text):
        resolution = result.resolution or {}
        if resolution.get("value"):
            code = resolution.get("isoCurrency") or "USD"
            found.append(("money", float(resolution["value"]), code))
    for result in _dimension.parse(text):
        resolution = result.resolution or {}
        if resolution.get("value") and resolution.get("unit") in _MEGAWATTS:
            megawatts = float(resolution["value"]) * _MEGAWATTS[resolution["unit"]]
            found.append(("power", megawatts, "MW"))
    return found


answer(find)
