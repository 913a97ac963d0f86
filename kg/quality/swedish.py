"""Says in Swedish what other parts of the package report in English."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("swedish.toml")


def in_swedish(english: str) -> str | None:
    """Return a message of clauses parted by semicolons in Swedish; None where a clause is not known.

    A clause may follow what it is about and a colon, which stays as it is.

    >>> in_swedish("Slutdatum: there is no day 2023-02-30; left out")
    'Slutdatum: dagen 2023-02-30 finns inte; utelämnades'
    """
    clauses = [_clause(each) for each in english.split("; ")]
    told = [each for each in clauses if each is not None]
    return "; ".join(told) if len(told) == len(clauses) else None


def _clause(english: str) -> str | None:
    for pattern, swedish in _said():
        if match := pattern.fullmatch(english):
            return swedish.format(*match.groups())
    about, colon, rest = english.partition(": ")
    told = _clause(rest) if colon else None
    return f"{about}: {told}" if told else None


@lru_cache(maxsize=1)
def _said() -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = tomllib.loads(_FILE.read_text(encoding="utf-8"))["said"]
    return tuple((re.compile(pattern), swedish) for pattern, swedish in pairs)
