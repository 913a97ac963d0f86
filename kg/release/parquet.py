"""The tables of an export as Parquet files: typed columns, the same at every release.

A column of things or of several texts is a list. A column of numbers, days or truths, and the title and description,
hold one value: where sources disagree, the one that `kg conflicts` prefers, amounts in one currency a row. The list
`disagreements` names the columns of a row for which sources give several values, or an amount in another currency; all
of them are in the CSV table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kg.agreement import MONEY
from kg.conflicts import conflicts, settled
from kg.errors import InputError
from kg.export.tables import TABLES, Column, Table
from kg.export.things import Things
from kg.store import Store
from kg.vocabulary import project_key

if TYPE_CHECKING:
    import polars

DISAGREEMENTS = "disagreements"
_Preferred = dict[tuple[str, str], str | None]
_Cell = str | int | float | bool | date | Decimal | list[str] | None
_ALWAYS_ONE = frozenset(
    """iri title description name nameEn definition organisationNumber projectTitle quote matchedText matchRule role
    currency projectPhase call beneficiaryPlace beneficiaryPostcode identifier
    MethodUse.project MethodUse.method MethodUse.methodName Owner.ownerType""".split()
)
"""Columns of texts that hold one value a row in truth, some in one table only; so does the first column, the key."""
_TYPED = frozenset(("integer", "decimal", "date", "boolean"))
_BLOCK = 20_000
_DIGITS, _FRACTION = 20, 6


def parquet_files(store: Store, things: Things, folder: Path) -> list[Path]:
    """Write every table into `folder`, and return the paths of the files.

    Raises:
        InputError: a file cannot be written.
    """
    preferred: _Preferred = {
        (each.project, each.property.partition(":")[2]): each.value.value for each in conflicts(store)
    }
    for project, row in settled(store).items():
        if "currency" in row:
            preferred |= {(project, name): row[name].value if name in row else None for name in (*MONEY, "currency")}
    return [_write(table, things, preferred, folder) for table in TABLES]


def _write(table: Table, things: Things, preferred: _Preferred, folder: Path) -> Path:
    import polars

    path = folder / Path(table.file).with_suffix(".parquet").name
    schema = {column.name: _type(table, column) for column in table.columns} | {
        DISAGREEMENTS: polars.List(polars.String())
    }
    rows = things.of_class(table.kind)
    # Block by block, so that the plain Python values of a large table never stand in memory together.
    blocks = [
        polars.DataFrame(_columns(table, things, rows[start : start + _BLOCK], preferred), schema=schema)
        for start in range(0, max(1, len(rows)), _BLOCK)
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        polars.concat(blocks).write_parquet(path, compression="zstd", statistics=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}") from error
    return path


def _single(table: Table, column: Column) -> bool:
    names = {column.name, f"{table.kind}.{column.name}"}
    return column is table.columns[0] or column.datatype in _TYPED or not names.isdisjoint(_ALWAYS_ONE)


def _type(table: Table, column: Column) -> polars.DataType:
    import polars

    types: Mapping[str, polars.DataType] = {
        "integer": polars.Int64(),
        "decimal": polars.Decimal(_DIGITS, _FRACTION),
        "date": polars.Date(),
        "boolean": polars.Boolean(),
    }
    if _single(table, column):
        return types.get(column.datatype, polars.String())
    return polars.List(polars.String())


def _columns(table: Table, things: Things, rows: Sequence[str], preferred: _Preferred) -> Mapping[str, list[_Cell]]:
    found: dict[str, list[_Cell]] = {column.name: [] for column in table.columns}
    disagreements: list[_Cell] = []
    for thing in rows:
        several = []
        for column in table.columns:
            values = list(dict.fromkeys(column.values(things, thing)))
            if not _single(table, column):
                found[column.name].append(values)
                continue
            place = (project_key(things.key(thing)), column.name)
            # An amount in another currency than that of the row is none of the row's, even if it is the only one.
            if len(values) > 1 or (values and column.name in MONEY and place in preferred):
                chosen = preferred.get(place)
                if values != [chosen]:
                    several.append(column.name)
                values = [chosen] if chosen is not None else []
            found[column.name].append(_value(values, column.datatype))
        disagreements.append(several)
    return {**found, DISAGREEMENTS: disagreements}


def _value(values: Iterable[str], datatype: str) -> _Cell:
    text = next(iter(values), None)
    if text is None:
        return None
    match datatype:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "boolean":
            return text in ("true", "1")
        case _:
            return text
