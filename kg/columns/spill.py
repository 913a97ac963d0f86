"""Keeps more blocks of statements than memory holds: sorted runs on disk, each a table of its own.

What many blocks share (predicates, graph, a region) stands in a run once, so that it is a tenth of its statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars

RUN_BYTES = 64 * 1024 * 1024
"""Text held in memory before it is sorted and written away."""
NOBODY = -1


class Record(NamedTuple):
    """A block of statements: the key by which it is sorted, its text in two parts, and the number of its owner.

    The key ends with the sign that ends an IRI; the text is N-Quads, and the owner's statements belong between the
    parts.
    """

    key: str
    before: str
    after: str = ""
    owner: int = NOBODY


@dataclass(frozen=True, slots=True)
class Runs:
    """The files of sorted runs, in the order in which they were written.

    Each is a table with a column `key`, a column `owner`, and what the statements of a block are made of: either whole
    text, `before` and `after` the statements of its owner, or what follows the subject in each of them, in columns
    whose names begin with `before` and `after`; empty where there is no statement.
    """

    paths: tuple[Path, ...]


class Spill:
    """Blocks that are added in any order and written to files as sorted runs; their names begin with that of `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[Record] = []
        self._bytes = 0
        self._runs: list[Path] = []

    def add(self, record: Record) -> None:
        """Add a block."""
        self._held.append(record)
        self._bytes += len(record.before) + len(record.after) + 100
        if self._bytes > RUN_BYTES:
            self._write_held()

    def add_sorted(self, blocks: polars.DataFrame) -> None:
        """Add blocks that are sorted already, in the form of a run."""
        if len(blocks):
            self._runs.append(self._path.with_name(f"{self._path.name}-{len(self._runs):04d}"))
            blocks.write_ipc(self._runs[-1])

    def _write_held(self) -> None:
        # Imported here: it takes longer to start than a short list to read.
        import polars as pl

        self._held.sort(key=itemgetter(0))
        types = {"key": pl.String, "before": pl.String, "after": pl.String, "owner": pl.Int32}
        self.add_sorted(pl.DataFrame(self._held, schema=types, orient="row"))
        self._held.clear()
        self._bytes = 0

    def runs(self) -> Runs:
        """Write what is left, and return where everything stands."""
        self._write_held()
        return Runs(tuple(self._runs))
