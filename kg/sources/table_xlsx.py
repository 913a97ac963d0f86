"""Reads the rows of an XLSX file, after looking at its parts for what could do harm or mislead.

The values come from calamine, which is some twenty times faster than readers written in Python, keeps dates typed and
gives a formula as its stored result without ever computing one. What it does not guard against is looked for first:
parts that unpack to far more than a list needs, XML with a document type, cells at the far end of an empty sheet,
formulas without a stored result, links to other files (which stay unread).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from kg.sources.table_cells import cell_text
from kg.sources.table_csv import Row, UnreadableTable

LARGEST_UNPACKED = 1 << 30
"""In bytes, all parts together; a million rows of a list need about half of it."""
LARGEST_RATIO = 200
"""Unpacked to packed, for parts above a megabyte; sheets of real lists reach 10 to 30."""
MOST_CELLS = 40_000_000
"""In the rectangle from the first to the last cell of a sheet."""
_SMALL_PART = 1 << 20
_STEP = 1 << 20
_OVERLAP = 4096
_LAST_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_NO_RESULT = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>'
    rb"(?:\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]{1,20})"
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMES = (
    (_STRICT + b"spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, the cells (``B7``) that hold a formula without a stored result, those with an error and which.

    `merged` are the first and last cells of those that were merged.

    What is `hidden` and not wanted was not looked through.
    """

    name: str
    unresolved: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    merged: tuple[tuple[str, str], ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """An XLSX file that is safe to read; `links` counts its links to other files.

    `rewritten` is the workbook in the names that readers know, where it is of the strict kind.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    links: int
    rewritten: bytes | None = None

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield the rows of a sheet, numbered as the spreadsheet shows them.

        Raises:
            UnreadableTable: the sheet is damaged.
        """
        import python_calamine

        try:
            source = BytesIO(self.rewritten) if self.rewritten else str(self.path)
            with python_calamine.load_workbook(source) as book:
                found = book.get_sheet_by_name(sheet)
                # Columns before the first filled one are not given, rows before the first filled one are.
                margin = [""] * (found.start or (0, 0))[1]
                for number, cells in enumerate(found.iter_rows(), start=1):
                    yield Row(number, [*margin, *map(cell_text, cells)])
        except (python_calamine.CalamineError, ValueError) as error:
            raise UnreadableTable(0, sheet, "damaged-spreadsheet", f"the sheet cannot be read ({error})") from error


def open_workbook(path: Path, named: str | None = None) -> Workbook:
    """Return the workbook at `path`, looked through; hidden sheets only if they are `named`, for others stay unread.

    Raises:
        UnreadableTable: it is no XLSX file, is damaged, or would need too much memory.
        OSError: the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            names = archive.namelist()
            strict = _transitional(archive) if _STRICT in archive.read("xl/workbook.xml") else None
            if strict is None:
                sheets = tuple(_sheets(archive, named))
            else:
                with zipfile.ZipFile(BytesIO(strict)) as rewritten:
                    sheets = tuple(_sheets(rewritten, named))
    except zipfile.BadZipFile as error:
        raise UnreadableTable(0, "", "damaged-spreadsheet", f"the file is no XLSX file ({error})") from error
    except (KeyError, ElementTree.ParseError, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableTable(0, "", "damaged-spreadsheet", f"the workbook cannot be read ({error})") from error
    return Workbook(path, sheets, sum(name.startswith("xl/externalLinks/externalLink") for name in names), strict)


def _transitional(archive: zipfile.ZipFile) -> bytes:
    """Return a strict workbook with the names of the usual kind, which mean the same."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as rewritten:
        for part in archive.namelist():
            data = archive.read(part)
            if part.endswith((".xml", ".rels")):
                for strict, usual in _NAMES:
                    data = data.replace(strict, usual)
            rewritten.writestr(part, data)
    return content.getvalue()


def _check_sizes(archive: zipfile.ZipFile) -> None:
    total = 0
    if len(set(archive.namelist())) < len(archive.namelist()):
        raise UnreadableTable(0, "", "damaged-spreadsheet", "two parts of the workbook have one name")
    for part in archive.infolist():
        unpacked = 0
        with archive.open(part) as stream:
            # The directory of the archive may lie about sizes, so they are counted.
            while step := len(stream.read(_STEP)):
                unpacked += step
                total += step
                if total > LARGEST_UNPACKED:
                    message = f"the workbook unpacks to more than {LARGEST_UNPACKED} bytes"
                    raise UnreadableTable(0, part.filename, "unpacks-too-large", message)
                if unpacked > _SMALL_PART and unpacked > LARGEST_RATIO * max(part.compress_size, 1):
                    message = f"a part unpacks to more than {LARGEST_RATIO} times its size"
                    raise UnreadableTable(0, part.filename, "unpacks-too-large", message)


def _sheets(archive: zipfile.ZipFile, named: str | None) -> Iterator[Sheet]:
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in _xml(archive, "xl/_rels/workbook.xml.rels").iter()
        if each.get("Id")
    }
    for each in _xml(archive, "xl/workbook.xml").iter():
        if each.tag.rpartition("}")[2] == "sheet":
            target = targets.get(each.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
            if "worksheets/" in part:
                name = each.get("name", "")
                hidden = each.get("state", "visible") != "visible" and name != named
                yield Sheet(name, (), (), hidden=True) if hidden else _inspected(archive, part, name)


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = archive.read(part)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableTable(
            0, part, "damaged-spreadsheet", "a part declares a document type, which no spreadsheet does"
        )
    return ElementTree.fromstring(content)


def _inspected(archive: zipfile.ZipFile, part: str, name: str) -> Sheet:
    """Return what a sheet hides; its XML is searched as bytes, for parsing takes as long as reading."""
    unresolved: list[str] = []
    errors: list[tuple[str, str]] = []
    merged: list[tuple[str, str]] = []
    widest = lowest = 0
    kept = b""
    with archive.open(part) as stream:
        while step := stream.read(_STEP):
            chunk = kept + step
            for column, row in _LAST_CELL.findall(chunk):
                widest = max(widest, _column_number(column))
                lowest = max(lowest, int(row))
            if b"<f" in chunk or b":f" in chunk:
                unresolved.extend(found.decode() for found in _NO_RESULT.findall(chunk))
            if b't="e"' in chunk:
                errors.extend((cell.decode(), error.decode()) for cell, error in _ERROR.findall(chunk))
            if b"mergeCell " in chunk:
                merged.extend((first.decode(), last.decode()) for first, last in _MERGED.findall(chunk))
            kept = chunk[-_OVERLAP:]
    if widest * lowest > MOST_CELLS:
        message = f"the sheet spans {lowest} rows and {widest} columns, of which a list fills only few"
        raise UnreadableTable(0, name, "unpacks-too-large", message)
    return Sheet(name, tuple(dict.fromkeys(unresolved)), tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(merged)))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
