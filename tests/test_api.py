from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import extractor
from tests.store.builders import stocked


def test_the_public_names_are_there() -> None:
    assert all(getattr(extractor, name) is not None for name in extractor.__all__)
    assert set(extractor.__all__) <= set(dir(extractor))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = extractor.nonsense


def test_deals_are_records(tmp_path: Path) -> None:
    with extractor.open_ledger(stocked(tmp_path / "ledger.db")) as ledger:
        (deal,) = ledger.deals(extractor.DealQuery(party="Google"))
    assert (deal.company, deal.value, deal.megawatts) == ("TeraWulf", 3.7e9, 200.0)


def test_importing_the_package_is_light() -> None:
    code = "import sys, extractor; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = [name for name in done.stdout.split() if name.startswith("extractor")]
    assert ours == ["extractor"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_needs_its_library(tmp_path: Path, library: str) -> None:
    with extractor.open_ledger(stocked(tmp_path / "ledger.db")) as ledger:
        deals = ledger.deals()
    if importlib.util.find_spec(library) is None:
        with pytest.raises(extractor.DealwireError, match=f"pip install {library}"):
            extractor.to_frame(deals, library=library)  # type: ignore[arg-type]
        return
    frame = extractor.to_frame(deals, library=library)  # type: ignore[arg-type]
    assert list(frame.columns)[:2] == ["key", "type"]
    assert len(frame) == len(deals)
