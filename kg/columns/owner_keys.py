"""Names what lists say of owners by one text, which whole columns hold and which travels between processes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter

from kg.model import OwnerMention

BETWEEN = "\0"
"""Between the parts of the key of an owner with a number; that of any other owner begins with it."""
_OF_OWNERS = tuple(each.name for each in fields(OwnerMention) if each.name != "line")
_values: Callable[[OwnerMention], tuple[object, ...]] = attrgetter(*_OF_OWNERS)


def owner_key(mention: OwnerMention) -> str:
    r"""Return what a mention says of an owner wherever it stands: equal for equal ones, and the other way round.

    >>> owner_key(OwnerMention("SALA", "Sala", None, "2120002098", ("SALA",), 7))
    'SALA\x00Sala\x002120002098'
    """
    name, label, number = mention.name, mention.label, mention.number
    simple = mention.unit is None and not mention.abroad and mention.spellings == (name,)
    if simple and name and label and number and BETWEEN not in name + label:
        return f"{name}{BETWEEN}{label}{BETWEEN}{number}"
    return BETWEEN + json.dumps(_values(mention))


def mention_at(line: int, key: str) -> OwnerMention:
    r"""Return the mention on `line` that has a key.

    >>> mention_at(7, "SALA\0Sala\x002120002098").spellings
    ('SALA',)
    """
    if not key.startswith(BETWEEN):
        name, label, number = key.split(BETWEEN)
        return OwnerMention(name, label, None, number, (name,), line)
    values = dict(zip(_OF_OWNERS, json.loads(key[1:]), strict=True))
    values["spellings"] = tuple(values["spellings"])
    return OwnerMention(line=line, **values)
