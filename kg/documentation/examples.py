"""A value of each property as the graph has it, with the thing that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.statements import iri, literal
from kg.store import Store
from kg.vocabulary import CLASSES, PROPERTIES, SOURCE_FIELDS, Names

_LONGEST = 110


@dataclass(frozen=True, slots=True)
class Example:
    """A value and the thing that has it, both as people read them, and the IRI of the thing."""

    subject: str
    subject_iri: str
    value: str


Examples = Mapping[str, Example]
"""Examples by the IRI of the property, or of the class, whose example is the name of a thing of that class."""


def from_triples(union: Sequence[str], names: Names, label: Callable[[str], str]) -> Examples:
    """Return the first example of each property and class among sorted triples; `label` names a thing by its IRI."""
    label = _naming_uses(names, label)
    found: dict[str, Example] = {}
    wanted = {f"<{names.term(name)}>" for name in PROPERTIES}
    classes = {f"<{names.term(name)}>" for name in CLASSES}
    things = f"<{names.thing('x').removesuffix('x/')}"
    a = f"<{names.prefixes()['rdf']}type>"
    for triple in union:
        subject, predicate, value = triple.split(" ", 2)
        key = value if predicate == a and value in classes else predicate if predicate in wanted else None
        if key is None or iri(key) in found or not subject.startswith(things):
            continue
        name = label(iri(subject))
        found[iri(key)] = Example(name, iri(subject), name if key == value else _shown(value, label))
    return found


def from_store(store: Store, label: Callable[[str], str]) -> Examples:
    """Return an example of each property and class of a store, in one query; `label` names a thing by its IRI.

    Raises:
        EndpointError: the server fails.
    """
    names = Names(store.base)
    label = _naming_uses(names, label)
    parts = [_part(names.term(name), f"?s <{names.term(name)}> ?o", "?o") for name in sorted(PROPERTIES)]
    parts += [_part(names.term(name), f"?s a <{names.term(name)}>", "?s") for name in sorted(CLASSES - SOURCE_FIELDS)]
    query = f"SELECT ?term ?s ?value ?thing WHERE {{ {' UNION '.join(parts)} }}"
    found: dict[str, Example] = {}
    for term, subject, value, thing in store.texts(query):
        if term and subject and value is not None and subject.startswith(names.thing("x").removesuffix("x/")):
            shown = label(value) if thing == "true" else shortened(value)
            found.setdefault(term, Example(label(subject), subject, shown))
    return found


def shortened(text: str) -> str:
    """Return a text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _naming_uses(names: Names, label: Callable[[str], str]) -> Callable[[str], str]:
    """Return `label` made to name a use of a method, which has no name of its own, by its method and its project."""
    uses = names.thing("use", "")

    def named(thing: str) -> str:
        if not thing.startswith(uses):
            return label(thing)
        project, method, role = thing.removeprefix(uses).split("/", 2)
        return f"{label(names.thing('method', method))} ({role}), {project}"

    return named


def _shown(value: str, label: Callable[[str], str]) -> str:
    return label(iri(value)) if value[0] == "<" else shortened(literal(value).value)


def _part(term: str, pattern: str, value: str) -> str:
    return (
        f"{{ SELECT (<{term}> AS ?term) ?s ({value} AS ?value) (isIRI({value}) AS ?thing)"
        f" WHERE {{ {pattern} }} LIMIT 1 }}"
    )
