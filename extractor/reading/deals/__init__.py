"""Deals: words that tell of one, who and how much belongs to each, which words mean the same.

    scene -> triggers -> arguments -> clusters -> type, parties, figures, status -> drafts

Each arrow is decided by what was learned from the marked articles of the corpus
(`models/deals/weights`) and can be read line by line: weights tell what a word, a cue of the
frames or a place in the sentence speaks for, trees ask about the sums of what the words say.
The scheme, triggers with arguments joined by coreference, is that of event extraction (ACE;
Ahn, "The stages of event extraction", 2006).
"""

from extractor.reading.deals.finder import DealFinder

__all__ = ["DealFinder"]
