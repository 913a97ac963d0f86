"""Writes patterns so that Oxigraph reads each predicate once, in order, and joins by a table in memory.

By itself it looks up each row of one pattern in the next, which on disk takes some ten times longer than to read on.
"""

from __future__ import annotations

import re

_NAME = r"<[^<>\s]*>|[A-Za-z][\w-]*:[\w-]+"
_NODE = rf"[?$]\w+|{_NAME}"
_TRIPLE = re.compile(rf"\s*((?:{_NODE})\s+(?:{_NAME}|a)\s+(?:{_NODE}))\s*(?:\.(?=\s|$)|$)")
_VARIABLE = re.compile(r"[?$]\w+")


def triples_of(text: str) -> tuple[str, ...] | None:
    """Return the triples of a group; None if it holds anything but triples of names and variables.

    >>> triples_of("?a ex:p ?b . ?b <http://e/q> ?c .")
    ('?a ex:p ?b', '?b <http://e/q> ?c')
    >>> triples_of("?a ex:p+ ?b")
    """
    found, place = [], 0
    while text[place:].strip():
        triple = _TRIPLE.match(text, place)
        if triple is None:
            return None
        found.append(triple[1])
        place = triple.end()
    return tuple(found)


def joined(*groups: str) -> str:
    """Return groups of triples as one; each triple is read by itself, where they are no paths or the like.

    >>> joined("?a ex:p ?b")
    '?a ex:p ?b .'
    >>> joined("?a ex:p ?b", "?b ex:q ?c")
    '{ SELECT * WHERE { ?a ex:p ?b } } { SELECT * WHERE { ?b ex:q ?c } }'
    """
    text = " . ".join(group.strip().removesuffix(".").strip() for group in groups)
    found = triples_of(text)
    if found is None or len(found) < 2:
        return f"{text} ."
    return " ".join(f"{{ SELECT * WHERE {{ {triple} }} }}" for triple in dict.fromkeys(found))


def variables(text: str) -> frozenset[str]:
    """Return the variables that stand in a text without strings, by name."""
    return frozenset(found[1:] for found in _VARIABLE.findall(text))
