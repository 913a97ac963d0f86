"""Writes the graph of a list once the owners are joined: blocks from disk, in order, with their owners put in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter

from kg.columns.lists import MappedList
from kg.columns.shard import ListUse
from kg.columns.spill import NOBODY, Record
from kg.model import Notice, OwnerMention
from kg.triples import Mapping, quads

Ownership = Callable[[str, OwnerMention], Iterable[str]]
"""Yields the statements that a source makes about an owner, given the subject of the project and the mention."""
_BLOCKS = 500
"""Projects whose text is handed on at once."""
_ANY = "\0"


class ListText:
    """The text of one list's graph; `keys` holds the keys of its projects once the text has been read."""

    def __init__(self, mapped: MappedList, mapping: Mapping, ownership: Ownership, uses: Iterable[ListUse]) -> None:
        self.keys: set[str] = set()
        self.notices: list[Notice] = []
        self._mapped, self._mapping = mapped, mapping
        self._lines = set(mapped.lines)
        self._owners = [self._ends(ownership(mapping.project_iri(_ANY), mention)) for mention in mapped.mentions]
        self._uses: dict[bytes, list[bytes]] = {}
        for use in uses:
            self._add_use(use)

    def _ends(self, lines: Iterable[str]) -> bytes:
        """Keep the statements about an owner, and return those about its project with a sign for the subject."""
        subject = self._mapping.project_iri(_ANY)
        own = set()
        for line in lines:
            if line.startswith(subject):
                own.add(line)
            else:
                self._lines.add(line)
        return quads(self._mapped.graph, own).replace(subject, _ANY).encode()

    def _add_use(self, use: ListUse) -> None:
        subject = self._mapping.project_iri(use.project)
        own = []
        for line in use.lines.split("\n"):
            if line.startswith(subject):
                own.append(line)
            else:
                self._lines.add(line)
        text = quads(self._mapped.graph, own).encode()
        self._uses.setdefault(f"{use.project}>".encode(), []).append(text)

    def texts(self) -> Iterator[str]:
        """Yield the N-Quads of the graph, in order."""
        ordered = sorted(self._lines)
        # All subjects that begin like a project are projects, so their blocks have one place among the lines.
        place = bisect_left(ordered, self._mapping.project_iri("")[:-1])
        yield quads(self._mapped.graph, ordered[:place])
        yield from self._projects()
        yield quads(self._mapped.graph, ordered[place:])

    def _projects(self) -> Iterator[str]:
        start = self._mapping.project_iri("")[:-1].encode()
        held: list[bytes] = []
        repeated = 0
        for key, group in groupby(self._mapped.blocks.records(), key=itemgetter(0)):
            subject = start + key
            records = list(group)
            blocks = [self._with_owner(subject, record) for record in records]
            more = self._uses.get(key)
            if more or len(blocks) > 1:
                repeated += len(blocks) - 1
                blocks = _sorted_lines(blocks + (more or []))
            held.extend(blocks)
            self.keys.add(key[:-1].decode())
            if len(held) >= _BLOCKS:
                yield b"".join(held).decode()
                held.clear()
        yield b"".join(held).decode()
        if repeated:
            message = f"{repeated} rows name an operation that another row names as well; what they say is joined"
            self.notices.append(
                Notice(self._mapped.source.name, 0, str(repeated), "operation-in-several-rows", message)
            )

    def _with_owner(self, subject: bytes, record: Record) -> bytes:
        if record.owner == NOBODY:
            return record.before + record.after
        return record.before + self._owners[record.owner].replace(_ANY.encode(), subject) + record.after


def _sorted_lines(blocks: Sequence[bytes]) -> list[bytes]:
    return [line + b"\n" for line in sorted({line for block in blocks for line in block.split(b"\n") if line})]


def derived_texts(graph: str, lines: Iterable[str], lists: Sequence[MappedList]) -> Iterator[str]:
    """Yield the N-Quads of `graph`: distinct `lines` and what follows from the rows of lists, in order."""
    if not lists:
        yield quads(graph, lines)
        return
    streams = [_derived_lines(mapped) for mapped in lists]
    held: list[str] = []
    last = ""
    for line in merge(sorted(set(lines)), *streams):
        if line != last:
            held.append(f"{line} {graph} .\n")
        last = line
        if len(held) >= _BLOCKS:
            yield "".join(held)
            held.clear()
    yield "".join(held)


def _derived_lines(mapped: MappedList) -> Iterator[str]:
    for _, group in groupby(mapped.derived.records(), key=itemgetter(0)):
        yield from sorted({line for record in group for line in record.before.decode().split("\n") if line})
