"""Gives each row of a list the key of its project, so that equal operations join and different ones never do.

A diary number of a programme that the ontology knows is the key by itself, as on pages: `22-045-S01`. Every other
operation is named by its programme and its code there (`2014PL05M9OP001_POWR.01.02~2F19`); without a programme
by its country (`POL_…`), and without either by the list. Signs that an IRI cannot hold are written as `~` and their
bytes in hexadecimal, so that two codes never become one key; the underscore never stands in a key of the first kind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.codes import Codes
from kg.ontology import Ontology
from kg.vocabulary import project_key

PROGRAMME_NUMBER = re.compile(r"(?:19|20)\d{2}[A-Z]{2}[0-9A-Z]{6,10}")
"""The CCI of a programme: year, country (or TC, CB for cooperation), and the rest."""
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]")
_MOST_KEPT = 10_000
HOME, HOME_CODE = "SWE", "SE"


class Home(NamedTuple):
    """Where an operation belongs, as far as its row tells.

    `programme` is the id of a programme of the ontology; `scope` the number of any other; `country` the code of the
    Publications Office.
    """

    programme: str | None
    scope: str | None
    country: str | None

    @property
    def swedish(self) -> bool | None:
        """Whether the operation is Swedish; None where the row does not tell."""
        if self.programme:
            return True
        if self.country:
            return self.country == HOME
        return None if self.scope is None else self.scope[4:6] == HOME_CODE

    @property
    def numbers_like_pages(self) -> bool:
        """Whether a diary number is the whole key of an operation, as on pages."""
        return self.scope is None and self.swedish is not False


def safe(code: str) -> str:
    """Return a code as it may stand in a key, different codes always differently.

    >>> safe("POWR.01/19"), safe("A B"), safe("A-B")
    ('POWR.01~2F19', 'A~20B', 'A-B')
    """
    return _UNSAFE.sub(_hexadecimal, code)


def _hexadecimal(sign: re.Match[str]) -> str:
    return "".join(f"~{byte:02X}" for byte in sign[0].encode())


class Keys:
    """Makes the keys of one list file, whose own key is `source`."""

    def __init__(self, ontology: Ontology, codes: Codes, source: str) -> None:
        self._codes, self._source = codes, source
        patterns = "|".join(
            f"(?:{each.diary_number_pattern})" for each in ontology.programmes if each.diary_number_pattern
        )
        self._diary: Callable[[str], object] = re.compile(patterns or "(?!)").fullmatch
        self._diaries: Callable[[str], object] = re.compile(rf"(?:(?:{patterns or '(?!)'})\n)*+").fullmatch
        self._programmes: dict[str, bool] = {}

    def split(self, printed: str) -> tuple[str | None, str]:
        """Return programme number and code of an identifier; European lists print both in one."""
        head, _, code = printed.partition("_")
        known = self._programmes.get(head)
        if known is None:
            if len(self._programmes) > _MOST_KEPT:
                self._programmes.clear()
            known = self._programmes[head] = PROGRAMME_NUMBER.fullmatch(head) is not None
        return (head, code) if known and code else (None, printed)

    def are_diary_numbers(self, codes: Sequence[str]) -> bool:
        """Return whether each code has the form of the diary numbers of a programme that the ontology knows."""
        together = "\n".join(codes) + "\n"
        return together.count("\n") == len(codes) and self._diaries(together) is not None

    def keys(self, codes: Sequence[str], homes: Sequence[Home]) -> list[str]:
        """Return the key of each operation, as `key` does."""
        if self.are_diary_numbers(codes) and all(home.numbers_like_pages for home in set(homes)):
            return list(map(project_key, codes))
        return list(map(self.key, codes, homes))

    def is_diary_number(self, code: str) -> bool:
        """Return whether the code has the form of the diary numbers of a programme that the ontology knows."""
        return self._diary(code) is not None

    def key(self, code: str, home: Home) -> str:
        """Return the key of an operation by its code, without the programme that may stand before it."""
        if home.numbers_like_pages and self._diary(code):
            return project_key(code)
        return self.prefix(home) + safe(code)

    def prefix(self, home: Home) -> str:
        """Return what stands before the code in the key of an operation that is not numbered as on pages."""
        return f"{home.programme or home.scope or home.country or self._source}_"

    def unnumbered(self, words: str) -> str:
        """Return a key for an operation of a list that prints no codes; the words do not show in it."""
        return f"{self._source}_{hashlib.sha256(words.encode()).hexdigest()[:16]}"
