"""Names what lists say of owners by values that travel between processes and compare fast: most by one text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter

from kg.model import OwnerMention

OwnerKey = str | tuple[object, ...]
"""What a mention says of an owner wherever it stands: equal for equal mentions, and the other way round."""
_BETWEEN = "\0"
_OF_OWNERS = tuple(each.name for each in fields(OwnerMention) if each.name != "line")
_values: Callable[[OwnerMention], tuple[object, ...]] = attrgetter(*_OF_OWNERS)


def numbered_key(name: str, label: str, number: str) -> OwnerKey:
    """Return the key of an owner with a number who has no unit and whose name is spelt as it is printed.

    >>> numbered_key("SALA KOMMUN", "Sala kommun", "2120002098")
    'SALA KOMMUN\\x00Sala kommun\\x002120002098'
    """
    return f"{name}{_BETWEEN}{label}{_BETWEEN}{number}"


def owner_key(mention: OwnerMention) -> OwnerKey:
    """Return the key of an owner.

    >>> owner_key(OwnerMention("Sala", "Sala", None, "2120002098", ("Sala",), 7)) == numbered_key(
    ...     "Sala", "Sala", "2120002098"
    ... )
    True
    """
    name, label, number = mention.name, mention.label, mention.number
    simple = mention.unit is None and not mention.abroad and mention.spellings == (name,)
    if simple and name and label and number and _BETWEEN not in name + label:
        return numbered_key(name, label, number)
    return _values(mention)


def mention_at(line: int, key: OwnerKey) -> OwnerMention:
    """Return the mention on `line` that has a key.

    >>> mention_at(7, numbered_key("SALA", "Sala", "2120002098")).spellings
    ('SALA',)
    """
    if isinstance(key, str):
        name, label, number = key.split(_BETWEEN)
        return OwnerMention(name, label, None, number, (name,), line)
    return OwnerMention(line=line, **dict(zip(_OF_OWNERS, key, strict=True)))  # type: ignore[arg-type]
