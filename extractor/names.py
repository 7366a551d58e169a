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
# Of shorter names one letter may tell two companies apart.
_LONG_ENOUGH = 10
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


@lru_cache(maxsize=65_536)
def name_family(key: str) -> str:
    """The word that all shorter and longer forms of a comparison key have in common.

    "osprey" of "osprey", "osprey power" and "osprey power and light". Companies that have
    nothing but a word in common are of one family, too.
    """
    return name_stem(key).partition(" ")[0]


def is_short_of(short: str, long: str) -> bool:
    """Whether a comparison key is another without its last words, or without those for its trade.

    "osprey power" is short of "osprey power and light", "andara" of "grupo andara".
    """
    return short != long and (long.startswith(f"{short} ") or name_stem(long) == short)


def are_short_and_long(left: str, right: str) -> bool:
    """Whether one of two comparison keys is a short form of the other."""
    return is_short_of(left, right) or is_short_of(right, left)


def are_spellings(left: str, right: str) -> bool:
    """Whether two comparison keys differ by one letter, or by where a word ends.

    "red fern cloud" and "redfern cloud"; "ashgrove digitial" and "ashgrove digital".
    """
    one, two = left.replace(" ", ""), right.replace(" ", "")
    if one == two:
        return left != right
    if min(len(one), len(two)) < _LONG_ENOUGH or abs(len(one) - len(two)) > 1:
        return False
    short, long = sorted((one, two), key=len)
    at = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    slips = short[at:] == long[at + 1 :] or short[at + 1 :] == long[at + 1 :]
    return slips and (short[at : at + 1] + long[at]).isalpha()


def has_trade(key: str) -> bool:
    """Whether a comparison key says what the company does, after its own name."""
    return any(word in _TRADE for word in key.split()[1:])
