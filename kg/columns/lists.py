"""Reads and maps one list of operations: all that the joining of a build needs, with no row left in memory."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.columns.spill import NOBODY, Record, Spill
from kg.columns.text import ColumnMapping
from kg.model import MethodUse, Notice, OwnerMention, Project, Source
from kg.ontology import Ontology
from kg.sources.files import SourceFile
from kg.sources.table import ListFile
from kg.sources.table_csv import UnreadableTable
from kg.sources.table_headings import Headings
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problems
from kg.sources.table_rows import RowReader, Rows
from kg.triples import Mapping

Extract = Callable[[Project], Sequence[MethodUse]]
"""Finds the methods in the text of a project."""
_TEXTS_AT_ONCE = 200
"""Texts that travel to another process together."""
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
class MappedList:
    """One list read and mapped.

    `mentions` are the distinct owners, whose places in it the blocks name; `lines` are the statements about the list
    and about codes that no scheme holds, without graph; `derived` holds lines, without graph, of what follows.
    """

    source: Source
    graph: str
    rows: int
    mentions: tuple[OwnerMention, ...]
    blocks: Spill
    derived: Spill
    lines: tuple[str, ...]
    uses: tuple[ListUse, ...]
    listed: tuple[ListedProject, ...]
    regions: frozenset[str]
    notices: tuple[Notice, ...]
    personal: int


@dataclass(frozen=True, slots=True)
class UnreadList:
    """A file that is no list, with the reasons."""

    name: str
    notices: tuple[Notice, ...]


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


def uses_of(projects: Iterable[Project], mapping: Mapping, extract: Extract) -> list[ListUse]:
    """Return the uses of methods that the texts of some projects prove."""
    return [
        ListUse(project.key, method, role, lines)
        for project in projects
        for method, role, lines in mapping.project(project, extract(project)).uses
    ]


def map_list(
    file: SourceFile,
    tools: ListTools,
    scratch: Path,
    *,
    described: frozenset[str] = frozenset(),
    progress: Callable[[int], None] = lambda rows: None,
) -> MappedList | UnreadList:
    """Read and map a list.

    Args:
        file: where it is.
        tools: what it is read with.
        scratch: a folder for what does not fit into memory; it must live as long as the result.
        described: the keys of projects that pages describe; what rows say about these is kept for comparison.
        progress: called now and then with the number of rows read.
    """
    problems = Problems(file.name)
    try:
        with file.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        source = Source(file.key, file.name, digest, "list")
        with _collector_paused():
            return _Mapper(file, source, tools, problems, scratch).mapped(described, progress)
    except UnreadableTable as problem:
        notice = Notice(file.name, problem.line, problem.value, problem.rule, f"{problem}; the file was left out")
    except OSError as error:
        notice = Notice(file.name, 0, "", "unreadable-file", f"{error.strerror}; skipped")
    return UnreadList(file.name, (notice, *problems.notices()))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the collector of cycles from looking through millions of rows that hold none: a fifth of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Mapper:
    """Maps one list, batch by batch."""

    def __init__(self, file: SourceFile, source: Source, tools: ListTools, problems: Problems, scratch: Path) -> None:
        self._tools, self._source, self._problems = tools, source, problems
        self._file = ListFile(
            file.path, Headings(tools.ontology.fields, tools.columns.columns), tools.columns, problems
        )
        self._reader = RowReader(tools.ontology, tools.mapping.codes, source, tools.columns, problems)
        self._columns = ColumnMapping(tools.mapping, source)
        self._blocks = Spill(scratch / f"{file.key}.blocks")
        self._derived = Spill(scratch / f"{file.key}.derived")
        self._numbers: dict[int, int] = {}
        self._mentions: list[OwnerMention] = []
        self._uses: list[ListUse] = []
        self._listed: list[ListedProject] = []
        self._regions: set[str] = set()
        self._rows = 0

    def mapped(self, described: frozenset[str], progress: Callable[[int], None]) -> MappedList:
        layouts: set[str] = set()
        for uses in self._spread(self._texts(described, layouts, progress)):
            self._uses.extend(uses)
        source = replace(self._source, layout=min(layouts, key=lambda layout: (layout == "list", layout)))
        return MappedList(
            source=source,
            graph=self._columns.graph,
            rows=self._rows,
            mentions=tuple(self._mentions),
            blocks=self._blocks,
            derived=self._derived,
            lines=(*self._tools.mapping.source(source), *sorted(self._columns.concepts)),
            uses=tuple(self._uses),
            listed=tuple(self._listed),
            regions=frozenset(self._regions),
            notices=self._problems.notices(),
            personal=self._reader.personal,
        )

    def _spread(self, shards: Iterable[Sequence[Project]]) -> Iterator[Sequence[ListUse]]:
        if self._tools.spread is not None:
            return self._tools.spread(shards)
        return (uses_of(projects, self._tools.mapping, self._tools.extract) for projects in shards)

    def _texts(
        self, described: frozenset[str], layouts: set[str], progress: Callable[[int], None]
    ) -> Iterator[list[Project]]:
        """Map all rows, and yield those whose text may name methods, some at a time."""
        for batch in self._file.batches():
            found = self._reader.read(batch)
            layouts.add(batch.table.layout)
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
        for key, mention, before, after in self._columns.blocks(rows):
            owner = NOBODY if mention is None else self._number(mention)
            self._blocks.add(Record(f"{key}>".encode(), before, after, owner))
        for key, lines in self._columns.derived(rows, self._tools.seat):
            self._derived.add(Record(f"{key}>".encode(), lines.encode()))
        self._regions.update(str(region) for region in rows.columns.get("region", ()) if region is not None)

    def _number(self, mention: OwnerMention) -> int:
        # Equal cells give one and the same object, and all are kept here, so its address is a name for it.
        number = self._numbers.get(id(mention))
        if number is None:
            number = self._numbers[id(mention)] = len(self._mentions)
            self._mentions.append(mention)
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
