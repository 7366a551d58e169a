"""Reports of many articles become the transactions they tell of."""

from extractor.deals.assemble import assemble
from extractor.deals.rules import MergeRules, load_rules

__all__ = ["MergeRules", "assemble", "load_rules"]
