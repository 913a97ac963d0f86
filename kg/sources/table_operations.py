"""Tells the rows of a list that name an operation from notes, totals, repeated headings and damaged codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kg.sources.table_cells import SHORTENED
from kg.sources.table_columns import Cells
from kg.sources.table_headings import folded
from kg.sources.table_problems import Problems

_ORDINARY = re.compile(r"[\w./-]*?\d[\w./-]*")
"""A code in which nothing is odd: it has a digit and no spaces."""
_ALL_ORDINARY = re.compile(rf"(?:{_ORDINARY.pattern}\n)*+")
_TOTALS = frozenset(
    """total|totals|totalt|totalsumma|summa|delsumma|mellansumma|summa totalt|sum|sum total|grand total|subtotal|
    sub-total|summe|zwischensumme|gesamt|gesamtsumme|insgesamt|i alt|yhteensä|razem|suma|suma total|total general|
    total général|sous-total|totaal|subtotaal|totale|subtotale|celkem|spolu|ukupno|skupaj|összesen|
    kokku|kopā|iš viso|σύνολο|общо""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""What stands in place of a code or name where a row sums up the others."""
_FEWEST = 2


def are_operations(
    cells: Cells, printed: Sequence[str], is_diary_number: Callable[[str], bool], problems: Problems
) -> list[bool]:
    """Return for each row whether it names an operation, and report why others do not.

    Args:
        cells: the rows.
        printed: the code of each row, or in a list without codes the words that tell it apart, between strokes.
        is_diary_number: whether a code is surely one of an operation, whatever else its row says.
        problems: where to report.
    """
    together = "\n".join(printed) + "\n"
    if together.count("\n") == len(printed) and _ALL_ORDINARY.fullmatch(together):
        return [True] * len(printed)
    found = [_ORDINARY.fullmatch(code) is not None for code in printed]
    judge = _Judge(cells, is_diary_number, problems)
    return [ordinary or judge.is_operation(place, printed[place]) for place, ordinary in enumerate(found)]


class _Judge:
    """Looks at single rows whose code is odd."""

    def __init__(self, cells: Cells, is_diary_number: Callable[[str], bool], problems: Problems) -> None:
        self._cells, self._is_diary_number, self._problems = cells, is_diary_number, problems
        self._headings = frozenset(folded(column.heading) for column, _ in cells.columns)
        self._numbered = cells.has("identifier")
        self._column = next((column.heading for column, _ in cells.named("identifier")), "")

    def is_operation(self, place: int, code: str) -> bool:
        """Return whether a row names an operation, and report it if not."""
        word, _, rest = code.partition("|")
        if not code:
            return self._left_out(place, "no-identifier", "the row has no code of an operation; it was left out")
        if self._numbered and SHORTENED.fullmatch(code):
            message = "a spreadsheet has shortened this code, so that its last digits are lost; the row was left out"
            return self._left_out(place, "shortened-code", message, code)
        filled = [each.strip("\ufeff ") for _, printed in self._cells.columns if (each := printed[place].strip())]
        known = sum(folded(each) in self._headings for each in filled)
        if known >= _FEWEST and 2 * known >= len(filled):
            return self._left_out(place, "repeated-headings", "the row repeats the headings; it was left out", word)
        if self._sums_up(word, rest):
            return self._left_out(place, "total-row", "the row sums up others; it was left out", word)
        if len(filled) == 1 and not self._is_diary_number(code):
            message = "only one cell of the row is understood, like a note or the title of a section; it was left out"
            return self._left_out(place, "lone-cell", message, word)
        return True

    def _sums_up(self, word: str, rest: str) -> bool:
        first = word.casefold().split(maxsplit=1)[:1]
        # A project may be called "Summa summarum"; then it has an owner or a day.
        return word.casefold() in _TOTALS or (not rest.strip("|") and not _TOTALS.isdisjoint(first))

    def _left_out(self, place: int, rule: str, message: str, value: str = "") -> bool:
        row = self._cells.numbers[place]
        self._problems.add(rule, message, sheet=self._cells.sheet, row=row, column=self._column, value=value)
        return False
