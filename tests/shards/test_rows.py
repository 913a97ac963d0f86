"""Lists that are not cut into sections, such as workbooks, are mapped by the workers of a cluster all the same."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import openpyxl
import pytest

from kg import generations
from kg.build import Report, build
from kg.shards import OnCluster, Place, Shard, opening
from kg.shards.workers import Item, Result
from kg.sources.table import ListFile
from kg.store import DATA, REPORT
from tests.benchmarks.rows import BANK, KOHESIO, bank_rows, kohesio_rows


class Elsewhere:
    """Workers of another machine: what they are given and give goes through bytes."""

    shards: Place | None = None

    def __init__(self, url: str) -> None:
        self.place = Place(url)
        self.nquads: list[bytes] = []

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], what: str) -> Iterator[Result]:
        for item in items:
            result = pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(item)))))
            self.nquads += [result.nquads] if isinstance(result, Shard) else []
            yield result

    def close(self, *, whole: bool) -> None:
        self.place.remove()


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    rows = list(kohesio_rows(130, texts=True))
    rows[70][10] = "=1/0"
    for title, head, below in (("First", KOHESIO, rows[:90]), ("Odd", ("x",), [["y"]]), ("Last", KOHESIO, rows[90:])):
        sheet = book.create_sheet(title)
        for row in (head, *below):
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    book.save(path)


def _text(path: Path, rows: Iterable[Iterable[str]], encoding: str = "utf-8") -> None:
    path.write_text("".join(f"{';'.join(row)}\n" for row in (BANK, *rows)), encoding=encoding)


def _built(report: Report) -> tuple[bytes, object]:
    folder = generations.current(report.folder)
    return (folder / DATA).read_bytes(), json.loads((folder / REPORT).read_text("utf-8"))


def test_rows_of_whole_lists_are_mapped_elsewhere_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListFile._in_batches, "__defaults__", (40,))
    source = tmp_path / "in"
    source.mkdir()
    _workbook(source / "book.xlsx")
    rows = [[cell.replace(";", ",").replace("\n", " ") for cell in row] for row in bank_rows(100, 3, texts=True)]
    rows[60][1:] = ["nonsense"] * (len(BANK) - 1)
    _text(source / "wide.csv", rows, "utf-16")
    _text(source / "broken.csv", [*rows[:50], ['"', *rows[51][1:]], *rows[52:]])
    _text(source / "empty.csv", [])
    here = build([source], tmp_path / "here", workers=1)
    crew = Elsewhere(f"memory://{tmp_path}")
    monkeypatch.setattr(opening, "_workers", lambda wanted: crew)
    there = build([source], tmp_path / "there", workers=OnCluster("tcp://somewhere", crew.place.url))

    assert _built(there) == _built(here)
    assert here.counts["sources_read"] == 3
    assert here.counts["uses"] > 0
    assert {"empty-list", "sheet-without-headings", "formula-without-result"} <= here.rules.keys()
    lines = {line for data in crew.nquads for line in data.splitlines()}
    assert len(crew.nquads) >= 10
    for name, number in (("Project", here.counts["projects"]), ("MethodUse", here.counts["uses"])):
        end = f"#type> <https://w3id.org/esf-kg/ontology#{name}> ".encode()
        assert len({line.split(b" ")[0] for line in lines if end in line}) == number
