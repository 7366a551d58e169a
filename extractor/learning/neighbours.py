"""`python -m extractor.learning.neighbours`: make the thesaurus of the weights anew."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractor import assets
from extractor.errors import DealwireError
from extractor.evaluate.corpus import corpus_dir
from extractor.learning.marks import read_marked
from extractor.reading.english import load_english

_WORD = re.compile(r"[a-z][a-z-]*[a-z]")
_COMMON = 5  # marked articles that use a word so often tell what it means for a deal
_KNOWN = 2  # times that a word is met before it is looked up at all
_NEIGHBOURS = 3
_LEAST_COSINE = 0.5
_BATCH = 512
_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"

Vectors = npt.NDArray[np.float32]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.learning.neighbours")
    parser.add_argument(
        "--encoder",
        default=_ENCODER,
        metavar="NAME|DIR",
        help=f"sentence encoder whose vectors tell which words are alike (default {_ENCODER})",
    )
    options = parser.parse_args(arguments)
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        sys.stderr.write("the encoder is missing: pip install 'dealwire[thesaurus]'\n")
        return 2
    pipeline = assets.pipeline_dir()
    try:
        texts = (
            f"{article.row.title}\n{article.row.text}"
            for path in sorted((corpus_dir() / "marked").glob("*.txt"))
            for article in read_marked(path)
        )
        words, common = vocabulary(texts, load_english(pipeline / "companies/english.txt").words)
    except DealwireError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    encoder = SentenceTransformer(options.encoder)
    vectors = encoder.encode(words, normalize_embeddings=True, show_progress_bar=True)
    path = pipeline / "weights" / "thesaurus.tsv"
    write(path, words, nearest(words, np.asarray(vectors, dtype=np.float32), common))
    sys.stderr.write(f"{len(words):,} words written to {path}\n")
    return 0


def vocabulary(texts: Iterable[str], english: Iterable[str]) -> tuple[list[str], frozenset[str]]:
    """The words to look up, in order, with those of them that the texts use often."""
    counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    known = {word for word, count in counts.items() if count >= _KNOWN}
    common = frozenset(word for word, count in counts.items() if count >= _COMMON)
    return sorted(known.union(english)), common


def nearest(words: Sequence[str], vectors: Vectors, common: frozenset[str]) -> list[list[str]]:
    """For each word the nearest common ones, itself among them; `vectors` are of length 1."""
    targets = [word for word in words if word in common]
    index = {word: number for number, word in enumerate(words)}
    of_targets = vectors[[index[word] for word in targets]]
    found: list[list[str]] = []
    for start in range(0, len(words), _BATCH):
        cosines = vectors[start : start + _BATCH] @ of_targets.T
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :_NEIGHBOURS]
        for row, best in zip(cosines, order, strict=True):
            found.append([targets[n] for n in best if row[n] >= _LEAST_COSINE])
    return found


def write(path: Path, words: Sequence[str], neighbours: Sequence[Sequence[str]]) -> None:
    """One line a word, as `Thesaurus.load` reads them."""
    lines = [
        "# word, then its nearest neighbours (cosine of at least "
        f"{_LEAST_COSINE:g}) among the words of the marked articles"
    ]
    lines += [f"{w}\t{' '.join(n)}" for w, n in zip(words, neighbours, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
