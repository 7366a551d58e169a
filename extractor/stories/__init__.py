"""Which articles tell the same story."""

from extractor.stories.grouping import group
from extractor.stories.rules import StoryRules, load_rules

__all__ = ["StoryRules", "group", "load_rules"]
