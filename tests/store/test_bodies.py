from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import LedgerError
from extractor.store.bodies import pack, unpack


@given(st.binary())
def test_what_is_packed_comes_back(body: bytes) -> None:
    assert unpack(pack(body), subject="") == body
    assert pack(body) == pack(body)


def test_damaged_or_endless_bodies_are_refused() -> None:
    packed = pack(b"x" * 10_000)
    for damaged in (packed[:-20], b"", b"not packed", packed[:6] + b"\xff" * 8 + packed[14:]):
        with pytest.raises(LedgerError, match="//mill"):
            unpack(damaged, subject="https://mill.example")
    with pytest.raises(LedgerError, match="more than 100 bytes"):
        unpack(packed, subject="https://mill.example", limit=100)
