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
            try:
                record = json.loads(record_path(path).read_text(encoding="utf-8"))
                content = path.read_bytes()
            except (OSError, ValueError):
                continue
            if isinstance(record, dict) and record.get("sha256") == hashlib.sha256(content).hexdigest():
                return Kept(path, record)
        return None

    def keep(self, name: str, page: Page) -> Path:
        """Store a page and its record; the page first, so that a record always speaks of a page that is there."""
        path = self._folder / (f"{name}.txt" if page.content_type == "text/plain" else f"{name}.html")
        self._write(path, page.content)
        self.note(path, {**page.record, "sha256": hashlib.sha256(page.content).hexdigest()})
        return path

    def note(self, page: Path, record: dict[str, Any]) -> None:
        """Store the record of a page."""
        text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
        self._write(record_path(page), f"{text}\n".encode())

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
        return now

    def end(self) -> None:
        """Forget the run, which has come to its end."""
        (self._folder / _RUN).unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        fresh = path.with_name(f"{path.name}.new")
        try:
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            raise BuildError(f"{path} cannot be written: {error.strerror}") from error
