"""Numbers the owners that the rows of a list name: batch by batch, then over all parts of the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.columns.owner_keys import owner_key
from kg.columns.spill import NOBODY
from kg.sources.table_rows import Rows

if TYPE_CHECKING:
    import polars as pl


class Met:
    """The owners that a part of a list names, in the order of its lines; one that several batches name comes again."""

    def __init__(self) -> None:
        self._number = 0
        self._batches: list[pl.DataFrame] = []

    def add(self, rows: Rows, plain: pl.DataFrame | None) -> tuple[list[int], pl.Series]:
        """Number the owners of a batch; return the number for each row, and for each owner of its `plain` rows.

        `plain` has the `key` and the first `line` of each owner of these, None where they name nobody.
        """
        # Imported here: it takes longer to start than a short list to read.
        import polars as pl

        of_rows, own = _owners(rows)
        tables = [_table(own)] if plain is None else [plain, _table(own)]
        # Each line is of one row, and an owner comes first where the first line is.
        met = pl.concat(tables).with_row_index("place").filter(pl.col("key").is_not_null()).sort("line")
        self._batches.append(met.select("key", "line"))
        numbers = pl.Series([NOBODY], dtype=pl.Int32).new_from_index(0, sum(map(len, tables)))
        numbers.scatter(met["place"], range(self._number, self._number + len(met)))
        self._number += len(met)
        before = len(numbers) - len(own)
        of_own = [*numbers[before:].to_list(), NOBODY]
        return [of_own[place] for place in of_rows], numbers[:before]

    def owners(self) -> pl.DataFrame:
        """Return the `key` of each owner and the `line` on which it comes first in its batch, by number."""
        import polars as pl

        return pl.concat([_table({}), *self._batches])


def _owners(rows: Rows) -> tuple[list[int], dict[str, int]]:
    """Return for each row which owner it names (-1: nobody), and the key of each with the line on which it is first."""
    first: dict[str, int] = {}
    places: dict[str, int] = {}
    # Equal cells give one and the same object.
    known = {id(None): -1}
    for mention, line in zip(rows.owners, rows.numbers, strict=True):
        if mention is not None and id(mention) not in known:
            key = owner_key(mention)
            first.setdefault(key, line)
            known[id(mention)] = places.setdefault(key, len(places))
    return [known[id(mention)] for mention in rows.owners], first


def _table(owners: dict[str, int]) -> pl.DataFrame:
    import polars as pl

    types = {"key": pl.String, "line": pl.Int64}
    return pl.DataFrame({"key": list(owners), "line": list(owners.values())}, schema=types)


def joined_owners(parts: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, list[pl.Series]]:
    """Return the distinct owners of all parts of a list, in their order, and what the numbers of each part mean."""
    import polars as pl

    from kg.columns.plain_cells import first_of_each

    together = pl.concat([_table({}), *parts], rechunk=True)
    first, which = first_of_each(together["key"])
    numbers, start = pl.Series(which, dtype=pl.Int32), 0
    found: list[pl.Series] = []
    for part in parts:
        found.append(numbers[start : start + len(part)])
        start += len(part)
    return together[first], found
