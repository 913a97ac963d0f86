"""Reads small lists for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl

from kg import ontology
from kg.model import Notice, Project, Source
from kg.sources.table import ListFile
from kg.sources.table_headings import Headings
from kg.sources.table_mapping import ListMapping, read_mapping
from kg.sources.table_problems import Problems
from kg.sources.table_rows import RowReader, Rows
from kg.triples import Mapping


@cache
def terms() -> ontology.Ontology:
    return ontology.load()


@cache
def mapping() -> Mapping:
    return Mapping(terms())


@dataclass(frozen=True)
class ReadList:
    """A list, read."""

    batches: list[Rows]
    layouts: set[str]
    notices: tuple[Notice, ...]
    personal: int

    @property
    def projects(self) -> list[Project]:
        return [project for rows in self.batches for project in rows.projects()]

    @property
    def rules(self) -> list[tuple[str, int, str]]:
        return [(notice.rule, notice.line, notice.value) for notice in self.notices]


def read(path: Path, columns: ListMapping | None = None) -> ReadList:
    """Read a list file; its source has the key `list`."""
    columns = columns or ListMapping()
    problems = Problems(path.name)
    source = Source("list", path.name, "0" * 64, "list")
    reader = RowReader(terms(), mapping().codes, source, columns, problems)
    opened = ListFile(path, Headings(terms().fields, columns.columns), columns, problems)
    layouts, batches = set(), []
    for batch in opened.batches():
        layouts.add(batch.table.layout)
        batches.append(reader.read(batch))
    return ReadList(batches, layouts, problems.notices(), reader.personal)


def write_text(path: Path, *rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows of cells that need no quotation marks."""
    path.write_text("".join(f"{delimiter.join(row)}\n" for row in rows), encoding=encoding, newline="")
    return path


def write_xlsx(path: Path, *rows: Sequence[object], sheet: str = "Projekt") -> Path:
    """Write rows of cells into the only sheet of a workbook."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def mapping_of(tmp_path: Path, text: str) -> ListMapping:
    """Return what a mapping file with this text says."""
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, terms())
