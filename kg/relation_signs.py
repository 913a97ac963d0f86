"""Reads the words that tell how a project stands to what its text names: `ontology/relation-signs.toml`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg import resources
from kg.errors import InputError
from kg.toml import read_toml

FILE = "relation-signs.toml"


class Signs(NamedTuple):
    """What the file lists; its head says what each list is for."""

    goes_on: tuple[str, ...]
    stands_beside: tuple[str, ...]
    leads_to: tuple[str, ...]
    may_lead_to: tuple[str, ...]
    made_in: tuple[str, ...]
    ended: tuple[str, ...]
    past_verbs: tuple[str, ...]
    like_projects: tuple[str, ...]
    like_methods: tuple[str, ...]
    no_projects: tuple[str, ...]
    numbered: tuple[str, ...]
    takes_part: tuple[str, ...]
    not_part: tuple[str, ...]
    served_by: tuple[str, ...]


@lru_cache(maxsize=1)
def signs() -> Signs:
    """Return the signs that the ontology lists.

    Raises:
        InputError: the file of the ontology is missing, is not TOML, or lacks one of the lists.
    """
    _, table = read_toml(resources.folder("ontology") / FILE)
    lists = [table.get(name) for name in Signs._fields]
    if not all(isinstance(one, list) and all(isinstance(sign, str) for sign in one) for one in lists):
        raise InputError(f"{FILE} must hold the lists {', '.join(Signs._fields)}")
    return Signs(*(tuple(one or ()) for one in lists))


_ADVERB = r"(?:\s+(?:både|dels|också|även|främst|särskilt|framför allt|bland annat|redan|först|nu|vi))?"
"""May stand between the words of a phrase."""


@lru_cache(maxsize=1024)
def phrase(listed: str, end: str = "") -> re.Pattern[str]:
    r"""Return a pattern of whole words for a phrase, in which a star at a word's end is any ending.

    `end` is a pattern of what must follow. A pattern is made when it is first needed: most texts hold few phrases.

    >>> phrase("uppföljare* till").match("uppföljaren till x")[0]
    'uppföljaren till'
    """
    words = rf"{_ADVERB}\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in listed.split())
    return re.compile(rf"\b{words}{end}(?!\w)")


def plain_start(listed: str) -> str:
    """Return what a phrase begins with up to its first star, as plain text that can be looked for fast.

    >>> plain_start("uppföljare* till")
    'uppföljare'
    """
    return listed.partition("*")[0]
