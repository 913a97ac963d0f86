"""Rows mapped by columns give exactly the statements that the same rows give one by one as projects."""

from __future__ import annotations

import csv
import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.columns import merged as merged_module
from kg.columns import spill
from kg.columns.lists import MappedList, map_list
from kg.columns.merged import Merged
from kg.columns.shard import ListTools, ListUse, uses_of
from kg.columns.spill import Record, Spill
from kg.columns.text import ColumnMapping
from kg.model import ROLES, MethodUse, Project
from kg.sources.files import find
from kg.sources.table_rows import Rows
from kg.triples import quads
from tests.benchmarks.rows import BANK, KOHESIO, write_csv
from tests.tables.reading import mapping, read, terms, write_xlsx

_WORDS = st.text(st.sampled_from('abå "\\<&;\n\t,0'), max_size=12)
CELLS = {
    "Operation_Local_Identifier": st.sampled_from(
        ("2021SE05SFPR001_23-017-S01", "2018/00076", "23-018-S02", "POWR/1 b", "2014PL05M9OP001_2018/00076", "x", "")
    ),
    "Operation_Name_English": _WORDS,
    "Operation_Name_Programme_Language": _WORDS,
    "Country": st.sampled_from(("", "Sweden", "Poland", "Belgium", "Atlantis")),
    "Postal_Code": st.sampled_from(("", "58220", "00-950", "SE-582 20")),
    "Operation_Start_Date": st.sampled_from(("", "01/08/2023", "2008-05-01", "45139", "31/02/2023")),
    "Operation_End_Date": st.sampled_from(("", "31/07/2026", "2020-01-01")),
    "Cofinancing_Rate": st.sampled_from(("", "40", "0.4", "1", "40%", "140")),
    "Total_Eligible_Expenditure_amount": st.sampled_from(("", "0", "12.50", "1 000", "1234.567", "7 kr", "-1")),
    "Total_Eligible_Expenditure_Currency": st.sampled_from(("", "EUR", "SEK", "shells")),
    "Project_EU_Budget": st.sampled_from(("", "5", "5.5", "€ 9")),
    "Beneficiary_Name": st.sampled_from(("", "Sala kommun", "SALA KOMMUN, Kontoret", "A & B", "Kim Exempel")),
    "Beneficiary_Local_Identifier": st.sampled_from(("", "212000-3005", "850101-1234", "1")),
    "Category_Of_Intervention": st.sampled_from(("", "117.0", "141", "999", "x", "141.0|142; 999 - x|14y")),
    "Specific_Objective_Label": st.sampled_from(("", "ESO4.7", "A1A", "2.1 Mål", "Vård", "A1A, A2A")),
    "Fund_Code": st.sampled_from(("", "ESF+", "ESF", "ERDF", "X")),
    "Programme_Code": st.sampled_from(("", "2021SE05SFPR001", "2021SE05SFPR", "2014PL05M9OP001", "2014SE16RFOP001")),
    "NUTS3_Code": st.sampled_from(("", "SE123", "PL911", "SE123;SE110|SE121", "SE11, Atlantis", "SE110, Uppsala län")),
    "NUTS3_Label": st.sampled_from(("", "Uppsala län", "Uppsala län; Kalmar län")),
    "LAU_Labels": st.sampled_from(("", "LINKÖPING", "Sala|Heby|Atlantis")),
    "Operation_Summary_English": _WORDS,
    "Operation_Summary_Programme_Language": _WORDS,
}


def _one_by_one(rows: Rows, columns: ColumnMapping) -> tuple[list[str], set[str], list[str]]:
    blocks: list[str] = []
    others: set[str] = set()
    derived: list[str] = []
    for project in rows.projects():
        lines = set(mapping().project(project, ()).lines.split("\n")) - set(mapping().source(project.source))
        subject = mapping().project_iri(project.key)
        own = {line for line in lines if line.startswith(subject)}
        blocks.append(quads(columns.graph, own))
        others |= lines - own
        derived.extend(sorted(mapping().derived(project)))
    return blocks, others, derived


def _agree(rows: Rows) -> None:
    columns = ColumnMapping(mapping(), rows.source)
    blocks, others, derived = _one_by_one(rows, columns)
    found = columns.blocks(rows)

    assert [(block.before + block.after).decode() for block in found] == blocks
    assert [block.owner for block in found] == list(rows.owners)
    assert columns.concepts == others
    owner = f" {mapping().predicate('owner')}"
    for block in found:
        assert all(line.split(" ", 1)[1] < owner[1:] for line in block.before.decode().splitlines())
        assert all(line.split(" ", 1)[1] > owner[1:] for line in block.after.decode().splitlines())
    lines = "".join(text for _, text in columns.derived(rows, lambda postcode: None))
    assert lines.splitlines() == derived


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6))
def test_columns_and_single_rows_give_the_same_statements(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("list") / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(CELLS))
        writer.writeheader()
        writer.writerows([{"Operation_Local_Identifier": "22-045-S01"}, *rows])
    for batch in read(path).batches:
        _agree(batch)


@pytest.mark.parametrize("shape", ["kohesio", "bank"])
def test_generated_lists_are_understood_and_mapped_alike(tmp_path: Path, shape: str) -> None:
    write_csv(tmp_path / "list.csv", shape, 300, texts=True)
    found = read(tmp_path / "list.csv")

    assert found.rules == []
    assert len({project.key for project in found.projects}) == 300
    for batch in found.batches:
        assert set(batch.columns) >= {"title", "startDate", "totalBudget", "programme", "fund"}
        assert all(owner is not None for owner in batch.owners)
        assert all(batch.texts)
        _agree(batch)


def test_a_spreadsheet_and_a_csv_file_of_one_list_give_the_same(tmp_path: Path) -> None:
    write_csv(tmp_path / "list.csv", "bank", 40, texts=True)
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    write_xlsx(tmp_path / "list.xlsx", *rows)
    text, sheet = read(tmp_path / "list.csv"), read(tmp_path / "list.xlsx")

    assert rows[0] == BANK
    assert len(KOHESIO) == 35
    assert (text.layouts, sheet.layouts) == ({"bank-csv"}, {"bank-xlsx"})
    assert [(p.key, p.text, {(f.name, f.value) for f in p.facts}) for p in text.projects] == [
        (p.key, p.text, {(f.name, f.value) for f in p.facts}) for p in sheet.projects
    ]


_TEXTS = st.text('aé>"\n', max_size=5)


@given(st.lists(st.tuples(st.text("aéb-.", max_size=3), _TEXTS, _TEXTS), max_size=30))
def test_what_is_spilt_comes_back_sorted(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[tuple[str, str, str]]
) -> None:
    records = [Record(key, before, after, place) for place, (key, before, after) in enumerate(blocks)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "RUN_BYTES", 500)
        patch.setattr(merged_module, "BLOCKS_AT_ONCE", 3)
        patch.setattr(merged_module, "_SAMPLED", 2)
        held = Spill(tmp_path_factory.mktemp("spill") / "blocks")
        for record in records:
            held.add(record)

        merged = Merged()
        merged.add(held.runs(), pl.Series([place + 7 for place in range(len(records))], dtype=pl.Int32))
        expected = [record._replace(owner=record.owner + 7) for record in sorted(records, key=lambda each: each.key)]
        frames = [frame.rows() for frame in merged.blocks("<")]
        found = [Record(*row) for rows in frames for row in rows]
        keys = [{key for key, *_ in rows} for rows in frames]
        assert [record.key for record in found] == [record.key for record in expected]
        assert sorted(found) == sorted(expected)
        assert sum(map(len, keys)) == len(set().union(*keys))


def test_the_texts_of_a_list_may_be_read_elsewhere_with_the_same_result(tmp_path: Path) -> None:
    write_csv(tmp_path / "rows.csv", "bank", 450, texts=True)
    file = find([tmp_path / "rows.csv"]).lists[0]
    shards: list[int] = []

    def extract(project: Project) -> list[MethodUse]:
        return [MethodUse("individual-placement-and-support", ROLES[0], project.text[:10], 0, 3, "IPS", "name", 0.9)]

    def spread(given: Iterable[Sequence[Project]]) -> Iterator[list[ListUse]]:
        for projects in given:
            shards.append(len(projects))
            yield uses_of(pickle.loads(pickle.dumps(projects)), mapping(), extract)

    here = map_list(file, ListTools(terms(), mapping(), extract), tmp_path)
    there = map_list(file, ListTools(terms(), mapping(), extract, spread=spread), tmp_path)

    assert isinstance(here, MappedList)
    assert isinstance(there, MappedList)
    assert here.uses == there.uses
    assert here.rows == there.rows == len(here.uses) == sum(shards) == 450
    assert max(shards) <= 200
