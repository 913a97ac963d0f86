"""Says of single values whether a constraint holds: True and False are certain, None is not known here.

What is not known goes to the judge, so that None is always safe and False or True must be what pySHACL would say.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import RDFS, SH
from rdflib.term import Literal, Node, URIRef

from kg.validation.facts import Term, as_written
from kg.validation.files import term
from kg.vocabulary import EXTERNAL_PREFIXES

Verdict = bool | None
Test = Callable[[Term], Verdict]

_XSD, _RDF = EXTERNAL_PREFIXES["xsd"], EXTERNAL_PREFIXES["rdf"]
STRING, LANGUAGE_STRING = f"{_XSD}string", f"{_RDF}langString"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?\Z")
_FLOAT = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\Z")
_KINDS = {
    SH.BlankNode: (ox.BlankNode,),
    SH.IRI: (ox.NamedNode,),
    SH.Literal: (ox.Literal,),
    SH.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode),
    SH.BlankNodeOrLiteral: (ox.BlankNode, ox.Literal),
    SH.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


def value_test(
    graph: rdflib.Graph, parameter: URIRef, values: tuple[Node, ...], flags: tuple[Node, ...]
) -> Test | None:
    """Return the test that a parameter with `values` puts to each value node; None if it needs more than the node."""
    if parameter in _ORDER:
        return _every([in_order(parameter, limit) for limit in values])
    match parameter:
        case SH.datatype if len(values) == 1:
            return _of_datatype(str(values[0]))
        case SH.nodeKind if len(values) == 1:
            kinds = _KINDS.get(URIRef(str(values[0])))
            return None if kinds is None else lambda value: isinstance(value, kinds)
        case SH.languageIn if len(values) == 1:
            return _in_languages([str(item) for item in graph.items(values[0])])
        case SH.pattern:
            return _every([_like(str(value), "".join(map(str, flags)).lower()) for value in values])
        case SH.minLength if len(values) == 1 and _INTEGER.match(str(values[0])):
            return _as_long_as(int(str(values[0])), None)
        case SH.maxLength if len(values) == 1 and _INTEGER.match(str(values[0])):
            return _as_long_as(0, int(str(values[0])))
    if str(parameter) == str(SH["in"]) and len(values) == 1:
        return _among(set(graph.items(values[0])))
    return None


def equal(value: Term, node: Node) -> Verdict:
    """Return whether a value is the term `node` to rdflib."""
    return term(value) == node


def certain_text(value: Term) -> str | None:
    """Return the text of a term that pySHACL matches and measures; None where its form may change on the way."""
    if isinstance(value, ox.NamedNode) or (isinstance(value, ox.Literal) and as_written(value)):
        return value.value
    return None


def _every(tests: Iterable[Test | None]) -> Test | None:
    known = list(tests)
    if None in known:
        return None

    def test(value: Term) -> Verdict:
        verdicts = {each(value) for each in known if each is not None}
        return False if False in verdicts else (None if None in verdicts else True)

    return test


def _of_datatype(datatype: str) -> Test | None:
    if datatype in (str(RDFS.Literal), str(RDFS.Datatype)):
        return None
    well_formed = _WELL_FORMED.get(datatype)
    foreign = not datatype.startswith((_XSD, _RDF))

    def test(value: Term) -> Verdict:
        if not isinstance(value, ox.Literal) or value.datatype.value != datatype:
            return False
        if foreign:
            return True
        return True if well_formed is not None and well_formed(value.value) else None

    return test


def _in_languages(wanted: list[str]) -> Test:
    languages = {language.lower() for language in wanted}

    def test(value: Term) -> Verdict:
        language = value.language.lower() if isinstance(value, ox.Literal) and value.language else None
        return language is not None and bool({"*", language, language.split("-")[0]} & languages)

    return test


def _like(pattern: str, flags: str) -> Test | None:
    try:
        # As pySHACL does: Python's syntax, and of the flags only these two.
        found = re.compile(pattern, ("i" in flags and re.IGNORECASE) | ("m" in flags and re.MULTILINE))
    except re.error:
        return None

    def test(value: Term) -> Verdict:
        text = certain_text(value)
        return _unless_blank(value) if text is None else found.search(text) is not None

    return test


def _as_long_as(least: int, most: int | None) -> Test:
    def test(value: Term) -> Verdict:
        text = certain_text(value)
        if text is None:
            return True if least == 0 and most is None else _unless_blank(value)
        return least <= len(text) and (most is None or len(text) <= most)

    return test


def _unless_blank(value: Term) -> Verdict:
    """Blank nodes have no text, which is never right."""
    return False if isinstance(value, ox.BlankNode) else None


def _among(members: set[Node]) -> Test:
    plain = {str(member) for member in members if isinstance(member, URIRef)}

    def test(value: Term) -> Verdict:
        return value.value in plain if isinstance(value, ox.NamedNode) else term(value) in members

    return lru_cache(maxsize=65536)(test)


def in_order(parameter: URIRef, limit: Node) -> Test:
    """Return the test of a range; it knows no more than numbers that are no doubles, and days.

    `parameter` is ``sh:minInclusive`` or one of its like, `limit` its value.
    """
    holds = _ORDER[parameter]
    bound = _number(limit.datatype, str(limit)) if isinstance(limit, Literal) else None
    day = _day(limit.datatype, str(limit)) if isinstance(limit, Literal) else None

    def test(value: Term) -> Verdict:
        if not isinstance(value, ox.Literal):
            return False
        number, date_ = _number(value.datatype.value, value.value), _day(value.datatype.value, value.value)
        if bound is not None and number is not None:
            return holds(number, bound)
        return None if day is None or date_ is None else holds(date_, day)

    return test


_ORDER: dict[URIRef, Callable[[Any, Any], bool]] = {
    SH.minExclusive: operator.gt,
    SH.minInclusive: operator.ge,
    SH.maxExclusive: operator.lt,
    SH.maxInclusive: operator.le,
}


def _number(datatype: str | None, text: str) -> Decimal | None:
    """Return a whole or decimal number; doubles are left to the judge, which compares them in its own way."""
    whole = datatype is not None and datatype.removeprefix(_XSD) in _WHOLE
    fits = (whole and _INTEGER.match(text)) or (datatype == f"{_XSD}decimal" and _NUMBER.match(text))
    return Decimal(text) if fits else None


def _day(datatype: str | None, text: str) -> date | None:
    return date.fromisoformat(text) if datatype == f"{_XSD}date" and _is_date(text) else None


def _is_date(text: str) -> bool:
    return bool(_DATE.match(text)) and _is_read_by(date.fromisoformat, text)


def _is_date_time(text: str) -> bool:
    return bool(_DATE_TIME.match(text)) and _is_read_by(datetime.fromisoformat, text)


def _is_read_by(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_WHOLE = frozenset(("integer", "nonNegativeInteger", "positiveInteger", "long", "int", "short"))
_WELL_FORMED: dict[str, Callable[[str], object]] = {
    STRING: lambda text: True,
    LANGUAGE_STRING: lambda text: True,
    f"{_XSD}anyURI": lambda text: True,
    f"{_XSD}integer": _INTEGER.match,
    f"{_XSD}nonNegativeInteger": re.compile(r"[0-9]{1,18}\Z").match,
    f"{_XSD}positiveInteger": re.compile(r"[1-9][0-9]{0,17}\Z").match,
    f"{_XSD}decimal": _NUMBER.match,
    f"{_XSD}double": _FLOAT.match,
    f"{_XSD}float": _FLOAT.match,
    f"{_XSD}boolean": re.compile(r"(?:true|false)\Z").match,
    f"{_XSD}date": _is_date,
    f"{_XSD}dateTime": _is_date_time,
}
"""By datatype, what says that a text is certainly well-formed."""
