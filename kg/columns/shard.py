"""Maps some rows of a list: a whole list or a part of it, with the same statements either way."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.columns.met import Met
from kg.columns.spill import Record, Runs, Spill
from kg.columns.text import ColumnMapping
from kg.model import MethodUse, OwnerMention, Project, Source
from kg.ontology import Ontology
from kg.sources.table import Batch, Table
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problem, Problems
from kg.sources.table_rows import RowReader, Rows
from kg.triples import Mapping

if TYPE_CHECKING:
    import polars as pl

    from kg.columns.plain import PlainMapper, PlainRows
    from kg.columns.section import Columns

Extract = Callable[[Project], Sequence[MethodUse]]
"""Finds the methods in the text of a project."""
_TEXTS_AT_ONCE = 200
"""Texts that travel to another process together."""
_WORTH_COLUMNS = 500
"""Rows from which on it is faster to look at whole columns first."""
_SHORTEST_TEXT = 20
"""In characters; a shorter summary names no method in a sentence."""


@dataclass(frozen=True, slots=True)
class ListUse:
    """A use of a method that a row proves, with the lines that say so."""

    project: str
    method: str
    role: str
    lines: str


Spread = Callable[[Iterable[Sequence[Project]]], Iterator[Sequence[ListUse]]]


@dataclass(frozen=True, slots=True)
class ListedProject:
    """What a row says about a project that a page describes as well: single values by name, and the owner."""

    project: str
    identifier: str
    title: str
    single: tuple[tuple[str, str], ...]
    owner: OwnerMention | None


@dataclass(frozen=True, slots=True)
class ListTools:
    """What lists are read with; `seat` gives the statement about the municipality of a postcode, if it is known.

    `spread` turns shards of projects with texts, which it takes as they come, into the uses of each, in their order;
    without it this process does so by `uses_of`.
    """

    ontology: Ontology
    mapping: Mapping
    extract: Extract
    columns: ListMapping = field(default_factory=ListMapping)
    seat: Callable[[str], str | None] = lambda postcode: None
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class MappedShard:
    """Some rows of a list, mapped.

    `owners` is a table of the owners whose places in it the blocks name: the `key` of each, and the `line` on which it
    comes first in its batch; an owner may come again. `problems` are all that were found, for the cap of values is one
    for the whole list.
    """

    rows: int
    layouts: frozenset[str]
    owners: pl.DataFrame
    blocks: Runs
    derived: Runs
    concepts: frozenset[str]
    uses: tuple[ListUse, ...]
    listed: tuple[ListedProject, ...]
    regions: frozenset[str]
    problems: tuple[Problem, ...]
    personal: int


def uses_of(projects: Iterable[Project], mapping: Mapping, extract: Extract) -> list[ListUse]:
    """Return the uses of methods that the texts of some projects prove."""
    return [
        ListUse(project.key, method, role, lines)
        for project in projects
        for method, role, lines in mapping.project(project, extract(project)).uses
    ]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector of cycles from looking through millions of rows that hold none: a fifth of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class ShardMapper:
    """Maps parts of a list, read by `reader`, which tells `problems`; what it has once understood it remembers."""

    def __init__(self, source: Source, tools: ListTools, reader: RowReader, problems: Problems) -> None:
        self._tools, self._reader, self._problems = tools, reader, problems
        self._columns = ColumnMapping(tools.mapping, source)
        self._plain_mapper: PlainMapper | None = None
        self._plain_table: Table | None = None

    def _begin(self, place: Path) -> None:
        self._blocks, self._derived = (Spill(place.with_name(f"{place.name}.{end}")) for end in ("blocks", "derived"))
        self._met = Met()
        self._listed: list[ListedProject] = []
        self._regions: set[str] = set()
        self._layouts: set[str] = set()
        self._rows = self._personal = 0

    def mapped(
        self,
        batches: Iterable[Batch | Columns],
        place: Path,
        described: frozenset[str] = frozenset(),
        progress: Callable[[int], None] = lambda rows: None,
    ) -> MappedShard:
        """Return a part of the list mapped, with its statements in files whose names begin with that of `place`.

        What rows say about the projects `described` is kept for comparison.
        """
        self._begin(place)
        before = self._reader.personal
        with collector_paused():
            uses = tuple(use for some in self._spread(self._texts(batches, described, progress)) for use in some)
        return MappedShard(
            rows=self._rows,
            layouts=frozenset(self._layouts),
            owners=self._met.owners(),
            blocks=self._blocks.runs(),
            derived=self._derived.runs(),
            concepts=frozenset(self._columns.concepts),
            uses=uses,
            listed=tuple(self._listed),
            regions=frozenset(self._regions),
            problems=self._problems.told(),
            personal=self._personal + self._reader.personal - before,
        )

    def _spread(self, shards: Iterable[Sequence[Project]]) -> Iterator[Sequence[ListUse]]:
        if self._tools.spread is not None:
            return self._tools.spread(shards)
        return (uses_of(projects, self._tools.mapping, self._tools.extract) for projects in shards)

    def _texts(
        self, batches: Iterable[Batch | Columns], described: frozenset[str], progress: Callable[[int], None]
    ) -> Iterator[list[Project]]:
        """Map all rows, and yield those whose text may name methods, some at a time."""
        for whole in batches:
            batch, plain = self._plain(whole, described)
            found = self._reader.read(batch)
            self._layouts.add(batch.table.layout)
            owners, of_plain = self._met.add(found, None if plain is None else plain.owners)
            if plain is not None:
                self._add_plain(plain, of_plain)
            self._add(found, owners)
            self._compared(found, described)
            telling = [
                place
                for place, text in enumerate(found.texts)
                if len(text) >= _SHORTEST_TEXT and found.languages[place] == "sv"
            ]
            for start in range(0, len(telling), _TEXTS_AT_ONCE):
                yield [found.project(place) for place in telling[start : start + _TEXTS_AT_ONCE]]
            self._rows += len(found)
            progress(self._rows)

    def _plain(self, rows: Batch | Columns, described: frozenset[str]) -> tuple[Batch, PlainRows | None]:
        """Map the plain ones of some rows at once, and return the others."""
        if isinstance(rows, Batch):
            if len(rows.rows) < _WORTH_COLUMNS:
                return rows, None
            self._reader.begin_once(rows)
        # Imported here: polars takes longer to start than a short list to read.
        from kg.columns.plain import PlainMapper
        from kg.columns.section import Columns

        if self._plain_mapper is None or self._plain_table is not rows.table:
            programmes = self._tools.ontology.programmes
            self._plain_mapper = PlainMapper(
                self._reader, self._columns, rows.table.columns, programmes, self._tools.seat
            )
            self._plain_table = rows.table
        columns = Columns.of(rows) if isinstance(rows, Batch) else rows
        if not self._plain_mapper.usable:
            return (rows if isinstance(rows, Batch) else columns.at(range(len(columns)))), None
        plain = self._plain_mapper.mapped(columns, described)
        return columns.at(plain.others), plain

    def _add_plain(self, plain: PlainRows, owners: pl.Series) -> None:
        self._blocks.add_sorted(plain.written.numbered(owners))
        self._derived.add_sorted(plain.written.derived)
        self._regions |= plain.regions
        self._rows += len(plain.written.text)
        self._personal += plain.personal

    def _add(self, rows: Rows, owners: Sequence[int]) -> None:
        for owner, (key, _, before, after) in zip(owners, self._columns.blocks(rows), strict=True):
            self._blocks.add(Record(f"{key}>", before.decode(), after.decode(), owner))
        for key, lines in self._columns.derived(rows, self._tools.seat):
            self._derived.add(Record(f"{key}>", lines))
        self._regions.update(str(region) for region in rows.columns.get("region", ()) if region is not None)
        self._regions.update(str(part.value) for some in rows.several.get("region", {}).values() for part in some)

    def _compared(self, rows: Rows, described: frozenset[str]) -> None:
        if described.isdisjoint(rows.keys):
            return
        for place, key in enumerate(rows.keys):
            if key in described:
                project = rows.project(place)
                single = tuple((fact.name, str(fact.value)) for fact in project.facts)
                values = dict(single)
                # Where its owner was read first depends on who read what.
                owner = project.owner and replace(project.owner, line=rows.numbers[place])
                self._listed.append(
                    ListedProject(key, values.get("identifier", ""), values.get("title", ""), single, owner)
                )
