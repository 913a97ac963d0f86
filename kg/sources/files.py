"""Finds source files and reads them as text; what cannot be read becomes a notice, never a crash."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import InputError
from kg.model import Notice, Source
from kg.sources import records
from kg.sources.archived import ARCHIVE_SUFFIXES, archived_page, is_archive
from kg.sources.html import HTML_SUFFIXES, charset, is_markup
from kg.sources.table_csv import makes_sense
from kg.sources.table_formats import REFUSED_SUFFIXES, TEXT_SUFFIXES, WORKBOOK_SUFFIXES
from kg.vocabulary import slug

PAGE_SUFFIXES = HTML_SUFFIXES | ARCHIVE_SUFFIXES | {".txt"}
LIST_SUFFIXES = TEXT_SUFFIXES | WORKBOOK_SUFFIXES | REFUSED_SUFFIXES
_SUFFIXES = tuple(sorted(PAGE_SUFFIXES | LIST_SUFFIXES))
LARGEST_PAGE = 4 * 1024 * 1024
"""In bytes; real pages have a few thousand."""
LARGEST_ARCHIVE = 16 * LARGEST_PAGE
"""In bytes; web archives hold the pictures of a page too."""
_OF_WINDOWS = "cp1252"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: where it is, the name shown to people, and the key of its graph."""

    path: Path
    name: str
    key: str

    @property
    def is_list(self) -> bool:
        """Whether the file holds a list of operations and not a page."""
        return self.path.suffix.lower() in LIST_SUFFIXES

    @property
    def is_html(self) -> bool:
        """Whether the file holds a page as HTML."""
        return self.path.suffix.lower() in HTML_SUFFIXES


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in a stable order, and how many others lay beside them in the given folders."""

    files: tuple[SourceFile, ...]
    others: int

    @property
    def pages(self) -> tuple[SourceFile, ...]:
        """The files that are read as pages."""
        return tuple(file for file in self.files if not file.is_list)

    @property
    def lists(self) -> tuple[SourceFile, ...]:
        """The files that are read as lists of operations."""
        return tuple(file for file in self.files if file.is_list)


def find(sources: Iterable[str | Path]) -> Found:
    """Return the files that `sources` (files, folders, glob patterns) mean; folders are searched for pages and lists.

    Raises:
        InputError: a source does not exist, or a pattern or folder holds nothing to read.
    """
    names: dict[Path, str] = {}
    others = 0
    for source in sources:
        pages, left = _expand(str(source))
        others += left
        for path, name in pages:
            names.setdefault(path, name)
    ordered = sorted(names.items(), key=lambda item: (item[1], str(item[0])))
    keys = _keys(ordered)
    return Found(tuple(SourceFile(path, name, key) for (path, name), key in zip(ordered, keys, strict=True)), others)


def _expand(source: str) -> tuple[list[tuple[Path, str]], int]:
    """Return the real paths and the names of the files that a source means, and how many others lie beside them."""
    path = Path(source)
    if path.is_dir():
        inside = list(_inside(str(path.resolve())))
        wanted = [(Path(place), name) for place, name in inside if name.lower().endswith(_SUFFIXES)]
        if not wanted:
            kinds = ", ".join(suffix for suffix in _SUFFIXES if suffix not in REFUSED_SUFFIXES)
            raise InputError(f"{source}: the folder holds no page and no list (a file whose name ends in {kinds})")
        return wanted, len(inside) - len(wanted)
    if path.exists():
        return [(path.resolve(), path.name)], 0
    start = Path(path.anchor)
    found = sorted(start.glob(path.relative_to(start).as_posix() or "*"))
    matches = [each for each in found if each.is_file() and not records.is_record(each)]
    if not matches:
        raise InputError(f"{source}: no such file, folder or pattern with a match")
    return [(each.resolve(), each.name) for each in matches], 0


def _inside(folder: str, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the real path of each file in and below a folder, and its name seen from there, less records of pages.

    Plain text, because a folder may hold a hundred thousand files, and path objects cost four times as much.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{above}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _inside(entry.path, f"{name}/")
            elif entry.is_file() and not entry.name.endswith(records.RECORD_SUFFIX):
                yield (os.path.realpath(entry.path) if entry.is_symlink() else entry.path), name


def _keys(files: list[tuple[Path, str]]) -> list[str]:
    """Return one key a file: its name, with the folder before it where two files share a name."""
    plain = [slug(name.removesuffix(path.suffix)) for path, name in files]
    shared = {key for key, number in Counter(plain).items() if number > 1}
    keys: list[str] = []
    taken: Counter[str] = Counter()
    for (path, name), key in zip(files, plain, strict=True):
        full = slug(f"{path.parent.name} {name.removesuffix(path.suffix)}") if key in shared else key
        taken[full] += 1
        keys.append(full if taken[full] == 1 else f"{full}-{taken[full]}")
    return keys


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The text of a file, its description as a source, what was odd about it, and whether the text is HTML."""

    text: str
    source: Source
    notices: tuple[Notice, ...] = ()
    is_html: bool = False


def read(file: SourceFile) -> ReadFile | Notice:
    """Return the text of a page file, or the reason why it is skipped."""
    try:
        with file.path.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            largest = LARGEST_ARCHIVE if file.path.suffix.lower() in ARCHIVE_SUFFIXES else LARGEST_PAGE
            if size > largest:
                return Notice(
                    file.name, 0, f"{size} bytes", "too-large", f"a page has at most {largest} bytes; skipped"
                )
            data = opened.read()
    except OSError as error:
        return Notice(file.name, 0, "", "unreadable-file", f"{error.strerror}; skipped")
    return decode(data, file)


def decode(data: bytes, file: SourceFile) -> ReadFile | Notice:
    """Return the text of the bytes of a page, or the reason why they are none."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return Notice(file.name, 0, "", "empty-file", "the file holds no text; skipped")
    digest = hashlib.sha256(data).hexdigest()
    record = records.read_record(file.path, file.name, digest)
    declared, address = record.charset, record.address
    archived = archived_page(data) if is_archive(data) else None
    if archived:
        data, declared, address = archived.content, archived.charset or declared, address or archived.address
    html = bool(archived) or is_markup(data, named=file.is_html)
    encoding = charset(data, declared) if html else "utf-8-sig"
    if b"\0" in data and encoding != "utf-16":
        line = _line_at(data, data.index(b"\0"))
        return Notice(file.name, line, "", "binary-file", "the file holds a zero byte; skipped")
    source = Source(file.key, file.name, digest, address=address, retrieved=record.retrieved)
    try:
        return ReadFile(data.decode(encoding), source, record.notices, html)
    except UnicodeDecodeError as error:
        return _in_old_encoding(data, file, ReadFile("", source, record.notices, html), encoding, error.start)


def _in_old_encoding(data: bytes, file: SourceFile, read: ReadFile, encoding: str, start: int) -> ReadFile | Notice:
    """Return a page as text in the usual encoding of Windows if it makes sense in that, else where it does not."""
    line, value = _line_at(data, start), f"byte 0x{data[start]:02x}"
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    if encoding.startswith("utf-8") and makes_sense(data, _OF_WINDOWS):
        notice = Notice(
            file.name, line, value, "guessed-encoding", f"the file is not UTF-8 and was read as {_OF_WINDOWS}"
        )
        return replace(read, text=data.decode(_OF_WINDOWS), notices=(*read.notices, notice))
    return Notice(file.name, line, value, "wrong-encoding", f"the file is not {shown}; skipped")


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
