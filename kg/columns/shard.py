"""Maps some rows of a list: a whole list or a part of it, with the same statements either way."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import Path

from kg.columns.spill import NOBODY, Record, Runs, Spill
from kg.columns.text import ColumnMapping
from kg.model import MethodUse, OwnerMention, Project, Source
from kg.ontology import Ontology
from kg.sources.table import Batch
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problem, Problems
from kg.sources.table_rows import RowReader, Rows
from kg.triples import Mapping

Extract = Callable[[Project], Sequence[MethodUse]]
"""Finds the methods in the text of a project."""
_TEXTS_AT_ONCE = 200
"""Texts that travel to another process together."""
_SHORTEST_TEXT = 20
"""In characters; a shorter summary names no method in a sentence."""
_OF_OWNERS = tuple(each.name for each in fields(OwnerMention) if each.name != "line")


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

    `owners` are the distinct owners, whose places in it the blocks name, as `owner_values` gives them, and `lines` the
    line on which each comes first; `problems` are all that were found, for the cap of values is one for the whole list.
    """

    rows: int
    layouts: frozenset[str]
    owners: tuple[tuple[object, ...], ...]
    lines: tuple[int, ...]
    blocks: Runs
    derived: Runs
    concepts: frozenset[str]
    uses: tuple[ListUse, ...]
    listed: tuple[ListedProject, ...]
    regions: frozenset[str]
    problems: tuple[Problem, ...]
    personal: int


owner_values: Callable[[OwnerMention], tuple[object, ...]] = attrgetter(*_OF_OWNERS)
"""Returns what a mention says of an owner wherever it stands; plain values travel ten times faster than mentions."""


def mention_at(line: int, values: tuple[object, ...]) -> OwnerMention:
    """Return the mention on `line` of which `owner_values` are known."""
    return OwnerMention(line=line, **dict(zip(_OF_OWNERS, values, strict=True)))  # type: ignore[arg-type]


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
    """Maps batches of a list, read by `reader`, which tells `problems`; its files are named after `place`."""

    def __init__(self, source: Source, tools: ListTools, reader: RowReader, problems: Problems, place: Path) -> None:
        self._tools, self._reader, self._problems = tools, reader, problems
        self._columns = ColumnMapping(tools.mapping, source)
        self._blocks, self._derived = (Spill(place.with_name(f"{place.name}.{end}")) for end in ("blocks", "derived"))
        self._known: dict[int, int] = {}
        self._kept: list[OwnerMention] = []
        self._owners: dict[tuple[object, ...], int] = {}
        self._lines: list[int] = []
        self._listed: list[ListedProject] = []
        self._regions: set[str] = set()
        self._layouts: set[str] = set()
        self._rows = 0

    def mapped(
        self,
        batches: Iterable[Batch],
        described: frozenset[str] = frozenset(),
        progress: Callable[[int], None] = lambda rows: None,
    ) -> MappedShard:
        """Return the batches mapped; what rows say about the projects `described` is kept for comparison."""
        before = self._reader.personal
        with collector_paused():
            uses = tuple(use for some in self._spread(self._texts(batches, described, progress)) for use in some)
        return MappedShard(
            rows=self._rows,
            layouts=frozenset(self._layouts),
            owners=tuple(self._owners),
            lines=tuple(self._lines),
            blocks=self._blocks.runs(),
            derived=self._derived.runs(),
            concepts=frozenset(self._columns.concepts),
            uses=uses,
            listed=tuple(self._listed),
            regions=frozenset(self._regions),
            problems=self._problems.told(),
            personal=self._reader.personal - before,
        )

    def _spread(self, shards: Iterable[Sequence[Project]]) -> Iterator[Sequence[ListUse]]:
        if self._tools.spread is not None:
            return self._tools.spread(shards)
        return (uses_of(projects, self._tools.mapping, self._tools.extract) for projects in shards)

    def _texts(
        self, batches: Iterable[Batch], described: frozenset[str], progress: Callable[[int], None]
    ) -> Iterator[list[Project]]:
        """Map all rows, and yield those whose text may name methods, some at a time."""
        for batch in batches:
            found = self._reader.read(batch)
            self._layouts.add(batch.table.layout)
            self._add(found)
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

    def _add(self, rows: Rows) -> None:
        for row, (key, mention, before, after) in enumerate(self._columns.blocks(rows)):
            owner = NOBODY
            if mention is not None:
                # Equal cells give one and the same object, and all are kept here, so its address is a name for it.
                known = self._known.get(id(mention))
                owner = self._number(mention, rows.numbers[row]) if known is None else known
            self._blocks.add(Record(f"{key}>".encode(), before, after, owner))
        for key, lines in self._columns.derived(rows, self._tools.seat):
            self._derived.add(Record(f"{key}>".encode(), lines.encode()))
        self._regions.update(str(region) for region in rows.columns.get("region", ()) if region is not None)

    def _number(self, mention: OwnerMention, line: int) -> int:
        self._kept.append(mention)
        # The reader may have met the owner in another part of the list, on another line.
        number = self._owners.setdefault(owner_values(mention), len(self._lines))
        if number == len(self._lines):
            self._lines.append(line)
        self._known[id(mention)] = number
        return number

    def _compared(self, rows: Rows, described: frozenset[str]) -> None:
        if described.isdisjoint(rows.keys):
            return
        for place, key in enumerate(rows.keys):
            if key in described:
                project = rows.project(place)
                single = tuple((fact.name, str(fact.value)) for fact in project.facts)
                values = dict(single)
                self._listed.append(
                    ListedProject(key, values.get("identifier", ""), values.get("title", ""), single, project.owner)
                )
