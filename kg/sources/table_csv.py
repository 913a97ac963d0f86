"""Reads the rows of a CSV file one after the other, whatever its size: encoding, delimiter, quoting.

UTF-8 is the encoding unless a byte order mark or the mapping file says another. Where the first rows are not UTF-8, one
of the usual encodings of Windows is taken if it gives nothing but letters and known signs, and that is reported: names
must not turn into noise without a word. A byte that does not fit is an error with its line.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from kg.values import ValueProblem

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 1_000_000
"""In characters; a longer one means a quotation mark that is never closed."""
MOST_BROKEN_ROWS = 100
HEAD_ROWS = 40
"""Rows in which the headings must stand."""
ROWS_AT_ONCE = 2_000
"""Rows that are read together: many enough for work by column, few enough to stay in the cache of the processor."""
_LONGEST_LINE = 16_000_000  # in bytes
_HEAD = 65_536
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR_LINE = "sep="
_OF_WINDOWS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1257")
_LATIN = _OF_WINDOWS[:2]
_UNDECODED = re.compile("[\udc80-\udcff]")
_KNOWN_SIGNS = frozenset("\u00a0–—‘’‚“”„…•·«»§°´€£½×®")


class Row(NamedTuple):
    """A row of a list: the line or row on which it begins, counted from 1, and the text of its cells.

    `problem` is the rule that the row breaks as a whole, empty where it breaks none.
    """

    number: int
    cells: list[str]
    problem: str = ""


class Stretch(NamedTuple):
    """Rows that follow each other: the line on which each begins, and the cells of each.

    `problem` is the rule that a row breaks as a whole, which then stands alone.
    """

    numbers: list[int]
    rows: list[list[str]]
    problem: str = ""


class UnreadableTable(ValueProblem):
    """A file breaks off being a table at `line` (0: as a whole); `rule` and text say how."""

    def __init__(self, line: int, value: str, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.line, self.value = line, value


class CsvRows:
    """Iterates over the rows of a CSV file.

    Once `width`, the number of cells of a row, has been set, a row of several lines that has another number of cells
    is taken for a quotation mark left open: its first line is a broken row, and reading goes on with the next line.

    Raises (while iterating):
        UnreadableTable: a byte does not fit the encoding, or quotation marks are left open everywhere.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self.width: int | None = None
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._broken = self._undecoded = 0

    def __iter__(self) -> Iterator[Row]:
        for numbers, rows, problem in self.stretches():
            for number, cells in zip(numbers, rows, strict=True):
                yield Row(number, cells, problem)

    def stretches(self) -> Iterator[Stretch]:
        """Yield all rows, many at once; the first stretches are short, so that `width` can be set in time."""
        # The limit of the csv module is for the whole process; this only ever raises it.
        csv.field_size_limit(max(LONGEST_CELL, csv.field_size_limit()))
        first = yield from self._quick_stretches()
        if first is not None:
            lines = self._wide_lines() if self._encoding == "utf-16" else self._lines()
            source = islice(lines, first - 1, None)
            while first is not None:
                first = yield from self._careful_stretches(source, first)

    def _quick_stretches(self) -> Generator[Stretch, None, int | None]:
        """Yield rows as long as nothing is wrong; return the line from which to read with care."""
        number, size = 1, HEAD_ROWS
        with self._path.open(encoding=self._encoding, newline="\n") as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            while True:
                rows: list[list[str]] = []
                failed = read_into(rows, reader, size)
                if not rows:
                    return number if failed else None
                spans = spans_of(rows, None if failed else reader.line_num - number + 1)
                if spans is None:
                    return number
                fitting = self._fitting(rows, spans)
                numbers = list(accumulate(spans[:fitting], initial=number))
                following = numbers.pop()
                own = slice(int(number == 1 and _is_separator_line(rows[0], self._delimiter)), fitting)
                yield Stretch(numbers[own], rows[own])
                if failed or fitting < len(rows):
                    return following
                number, size = following, ROWS_AT_ONCE if own.start == 0 else own.start

    def _fitting(self, rows: Sequence[Sequence[str]], spans: Sequence[int]) -> int:
        """Return how many rows come before the first one of several lines that has not as many cells as it should."""
        if self.width is None or len(rows) == sum(spans):
            return len(rows)
        pairs = enumerate(zip(rows, spans, strict=True))
        return next((place for place, (row, span) in pairs if span > 1 and len(row) != self.width), len(rows))

    def _careful_stretches(self, source: Iterator[str], first: int) -> Generator[Stretch, None, int | None]:
        """Yield the rows from line `first` on; return the line on which to begin again if one is broken."""
        record, number = self._record, first
        try:
            for cells in csv.reader(self._recorded(source), delimiter=self._delimiter):
                spanned = len(record)
                if self._undecoded and _UNDECODED.search("".join(cells)):
                    yield Stretch([number], [[]], "wrong-encoding")
                    number += spanned
                    record.clear()
                    continue
                if spanned > 1 and self.width is not None and len(cells) != self.width:
                    yield self._broken_row(number)
                    return number + 1
                if number > 1 or not _is_separator_line(cells, self._delimiter):
                    yield Stretch([number], [cells])
                number += spanned
                record.clear()
        except csv.Error:
            yield self._broken_row(number)
            return number + 1
        return None

    def _broken_row(self, line: int) -> Stretch:
        self._broken += 1
        if self._broken > MOST_BROKEN_ROWS:
            message = f"more than {MOST_BROKEN_ROWS} rows have a quotation mark left open: is the delimiter right?"
            raise UnreadableTable(line, "", "broken-quoting", message)
        self._again.extendleft(reversed(self._record[1:]))
        self._record.clear()
        return Stretch([line], [[]], "broken-quoting")

    def _recorded(self, source: Iterator[str]) -> Iterator[str]:
        """Yield lines, those to be read again first, and remember them until their row is whole."""
        record, again = self._record.append, self._again
        while again:
            line = again.popleft()
            record(line)
            yield line
        for line in source:
            record(line)
            yield line

    def _lines(self) -> Iterator[str]:
        encoding, proven = self._encoding, False
        with self._path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), start=1):
                if len(line) == _LONGEST_LINE:
                    raise UnreadableTable(number, "", "not-a-table", f"a line has more than {_LONGEST_LINE} bytes")
                try:
                    text = line.decode(encoding)
                    proven = proven or not text.isascii()
                except UnicodeDecodeError as error:
                    self._undecoded += 1
                    # Letters that can be read show that the file is UTF-8, and that these lines are damaged.
                    if not proven or not encoding.startswith("utf-8") or self._undecoded > MOST_BROKEN_ROWS:
                        raise _wrong_encoding(number, line[error.start], encoding) from error
                    text = line.decode(encoding, "surrogateescape")
                yield text
                if number == 1 and encoding == "utf-8-sig":
                    encoding = "utf-8"

    def _wide_lines(self) -> Iterator[str]:
        done = 0
        with self._path.open(encoding="utf-16", newline="") as file:
            try:
                for line in file:
                    done += 1
                    yield line
            except UnicodeDecodeError as error:
                raise _wrong_encoding(done + 1, error.object[error.start], "utf-16") from error


def read_into(rows: list[list[str]], reader: Iterator[list[str]], size: int) -> bool:
    """Read the next rows, at most `size`, and return whether something is wrong behind them."""
    try:
        rows.extend(islice(reader, size))
    except (csv.Error, UnicodeDecodeError):
        return True
    return False


def spans_of(rows: Sequence[Sequence[str]], lines: int | None) -> list[int] | None:
    """Return over how many lines each row goes, `lines` in all if that is known; None if this cannot be told."""
    if lines == len(rows):
        return [1] * len(rows)
    spans = [1 + "".join(row).count("\n") for row in rows]
    return spans if lines in (None, sum(spans)) else None


def _wrong_encoding(line: int, byte: int, encoding: str) -> UnreadableTable:
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    message = f'the file is not {shown}; name its encoding in a mapping file, such as encoding = "cp1252"'
    return UnreadableTable(line, f"byte 0x{byte:02x}", "wrong-encoding", message)


def _is_separator_line(cells: list[str], delimiter: str) -> bool:
    line = delimiter.join(cells).casefold()
    return line.startswith(_SEPARATOR_LINE) and len(line) <= len(_SEPARATOR_LINE) + 1


def encoding_of(path: Path, declared: str | None) -> str:
    """Return the encoding of a file: the one of its byte order mark, else the declared one, else UTF-8.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    return marked or declared or "utf-8"


def guessed_encoding(path: Path, fit: Callable[[str, str], tuple[int, int]]) -> str | None:
    """Return the encoding of Windows in which the beginning of a file makes most sense, None where it is UTF-8 or none.

    Args:
        path: the file.
        fit: whether the language of the headings goes with an encoding, and how many headings are known; greatest best,
            of equal ones the most common encoding is taken.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        possible = {name: fit(head.decode(name), name) for name in _OF_WINDOWS if makes_sense(head, name)}
        # Any byte is a letter of some other script: only headings in a language that it writes prove such an encoding.
        proven = [name for name, (by_language, _) in possible.items() if by_language or name in _LATIN]
        return max(proven, key=lambda name: possible[name], default=None)
    return None


def makes_sense(head: bytes, encoding: str) -> bool:
    """Return whether bytes read in an encoding give nothing but letters and known signs beyond ASCII."""
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(sign.isalpha() or sign in _KNOWN_SIGNS for sign in set(text) if not sign.isascii())


def delimiter_of(path: Path, encoding: str, score: Callable[[list[list[str]]], int]) -> str:
    """Return the delimiter under which `score` finds most in the first rows; the usual ones are tried.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD).decode(encoding, errors="replace")
    first = head.split("\n", 1)[0].strip().casefold()
    if first.startswith(_SEPARATOR_LINE) and len(first) == len(_SEPARATOR_LINE) + 1:
        return first[-1]
    return max(DELIMITERS, key=lambda delimiter: _found(head, delimiter, score))


def _found(head: str, delimiter: str, score: Callable[[list[list[str]]], int]) -> tuple[int, int]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(head.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        return (0, 0)
    return score(rows), max((len(row) for row in rows), default=0)
