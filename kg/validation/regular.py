"""Matches patterns that stand in the data: a SPARQL function for Oxigraph, which would compile each anew every time."""

from __future__ import annotations

import re
from functools import lru_cache

import pyoxigraph as ox

MATCHES = ox.NamedNode("urn:kg:matches")
"""The function: text and pattern, as in ``REGEX``."""


def matches(text: object, pattern: object) -> ox.Literal | None:
    """Return whether a text has a match, as rdflib's ``REGEX`` says; None, an error in SPARQL, where that would fail.

    >>> matches(ox.Literal("2017/00082"), ox.Literal("^([0-9]{4}/[0-9]{5})$"))
    <Literal value=true datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#boolean>>
    """
    if not (_is_text(text) and _is_text(pattern)):
        return None
    assert isinstance(text, ox.Literal)
    assert isinstance(pattern, ox.Literal)
    compiled = _compiled(pattern.value)
    return None if compiled is None else ox.Literal(compiled.search(text.value) is not None)


def _is_text(value: object) -> bool:
    return isinstance(value, ox.Literal) and value.datatype.value.endswith(("#string", "#langString"))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None
