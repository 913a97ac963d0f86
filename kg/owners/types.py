"""Tells what kind of organisation an owner is, by its name and the first digits of its number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.ontology import OwnerType
from kg.owners.index import Owner


def owner_type(owner: Owner, types: Iterable[OwnerType]) -> str | None:
    """Return the id of the first type whose words stand in the name, else the first whose number prefix fits.

    The name comes first because one prefix covers several types: universities and agencies are both of the state.
    """
    words = re.findall(r"[^\W_]+", owner.label.casefold())
    name = f" {' '.join(words)} "
    ordered = tuple(types)
    named = (each.id for each in ordered if any(_has_word(name, word) for word in each.words))
    numbered = (each.id for each in ordered if owner.number and owner.number.startswith(each.prefixes or ("-",)))
    return next(named, None) or next(numbered, None)


def _has_word(name: str, word: str) -> bool:
    return f"{word[1:]} " in name if word.startswith("*") else f" {word} " in name
