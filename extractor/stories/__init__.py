"""Which articles tell the same story."""

from extractor.stories.fingerprint import fingerprint
from extractor.stories.rules import StoryRules, load_rules
from extractor.stories.shelf import MemoryShelf, Shelf
from extractor.stories.together import group
from extractor.stories.update import Regrouped, regroup, take_in

__all__ = [
    "MemoryShelf",
    "Regrouped",
    "Shelf",
    "StoryRules",
    "fingerprint",
    "group",
    "load_rules",
    "regroup",
    "take_in",
]
