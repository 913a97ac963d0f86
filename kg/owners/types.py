"""Tells what kind of organisation an owner is, by its name and the first digits of its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kg.ontology import OwnerType
from kg.owners.index import Owner

_WORDS = re.compile(r"[^\W_]+")


def owner_type(owner: Owner, types: Iterable[OwnerType]) -> str | None:
    """Return the id of the first type whose words stand in the name, else the first whose number prefix fits.

    The name comes first because one prefix covers several types: universities and agencies are both of the state.
    """
    name = f" {' '.join(_WORDS.findall(owner.label.casefold()))} "
    ordered = tuple(types)
    named = (kind for kind, words in _patterns(ordered) if words.search(name))
    numbered = (each.id for each in ordered if owner.number and owner.number.startswith(each.prefixes or ("-",)))
    return next(named, None) or next(numbered, None)


@lru_cache(maxsize=4)
def _patterns(types: tuple[OwnerType, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return for each type that has words a pattern of them; a word with a star before it may end a longer one."""
    return tuple(
        (each.id, re.compile("|".join(re.escape(f"{w[1:]} " if w.startswith("*") else f" {w} ") for w in each.words)))
        for each in types
        if each.words
    )
