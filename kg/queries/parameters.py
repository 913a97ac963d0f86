"""Turns the value of a parameter, as a person writes it, into the typed term that a query needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.model import ROLES
from kg.store.interface import Store
from kg.vocabulary import EXTERNAL_PREFIXES, Names, project_key, slug

if TYPE_CHECKING:
    from rdflib.term import Literal, URIRef

Value = str | int | bool | Decimal | date
"""What a parameter may be given: text as on the command line, or a Python value."""

_SAFE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_TRUE, _FALSE = frozenset(("true", "yes", "ja", "1")), frozenset(("false", "no", "nej", "0"))
# Every property under which a thing is known by name or number.
_NAME_PROPERTIES = """skos:prefLabel skos:altLabel skos:hiddenLabel skos:notation
    dcterms:identifier dcterms:title kg:organisationNumber"""
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query: `kind` is the name of its type, `description` is by language."""

    name: str
    kind: str
    description: Mapping[str, str]
    example: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """A type whose values are things of one class or concepts of one scheme, given by key, number or name."""

    cls: str
    keys: Callable[[str], tuple[str, ...]]
    expected: str
    scheme: str = ""

    def pattern(self, names: Names) -> str:
        """Return the triple pattern that ?thing has to meet."""
        scheme = f" <{names.thing('scheme', self.scheme)}>" if self.scheme else ""
        kinds = f"<{names.term(self.cls)}>{scheme}"
        return f"?thing a|<{EXTERNAL_PREFIXES['skos']}inScheme> ?kind . VALUES ?kind {{ {kinds} }}"


def _owner_keys(text: str) -> tuple[str, ...]:
    # 222000-2162, SE222000216201 (value-added tax) and 162220002162 are ways to write 2220002162.
    digits = re.sub(r"[\s-]", "", text.upper())
    found = re.fullmatch(r"(?:SE(\d{10})(?:\d\d)?|16(\d{10})|(\d{10}))", digits)
    number = tuple(filter(None, found.groups())) if found else ()
    return (*number, text, slug(text))


_THINGS: Mapping[str, _Thing] = {
    "owner": _Thing("Owner", _owner_keys, "an organisation number, key or name of an owner"),
    # Groups of methods are concepts of the scheme but no methods.
    "method": _Thing("Method", lambda text: (text, slug(text)), "an id or name of a method", "methods"),
    "region": _Thing("Region", lambda text: (text, text.upper()), "a NUTS code or name of a region"),
    "project": _Thing("Project", lambda text: (project_key(text), slug(text)), "a diary number or title of a project"),
    "fund": _Thing("Fund", lambda text: (text, text.upper()), "a code or name of a fund"),
    "programme": _Thing("Programme", lambda text: (text, text.upper()), "a number (CCI) or name of a programme"),
}
_SCALARS: Mapping[str, str] = {
    "date": "a day written YYYY-MM-DD",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "role": f"one of {', '.join(ROLES)}",
    "string": "a text",
}
PARAMETER_TYPES: tuple[str, ...] = (*_THINGS, *_SCALARS)


def parameter_type(kind: str) -> str | None:
    """Return what a type of parameter expects, or None if there is no such type.

    >>> parameter_type("date")
    'a day written YYYY-MM-DD'
    """
    return _THINGS[kind].expected if kind in _THINGS else _SCALARS.get(kind)


def term(parameter: Parameter, value: Value, store: Store) -> URIRef | Literal:
    """Return the term for a value; things are looked up in the store, so that a misspelt one is not an empty answer.

    Raises:
        UsageError: the value is not of the parameter's type; the message names parameter, value and type.
    """
    if parameter.kind in _THINGS:
        return _thing(parameter, str(value).strip(), store)
    found = _scalar(parameter.kind, value)
    if found is None:
        raise _refused(parameter, value)
    from rdflib.term import Literal

    return Literal(found)


def _refused(parameter: Parameter, value: Value, more: str = "") -> UsageError:
    expected = parameter_type(parameter.kind)
    return UsageError(f"the parameter {parameter.name} is {expected}, and {str(value)!r} is not{more}")


def _scalar(kind: str, value: Value) -> Value | None:
    text = str(value).strip()
    match kind:
        case "date":
            return _day(text)
        case "integer":
            return int(text) if _WHOLE.fullmatch(text) and not isinstance(value, bool) else None
        case "decimal":
            return Decimal(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None
        case "boolean":
            return True if text.lower() in _TRUE else False if text.lower() in _FALSE else None
        case "role":
            return text if text in ROLES else None
        case _:
            return str(value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # such as 31 February
        return None


def _thing(parameter: Parameter, text: str, store: Store) -> URIRef:
    from rdflib.term import URIRef

    kind, names = parameter.kind, Names(store.base)
    start = names.thing(kind, "")
    keys = (text.removeprefix(start),) if text.startswith(start) else _THINGS[kind].keys(text)
    candidates = [start + key for key in dict.fromkeys(keys) if _SAFE_KEY.fullmatch(key)]
    pattern = _THINGS[kind].pattern(names)
    found = _existing(candidates, pattern, store) or _called(text, pattern, store)
    if _THINGS[kind].scheme:
        found = _in_force(found, store)
    if not found:
        raise _refused(parameter, text, " known in this graph")
    if len(found) > 1:
        several = ", ".join(iri.removeprefix(start) for iri in found[:_MOST_SHOWN])
        raise _refused(parameter, text, f" only one: it names {len(found)} of them ({several})")
    return URIRef(found[0])


def _existing(candidates: list[str], pattern: str, store: Store) -> list[str]:
    """Return the first candidate that meets the pattern, if any."""
    if not candidates:
        return []
    values = " ".join(f"<{iri}>" for iri in candidates)
    found = {row[0] for row in store.texts(f"SELECT ?thing {{ VALUES ?thing {{ {values} }} {pattern} }}")}
    return [iri for iri in candidates if iri in found][:1]


def _in_force(found: list[str], store: Store) -> list[str]:
    """Return the concepts, each that is no longer used with the one that has taken its place."""
    values = " ".join(f"<{iri}>" for iri in found)
    replaced = f"<{EXTERNAL_PREFIXES['dcterms']}isReplacedBy>"
    query = f"""SELECT ?old ?new {{ VALUES ?old {{ {values} }} ?old {replaced}+ ?new
        FILTER NOT EXISTS {{ ?new {replaced} ?newer }} }} ORDER BY ?old ?new"""
    current = {row[0]: row[1] for row in store.texts(query)}
    return list(dict.fromkeys(current.get(iri) or iri for iri in found))


def _called(name: str, pattern: str, store: Store) -> list[str]:
    """Return the things that meet the pattern and bear the name, letter case apart."""
    from rdflib.term import Literal

    query = f"""PREFIX kg: <{Names(store.base).prefixes()["kg"]}>
        PREFIX skos: <{EXTERNAL_PREFIXES["skos"]}>
        PREFIX dcterms: <{EXTERNAL_PREFIXES["dcterms"]}>
        SELECT DISTINCT ?thing {{
            VALUES ?property {{ {_NAME_PROPERTIES} }}
            {pattern} ?thing ?property ?name
            FILTER(LCASE(STR(?name)) = {Literal(name.lower()).n3()})
        }} ORDER BY ?thing"""
    return [iri for (iri,) in store.texts(query) if iri]
