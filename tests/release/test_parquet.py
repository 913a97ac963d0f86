from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars

from kg.build import build
from kg.export import Source
from kg.export.tables import TABLES
from kg.export.things import Things
from kg.release.parquet import DISAGREEMENTS, parquet_files
from kg.resources import folder
from kg.store import open_build
from kg.vocabulary import Names
from tests import two_currencies
from tests.network import small


def test_where_sources_disagree_the_preferred_value_stands_and_the_column_is_named(tmp_path: Path) -> None:
    page = folder("seeds") / "003_4a321260ebd1fd8b.txt"
    (tmp_path / "pages").mkdir()
    shutil.copy(page, tmp_path / "pages" / "a.txt")
    text = page.read_text("utf-8").replace("2026-03-31", "2026-06-30")
    (tmp_path / "pages" / "b.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "pages"], tmp_path / "build", workers=1)
    with open_build(tmp_path / "build") as store:
        parquet_files(store, Source(store).things, tmp_path / "tables")

    (row,) = polars.read_parquet(tmp_path / "tables/projects.parquet").to_dicts()
    assert row["endDate"] == date(2026, 3, 31)
    assert row[DISAGREEMENTS] == ["endDate"]
    assert row["startDate"] == date(2023, 3, 31)
    assert sorted(row["source"]) == ["a.txt", "b.txt"]


def test_the_amounts_of_a_row_are_in_its_currency(tmp_path: Path) -> None:
    with open_build(two_currencies.built(tmp_path)) as store:
        parquet_files(store, Source(store).things, tmp_path / "tables")

    one, other = polars.read_parquet(tmp_path / "tables/projects.parquet").sort("iri").to_dicts()
    assert (one["currency"], one["grantedSupport"], one["euContribution"]) == ("SEK", 14131094, None)
    assert {"currency", "euContribution", "endDate"} <= set(one[DISAGREEMENTS])
    assert (other["currency"], other["grantedSupport"], other["euContribution"]) == ("EUR", None, 900000)
    assert other[DISAGREEMENTS] == []


def test_tables_without_rows_have_all_their_columns(tmp_path: Path) -> None:
    with small.store(tmp_path) as store:
        found = parquet_files(store, Things([], Names(store.base)), tmp_path / "tables")

    for table, path in zip(TABLES, found, strict=True):
        frame = polars.read_parquet(path)
        assert frame.columns == [*(column.name for column in table.columns), DISAGREEMENTS]
        assert frame.height == 0
