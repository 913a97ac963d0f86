"""The Parquet tables of a release open in DuckDB and polars, which find the same in them with no help from us."""

from __future__ import annotations

import duckdb
import polars
import pytest

from tests.release.conftest import Made

TABLES = ("projects", "owners", "methods", "uses")


@pytest.mark.parametrize("name", TABLES)
def test_duckdb_and_polars_read_the_same_rows(made: Made, name: str) -> None:
    path = made.folder / f"tables/{name}.parquet"
    frame = polars.read_parquet(path)
    with duckdb.connect() as database:
        found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
        columns = [each[0] for each in found.description or ()]
        rows = found.fetchall()

    assert columns == frame.columns
    assert len(rows) == frame.height > 0
    assert [str(row[0]) for row in rows] == [str(row[0]) for row in frame.iter_rows()]


def test_both_compute_with_typed_columns_and_lists(made: Made) -> None:
    path = made.folder / "tables/projects.parquet"
    question = "SELECT count(*), min(startDate), sum(totalBudget), sum(len(method)) FROM read_parquet(?)"
    with duckdb.connect() as database:
        by_duckdb = database.execute(question, [str(path)]).fetchone()
    column = polars.col
    by_polars = polars.scan_parquet(path).select(
        polars.len(), column("startDate").min(), column("totalBudget").sum(), column("method").list.len().sum()
    )

    assert by_duckdb == by_polars.collect().row(0)
    assert by_duckdb[0] == 5
    assert by_duckdb[3] >= 5
