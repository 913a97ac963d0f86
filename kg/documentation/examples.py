"""A value of each property as the graph has it, with the thing that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kg.statements import iri, literal
from kg.store import Store
from kg.vocabulary import CLASSES, PROPERTIES, Names

_LONGEST = 110
_FIRST = "project"
_SHARED = frozenset(("endDate", "fund", "startDate"))
"""Properties that programmes have as well as projects: their examples are looked for among projects first."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value and the thing that has it, both as people read them, and the IRI of the thing."""

    subject: str
    subject_iri: str
    value: str


Examples = Mapping[str, Example]
"""Examples by the IRI of the property, or of the class, whose example is the name of a thing of that class."""


def from_triples(union: Sequence[str], names: Names, label: Callable[[str], str]) -> Examples:
    """Return an example of each property and class among sorted triples, the first of a project if any has one.

    `label` names a thing by its IRI.
    """
    label = _naming_uses(names, label)
    wanted = {f"<{names.term(name)}>" for name in PROPERTIES}
    classes = {f"<{names.term(name)}>" for name in CLASSES}
    things, projects = f"<{names.thing('x').removesuffix('x/')}", f"<{names.thing(_FIRST)}"
    a = f"<{names.prefixes()['rdf']}type>"
    found: dict[str, tuple[str, str]] = {}
    for triple in union:
        subject, predicate, value = triple.split(" ", 2)
        key = value if predicate == a and value in classes else predicate
        if (key in wanted or key in classes) and subject.startswith(things):
            before = found.get(key)
            if before is None or (subject.startswith(projects) and not before[0].startswith(projects)):
                found[key] = (subject, value)
    return {
        iri(key): _example(iri(subject), subject if key in classes else value, label)
        for key, (subject, value) in found.items()
    }


def _example(subject: str, value: str, label: Callable[[str], str]) -> Example:
    return Example(label(subject), subject, _shown(value, label))


def from_store(store: Store, label: Callable[[str], str]) -> Examples:
    """Return an example of each property and class of a store, of a project if any has one, in one query.

    `label` names a thing by its IRI.

    Raises:
        EndpointError: the server fails.
    """
    names = Names(store.base)
    label = _naming_uses(names, label)
    project = f"?s a <{names.term('Project')}> . "
    parts = [
        _part(names.term(name), f"{first}?s <{names.term(name)}> ?o", "?o", rank)
        for name in sorted(PROPERTIES)
        for rank, first in enumerate((project, "") if name in _SHARED else ("",))
    ]
    parts += [_part(names.term(name), f"?s a <{names.term(name)}>", "?s", 0) for name in sorted(CLASSES)]
    query = f"SELECT ?rank ?term ?s ?value ?thing WHERE {{ {' UNION '.join(parts)} }}"
    found: dict[str, Example] = {}
    for _, term, subject, value, thing in sorted(store.texts(query), key=lambda row: row[0] or ""):
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


def _part(term: str, pattern: str, value: str, rank: int) -> str:
    return (
        f"{{ SELECT ({rank} AS ?rank) (<{term}> AS ?term) ?s ({value} AS ?value) (isIRI({value}) AS ?thing)"
        f" WHERE {{ {pattern} }} LIMIT 1 }}"
    )
