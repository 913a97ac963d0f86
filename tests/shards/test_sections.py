"""A list read in sections, by however many workers, gives what it gives as a whole, to the byte."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import generations, reading_lists
from kg.build import Report, build
from kg.sources import table_sections
from kg.sources.table_csv import CsvRows
from kg.sources.table_sections import IrregularSection, cut, stretches
from kg.store import DATA, REPORT
from tests.benchmarks.rows import BANK, KOHESIO, bank_rows, kohesio_rows

_WHOLE = 1 << 40
_CELLS = st.lists(st.lists(st.text('a"\n,é', max_size=6), min_size=3, max_size=3), min_size=1, max_size=30)
_RAW = st.lists(st.text('a"\n,é', max_size=8), max_size=30)


def _read(path: Path, size: int) -> list[tuple[int, list[str]]]:
    data = path.read_bytes()
    return [
        pair
        for part in cut(path, 1, size)
        for numbers, rows, _ in stretches(data[part.start : part.end], "utf-8", ",", 3, part.line)
        for pair in zip(numbers, rows, strict=True)
    ]


def _read_whole(path: Path) -> list[tuple[int, list[str]]]:
    rows = CsvRows(path, "utf-8", ",")
    rows.width = 3
    return [(row.number, row.cells) for row in rows]


@given(_CELLS, st.integers(1, 40))
def test_sections_of_a_sound_file_hold_its_rows(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], size: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(cells)

    assert _read(path, size) == _read_whole(path)
    assert [row for _, row in _read(path, size)] == cells


@settings(max_examples=200)
@given(_RAW, st.integers(1, 40))
def test_sections_of_a_broken_file_hold_its_rows_or_say_that_they_do_not(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    try:
        found = _read(path, size)
    except IrregularSection:
        return
    assert found == _read_whole(path)


def test_quotation_marks_inside_cells_do_not_hide_the_ends_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_sections, "_FARTHEST_END", 1000)
    path = tmp_path / "list.csv"
    path.write_text("".join(f'{row},a 5" pipe,{"x" * 20}\n' for row in range(101)), "utf-8")

    assert len(list(cut(path, 1, 500))) > 2
    assert _read(path, 500) == _read_whole(path)


def _kohesio(path: Path, number: int) -> Path:
    """Write rows with all that can be wrong in a list: in the first ones, in the last ones, and everywhere."""
    chance = random.Random(7)
    place = {heading: index for index, heading in enumerate(KOHESIO)}
    rows = list(kohesio_rows(number, texts=True))
    for index, row in enumerate(rows):
        if index % 3 == 0:
            row[place["Operation_Start_Date"]] = f"31/02/{1000 + index}"
        if index % 5 == 0:
            row[place["Programme_Code"]] = chance.choice(("2014PL05M9OP001", "2021DE05SFPR001", "nonsense"))
        if index % 7 == 0:
            row[place["Beneficiary_Local_Identifier"]] = "850101-1232"
        if index % 11 == 0:
            row[place["Operation_Local_Identifier"]] = rows[index // 2][place["Operation_Local_Identifier"]]
        if index % 13 == 0:
            row[place["Operation_Summary_Programme_Language"]] = (
                "Deltagarna får stöd enligt metoden Supported Employment\ni hela länet."
            )
        if index % 17 == 0:
            row[place["Specific_Objective_Label"]] = f"Mål {index % 34}"
    rows.insert(number // 2, ["a", "ragged", "row"])
    rows.insert(number - 3, [""] * len(KOHESIO))
    return _written(path, KOHESIO, rows)


def _written(path: Path, headings: Iterable[str], rows: Iterable[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def _built(report: Report) -> tuple[bytes, object]:
    folder = generations.current(report.folder)
    return (folder / DATA).read_bytes(), json.loads((folder / REPORT).read_text("utf-8"))


def test_one_process_two_and_the_whole_give_the_same_bytes_and_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [_kohesio(tmp_path / "rows.csv", 650), _written(tmp_path / "bank.csv", BANK, bank_rows(50))]
    monkeypatch.setattr(table_sections, "SECTION_BYTES", _WHOLE)
    whole = build(sources, tmp_path / "whole", workers=1)
    monkeypatch.setattr(table_sections, "SECTION_BYTES", 40_000)
    mapped: list[int] = []
    kept = reading_lists._map_section

    def noted(job: Any) -> Any:
        mapped.append(job.number)
        return kept(job)

    monkeypatch.setattr(reading_lists, "_map_section", noted)
    one = build(sources, tmp_path / "one", workers=1)
    monkeypatch.setattr(reading_lists, "_map_section", kept)
    two = build(sources, tmp_path / "two", workers=2)

    assert mapped == list(range(len(mapped)))
    assert len(mapped) > 10
    assert _built(one) == _built(two) == _built(whole)
    assert one.counts["rows"] == 700
    assert one.counts["uses"] > 10
    assert set(one.rules) >= {"impossible-date", "unknown-programme", "person-number", "ragged-row"}
    assert any("other values in" in notice.message for notice in one.notices)


@pytest.mark.parametrize("fault", ["quote", "encoding"])
def test_a_list_with_a_fault_in_a_later_section_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = _written(tmp_path / "bank.csv", BANK, bank_rows(200))
    data = path.read_bytes().split(b"\n")
    data[120:121] = (
        [b'22-999-S01,"open', b"and,more"] if fault == "quote" else [data[120].replace(b"V\xc3\xa4g", b"V\xe4g")]
    )
    path.write_bytes(b"\n".join(data))
    page = Path(__file__).parent.parent / "pages" / "23-032-S01.txt"
    monkeypatch.setattr(table_sections, "SECTION_BYTES", _WHOLE)
    whole = build([path, page], tmp_path / "whole", workers=1)
    monkeypatch.setattr(table_sections, "SECTION_BYTES", 4_000)
    two = build([path, page], tmp_path / "two", workers=2)

    assert _built(two) == _built(whole)
    assert ({"quote": "broken-quoting", "encoding": "wrong-encoding"}[fault] in two.rules) is True
