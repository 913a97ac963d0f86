"""Reads the file that says how a site is kept current: what to fetch, what to build from, what to keep."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import InputError, UsageError

KEPT = 3
"""How many generations stay, the one in force among them."""
LEAST_SHARE = 0.9
"""Fewer projects than this share of those before are taken for a mishap."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """What to ask for: diary numbers, addresses, files of both; `interval` in seconds."""

    wanted: tuple[str, ...]
    into: Path
    interval: float = 1.0
    tries: int = 5
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a site is kept current; all paths are absolute.

    `release` is the folder of the release, if one is made, `publication` its configuration, and `quality` says whether
    it holds the report on data quality. `least_share` is the share of the projects before that a new build must have.
    """

    sources: tuple[str, ...]
    build: Path
    base: str | None = None
    mapping: Path | None = None
    owners: tuple[Path, ...] = ()
    links: tuple[Path, ...] = ()
    workers: int | None = None
    keep: int = KEPT
    least_share: float = LEAST_SHARE
    release: Path | None = None
    publication: Path | None = None
    quality: bool = True
    fetching: Fetching | None = None
    text: str = field(default="", repr=False)


_KEYS = frozenset(
    ("sources", "build", "base", "mapping", "owners", "links", "workers", "keep", "least_share", "release")
) | {"publication", "quality", "fetch"}
_FETCH_KEYS = frozenset(("wanted", "into", "interval", "tries", "allow_private"))


def read_plan(path: Path) -> Plan:
    """Return what the file says; paths in it are relative to its folder.

    Raises:
        InputError: the file cannot be read, or is not TOML.
        UsageError: a key is missing or not known, or a value is not what the key takes.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read: it is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    return _Reader(path, values, _KEYS).plan(text)


class _Reader:
    """Takes values out of one table, and refuses what is wrong by its name."""

    def __init__(self, path: Path, values: Mapping[str, Any], known: frozenset[str]) -> None:
        self._path, self._values = path, values
        self._home = path.absolute().parent
        if unknown := sorted(values.keys() - known):
            raise UsageError(f"{path} has the unknown key {unknown[0]!r}; there are {', '.join(sorted(known))}")

    def plan(self, text: str) -> Plan:
        sources = self._texts("sources")
        if not sources:
            raise UsageError(f'{self._path} names no sources: sources = ["pages"]')
        return Plan(
            sources=tuple(str(self._home / each) for each in sources),
            build=self._file("build") or self._home / "build",
            base=self._one("base", str),
            mapping=self._file("mapping"),
            owners=tuple(self._home / each for each in self._texts("owners")),
            links=tuple(self._home / each for each in self._texts("links")),
            workers=self._number("workers", 1),
            keep=self._number("keep", 2) or KEPT,
            least_share=self._share("least_share"),
            release=self._file("release"),
            publication=self._file("publication"),
            quality=self._one("quality", bool) is not False,
            fetching=self._fetching(),
            text=text,
        )

    def _fetching(self) -> Fetching | None:
        table = self._one("fetch", dict)
        if table is None:
            return None
        inner = _Reader(self._path, table, _FETCH_KEYS)
        wanted, into = inner._texts("wanted"), inner._file("into")
        if not wanted or into is None:
            raise UsageError(f'{self._path}: [fetch] needs wanted = [...] and into = "FOLDER"')
        # A file of addresses is found from the folder of the plan, wherever the command is started.
        found = tuple(str(self._home / each) if (self._home / each).is_file() else each for each in wanted)
        interval = inner._one("interval", int, float)
        private = bool(inner._one("allow_private", bool))
        tries = inner._number("tries", 1) or 5
        return Fetching(found, into, 1.0 if interval is None else float(interval), tries, private)

    def _one(self, key: str, *kinds: type) -> Any:
        value = self._values.get(key)
        if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
            raise UsageError(f"{self._path}: {key} is {value!r}, not {' or '.join(kind.__name__ for kind in kinds)}")
        return value

    def _texts(self, key: str) -> list[str]:
        found = self._one(key, list) or []
        if not all(isinstance(each, str) for each in found):
            raise UsageError(f"{self._path}: {key} is a list of texts")
        return found

    def _file(self, key: str) -> Path | None:
        found = self._one(key, str)
        return self._home / found if found else None

    def _number(self, key: str, least: int) -> int | None:
        found = self._one(key, int)
        if found is not None and found < least:
            raise UsageError(f"{self._path}: {key} is {found}, and {least} is the least")
        return found  # type: ignore[no-any-return]

    def _share(self, key: str) -> float:
        found = self._one(key, int, float)
        if found is not None and not 0 <= found <= 1:
            raise UsageError(f"{self._path}: {key} is {found}, and a share is between 0 and 1")
        return LEAST_SHARE if found is None else float(found)
