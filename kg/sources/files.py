"""Finds source files and reads them as text; what cannot be read becomes a notice, never a crash."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.model import Notice, Source
from kg.vocabulary import slug

PAGE_SUFFIXES = frozenset((".txt",))
LARGEST_PAGE = 4 * 1024 * 1024
"""In bytes; real pages have a few thousand."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: where it is, the name shown to people, and the key of its graph."""

    path: Path
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in a stable order, and how many others lay beside them in the given folders."""

    files: tuple[SourceFile, ...]
    others: int


def find(sources: Iterable[str | Path]) -> Found:
    """Return the files that `sources` (files, folders, glob patterns) mean; folders are searched for pages.

    Raises:
        InputError: a source does not exist, or a pattern or folder holds no page.
    """
    names: dict[Path, str] = {}
    others = 0
    for source in sources:
        pages, left = _expand(str(source))
        others += left
        for path, name in pages:
            names.setdefault(path.resolve(), name)
    ordered = sorted(names.items(), key=lambda item: (item[1], str(item[0])))
    keys = _keys([(path, name) for path, name in ordered])
    return Found(tuple(SourceFile(path, name, key) for (path, name), key in zip(ordered, keys, strict=True)), others)


def _expand(source: str) -> tuple[list[tuple[Path, str]], int]:
    path = Path(source)
    if path.is_dir():
        inside = [each for each in sorted(path.rglob("*")) if each.is_file()]
        pages = [each for each in inside if each.suffix.lower() in PAGE_SUFFIXES]
        if not pages:
            raise InputError(f"{source}: the folder holds no page (a file whose name ends in .txt)")
        return [(each, each.relative_to(path).as_posix()) for each in pages], len(inside) - len(pages)
    if path.exists():
        return [(path, path.name)], 0
    start = Path(path.anchor)
    matches = [each for each in sorted(start.glob(path.relative_to(start).as_posix() or "*")) if each.is_file()]
    if not matches:
        raise InputError(f"{source}: no such file, folder or pattern with a match")
    return [(each, each.name) for each in matches], 0


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
    """The text of a file and its description as a source."""

    text: str
    source: Source


def read(file: SourceFile) -> ReadFile | Notice:
    """Return the text of a page file, or the reason why it is skipped."""
    try:
        size = file.path.stat().st_size
        if size > LARGEST_PAGE:
            return Notice(
                file.name, 0, f"{size} bytes", "too-large", f"a page has at most {LARGEST_PAGE} bytes; skipped"
            )
        data = file.path.read_bytes()
    except OSError as error:
        return Notice(file.name, 0, "", "unreadable-file", f"{error.strerror}; skipped")
    return decode(data, file)


def decode(data: bytes, file: SourceFile) -> ReadFile | Notice:
    """Return the text of the bytes of a page, or the reason why they are none."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return Notice(file.name, 0, "", "empty-file", "the file holds no text; skipped")
    if b"\0" in data:
        return Notice(
            file.name, _line_at(data, data.index(b"\0")), "", "binary-file", "the file holds a zero byte; skipped"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_at(data, error.start)
        value = f"byte 0x{data[error.start]:02x}"
        return Notice(file.name, line, value, "wrong-encoding", "the file is not UTF-8; skipped")
    return ReadFile(text, Source(file.key, file.name, hashlib.sha256(data).hexdigest()))


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def read_all(files: Iterable[SourceFile]) -> Iterator[ReadFile | Notice]:
    """Yield `read` of every file, in order."""
    return (read(file) for file in files)
