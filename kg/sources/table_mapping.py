"""The small file by which a person tells how to read a new list: its headings, and what its cells leave unsaid.

A mapping file is TOML, every part of it optional::

    [file]
    delimiter = ";"            # of a CSV file; otherwise found out
    encoding = "cp1252"        # otherwise UTF-8, or what the byte order mark says
    sheet = "Projekt"          # of an XLSX file; otherwise every sheet with headings that are known
    header_row = 4             # counted from 1; otherwise found out
    language = "sv"            # of titles and summaries (BCP 47)

    [columns]                  # heading = property, one of its printed labels, "personal" or "ignored"
    "Projektets benämning" = "title"
    "Numer umowy" = "Diarienummer"
    "Handläggare" = "personal"

    [constants]                # property = the value that every row has where its own cell is empty
    programme = "2021SE05SFPR"
    currency = "SEK"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg.errors import InputError
from kg.ontology import Field, Ontology
from kg.sources.table_headings import folded

_FILE_KEYS: Mapping[str, type] = MappingProxyType(
    {"delimiter": str, "encoding": str, "sheet": str, "header_row": int, "language": str}
)
_PARTS = ("file", "columns", "constants")
_LEFT_OUT = {"personal": "fieldContactPerson", "ignored": "fieldLeftOut"}
_NO_CONSTANTS = frozenset(("personal", "ignored", "identifier"))


@dataclass(frozen=True, slots=True)
class ListMapping:
    """What a mapping file says; empty where there is none.

    `columns` maps headings as written in the file; `constants` maps names of fields to printed values.
    """

    columns: Mapping[str, Field] = field(default_factory=dict, hash=False)
    constants: Mapping[str, str] = field(default_factory=dict, hash=False)
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    language: str | None = None


def read_mapping(path: Path, ontology: Ontology) -> ListMapping:
    """Return what the mapping file at `path` says.

    Raises:
        InputError: the file cannot be read, is not TOML, or has a key, property or value that means nothing.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML in UTF-8: {error}") from error
    for part, content in found.items():
        if part not in _PARTS:
            raise InputError(f"{path}: there is no part [{part}]; a mapping file has {', '.join(_PARTS)}")
        if not isinstance(content, dict):
            raise InputError(f"{path}: {part} is a part of its own: write [{part}] and its lines below")
    fields = _Fields(ontology, path)
    columns = {heading: fields.find(heading, wanted) for heading, wanted in found.get("columns", {}).items()}
    constants = dict(fields.constant(name, value) for name, value in found.get("constants", {}).items())
    return ListMapping(columns=columns, constants=constants, **dict(_file_options(path, found.get("file", {}))))


def _file_options(path: Path, options: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
    for key, value in options.items():
        if key not in _FILE_KEYS:
            raise InputError(f"{path}: [file] has no key {key!r}; it has {', '.join(_FILE_KEYS)}")
        if not isinstance(value, _FILE_KEYS[key]) or isinstance(value, bool):
            raise InputError(f"{path}: {key} must be a {'number' if _FILE_KEYS[key] is int else 'text'}, not {value!r}")
        if key == "delimiter" and (not isinstance(value, str) or len(value) != 1):
            raise InputError(f"{path}: the delimiter must be one character, not {value!r}")
        if key == "encoding":
            _check_encoding(path, str(value))
        if isinstance(value, int) and value < 1:
            raise InputError(f"{path}: header_row counts from 1, not {value}")
        yield key, value


def _check_encoding(path: Path, name: str) -> None:
    try:
        b"a".decode(name)
    except LookupError as error:
        raise InputError(f"{path}: there is no encoding of text called {name!r}") from error


class _Fields:
    """The fields of an ontology by name and by label."""

    def __init__(self, ontology: Ontology, path: Path) -> None:
        self._path = path
        self._known = {folded(each.name): each for each in ontology.fields}
        by_name = {each.name: each for each in ontology.fields}
        self._known |= {word: by_name[name] for word, name in _LEFT_OUT.items()}
        for label, each in ontology.field_by_label.items():
            self._known.setdefault(folded(label), each)

    def find(self, heading: str, wanted: object) -> Field:
        """Return the field that a line of the mapping file names."""
        if not isinstance(wanted, str) or folded(wanted.removeprefix("kg:")) not in self._known:
            raise InputError(
                f"{self._path}: {heading!r} = {wanted!r} names no property; give one such as title or startDate, "
                "a label such as 'Startdatum', 'personal' or 'ignored'"
            )
        return self._known[folded(wanted.removeprefix("kg:"))]

    def constant(self, name: str, value: object) -> tuple[str, str]:
        """Return name and printed value of a constant."""
        found = self.find(name, name)
        if found.kind in _NO_CONSTANTS:
            raise InputError(f"{self._path}: {name} cannot be the same in every row")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InputError(f"{self._path}: the constant {name} must be a text or a number, not {value!r}")
        return found.name, str(value)
