"""Sorts more blocks of statements than memory holds: sorted runs on disk, merged when they are read back."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

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


class Spill:
    """Blocks that are written in any order and read back in the order of their keys; its file goes with the folder."""

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
        with self._path.open("ab", buffering=_BUFFER) as file:
            start = file.tell()
            for key, before, after, owner in self._held:
                file.write(_HEADER.pack(len(key), len(before), len(after), owner))
                file.write(key)
                file.write(before)
                file.write(after)
            self._runs.append((start, file.tell()))
        self._held.clear()
        self._bytes = 0

    def records(self) -> Iterator[Record]:
        """Yield every block, sorted by its key; those of one key in the order in which they were added."""
        self._held.sort(key=itemgetter(0))
        if not self._runs:
            yield from self._held
            return
        files = [self._path.open("rb", buffering=_BUFFER) for _ in self._runs]
        try:
            runs = [_run(file, *place) for file, place in zip(files, self._runs, strict=True)]
            yield from merge(*runs, self._held, key=itemgetter(0))
        finally:
            for file in files:
                file.close()


def _run(file: BinaryIO, start: int, end: int) -> Iterator[Record]:
    file.seek(start)
    read, size, unpack = file.read, _HEADER.size, _HEADER.unpack
    while start < end:
        key_size, before, after, owner = unpack(read(size))
        yield Record(read(key_size), read(before), read(after), owner)
        start += size + key_size + before + after
