"""Keeps fetched pages in a folder, each with its record, written so that a killed run leaves nothing half done."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import BuildError
from kg.sources.records import record_path

_SUFFIXES = (".html", ".txt")
_RUN = "unfinished.meta.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that is stored already: its record."""

    path: Path
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a server gave it."""

    content: bytes
    content_type: str
    record: dict[str, Any]


class Folder:
    """A folder of fetched pages.

    Raises:
        BuildError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BuildError(f"{folder} cannot be written: {error.strerror}") from error

    def kept(self, name: str) -> Kept | None:
        """Return the stored page called `name` if page and record are whole and agree."""
        for suffix in _SUFFIXES:
            path = self._folder / f"{name}{suffix}"
            self._finish(path)
            record = _record_of(record_path(path), path)
            if record is not None:
                return Kept(path, record)
        return None

    def _finish(self, path: Path) -> None:
        """Put a page and its record in place that a killed run had whole but not yet where they belong."""
        fresh, fresh_record = _fresh(path), _fresh(record_path(path))
        if not fresh_record.exists():
            return
        if _record_of(fresh_record, fresh) is not None:
            self._replace(path)
        if _record_of(fresh_record, path) is not None:
            self._replace(record_path(path))

    def keep(self, name: str, page: Page) -> Path:
        """Store a page and its record: both are written before either takes its place, so that a kill loses none."""
        suffix = ".txt" if page.content_type == "text/plain" else ".html"
        path = self._folder / f"{name}{suffix}"
        self._write(path, page.content)
        self._write(record_path(path), _text({**page.record, "sha256": hashlib.sha256(page.content).hexdigest()}))
        self._replace(path)
        self._replace(record_path(path))
        for other in set(_SUFFIXES) - {suffix}:
            # A page that was text and is HTML now must not stand in the folder twice.
            for stale in (self._folder / f"{name}{other}", record_path(self._folder / f"{name}{other}")):
                stale.unlink(missing_ok=True)
        return path

    def note(self, page: Path, record: dict[str, Any]) -> None:
        """Store the record of a page."""
        self._write(record_path(page), _text(record))
        self._replace(record_path(page))

    def begin(self, names: list[str], now: str) -> str:
        """Return when the run began that fetches `names`: now, or when the same run was begun that was broken off."""
        key = hashlib.sha256("\n".join(names).encode()).hexdigest()
        path = self._folder / _RUN
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = None
        if isinstance(found, dict) and found.get("targets") == key and isinstance(found.get("begun"), str):
            return str(found["begun"])
        self._write(path, f"{json.dumps({'begun': now, 'targets': key})}\n".encode())
        self._replace(path)
        return now

    def end(self) -> None:
        """Forget the run, which has come to its end."""
        (self._folder / _RUN).unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            with _fresh(path).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BuildError(f"{path} cannot be written: {error.strerror}") from error

    def _replace(self, path: Path) -> None:
        try:
            _fresh(path).replace(path)
        except OSError as error:
            raise BuildError(f"{path} cannot be written: {error.strerror}") from error


def _fresh(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _text(record: dict[str, Any]) -> bytes:
    return f"{json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _record_of(record: Path, page: Path) -> dict[str, Any] | None:
    """Return what a record says if it speaks of what `page` holds, None if either is missing or they do not agree."""
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
        content = page.read_bytes()
    except (OSError, ValueError):
        return None
    fits = isinstance(found, dict) and found.get("sha256") == hashlib.sha256(content).hexdigest()
    return found if fits else None
