"""Reads the names and summaries of operations: HTML as plain text, personal data taken out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.model import Scalar
from kg.sources.labels import DESCRIPTION
from kg.sources.privacy import may_be_personal, scrub
from kg.sources.table_cells import plain_text
from kg.sources.table_columns import Cells
from kg.sources.table_problems import Problems
from kg.values import tidy

TITLES = ("title", "fieldEnglishTitle")
ENGLISH_TEXT = "fieldEnglishDescription"


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """Columns of names and summaries, the descriptions (empty where there is none), and the personal data taken out."""

    columns: dict[str, list[Scalar | None]]
    descriptions: list[str]
    removed: int


class _Cleaner:
    """Cleans the texts of some rows and counts what it takes out; `persons` are known by place of the row."""

    def __init__(self, persons: Mapping[int, tuple[str, ...]]) -> None:
        self._persons, self.removed = persons, 0

    def clean(self, cells: Sequence[str], *, one_line: bool) -> list[str]:
        """Return the cells as plain text."""
        # One look at all cells together tells what need not be looked for in each of them.
        together = "".join(cells)
        if not unicodedata.is_normalized("NFC", together):
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        if "<" in together or "&" in together or "  " in together or not together.isprintable():
            cells = [plain_text(cell) if cell else "" for cell in cells]
            if one_line:
                cells = [cell if cell.isprintable() else tidy(cell) for cell in cells]
        if self._persons or may_be_personal("\0".join(cells)):
            return [self._scrubbed(place, cell) if cell else "" for place, cell in enumerate(cells)]
        return list(cells)

    def _scrubbed(self, place: int, text: str) -> str:
        scrubbed = scrub(text, self._persons.get(place, ()))
        self.removed += scrubbed.removed
        return scrubbed.text


def read_texts(cells: Cells, persons: Mapping[int, tuple[str, ...]], problems: Problems) -> ReadTexts:
    """Return the texts of some rows."""
    cleaner = _Cleaner(persons)
    columns: dict[str, list[Scalar | None]] = {}
    for name in TITLES:
        if cells.has(name):
            columns[name] = [text or None for text in cleaner.clean(cells.first(name), one_line=True)]
    if cells.has(ENGLISH_TEXT):
        columns[ENGLISH_TEXT] = [text or None for text in cleaner.clean(cells.first(ENGLISH_TEXT), one_line=False)]
    descriptions = cleaner.clean(cells.first(DESCRIPTION), one_line=False)
    titles = [columns[name] for name in TITLES if name in columns]
    for place, row in enumerate(zip(*titles, strict=True)):
        if not any(row):
            message = "the row gives the operation no name"
            problems.add("no-title", message, sheet=cells.sheet, row=cells.numbers[place])
    return ReadTexts(columns, descriptions, cleaner.removed)
