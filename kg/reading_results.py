"""What reading pages gives, and how it travels from the process that read them to the one that joins all pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from kg.joining import MappedPage
from kg.mentions import TextMention
from kg.model import Notice, OwnerMention
from kg.shards import Shard, in_graph, out_of_graph


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that gave no project, with the reasons."""

    name: str
    notices: tuple[Notice, ...]


Packed = tuple[Any, ...]
"""A page or skipped file less its statements, as plain values: these travel in a third of the time of data classes."""
PackedPages = Shard[tuple[Packed, ...]]
"""Some pages and skipped files: what pages say as N-Quads, one page after the other, and the rest of each packed."""

_ELSEWHERE = ("text", "derived", "owner", "notices", "mentions")
_NAMES = tuple(field.name for field in fields(MappedPage) if field.name not in _ELSEWHERE)
_plain = attrgetter(*_NAMES)
_of_owners = attrgetter(*(field.name for field in fields(OwnerMention)))
_of_notices = attrgetter(*(field.name for field in fields(Notice)))


def packed(results: Sequence[MappedPage | SkippedFile], derived: str) -> PackedPages:
    """Return pages and skipped files so that they travel well; `derived` is the graph of what pages do not print."""
    texts: list[bytes] = []
    beside: list[Packed] = []
    for result in results:
        notices = tuple(map(_of_notices, result.notices))
        if isinstance(result, SkippedFile):
            beside.append((result.name, notices))
            continue
        following = in_graph(derived, result.derived)
        texts += (result.text, following)
        owner = result.owner and _of_owners(result.owner)
        lengths = len(result.text), len(following)
        beside.append((_plain(result), notices, owner, tuple(map(tuple, result.mentions)), lengths))
    return Shard(b"".join(texts), tuple(beside))


def unpacked(shard: PackedPages, derived: str) -> Iterator[MappedPage | SkippedFile]:
    """Yield the pages and skipped files that were packed."""
    start = 0
    for values in shard.beside:
        first, notices = values[0], tuple(Notice(*each) for each in values[1])
        if isinstance(first, str):
            yield SkippedFile(first, notices)
            continue
        own, following = values[4]
        middle, end = start + own, start + own + following
        yield MappedPage(
            **dict(zip(_NAMES, first, strict=True)),
            text=shard.nquads[start:middle],
            derived=out_of_graph(derived, shard.nquads[middle:end]),
            owner=OwnerMention(*values[2]) if values[2] else None,
            notices=notices,
            mentions=tuple(TextMention(*each) for each in values[3]),
        )
        start = end
