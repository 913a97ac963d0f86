"""The scheme of methods itself: which concept a name means today."""

from __future__ import annotations

from collections.abc import Mapping

from kg.ontology import Concept, Ontology


def current(ontology: Ontology, printed: str) -> Concept | None:
    """Return the method whose id or label is `printed`, or the one that has taken its place; None if not just one."""
    concepts = {concept.id: concept for concept in ontology.concepts("methods")}
    if printed in concepts:
        return concepts[successor(concepts, printed)]
    wanted = folded(printed)
    named = {
        successor(concepts, concept.id)
        for concept in concepts.values()
        if any(folded(spelling) == wanted for spelling in concept.spellings())
    }
    return concepts[named.pop()] if len(named) == 1 else None


def successor(concepts: Mapping[str, Concept], key: str) -> str:
    """Return the id of the concept that stands for `key` today: itself, or the last of its replacements."""
    seen = {key}
    while (following := concepts[key].replaced_by) in concepts and following not in seen:
        key = following or key
        seen.add(key)
    return key


def folded(text: str) -> str:
    """Return a label as it is compared with others: in small letters, with single spaces.

    >>> folded("Case  Management")
    'case management'
    """
    return " ".join(text.casefold().split())
