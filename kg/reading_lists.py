"""Reads and maps the lists of a build: long CSV files in sections that workers share, all others as a whole.

Workers of a cluster map the rows of these too, as they are read.
"""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg import ontology
from kg.columns.carried import Carried, CarriedUses, carried, carried_uses, taken, uses_in
from kg.columns.lists import MappedList, MergedList, UnreadList, described_source, map_list, named_source, unread
from kg.columns.shard import ListTools, ListUse, MappedShard, ShardMapper, uses_of
from kg.joining import MappedPage
from kg.model import Project, Source
from kg.places import Places
from kg.reading import Progress, tools
from kg.shards import Place, Shard, Workers
from kg.sources import table_sections
from kg.sources.files import SourceFile
from kg.sources.table import Batch, ListFile
from kg.sources.table_csv import UnreadableTable
from kg.sources.table_formats import is_workbook
from kg.sources.table_headings import Headings
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problems
from kg.sources.table_rows import RowReader
from kg.sources.table_sections import IrregularSection, Opening, Section, can_be_cut, cut

if TYPE_CHECKING:
    from kg.columns.section import Columns


@dataclass(frozen=True, slots=True)
class ListJob:
    """How the lists of a build are read: under which base, with which mapping file, with what on disk."""

    base: str
    columns: ListMapping
    scratch: Path


def mapped_lists(
    found: Sequence[SourceFile], job: ListJob, pages: Iterable[MappedPage], workers: Workers, progress: Progress
) -> Iterator[MappedList | UnreadList]:
    """Yield each list, read and mapped, in order; rows about projects of `pages` are kept for comparison."""
    described = frozenset(page.project for page in pages) if found else frozenset()
    reading = _Reading(job, described, workers, lambda rows: progress("reading rows", rows, 0))
    yield from map(reading.read, found)


@dataclass(frozen=True, slots=True)
class _Head:
    """What all sections of a list share, or all rows of a sheet."""

    source: Source
    base: str
    columns: ListMapping
    opening: Opening
    described: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A section of a file, and its bytes where workers cannot see the file."""

    section: Section
    path: Path
    data: bytes | None


@dataclass(frozen=True, slots=True)
class _Cells:
    """Rows that have been read, and the line or row on which each begins."""

    numbers: list[int]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Job:
    """A part of a list to map, and where its head is, in a place or on disk."""

    place: Place | None
    head: str
    number: int
    part: _Cut | _Cells


class _Reading:
    """Reads the lists of one build."""

    def __init__(
        self, job: ListJob, described: frozenset[str], workers: Workers, progress: Callable[[int], None]
    ) -> None:
        self._job, self._described, self._workers, self._progress = job, described, workers, progress

    def read(self, file: SourceFile) -> MappedList | UnreadList:
        """Return a list read and mapped."""
        problems = Problems(file.name)
        try:
            if not is_workbook(file.path) and file.path.stat().st_size > table_sections.SECTION_BYTES // 4:
                in_sections = self._in_sections(file, problems)
                if in_sections is not None:
                    return in_sections
        except (UnreadableTable, OSError) as error:
            return unread(file, error, problems)
        if self._workers.place:
            try:
                return self._in_rows(file, Problems(file.name))
            except UnreadableTable:
                # Read once more, as one process does, so that the same is told of what came before the damage.
                pass
            except OSError as error:
                return unread(file, error, problems)
        each = replace(_tools(self._job.base, self._job.columns), spread=self._spread)
        return map_list(file, each, self._job.scratch, described=self._described, progress=self._progress)

    def _spread(self, texts: Iterable[Sequence[Project]]) -> Iterator[Sequence[ListUse]]:
        """Have workers look for methods in the texts of a list that is read as a whole."""
        shards = self._workers.map(_map_texts, ((self._job.base, some) for some in texts), "texts")
        return map(uses_in, shards)

    def _in_sections(self, file: SourceFile, problems: Problems) -> MappedList | None:
        """Return a list, None where it has to be read as a whole."""
        columns, each = self._job.columns, _tools(self._job.base, self._job.columns)
        opened = ListFile(file.path, Headings(each.ontology.fields, columns.columns), columns, problems)
        opening = opened.opening()
        if opening is None or not can_be_cut(opening.encoding):
            return None
        # Workers need no digest of the file; it is made beside them.
        source = named_source(file)
        reader = RowReader(each.ontology, each.mapping.codes, source, columns, problems)
        reader.begin(opening.sample)
        merged = MergedList(problems)
        head = _Head(source, self._job.base, columns, opening, self._described)
        with ThreadPoolExecutor(1) as beside, closing(self._shards(file, self._sections(file, head))) as shards:
            described = beside.submit(described_source, file)
            for shard in shards:
                if shard is None:
                    return None
                merged.add(shard)
                self._progress(merged.rows)
        if not merged.rows:
            return None
        opened.report_unmet()
        return merged.mapped(each.mapping, described.result())

    def _in_rows(self, file: SourceFile, problems: Problems) -> MappedList:
        """Return a list whose rows are read here and mapped by workers."""
        columns, each = self._job.columns, _tools(self._job.base, self._job.columns)
        source = described_source(file)
        reader = RowReader(each.ontology, each.mapping.codes, source, columns, problems)
        opened = ListFile(file.path, Headings(each.ontology.fields, columns.columns), columns, problems)
        merged = MergedList(problems)

        def jobs() -> Iterator[_Job]:
            table, head = None, ""
            for number, batch in enumerate(opened.batches()):
                if batch.table is not table:
                    table = batch.table
                    reader.begin(batch)
                    opening = Opening("", "", table, 0, batch)
                    head = self._written(file, _Head(source, self._job.base, columns, opening, self._described))
                yield _Job(self._workers.place, head, number, _Cells(batch.numbers, batch.rows))

        for shard in self._shards(file, jobs()):
            if shard is not None:
                merged.add(shard)
            self._progress(merged.rows)
        return merged.mapped(each.mapping, source)

    def _sections(self, file: SourceFile, head: _Head) -> Iterator[_Job]:
        place, where = self._workers.place, self._written(file, head)
        for number, section in enumerate(cut(file.path, head.opening.line, table_sections.SECTION_BYTES)):
            data = _bytes(file.path, section) if place else None
            yield _Job(place, where, number, _Cut(section, file.path, data))

    def _written(self, file: SourceFile, head: _Head) -> str:
        """Write a head where workers find it, and return its name there."""
        name, packed = f"{file.key}-{uuid.uuid4().hex}.head", pickle.dumps(head, pickle.HIGHEST_PROTOCOL)
        if self._workers.place:
            self._workers.place.write(name, packed)
            return name
        path = self._job.scratch / name
        path.write_bytes(packed)
        return str(path)

    def _shards(self, file: SourceFile, jobs: Iterable[_Job]) -> Generator[MappedShard | None, None, None]:
        """Yield the parts of a list, mapped."""
        derived = _tools(self._job.base, self._job.columns).mapping.derived_graph()
        path = self._job.scratch / f"{file.key}-{uuid.uuid4().hex}"
        for number, shard in enumerate(self._workers.map(_map_section, jobs, "rows")):
            here = path.with_name(f"{path.name}-{number:06d}")
            yield taken(shard, derived, here) if isinstance(shard, Shard) else shard


def _bytes(path: Path, section: Section) -> bytes:
    with path.open("rb") as file:
        file.seek(section.start)
        return file.read(section.end - section.start)


def _map_section(job: _Job) -> MappedShard | Shard[Carried] | None:
    """Map a part of a list, on a worker; None where it cannot be read without those before it.

    Where the worker does not see the folder of the build, it gives N-Quads.
    """
    head = _opened_head(job.place.url if job.place else "", job.head)
    with _folder(job) as folder:
        try:
            shard = head.mapped(job.part, folder / f"{job.head.rpartition('/')[2]}-{job.number:06d}")
        except IrregularSection:
            return None
        return carried(shard, head.source, head.mapping) if job.place else shard


@contextmanager
def _folder(job: _Job) -> Iterator[Path]:
    """Give the folder for the statements: beside the head, or on a machine of its own one that does not last."""
    if job.place is None:
        yield Path(job.head).parent
        return
    with TemporaryDirectory() as name:
        yield Path(name)


class _OpenedHead:
    """Maps the sections of one list; what it has once understood it remembers from section to section."""

    def __init__(self, head: _Head) -> None:
        self._head, self.source = head, head.source
        self._tools = _tools(head.base, head.columns)
        self.mapping = self._tools.mapping
        self._problems = Problems(head.source.name, most=None)
        terms = self._tools.ontology
        self._file = ListFile(
            Path(head.source.name), Headings(terms.fields, head.columns.columns), head.columns, self._problems
        )
        reader = RowReader(terms, self._tools.mapping.codes, head.source, head.columns, self._problems)
        reader.begin(head.opening.sample)
        self._mapper = ShardMapper(head.source, self._tools, reader, self._problems)

    def mapped(self, part: _Cut | _Cells, place: Path) -> MappedShard:
        """Return a part mapped, with its statements in files of the name `place`."""
        # What is wrong with the headings was told by who cut the list.
        self._problems.forget()
        opening = self._head.opening
        if isinstance(part, _Cells):
            rows: Iterable[Batch | Columns] = (Batch(opening.table, part.numbers, part.rows),)
        else:
            rows = self._section(part, opening)
        return self._mapper.mapped(rows, place, self._head.described)

    def _section(self, part: _Cut, opening: Opening) -> Iterable[Batch | Columns]:
        # Imported here: polars takes longer to start than a short list to read.
        from kg.columns.section import columns

        data, line = _bytes(part.path, part.section) if part.data is None else part.data, part.section.line
        whole = columns(data, opening, line)
        return self._file.section(opening, data, line) if whole is None else (whole,)


@lru_cache(maxsize=1)
def _opened_head(url: str, name: str) -> _OpenedHead:
    packed = Place(url).read(name) if url else Path(name).read_bytes()
    return _OpenedHead(pickle.loads(packed))


def _map_texts(shard: tuple[str, Sequence[Project]]) -> Shard[CarriedUses]:
    base, projects = shard
    with_ = tools(base)
    return carried_uses(uses_of(projects, with_.mapping, with_.uses), with_.mapping.graph(projects[0].source))


def _tools(base: str, columns: ListMapping) -> ListTools:
    with_, terms = tools(base), ontology.load(base)
    return ListTools(terms, with_.mapping, with_.uses, columns, _seats(base))


@lru_cache(maxsize=1)
def _seats(base: str) -> Callable[[str], str | None]:
    terms = ontology.load(base)
    places, names = Places(terms), terms.names

    def seat(postcode: str) -> str | None:
        place = places.place(postcode)
        if place is None or not place.municipality:
            return None
        return f"<{names.term('beneficiaryMunicipality')}> <{names.thing('region', place.municipality)}>"

    return seat
