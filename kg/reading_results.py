"""What reading a page gives, and how it travels from the process that read it to the one that joins all pages."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from kg.joining import MappedPage
from kg.mentions import TextMention
from kg.model import Notice, OwnerMention


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that gave no project, with the reasons."""

    name: str
    notices: tuple[Notice, ...]


Packed = tuple[Any, ...]
"""A page or skipped file as plain values, which travel in a third of the time of data classes."""

_NESTED = ("owner", "notices", "mentions")
_NAMES = tuple(field.name for field in fields(MappedPage) if field.name not in _NESTED)
_plain = attrgetter(*_NAMES)
_of_owners = attrgetter(*(field.name for field in fields(OwnerMention)))
_of_notices = attrgetter(*(field.name for field in fields(Notice)))


def packed(result: MappedPage | SkippedFile) -> Packed:
    """Return a page or skipped file as plain values."""
    notices = tuple(map(_of_notices, result.notices))
    if isinstance(result, SkippedFile):
        return result.name, notices
    owner = result.owner and _of_owners(result.owner)
    return _plain(result), notices, owner, tuple(map(tuple, result.mentions))


def unpacked(values: Packed) -> MappedPage | SkippedFile:
    """Return the page or skipped file that was packed.

    >>> unpacked(packed(SkippedFile("a.txt", (Notice("a.txt", 0, "", "empty-file", "no text"),)))).notices[0].rule
    'empty-file'
    """
    first, notices = values[0], tuple(Notice(*each) for each in values[1])
    if isinstance(first, str):
        return SkippedFile(first, notices)
    owner = OwnerMention(*values[2]) if values[2] else None
    mentions = tuple(TextMention(*each) for each in values[3])
    return MappedPage(**dict(zip(_NAMES, first, strict=True)), owner=owner, notices=notices, mentions=mentions)
