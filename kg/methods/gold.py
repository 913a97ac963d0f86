"""Reads texts with the methods that people found in them: a sentence a line, or facts of pages beside the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.methods.scheme import current
from kg.model import ROLES
from kg.ontology import Ontology

_OTHER_NAMES = {"trains-staff-in": "trains", "mentions-only": "mentions"}
_HIGH = "high"


@dataclass(frozen=True, slots=True)
class Expected:
    """A method that a person found, its role, and whether it is sure; `method` is None where the scheme lacks it."""

    method: str | None
    name: str
    role: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A text with what is expected of it; `kinds` are the kinds of difficulty that it tests."""

    id: str
    kinds: tuple[str, ...]
    text: str
    expected: tuple[Expected, ...]
    objective: str | None = None
    title: str | None = None


def read_gold(path: Path, ontology: Ontology, pages: Path | None = None) -> list[Case]:
    """Return the cases of a file of sentences (JSON lines) or of facts (a JSON list; pages in `pages` or beside it).

    Raises:
        InputError: the file or a page cannot be read, or is of neither form.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    try:
        if text.lstrip().startswith("["):
            return list(_pages(json.loads(text), pages or path.parent, ontology))
        return [_sentence(json.loads(line)) for line in text.splitlines() if line.strip()]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is neither sentences a line nor facts of pages: {error!r}") from error


def _sentence(entry: Mapping[str, Any]) -> Case:
    expected = tuple(Expected(one["method"], one["method"], _role(one["role"])) for one in entry["expected"])
    kinds = (str(entry.get("tests", "")),)
    return Case(str(entry["id"]), kinds, entry["text"], expected)


def _role(name: str) -> str:
    role = _OTHER_NAMES.get(name, name)
    if role not in ROLES:
        raise InputError(f"the role {name!r} is none of {', '.join(ROLES)}")
    return role


def _pages(entries: Sequence[Mapping[str, Any]], folder: Path, ontology: Ontology) -> Iterator[Case]:
    from kg.model import Source
    from kg.sources.page import PageReader

    reader = PageReader(ontology)
    for entry in entries:
        name = entry.get("file") or entry["source"]
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the page {name} cannot be read from {folder}: {error}") from error
        project = reader.read(text, Source(key=name, name=name, sha256="")).project
        if project is None:
            raise InputError(f"{name} is not a project page")
        expected = tuple(_expected(one, ontology) for one in entry["methods"])
        objective, title = project.value("specificObjective"), project.value("title")
        yield Case(
            id=entry.get("key") or entry.get("dnr") or name,
            kinds=(entry.get("layout", ""),),
            text=project.text,
            expected=expected,
            objective=str(objective) if objective else None,
            title=str(title) if title else None,
        )


def _expected(entry: Mapping[str, Any], ontology: Ontology) -> Expected:
    """Map a name that a person wrote to a concept by label, tried as written and in the forms that the page has."""
    for name in (entry["canonical"], *entry["forms"]):
        concept = current(ontology, name)
        if concept:
            return Expected(concept.id, entry["canonical"], _role(entry["role"]), entry["confidence"] == _HIGH)
    return Expected(None, entry["canonical"], _role(entry["role"]), entry["confidence"] == _HIGH)
