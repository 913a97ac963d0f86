"""Reads texts with the methods that people found in them: a sentence a line, or facts of pages beside the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import InputError
from kg.methods.scheme import current
from kg.model import ROLES
from kg.ontology import Ontology

_Kind = TypeVar("_Kind")
_OTHER_NAMES = {"trains-staff-in": "trains", "mentions-only": "mentions"}
_HIGH = "high"
_SURENESS = (_HIGH, "medium", "low")
_KINDS: Mapping[type, str] = {str: "a text", list: "a list", dict: "an object"}
_BETWEEN = " \t\r\n,"


@dataclass(frozen=True, slots=True)
class Expected:
    """A method that a person found, its role, and whether it is sure; `method` is None where the scheme lacks it.

    `forms` are the spellings that the text has, as far as the person wrote them down.
    """

    method: str | None
    name: str
    role: str
    sure: bool = True
    forms: tuple[str, ...] = ()


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
        InputError: the file or a page cannot be read, or a line breaks a rule of its form; it names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if text.lstrip().startswith("["):
        return list(_pages(path, text, pages or path.parent, ontology))
    # Only line feeds end a line: a sentence may hold other signs that end one.
    lines = (_Place(path, number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    cases = [_sentence(_parsed(place), place, ontology) for place in lines]
    if not cases:
        raise InputError(f"{path} is empty: neither sentences a line nor facts of pages")
    return cases


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands, for errors: the file, the line at which it begins, and its text if that is one line."""

    path: Path
    line: int
    text: str = ""

    def error(self, problem: str) -> InputError:
        return InputError(f"line {self.line} of {self.path}: {problem}")


def _parsed(place: _Place) -> Any:
    try:
        return json.loads(place.text)
    except json.JSONDecodeError as error:
        raise place.error(f"not JSON: {error.msg} at column {error.colno}") from error


def _sentence(entry: Any, place: _Place, ontology: Ontology) -> Case:
    known = _of(dict, entry, "the line", place)
    text = _field(str, known, "text", place)
    expected = tuple(_expected_id(one, place, ontology) for one in _field(list, known, "expected", place))
    kinds = (str(known.get("tests", "")),)
    return Case(str(known.get("id", place.line)), kinds, text, expected)


def _expected_id(entry: Any, place: _Place, ontology: Ontology) -> Expected:
    one = _of(dict, entry, '"expected"', place)
    name = _field(str, one, "method", place)
    concept = ontology.concept("methods", name) and current(ontology, name)
    return Expected(concept.id if concept else None, name, _role(one, place))


def _role(entry: Mapping[str, Any], place: _Place) -> str:
    name = _field(str, entry, "role", place)
    role = _OTHER_NAMES.get(name, name)
    if role not in ROLES:
        raise place.error(f"the role {name!r} is none of {', '.join(ROLES)}")
    return role


def _field(kind: type[_Kind], entry: Mapping[str, Any], name: str, place: _Place) -> _Kind:
    """Return the field `name`, which must be there and be of the kind."""
    if name not in entry:
        raise place.error(f'"{name}" is missing')
    return _of(kind, entry[name], f'"{name}"', place)


def _of(kind: type[_Kind], value: Any, name: str, place: _Place) -> _Kind:
    if not isinstance(value, kind):
        raise place.error(f"{name} must be {_KINDS[kind]}, and is {json.dumps(value, ensure_ascii=False)[:60]}")
    return value


def _pages(path: Path, text: str, folder: Path, ontology: Ontology) -> Iterator[Case]:
    from kg.model import Source
    from kg.sources.page import PageReader

    reader = PageReader(ontology)
    for entry, place in _entries(path, text):
        name = _field(str, entry, "source" if "source" in entry else "file", place)
        try:
            page = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise place.error(f"the page {name} cannot be read from {folder}: {error}") from error
        project = reader.read(page, Source(key=name, name=name, sha256="")).project
        if project is None:
            raise place.error(f"{name} is not a project page")
        objective, title = project.value("specificObjective"), project.value("title")
        yield Case(
            id=entry.get("key") or entry.get("dnr") or name,
            kinds=(str(entry.get("layout", "")),),
            text=project.text,
            expected=tuple(_expected(one, place, ontology) for one in _field(list, entry, "methods", place)),
            objective=str(objective) if objective else None,
            title=str(title) if title else None,
        )


def _entries(path: Path, text: str) -> Iterator[tuple[Mapping[str, Any], _Place]]:
    """Yield the objects of a JSON list, each with the line at which it begins."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise _Place(path, error.lineno).error(f"not JSON: {error.msg} at column {error.colno}") from error
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        while text[at] in _BETWEEN:
            at += 1
        if text[at] == "]":
            return
        place = _Place(path, text.count("\n", 0, at) + 1)
        entry, at = decoder.raw_decode(text, at)
        yield _of(dict, entry, "each page", place), place


def _expected(entry: Any, place: _Place, ontology: Ontology) -> Expected:
    """Map a name that a person wrote to a concept by label, tried as written and in the forms that the page has."""
    one = _of(dict, entry, '"methods"', place)
    name, role, sureness = _field(str, one, "canonical", place), _role(one, place), one.get("confidence", _HIGH)
    if sureness not in _SURENESS:
        raise place.error(f"the confidence {sureness!r} is none of {', '.join(_SURENESS)}")
    forms = tuple(_of(str, form, '"forms"', place) for form in one.get("forms", ()))
    concepts = (current(ontology, spelling) for spelling in (name, *forms))
    concept = next((concept for concept in concepts if concept), None)
    return Expected(concept.id if concept else None, name, role, sureness == _HIGH, forms)
