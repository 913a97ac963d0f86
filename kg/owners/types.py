"""Tells what kind of organisation an owner is, by its name and the first digits of its number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kg.ontology import OwnerType
from kg.owners.index import Owner

_WORDS = re.compile(r"[^\W_]+")


def type_teller(types: tuple[OwnerType, ...]) -> Callable[[Owner], str | None]:
    """Return what tells the id of the first type whose words stand in a name, else the first whose number prefix fits.

    The name comes first because one prefix covers several types: universities and agencies are both of the state.
    """
    patterns = _patterns(types)

    def told(owner: Owner) -> str | None:
        name = f" {' '.join(_WORDS.findall(owner.label.casefold()))} "
        named = (kind for kind, words in patterns if words.search(name))
        numbered = (each.id for each in types if owner.number and owner.number.startswith(each.prefixes or ("-",)))
        return next(named, None) or next(numbered, None)

    return told


@lru_cache(maxsize=4)
def _patterns(types: tuple[OwnerType, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return for each type that has words a pattern of them; a word with a star before it may end a longer one."""
    return tuple(
        (each.id, re.compile("|".join(re.escape(f"{w[1:]} " if w.startswith("*") else f" {w} ") for w in each.words)))
        for each in types
        if each.words
    )
