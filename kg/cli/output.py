"""Writes rows of plain values to standard output as a table, CSV, TSV or JSON, and messages to standard error.

CSV and TSV hold the data exactly as they are: a value that begins with ``=`` is not altered to protect
spreadsheets, because a file that changes its values is of no use to a program. Import such a file as text.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from kg.errors import UsageError
from kg.writing import finished

if TYPE_CHECKING:
    from rich.table import Table

Plain = str | int | float | Decimal | bool | date | None
"""A value that every row format can show."""
RowFormat = Literal["table", "csv", "tsv", "json"]
ROW_FORMATS: tuple[RowFormat, ...] = ("table", "csv", "tsv", "json")
PIPED_WIDTH = 120
"""Width of a table, in characters, when standard output is not a terminal and COLUMNS is not set."""


def row_format(name: str) -> RowFormat:
    """Return the row format of that name.

    Raises:
        UsageError: there is no such format.

    >>> row_format("csv")
    'csv'
    """
    for known in ROW_FORMATS:
        if name == known:
            return known
    raise UsageError(f"unknown format {name!r}; rows are written as {', '.join(ROW_FORMATS)}")


def write_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[Plain]],
    fmt: str = "table",
    *,
    title: str | None = None,
    stream: TextIO | None = None,
) -> None:
    """Write `rows` under the headings `columns` in the format `fmt`; `title` heads a table and is left out elsewhere.

    Raises:
        UsageError: `fmt` is not one of `ROW_FORMATS`.
    """
    out = stream or sys.stdout
    match row_format(fmt):
        case "table":
            write_table(columns, list(rows), title=title, stream=out)
        case "csv":
            write_csv(columns, rows, out)
        case "tsv":
            write_tsv(columns, rows, out)
        case "json":
            write_json([dict(zip(columns, map(json_value, row), strict=True)) for row in rows], out)


def text(value: Plain) -> str:
    """Return `value` as text: true and false in lower case, decimals without an exponent, nothing for None.

    >>> text(True), text(Decimal("7.50")), text(None), text(date(2024, 6, 1))
    ('true', '7.50', '', '2024-06-01')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def json_value(value: Plain) -> str | int | float | bool | None:
    """Return `value` as JSON has it: whole decimals as integers, other decimals as numbers, dates as text.

    >>> json_value(Decimal("15935467")), json_value(Decimal("0.4")), json_value(date(2024, 6, 1))
    (15935467, 0.4, '2024-06-01')
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def write_json(value: object, stream: TextIO | None = None) -> None:
    """Write `value` as indented JSON, Swedish letters as they are."""
    out = stream or sys.stdout
    json.dump(value, out, ensure_ascii=False, indent=2)
    out.write("\n")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Plain]], stream: TextIO) -> None:
    """Write comma-separated values with a heading line, quoted where needed, one record a line."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([text(value) for value in row] for row in rows)


def write_tsv(columns: Sequence[str], rows: Iterable[Sequence[Plain]], stream: TextIO) -> None:
    r"""Write tab-separated values with a heading line; tabs, line ends and backslashes are written ``\t \n \r \\``."""
    escapes = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
    stream.write("\t".join(columns) + "\n")
    stream.writelines("\t".join(text(value).translate(escapes) for value in row) + "\n" for row in rows)


def write_table(
    columns: Sequence[str], rows: Sequence[Sequence[Plain]], *, title: str | None = None, stream: TextIO | None = None
) -> None:
    """Write a table that fits the terminal: columns of numbers to the right, long texts wrapped in their column."""
    from rich.console import Console

    out = stream or sys.stdout
    table = _table(columns, rows)
    if title:
        out.write(title + "\n\n")
    if out.isatty():
        Console(file=out, highlight=False).print(table)
        return
    # Piped text carries no styles and no padding at the line ends, so that files of it can be compared.
    buffer = StringIO()
    Console(file=buffer, width=_piped_width(), highlight=False, color_system=None).print(table)
    out.writelines(line.rstrip() + "\n" for line in buffer.getvalue().splitlines())


def _table(columns: Sequence[str], rows: Sequence[Sequence[Plain]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = _numeric([row[index] for row in rows])
        table.add_column(Text(column), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_safe(text(value))) for value in row))
    return table


def write_file(file: Path, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all, and say its name on standard error.

    Raises:
        InputError: it cannot be written.
    """
    with finished(file) as stream:
        stream.writelines(pieces)
    message(f"wrote {file}")


def message(line: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(line + "\n")


def _safe(cell: str) -> str:
    """Return the cell without control characters, with which a source could write anywhere on a terminal.

    >>> _safe("red \\x1b[31m")
    'red �[31m'
    """
    return cell if cell.isprintable() else "".join(c if c.isprintable() or c in "\n\u00a0" else "�" for c in cell)


def _numeric(values: Sequence[Plain]) -> bool:
    # By type and not by look: an organisation number or a diary number is a name and stands to the left.
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float | Decimal) for value in known)


def _piped_width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) > 0 else PIPED_WIDTH
