"""Gathers from a built graph what the quality report compares: each project with its texts, fields and owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kg.conflicts import preferred_titles
from kg.quality.model import About
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store

_DCTERMS, _SKOS, _RDFS, _PROV = (EXTERNAL_PREFIXES[name] for name in ("dcterms", "skos", "rdfs", "prov"))
_FIELDS = ("plannedParticipants", "startDate", "endDate")


@dataclass(frozen=True, slots=True)
class Description:
    """A text that a source gives for a project, with the fields of the same source, else those of all sources."""

    project: str
    source: str
    text: str
    language: str
    planned: tuple[int, ...]
    starts: tuple[date, ...]
    ends: tuple[date, ...]


@dataclass(frozen=True)
class Projects:
    """The projects of a graph: what each is about, its names, the spellings of its owners, and its sources' names."""

    about: Mapping[str, About]
    titles: Mapping[str, tuple[str, ...]]
    owner_names: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, tuple[str, ...]]
    source_names: Mapping[str, str]
    fields: Mapping[tuple[str, str, str], tuple[str, ...]] = field(repr=False)
    stating: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """For some properties, such as ``kg:owner``, the things that have them."""

    def of_source(self, name: str) -> About:
        """Return the project that a source is about, if it is about one only."""
        return self._only.get(name, About())

    @cached_property
    def _only(self) -> Mapping[str, About]:
        found: defaultdict[str, list[About]] = defaultdict(list)
        for project, names in self.sources.items():
            for name in names:
                found[name].append(self.about[project])
        return {name: each[0] for name, each in found.items() if len(each) == 1}


def projects_of(store: Store) -> Projects:
    """Return the projects of a graph without their texts; raises what the store raises.

    Each property is asked for by itself and joined here, which is twice as fast as joins and paths in a query.
    """
    names = Names(store.base)
    a_project, an_owner = names.term("Project"), names.term("owner")
    every = sorted(row[0] for row in store.texts(f"SELECT ?p WHERE {{ ?p a <{a_project}> }}") if row[0])
    identifiers = _all(store, f"SELECT ?p ?v WHERE {{ ?p <{_DCTERMS}identifier> ?v }}")
    titles = _of(every, _all(store, f"SELECT ?p ?v WHERE {{ ?p <{_DCTERMS}title> ?v }}"))
    several = any(len(found) > 1 for found in titles.values())
    preferred = preferred_titles(store) if several else {}
    owners = _of(every, _all(store, f"SELECT ?p ?v WHERE {{ ?p <{an_owner}> ?v }}"))
    labels, others = (_all(store, f"SELECT ?p ?v WHERE {{ ?p <{_SKOS}{kind}Label> ?v }}") for kind in ("pref", "alt"))
    labelled = {project: _joined(found, labels) for project, found in owners.items()}
    source_names = dict(_first(store, f"SELECT ?s ?v WHERE {{ ?s a <{names.term('Source')}> ; <{_RDFS}label> ?v }}"))
    derived = _of(every, _all(store, f"SELECT ?p ?v WHERE {{ ?p <{_PROV}wasDerivedFrom> ?v }}"))
    fields, stated = _fields(store)
    return Projects(
        about={
            project: About(
                project,
                (identifiers.get(project) or ("",))[0],
                preferred.get(project) or (titles.get(project) or ("",))[0],
                labelled.get(project, ()),
            )
            for project in every
        },
        titles=titles,
        owner_names={project: _joined(found, labels, others) for project, found in owners.items()},
        sources={
            project: tuple(sorted(source_names.get(source, source) for source in sources))
            for project, sources in derived.items()
        },
        source_names=source_names,
        fields=fields,
        stating={
            "dcterms:identifier": frozenset(identifiers),
            "dcterms:title": frozenset(titles),
            "kg:owner": frozenset(owners),
            **stated,
        },
    )


def _of(subjects: Iterable[str], found: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {subject: found[subject] for subject in subjects if subject in found}


def _joined(things: Iterable[str], *labels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({label for thing in things for each in labels for label in each.get(thing, ())}))


def descriptions(store: Store, projects: Projects) -> Iterator[Description]:
    """Yield every text of every project; raises what the store raises."""
    query = f"SELECT ?p ?g ?v (LANG(?v) AS ?l) WHERE {{ GRAPH ?g {{ ?p <{_DCTERMS}description> ?v }} }}"
    for project, graph, text, language in store.texts(query):
        if project and graph and text and project in projects.about:
            yield Description(
                project,
                projects.source_names.get(graph, graph),
                text,
                language or "",
                tuple(int(value) for value in _values(projects, project, graph, "plannedParticipants")),
                _days(_values(projects, project, graph, "startDate")),
                _days(_values(projects, project, graph, "endDate")),
            )


def _values(projects: Projects, project: str, graph: str, name: str) -> tuple[str, ...]:
    own = projects.fields.get((project, name, graph))
    return own or projects.fields.get((project, name, ""), ())


def _days(values: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(value[:10]) for value in values)


def _fields(store: Store) -> tuple[Mapping[tuple[str, str, str], tuple[str, ...]], Mapping[str, frozenset[str]]]:
    """Return the values of the compared fields by project, property and graph, and by property who states it.

    Under ``""`` stand the values of all graphs.
    """
    found: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    stated: defaultdict[str, set[str]] = defaultdict(set)
    names = Names(store.base)
    for name in _FIELDS:
        for project, graph, value in store.texts(
            f"SELECT ?p ?g ?v WHERE {{ GRAPH ?g {{ ?p <{names.term(name)}> ?v }} }}"
        ):
            stated[f"kg:{name}"].add(project or "")
            if project and value and _legal(name, value):
                found[project, name, graph or ""].add(value)
                found[project, name, ""].add(value)
    fields = {key: tuple(sorted(values)) for key, values in found.items()}
    return fields, {name: frozenset(projects) for name, projects in stated.items()}


def _legal(name: str, value: str) -> bool:
    """Return whether a value is what its property promises; the shapes report the others."""
    if name == "plannedParticipants":
        return value.isdecimal() and len(value) < 10
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _first(store: Store, query: str) -> Iterator[tuple[str, str]]:
    """Yield subject and value, a subject with several values by the first in the alphabet."""
    for subject, values in _all(store, query).items():
        yield subject, values[0]


def _all(store: Store, query: str) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for subject, value in store.texts(query):
        if subject and value:
            found[subject].add(value)
    return {subject: tuple(sorted(values)) for subject, values in found.items()}


def labels_of(store: Store) -> Mapping[str, Mapping[str, str]]:
    """Return the labels of all properties by local name and language, as the graph itself has them."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for language in ("en", "sv"):
        query = f'SELECT ?p ?l WHERE {{ ?p <{_RDFS}label> ?l FILTER(LANG(?l) = "{language}") }}'
        for iri, text in _first(store, query):
            if iri.startswith((f"{store.base}ontology#", _DCTERMS)):
                found[iri.replace("#", "/").rpartition("/")[2]][language] = text
    return found
