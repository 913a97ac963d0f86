"""Tells workbooks, texts and files of other kinds apart by how they begin, and says what a wrong one is."""

from __future__ import annotations

import re
from pathlib import Path

from kg.sources.table_csv import UnreadableTable

WORKBOOK_SUFFIXES = frozenset((".xlsx", ".xlsm"))
TEXT_SUFFIXES = frozenset((".csv", ".tsv"))
REFUSED_SUFFIXES = frozenset((".xls", ".xlsb", ".ods"))
"""Spreadsheets of other kinds; they are found, so that nobody believes them read."""
_LIKE_BYTES = re.compile(r"\w*[Ã-Å][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ][^\s,;|\t]*")
_HEAD = 2048
_OLE, _ZIP, _GZIP, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"\x1f\x8b", b"%PDF-"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|head|body)\b", re.IGNORECASE)
_SAVE = "save the list as XLSX or as CSV in UTF-8"


def is_workbook(path: Path) -> bool:
    """Return whether a file has the name of a workbook.

    >>> is_workbook(Path("List.XLSX")), is_workbook(Path("list.csv"))
    (True, False)
    """
    return path.suffix.lower() in WORKBOOK_SUFFIXES


def check_format(path: Path) -> None:
    """Look at the beginning of a list.

    Raises:
        UnreadableTable: it is a file of another kind than its name says, or of one that is not read.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    problem = _problem(head, path.suffix.lower())
    if problem:
        raise UnreadableTable(0, "", *problem)


def twice_encoded(text: str) -> str | None:
    """Return a word of a text whose letters were turned into bytes twice, None where there is none.

    >>> twice_encoded("Räta vägen".encode().decode("cp1252")), twice_encoded("Räta vägen, Ångström")
    ('RÃ¤ta', None)
    """
    for match in _LIKE_BYTES.finditer(text):
        try:
            if match[0].encode("cp1252").decode("utf-8").isalpha():
                return match[0]
        except UnicodeError:
            continue
    return None


def _problem(head: bytes, suffix: str) -> tuple[str, str] | None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return "empty-file", "the file holds nothing"
    if head.startswith(_OLE):
        return "other-format", f"this is a workbook of Excel before 2007, or one with a password; {_SAVE}"
    if _OPEN_DOCUMENT in head[:128]:
        return "other-format", f"this is a spreadsheet in the OpenDocument format (ODS); {_SAVE}"
    if _MARKUP.match(head):
        return "other-format", f"this is a web page or XML, whatever its name says; {_SAVE}"
    if head.startswith(_GZIP):
        return "other-format", "this is a packed file; unpack it first"
    if head.startswith(_PDF):
        return "other-format", f"this is a PDF file, from which no list is read; {_SAVE}"
    if suffix in REFUSED_SUFFIXES:
        return "other-format", f"spreadsheets of the kind {suffix} are not read; {_SAVE}"
    return _text_or_workbook(head, suffix)


def _text_or_workbook(head: bytes, suffix: str) -> tuple[str, str] | None:
    packed = head.startswith(_ZIP)
    if suffix in WORKBOOK_SUFFIXES:
        if packed or b"\0" in head:
            return None
        return "other-format", "this is text and no workbook; give a CSV file a name that ends in .csv"
    if packed:
        return (
            "other-format",
            "this is a workbook or a packed file; give a workbook a name that ends in .xlsx, unpack others",
        )
    if b"\r" in head and b"\n" not in head and len(head) < _HEAD:
        return "old-line-ends", f"its lines end as on Macintosh computers of the past; {_SAVE}"
    return None
