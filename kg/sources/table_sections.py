"""Cuts a long CSV file into sections of whole rows, and reads each of them without the others.

Where a row ends is guessed by counting quotation marks, and proved by reading: a section whose last row does not end
with it, or that holds anything that needs a careful look, is irregular, and its file has to be read as a whole.
"""

from __future__ import annotations

import csv
from codecs import lookup
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.sources.table_csv import LONGEST_CELL, ROWS_AT_ONCE, Stretch, read_into, spans_of

if TYPE_CHECKING:
    from kg.sources.table import Batch, Table

SECTION_BYTES = 16 * 1024 * 1024
"""At most, about: many enough rows that what is done once for each section does not count, few enough for memory."""
_PARTS_OF_REST = 4
"""Sections become smaller towards the end of a file, to this part of what is left, so that workers end together."""
_FARTHEST_END = 1024 * 1024
"""In bytes; if no row ends so far behind, quotation marks stand inside cells, where counting them tells nothing."""
_PLAIN_ENCODINGS = ("utf-8", "ascii", "cp125", "iso8859", "koi8", "mac-")
"""Beginnings of names of encodings in which line ends and quotation marks are single bytes that mean nothing else."""
_LINE_END, _QUOTE = ord("\n"), ord('"')
_END = "\x02end of the section\x03"


class IrregularSection(Exception):
    """Where the rows of a section end cannot be told from it alone."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the beginning of a CSV file tells: how to read it, its table, the line of its first row, its first rows."""

    encoding: str
    delimiter: str
    table: Table
    line: int
    sample: Batch


@dataclass(frozen=True, slots=True)
class Section:
    """Bytes of a file from `start` to before `end`; its first row stands on `line`."""

    start: int
    end: int
    line: int


def can_be_cut(encoding: str) -> bool:
    """Return whether line ends and quotation marks can be found in the bytes of a text.

    >>> can_be_cut("UTF8"), can_be_cut("latin-1"), can_be_cut("utf-16")
    (True, True, False)
    """
    return lookup(encoding).name.startswith(_PLAIN_ENCODINGS)


def cut(path: Path, line: int, size: int = SECTION_BYTES) -> Iterator[Section]:
    """Yield sections that hold a file from `line` on; work begins while the rest is being cut.

    They have about `size` bytes, and towards the end down to a quarter of that.

    Raises (while iterating):
        OSError: the file cannot be read.
    """
    # Imported here: what it needs takes longer to start than a short list to read.
    from kg.sources.table_signs import count, signs_of

    with path.open("rb") as file:
        for _ in range(line - 1):
            file.readline()
        start, whole = file.tell(), path.stat().st_size
        while block := file.read(max(1, min(size, max(size, whole - start) // _PARTS_OF_REST))):
            signs = signs_of(block)
            lines, quotes = count(signs, _LINE_END), count(signs, _QUOTE) if b'"' in block else 0
            lines += _to_end_of_row(file, quotes % 2)
            yield Section(start, file.tell(), line)
            start, line = file.tell(), line + lines


def _to_end_of_row(file: BinaryIO, quoted: int) -> int:
    """Go to where a row ends, and return how many lines ended on the way; `quoted` is 1 within quotation marks."""
    start = file.tell()
    lines = 0
    while line := file.readline(_FARTHEST_END):
        lines += line.endswith(b"\n")
        quoted ^= line.count(b'"') % 2
        if not quoted and line.endswith(b"\n"):
            return lines
        if file.tell() - start > _FARTHEST_END:
            file.seek(start)
            return int(file.readline().endswith(b"\n"))
    return lines


def stretches(data: bytes, encoding: str, delimiter: str, width: int, line: int) -> Iterator[Stretch]:
    """Yield the rows of a section; `width` is the number of cells of a row, `line` where the first one stands.

    Raises (while iterating):
        IrregularSection: the last row does not end with the section, or a row needs a careful look.
    """
    csv.field_size_limit(max(LONGEST_CELL, csv.field_size_limit()))
    text = TextIOWrapper(BytesIO(data), encoding.removesuffix("-sig"), newline="\n")
    # If the last row is open, it takes the line behind the section into itself.
    reader = csv.reader(chain(text, (_END,)), delimiter=delimiter)
    read, ended = 0, False
    while not ended:
        rows: list[list[str]] = []
        if read_into(rows, reader, ROWS_AT_ONCE) or not rows:
            raise IrregularSection
        ended = rows[-1] == [_END]
        if ended:
            rows.pop()
        spans = spans_of(rows, reader.line_num - read - ended)
        if spans is None or any(span > 1 and len(row) != width for row, span in zip(rows, spans, strict=True)):
            raise IrregularSection
        read = reader.line_num
        if rows:
            yield Stretch(list(accumulate(spans[:-1], initial=line)), rows)
            line += sum(spans)
