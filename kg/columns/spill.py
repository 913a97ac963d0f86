"""Sorts more blocks of statements than memory holds: sorted runs on disk, merged when they are read back."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from kg.errors import BuildError

RUN_BYTES = 64 * 1024 * 1024
"""Text held in memory before it is sorted and written away."""
_HEADER = struct.Struct("<IIIi")
_BUFFER = 1 << 18
NOBODY = -1


class Record(NamedTuple):
    """A block of statements: the subject by which it is sorted, its text in two parts, and the number of its owner.

    The text is N-Quads in UTF-8; the owner's statements belong between the parts.
    """

    key: bytes
    before: bytes
    after: bytes = b""
    owner: int = NOBODY


@dataclass(frozen=True, slots=True)
class Runs:
    """Where sorted runs stand in a file, from byte to byte, in the order in which they were written."""

    path: Path
    places: tuple[tuple[int, int], ...]


class Spill:
    """Blocks that are added in any order and written to a file as sorted runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[Record] = []
        self._bytes = 0
        self._runs: list[tuple[int, int]] = []

    def add(self, record: Record) -> None:
        """Add a block."""
        self._held.append(record)
        self._bytes += len(record.before) + len(record.after) + 100
        if self._bytes > RUN_BYTES:
            self._write_run()

    def _write_run(self) -> None:
        self._held.sort(key=itemgetter(0))
        with self._path.open("ab" if self._runs else "wb", buffering=_BUFFER) as file:
            start = file.tell()
            for key, before, after, owner in self._held:
                file.write(_HEADER.pack(len(key), len(before), len(after), owner))
                file.write(key)
                file.write(before)
                file.write(after)
            self._runs.append((start, file.tell()))
        self._held.clear()
        self._bytes = 0

    def runs(self) -> Runs:
        """Write what is left, and return where everything stands."""
        if self._held or not self._runs:
            self._write_run()
        return Runs(self._path, tuple(self._runs))


class Merged:
    """The blocks of several files, merged; each file comes with the numbers that its own numbers of owners mean."""

    def __init__(self) -> None:
        self._parts: list[tuple[Runs, Sequence[int]]] = []

    def add(self, runs: Runs, owners: Sequence[int]) -> None:
        """Add a file, whose blocks come behind those of earlier files where the keys are equal."""
        self._parts.append((runs, owners))

    def records(self) -> Iterator[Record]:
        """Yield every block, sorted by its key; those of one key in the order in which they were added."""
        runs = [_run(each.path, *place, owners) for each, owners in self._parts for place in each.places]
        return merge(*runs, key=itemgetter(0))


def _run(path: Path, start: int, end: int, owners: Sequence[int]) -> Iterator[Record]:
    size, unpack = _HEADER.size, _HEADER.unpack_from
    held, place = b"", 0
    while start < end or place < len(held):
        missing = size
        if len(held) - place >= size:
            key_size, before, after, owner = unpack(held, place)
            key = place + size
            first = key + key_size
            second = first + before
            missing = second + after - len(held)
            if missing <= 0:
                number = NOBODY if owner == NOBODY else owners[owner]
                yield Record(held[key:first], held[first:second], held[second : second + after], number)
                place = second + after
                continue
        more = _piece(path, start, min(max(_BUFFER, missing), end - start))
        start += len(more)
        held, place = held[place:] + more, 0


def _piece(path: Path, start: int, size: int) -> bytes:
    # Opened for each piece: a long list has more runs than a process may have files open.
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        found = file.read(size)
    if not found:
        raise BuildError(f"{path} was cut off while it was in use")
    return found
