"""Reports of many articles become the transactions they tell of."""

from extractor.deals.assemble import DealRules, assemble, load_deal_rules
from extractor.deals.cues import Cues, load_cues
from extractor.deals.fingerprint import fingerprint
from extractor.deals.rules import MergeRules, load_rules
from extractor.deals.sources import Sources, load_sources

__all__ = [
    "Cues",
    "DealRules",
    "MergeRules",
    "Sources",
    "assemble",
    "fingerprint",
    "load_cues",
    "load_deal_rules",
    "load_rules",
    "load_sources",
]
