"""Reads the amounts of a list with the currency in which each is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Scalar
from kg.sources.table_columns import Cells
from kg.sources.table_headings import currency_in
from kg.sources.table_problems import Problems
from kg.sources.table_values import Amounts, TypedCells, read_currency
from kg.values import tidy

_AT_HOME = "SEK"
_WORDY = re.compile(r"[^\W\d_]|[€£]")


class Money:
    """Reads the amounts of one table; the cells of its `first` rows decide which decimal sign a column uses.

    The currency of an amount is the one that its cell names, else its heading, else a column of currencies, else
    `constant` of the mapping file; only of Swedish operations it is the crown where nothing says so.
    """

    def __init__(self, first: Cells, constant: str | None, problems: Problems) -> None:
        self._problems = problems
        self.typed = {column.place: Amounts(column.field.name, cells) for column, cells in first.named("money")}
        self.currencies = TypedCells(read_currency)
        self._constant = self.currencies[constant] if constant else None

    def of(self, cells: Cells, swedish: Sequence[bool | None]) -> dict[str, list[Scalar | None]]:
        """Return the columns of amounts and their currency; a row has one currency, that of its first amount."""
        rows = range(len(cells))
        found: dict[str, list[Scalar | None]] = {}
        chosen: list[Scalar | None] = [None] * len(cells)
        fallback = self._fallback(cells, swedish)
        for column, printed in cells.named("money"):
            typed = self.typed[column.place]
            amounts = typed.column(printed)
            self._problems.cells(cells, column, printed, typed.failed)
            signs = _signs(printed)
            if column.currency and signs:
                signs = {cell: sign for cell, sign in signs.items() if not _agree(cell, sign, column.currency)}
            currencies = [column.currency] * len(cells) if column.currency else fallback
            if column.field.name not in found and not signs and _all_in(amounts, currencies, chosen):
                # As in nearly every list: all rows have the amount, in the currency of the amounts before it.
                found[column.field.name], chosen = amounts, list(currencies)
                continue
            target = found.setdefault(column.field.name, [None] * len(cells))
            for row in rows:
                amount = amounts[row]
                if amount is None or target[row] is not None:
                    continue
                currency = column.currency or signs.get(printed[row]) or currencies[row]
                if column.currency and printed[row] in signs:
                    said = " ".join(printed[row].split())
                    self._report(cells, row, column.heading, "contradicting-currency", _CONTRADICTING, said)
                elif currency is None:
                    self._report(cells, row, column.heading, "no-currency", _NO_CURRENCY)
                elif chosen[row] not in (None, currency):
                    self._report(cells, row, column.heading, "second-currency", _SECOND_CURRENCY)
                else:
                    chosen[row], target[row] = currency, amount
        return {**found, "currency": chosen}

    def _fallback(self, cells: Cells, swedish: Sequence[bool | None]) -> list[Scalar | None]:
        default = [self.default(at_home) for at_home in swedish]
        printed = cells.first("currency")
        if not cells.has("currency"):
            return default
        named = self.currencies.column(printed)
        for column, column_cells in cells.named("currency"):
            self._problems.cells(cells, column, column_cells, self.currencies.failed)
        return [one or other for one, other in zip(named, default, strict=True)]

    def default(self, swedish: bool | None) -> Scalar | None:
        """Return the currency of amounts where neither cell nor heading says one, None where it cannot be told."""
        return self._constant or (_AT_HOME if swedish else None)

    def _report(self, cells: Cells, row: int, heading: str, rule: str, message: str, value: str = "") -> None:
        self._problems.add(rule, message, sheet=cells.sheet, row=cells.numbers[row], column=heading, value=value)


_NO_CURRENCY = "nothing says in which currency the amount is; left out (a mapping file can say it)"
_SECOND_CURRENCY = "the amount is in another currency than the first one of the row; left out"


_CONTRADICTING = "the cell names another currency than the heading; left out"
_NORDIC = frozenset(("SEK", "DKK", "NOK", "ISK"))


def _agree(cell: str, sign: str, currency: str) -> bool:
    """Return whether the currency that a cell names may be that of its heading; several call theirs a crown."""
    return sign == currency or (sign == _AT_HOME and currency in _NORDIC and _AT_HOME not in cell.upper())


def _all_in(
    amounts: Sequence[Scalar | None], currencies: Sequence[Scalar | None], chosen: Sequence[Scalar | None]
) -> bool:
    """Return whether every row has an amount and a currency, the same as before where one is `chosen` already."""
    return (
        None not in amounts and None not in currencies and (chosen == currencies or chosen.count(None) == len(chosen))
    )


def _signs(printed: Sequence[str]) -> dict[str, str]:
    """Return the currency of every cell that names one."""
    together = "".join(printed)
    # Looking at digits takes a twentieth of looking for letters.
    if together.replace(".", "").replace(" ", "").isdecimal() or not _WORDY.search(together):
        return {}
    lettered = {cell for cell in printed if not cell.replace(".", "").isdecimal() and cell}
    return {cell: currency for cell in lettered if (currency := currency_in(tidy(cell)))}
