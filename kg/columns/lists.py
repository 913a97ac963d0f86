"""Puts the shards of one list together: all that the joining of a build needs, with no row left in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.columns.merged import Merged
from kg.columns.met import joined_owners
from kg.columns.owner_keys import mention_at
from kg.columns.shard import ListedProject, ListTools, ListUse, MappedShard, ShardMapper, collector_paused
from kg.model import Notice, OwnerMention, Source
from kg.sources.files import SourceFile
from kg.sources.table import ListFile
from kg.sources.table_csv import UnreadableTable
from kg.sources.table_headings import Headings
from kg.sources.table_problems import Problems
from kg.sources.table_rows import RowReader
from kg.triples import Mapping

if TYPE_CHECKING:
    import polars as pl

    from kg.columns.spill import Runs


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
    blocks: Merged
    derived: Merged
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


class MergedList:
    """A list that grows by its shards, which come in the order of their rows; `rows` is the number of rows so far."""

    def __init__(self, problems: Problems) -> None:
        self.rows = self._personal = 0
        self._problems = problems
        self._blocks: list[Runs] = []
        self._owners: list[pl.DataFrame] = []
        self._derived = Merged()
        self._concepts: set[str] = set()
        self._layouts: set[str] = set()
        self._regions: set[str] = set()
        self._uses: list[ListUse] = []
        self._listed: list[ListedProject] = []

    def add(self, shard: MappedShard) -> None:
        """Add the next shard; its problems are included too."""
        self._problems.include(shard.problems)
        self._add_rows(shard)

    def _add_rows(self, shard: MappedShard) -> None:
        self._blocks.append(shard.blocks)
        self._owners.append(shard.owners)
        self._derived.add(shard.derived)
        self.rows += shard.rows
        self._personal += shard.personal
        self._concepts |= shard.concepts
        self._layouts |= shard.layouts
        self._regions |= shard.regions
        self._uses += shard.uses
        self._listed += shard.listed

    def mapped(self, mapping: Mapping, described: Source) -> MappedList:
        """Return the whole list, from a source that is `described` but for its layout."""
        layout = min(self._layouts, key=lambda each: (each == "list", each))
        source = replace(described, layout=layout)
        owners, numbers = joined_owners(self._owners)
        blocks = Merged()
        for runs, own in zip(self._blocks, numbers, strict=True):
            blocks.add(runs, own)
        with collector_paused():
            mentions = tuple(map(mention_at, owners["line"].to_list(), owners["key"].to_list()))
        return MappedList(
            source=source,
            graph=mapping.graph(source),
            rows=self.rows,
            mentions=mentions,
            blocks=blocks,
            derived=self._derived,
            lines=(*mapping.source(source), *sorted(self._concepts)),
            uses=tuple(self._uses),
            listed=tuple(self._listed),
            regions=frozenset(self._regions),
            notices=self._problems.notices(),
            personal=self._personal,
        )

    def whole(self, shard: MappedShard, mapping: Mapping, described: Source) -> MappedList:
        """Return the list whose only shard this is, and whose problems are told already."""
        self._add_rows(shard)
        return self.mapped(mapping, described)


def described_source(file: SourceFile) -> Source:
    """Return the description of a list file as a source.

    Raises:
        OSError: the file cannot be read.
    """
    with file.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return replace(named_source(file), sha256=digest)


def named_source(file: SourceFile) -> Source:
    """Return what is known of a list file as a source before its bytes have been read."""
    return Source(file.key, file.name, "", "list")


def unread(file: SourceFile, error: UnreadableTable | OSError, problems: Problems) -> UnreadList:
    """Return why a file is no list, with what was wrong in it before."""
    if isinstance(error, OSError):
        notice = Notice(file.name, 0, "", "unreadable-file", f"{error.strerror}; skipped")
    else:
        notice = Notice(file.name, error.line, error.value, error.rule, f"{error}; the file was left out")
    return UnreadList(file.name, (notice, *problems.notices()))


def map_list(
    file: SourceFile,
    tools: ListTools,
    scratch: Path,
    *,
    described: frozenset[str] = frozenset(),
    progress: Callable[[int], None] = lambda rows: None,
) -> MappedList | UnreadList:
    """Read and map a list as a whole.

    Args:
        file: where it is.
        tools: what it is read with.
        scratch: a folder for the statements; it must live as long as the result.
        described: the keys of projects that pages describe; what rows say about these is kept for comparison.
        progress: called now and then with the number of rows read.
    """
    problems = Problems(file.name)
    try:
        source = described_source(file)
        headings = Headings(tools.ontology.fields, tools.columns.columns)
        opened = ListFile(file.path, headings, tools.columns, problems)
        reader = RowReader(tools.ontology, tools.mapping.codes, source, tools.columns, problems)
        mapper = ShardMapper(source, tools, reader, problems)
        shard = mapper.mapped(opened.batches(), scratch / file.key, described, progress)
        return MergedList(problems).whole(shard, tools.mapping, source)
    except (UnreadableTable, OSError) as error:
        return unread(file, error, problems)
