"""Deals: words that tell of one, who and how much belongs to each, which words mean the same.

    scene -> triggers -> arguments -> clusters -> type, parties, figures, status -> drafts

Each arrow is decided by weights (`models/deals/weights`), learned from the marked articles of
the corpus and readable line by line: what a word, a cue of the frames or a place in the
sentence speaks for. The scheme, triggers with arguments joined by coreference, is that of
event extraction (ACE; Ahn, "The stages of event extraction", 2006).
"""

from extractor.reading.deals.finder import DealFinder

__all__ = ["DealFinder"]
