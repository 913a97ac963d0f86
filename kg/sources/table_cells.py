"""Cells as text: what a spreadsheet holds typed, as it would be printed, and HTML in a cell as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_CELL_END = re.compile(r"(?<=[^\s<>])\s*</t[dh]\s*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>|</?(?:div|tr|table|blockquote|section|article|dl|dt|dd)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|ul|ol|h[1-6])\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_ENDS = re.compile(r"[ \t\xa0]*(?:\r\n|[\r\n\x0b\x0c\x85\u2028\u2029])[ \t\xa0]*")
_SPACES = re.compile(r"[ \t\xa0]{2,}")
_MANY_BREAKS = re.compile(r"\n{3,}")
_EXCEL_ERRORS = frozenset(("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"))
_MARKS = ('="', "'")
_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_AS_TEXT = re.compile(r"'[\d=+-][^']*")
SHORTENED = re.compile(r"\d(?:[.,]\d*)?E\+\d+")
"""A number as spreadsheets write it where it is long: digits may be lost."""
_EXACT = 1e15
"""From here on a spreadsheet does not keep all digits of a whole number."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]|_x00[01][0-9A-F]_")


def cell_text(value: Cell) -> str:
    """Return a cell of a spreadsheet as it would be printed in full.

    >>> cell_text(117.0), cell_text(0.1 + 0.2), cell_text(1234.567), cell_text(True), cell_text(None)
    ('117', '0.3', '1234.5670', 'true', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case datetime():
            return value.date().isoformat()
        case float():
            return _float_text(value)
        case _:
            return str(value)


def _float_text(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if abs(value) >= _EXACT:
        # Digits are lost, which may be those that tell two codes apart: written so that it is seen.
        return f"{value:.14E}"
    # Fifteen digits are what a spreadsheet shows; more would print the noise of binary fractions.
    text = format(Decimal(format(value, ".15g")), "f")
    whole, _, fraction = text.partition(".")
    # A point before three digits would be read as a sign of thousands.
    return f"{whole}.{fraction}0" if len(fraction) == 3 else text


def unmarked(text: str) -> str:
    """Return a cell without the signs by which a spreadsheet is told to leave a text as it is.

    >>> unmarked('="22-045-S01"'), unmarked("'0123"), unmarked("'t Veld")
    ('22-045-S01', '0123', "'t Veld")
    """
    if not text.startswith(_MARKS):
        return text
    bare = text.strip()
    if match := _AS_FORMULA.fullmatch(bare):
        return match[1].replace('""', '"')
    return bare[1:] if _AS_TEXT.fullmatch(bare) else text


def all_unmarked(texts: list[str]) -> list[str]:
    """Return cells without such signs."""
    together = "\n".join(texts)
    if together.startswith(_MARKS) or '\n="' in together or "\n'" in together:
        return [unmarked(text).strip() for text in texts]
    return texts


def is_error(text: str) -> bool:
    """Return whether a cell holds one of the error values of a spreadsheet."""
    return text in _EXCEL_ERRORS


def plain_text(text: str) -> str:
    r"""Return the text of a cell without HTML and with its paragraphs as lines.

    >>> plain_text("<p>Mål &amp; medel</p><ul><li>Ett</li><li>Två</li></ul>")
    'Mål & medel\n\n- Ett\n- Två'
    >>> plain_text("Lön < 20 000 kr & pension")
    'Lön < 20 000 kr & pension'
    """
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    if "&" in text:
        # Entities are sometimes escaped twice.
        text = _ENTITY.sub(_character, _ENTITY.sub(_character, text))
    if not text.isprintable() or "  " in text:
        text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
        text = _MANY_BREAKS.sub("\n\n", _SPACES.sub(" ", text))
    return text.strip()


def _without_tags(text: str) -> str:
    text = _CELL_END.sub(" ", _LINE_ENDS.sub(" ", _UNSEEN.sub(" ", text)))
    text = _ITEM.sub("\n- ", _BREAK.sub("\n", _PARAGRAPH.sub("\n\n", text)))
    text = _TAG.sub("", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def is_empty(cells: Iterable[str]) -> bool:
    """Return whether no cell of a row holds anything but white space."""
    return not any(cell.strip() for cell in cells)
