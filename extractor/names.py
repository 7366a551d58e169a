"""How company names are compared: one key per company, whatever its spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = (
    r"inc|incorporated|corp|corporation|co|company|companies|ltd|limited|plc|llc|llp|lp|sa|se|"
    r"ag|nv|bv|ab|asa|as|oyj|gmbh|spa|kk|pte|pty|holdings?|group|technologies|technology|"
    r"platforms?|the"
)
_LEGAL_WORD = re.compile(rf"\b(?:{_LEGAL})\b")
_NOT_NAME = re.compile(r"[^a-z0-9 ]+")


# A ledger repeats few names very often.
@lru_cache(maxsize=65_536)
def company_key(name: str) -> str:
    """A name as a comparison key: lower case, no accents, no punctuation, no legal form.

    `company_key("TeraWulf Inc.") == company_key("TERAWULF") == "terawulf"`. A name that
    is nothing but legal words keeps them.
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = " ".join(_NOT_NAME.sub(" ", plain.replace("'s ", " ").replace(".", "")).split())
    short = " ".join(_LEGAL_WORD.sub(" ", plain).split())
    return short or plain


def party_key(name: str) -> str:
    """The comparison key of a party; the name itself where no letter of it is Latin."""
    return company_key(name) or name
