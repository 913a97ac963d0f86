"""Counts what a graph holds, as VoID wants it: triples, things, classes, properties and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.statements import RDF_TYPE, descriptions, iri
from kg.vocabulary import Names

_EXAMPLES = ("owner", "method", "region")


@dataclass(frozen=True, slots=True)
class PropertyCount:
    """How often a property is used: triples, and distinct subjects and objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a graph holds.

    `things` are its subjects with IRIs of ours (`{base}id/…`); `classes` and `properties` are by IRI.
    """

    triples: int
    subjects: int
    objects: int
    things: int
    graphs: int
    classes: Mapping[str, int] = field(hash=False)
    properties: Mapping[str, PropertyCount] = field(hash=False)
    examples: tuple[str, ...] = ()
    first_day: str | None = None
    last_day: str | None = None
    newest_retrieval: str | None = None


def statistics(union: Sequence[str], graphs: int, names: Names) -> Statistics:
    """Return the counts of the sorted triples of a graph with `graphs` named graphs.

    The days are the first start and the last end of a project; the retrieval is the latest of a source (ISO 8601).
    """
    classes: Counter[str] = Counter()
    triples: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    objects: dict[str, set[str]] = {}
    things, days, found_subjects = f"<{names.thing('x').removesuffix('x/')}", _Days(names), 0
    ours = 0
    for described in descriptions(union):
        found_subjects += 1
        ours += described.subject.startswith(things)
        for predicate, values in described.values.items():
            triples[predicate] += len(values)
            subjects[predicate] += 1
            objects.setdefault(predicate, set()).update(values)
        classes.update(iri(value) for value in described.values.get(RDF_TYPE, ()))
        days.add(described.values)
    return Statistics(
        triples=len(union),
        subjects=found_subjects,
        objects=len(set().union(*objects.values())),
        things=ours,
        graphs=graphs,
        classes=dict(sorted(classes.items())),
        properties={
            iri(name): PropertyCount(triples[name], subjects[name], len(objects[name])) for name in sorted(triples)
        },
        examples=_examples(union, names),
        first_day=min(days.starts, default=None),
        last_day=max(days.ends, default=None),
        newest_retrieval=max(days.retrievals, default=None),
    )


class _Days:
    """Gathers the days of projects and the times of sources."""

    def __init__(self, names: Names) -> None:
        prefixes = names.prefixes()
        self._project = f"<{names.term('Project')}>"
        self._start, self._end = f"<{names.term('startDate')}>", f"<{names.term('endDate')}>"
        self._retrieved = f"<{prefixes['prov']}generatedAtTime>"
        self.starts: set[str] = set()
        self.ends: set[str] = set()
        self.retrievals: set[str] = set()

    def add(self, values: Mapping[str, Sequence[str]]) -> None:
        self.retrievals.update(_lexical(values.get(self._retrieved, ())))
        if self._project in values.get(RDF_TYPE, ()):
            self.starts.update(_lexical(values.get(self._start, ())))
            self.ends.update(_lexical(values.get(self._end, ())))


def _lexical(values: Sequence[str]) -> list[str]:
    return [value[1:].partition('"')[0] for value in values]


def _examples(union: Sequence[str], names: Names) -> tuple[str, ...]:
    """Return a project that leads to a thing of every main kind, or the first one, and what it leads to first."""
    found: dict[str, dict[str, str]] = {}
    predicates = {f"<{names.term(kind)}>": kind for kind in _EXAMPLES}
    for triple in union:
        if triple.startswith(f"<{names.thing('project')}"):
            subject, predicate, value = triple.split(" ", 2)
            things = found.setdefault(subject, {})
            if predicate in predicates and value.startswith("<"):
                things.setdefault(predicates[predicate], value)
            if len(things) == len(_EXAMPLES):
                break
    # Of projects with equally many the first: max keeps the order.
    best = max(found, key=lambda subject: len(found[subject]), default=None)
    return (iri(best), *(iri(value) for _, value in sorted(found[best].items()))) if best else ()
