import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest

from kg.cli.output import Plain, write_rows
from kg.errors import UsageError

COLUMNS = ("project", "title", "participants", "budget", "important", "start")
ROWS: tuple[tuple[Plain, ...], ...] = (
    ("22-014-S05", '=HYPERLINK("x"), "Lumena"', 1600, Decimal("15935467"), False, date(2023, 3, 31)),
    ("2017-00082", "rad\tett\nrad [två]", None, Decimal("0.40"), True, None),
)


def written(fmt: str) -> str:
    stream = io.StringIO()
    write_rows(COLUMNS, ROWS, fmt, stream=stream)
    return stream.getvalue()


def test_csv_gives_every_value_back_as_it_is() -> None:
    assert list(csv.reader(io.StringIO(written("csv")))) == [
        list(COLUMNS),
        ["22-014-S05", '=HYPERLINK("x"), "Lumena"', "1600", "15935467", "false", "2023-03-31"],
        ["2017-00082", "rad\tett\nrad [två]", "", "0.40", "true", ""],
    ]


def test_tsv_escapes_what_would_break_a_line() -> None:
    assert written("tsv").splitlines()[2] == "2017-00082\trad\\tett\\nrad [två]\t\t0.40\ttrue\t"


def test_json_keeps_numbers_and_empty_values() -> None:
    assert json.loads(written("json"))[1] == {
        "project": "2017-00082",
        "title": "rad\tett\nrad [två]",
        "participants": None,
        "budget": 0.4,
        "important": True,
        "start": None,
    }


def test_table_aligns_numbers_to_the_right_and_leaves_no_trailing_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = written("table").splitlines()
    first = next(line for line in lines if "22-014-S05" in line)
    second = next(line for line in lines if "2017-00082" in line)

    assert first.index("15935467") + len("15935467") == second.index("0.40") + len("0.40")
    assert all(line == line.rstrip() and len(line) <= 100 for line in lines)


def test_table_prints_square_brackets_as_they_are() -> None:
    assert "[två]" in written("table")


@pytest.mark.parametrize("width", [80, 120])
def test_table_folds_long_words_instead_of_running_over(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    write_rows(["iri", "n"], [["https://example.org/" + "z" * 300, 5]], stream=stream)
    folded = stream.getvalue()

    assert max(map(len, folded.splitlines())) <= width
    assert folded.count("z") == 300


def test_a_title_heads_a_table() -> None:
    stream = io.StringIO()
    write_rows(["a"], [[1]], title="What they share", stream=stream)

    assert stream.getvalue().startswith("What they share\n")


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="unknown format 'xlsx'; rows are written as table, csv, tsv, json"):
        written("xlsx")
