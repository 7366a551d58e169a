"""How company names are compared: one key per company, whatever its spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = (
    r"inc|incorporated|corp|corporation|co|company|companies|ltd|limited|plc|llc|llp|lp|sa|se|"
    r"ag|nv|bv|ab|asa|as|oyj?|gmbh|spa|kk|pte|pty|holdings?|group|technologies|technology|"
    r"platforms?|the"
)
# What a company does, rather than who it is: others often leave these words out.
_TRADE = frozenset(
    """
    advisors ai assets bank bitcoin blockchain campus capital centers centres cloud colocation
    compute computing credit crypto data datacenter datacenters datacentre datacentres digital
    electric electricity energy equity finance financial fund funds gas global grid grupo hash
    hashing hosting hydro industries infrastructure intelligence international investment
    investments labs land management miner miners mining networks nuclear partners power properties
    realty renewables research resources semiconductor semiconductors services solar solutions
    supercomputing systems telecom treasury utilities utility ventures wind
    """.split()
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


@lru_cache(maxsize=65_536)
def name_stem(key: str) -> str:
    """A comparison key without the words for a trade at its ends.

    `name_stem("ridgeback infrastructure") == "ridgeback"`. Without the words that would leave
    nothing, a key is its own stem.
    """
    words = key.split()
    while words and words[-1] in _TRADE:
        words.pop()
    while words and words[0] in _TRADE:
        words.pop(0)
    return " ".join(words) or key


def are_short_and_long(left: str, right: str) -> bool:
    """Whether one of two comparison keys is the other without the words for its trade."""
    return (
        left != right and name_stem(left) == name_stem(right) and name_stem(left) in (left, right)
    )
