"""Text into facts; spaCy objects never leave this folder."""

from extractor.reading.gazetteer import Company
from extractor.reading.reader import Reader, load_reader

__all__ = ["Company", "Reader", "load_reader"]
