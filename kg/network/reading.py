"""Reads from a store what a network needs: things, links between them, and the uses of methods with their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.agreement import MONEY
from kg.conflicts import settled
from kg.errors import InputError, UsageError
from kg.model import LINKING_ROLES, ROLES
from kg.network.rows import rows
from kg.store import Store
from kg.vocabulary import Names, project_key

Attribute = str | int | float | bool

KINDS = (
    "project",
    "owner",
    "unit",
    "region",
    "method",
    "fund",
    "programme",
    "programme-area",
    "specific-objective",
    "intervention-field",
)
"""Kinds of nodes, in the order in which nodes come."""
RELATIONS = {
    "owner": "kg:owner",
    "ownerUnit": "kg:ownerUnit",
    "partner": "kg:partner",
    "region": "kg:region",
    "method": "kg:method",
    "fund": "kg:fund",
    "programme": "kg:programme",
    "programmeArea": "kg:programmeArea",
    "specificObjective": "kg:specificObjective",
    "interventionField": "kg:interventionField",
    "continues": "kg:continues",
    "unitOf": "org:unitOf",
    "broader": "skos:broader",
}
"""Relations between nodes, as properties of the graph; all but the last two start at a project."""
_TEXTS = {
    "identifier": "dcterms:identifier",
    "startDate": "kg:startDate",
    "endDate": "kg:endDate",
    "currency": "kg:currency",
    "beneficiaryPlace": "kg:beneficiaryPlace",
    "beneficiaryPostcode": "kg:beneficiaryPostcode",
    "projectPhase": "kg:projectPhase",
    "call": "kg:call",
    "organisationNumber": "kg:organisationNumber",
    "notation": "skos:notation",
    "ownerType": "kg:ownerType",
}
_NUMBERS = {"plannedParticipants": "kg:plannedParticipants"}
_AMOUNTS = {
    name: f"kg:{name}" for name in ("totalBudget", "totalCost", "grantedSupport", "euContribution", "coFinancingRate")
}
_FLAGS = {name: f"kg:{name}" for name in ("strategicImportance", "childPovertyTheme")}
_USE = {
    name: f"kg:{name}" for name in ("methodUse", "useOf", "role", "quote", "matchedText", "matchRule", "confidence")
}
_LABELS = {"prefLabel": "skos:prefLabel", "title": "dcterms:title"}
_TYPE = {"type": "rdf:type"}
_ATTRIBUTES = {**_TEXTS, **_NUMBERS, **_AMOUNTS, **_FLAGS}
_READ = {**RELATIONS, **_ATTRIBUTES}
ALL = frozenset(_READ)
"""Names of all relations and attributes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph.

    `id` is its kind and key (``project:22-045-S01``). `label` is in Swedish where there is a Swedish one.
    `attributes` are named as the properties of the ontology: dates as ISO 8601 text, participants in persons, amounts
    of money as numbers in `currency`, the co-financing rate between 0 and 1. What is not known is not there.
    Where sources disagree about a project, the value is the one that `kg.conflicts` prefers.
    """

    id: str
    kind: str
    key: str
    iri: str
    label: str
    attributes: Mapping[str, Attribute] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A relation (a key of `RELATIONS`) between two nodes, by id."""

    source: str
    relation: str
    target: str


@dataclass(frozen=True, slots=True)
class Use:
    """A method in a project, by id, with the words that prove it; `confidence` is between 0 and 1."""

    project: str
    method: str
    role: str
    quote: str
    matched: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Facts:
    """All nodes by id, all links, and all uses in every role; each in a stable order."""

    nodes: Mapping[str, Node] = field(repr=False)
    links: tuple[Link, ...] = field(repr=False)
    uses: tuple[Use, ...] = field(repr=False)

    def linking_uses(self) -> Iterator[Use]:
        """Yield the uses in roles that link a project to a method, the strongest role of each pair first."""
        return (use for use in self.uses if use.role in LINKING_ROLES)


_Values = Mapping[str, dict[str, list[str]]]
_Labels = Mapping[str, dict[str, str]]


def read(store: Store, *, only: Collection[str] = ALL) -> Facts:
    """Read the network of a store; things that no project leads to or names are left out.

    Args:
        store: what is read.
        only: names of the relations and attributes to read, besides uses and labels; fewer are read faster.

    Raises:
        InputError: a value that must be a number is none.
        EndpointError: the server fails.
    """
    names = Names(store.base)
    values, labels, disagreement = _values_and_labels(store, only)
    if disagreement:
        _settle(store, values, labels)
    ids = _Ids(names)
    links = sorted(_links(values, ids), key=lambda link: (_rank(link.source), link.relation, _rank(link.target)))
    projects = [
        ids.of(subject) for subject, by_name in values.items() if names.term("Project") in by_name.get("type", ())
    ]
    uses = sorted(_uses(values, ids), key=lambda use: (use.project, use.method, ROLES.index(use.role)))
    # A method that is only mentioned is known, although no link leads to it.
    reached = _reached((project for project in projects if project), links) | {use.method for use in uses}
    nodes = (_node(iri, node, values, labels) for iri, node in ids.known.items() if node in reached)
    return Facts(
        nodes={node.id: node for node in sorted(nodes, key=lambda node: _rank(node.id))},
        links=tuple(link for link in links if link.source in reached and link.target in reached),
        uses=tuple(uses),
    )


def selected(facts: Facts, projects: Iterable[str]) -> Facts:
    """Return only the facts about some projects, named by key or diary number.

    Raises:
        UsageError: the graph has no such project.
    """
    wanted = {f"project:{project_key(project)}" for project in projects}
    unknown = sorted(wanted - facts.nodes.keys())
    if unknown:
        raise UsageError(f"the graph has no project {unknown[0].removeprefix('project:')!r}")
    links = [link for link in facts.links if link.source in wanted or not link.source.startswith("project:")]
    uses = tuple(use for use in facts.uses if use.project in wanted)
    reached = _reached(wanted, (link for link in links if not link.target.startswith("project:")))
    reached |= {use.method for use in uses}
    return Facts(
        nodes={id_: node for id_, node in facts.nodes.items() if id_ in reached},
        links=tuple(link for link in links if link.source in reached and link.target in reached),
        uses=uses,
    )


class _Ids:
    """Gives each IRI of a kind that the network has its node id."""

    def __init__(self, names: Names) -> None:
        self._start = names.thing("x").removesuffix("x/")
        self.known: dict[str, str] = {}

    def of(self, iri: str) -> str | None:
        if iri in self.known:
            return self.known[iri]
        kind, _, key = iri.removeprefix(self._start).partition("/")
        if kind not in KINDS or not iri.startswith(self._start):
            return None
        self.known[iri] = f"{kind}:{key}"
        return self.known[iri]


def _rank(node: str) -> tuple[int, str]:
    kind, _, key = node.partition(":")
    return KINDS.index(kind), key


def _values_and_labels(store: Store, only: Collection[str]) -> tuple[_Values, _Labels, bool]:
    """Return the distinct values by subject and name, the first label of each subject by language, and whether
    anything has two values of an attribute, or two labels in a language."""
    values: dict[str, dict[str, list[str]]] = {}
    labels: dict[str, dict[str, str]] = {}
    wanted = {name: term for name, term in _READ.items() if name in only} | {**_USE, **_LABELS, **_TYPE}
    several = False
    for subject, name, text, language in rows(store, wanted):
        if name in _LABELS:
            by_language = labels.setdefault(subject, {})
            known = by_language.setdefault(language, text)
            if known != text:
                by_language[language] = min(text, known)
                several = True
            continue
        found = values.setdefault(subject, {}).setdefault(name, [])
        if text not in found:
            several = several or (bool(found) and name in _ATTRIBUTES)
            found.append(text)
    return values, labels, several


def _settle(store: Store, values: _Values, labels: _Labels) -> None:
    """Leave of what sources say differently of a project what is preferred, and amounts in one currency."""
    start = Names(store.base).thing("project", "")
    for project, row in settled(store).items():
        found, by_language = values.get(start + project, {}), labels.get(start + project, {})
        for name in MONEY & found.keys() if "currency" in row else ():
            if name not in row:
                del found[name]
        for name, value in row.items():
            text, _, language = name.partition("@")
            if text == "title":
                by_language[language] = value.value
            elif name in _ATTRIBUTES and name in found:
                found[name] = [value.value]


def _links(values: _Values, ids: _Ids) -> Iterator[Link]:
    for subject, by_name in values.items():
        for relation in RELATIONS.keys() & by_name.keys():
            source = ids.of(subject)
            for value in by_name[relation]:
                target = ids.of(value)
                if source and target:
                    yield Link(source, relation, target)


def _reached(projects: Iterable[str], links: Iterable[Link]) -> set[str]:
    """Return the projects and everything that links lead to from them."""
    onward: dict[str, list[str]] = defaultdict(list)
    for link in links:
        onward[link.source].append(link.target)
    reached: set[str] = set()
    ahead = list(projects)
    while ahead:
        node = ahead.pop()
        if node not in reached:
            reached.add(node)
            ahead.extend(onward.get(node, ()))
    return reached


def _node(iri: str, node: str, values: _Values, labels: _Labels) -> Node:
    kind, _, key = node.partition(":")
    by_language = labels.get(iri, {})
    texts = [text for _, text in sorted(by_language.items())]
    label = by_language.get("sv") or (texts[0] if texts else key)
    attributes = dict(_attributes(values.get(iri, {})))
    if "en" in by_language:
        attributes["labelEn"] = by_language["en"]
    return Node(node, kind, key, iri, label, dict(sorted(attributes.items())))


def _attributes(by_name: Mapping[str, list[str]]) -> Iterator[tuple[str, Attribute]]:
    for name, found in by_name.items():
        value = min(found)
        if name == "ownerType":
            yield name, value.rpartition("/")[2]
        elif name in _TEXTS:
            yield name, value
        elif name in _NUMBERS:
            yield name, int(_number(name, value))
        elif name in _AMOUNTS:
            yield name, _number(name, value)
        elif name in _FLAGS:
            yield name, value in ("true", "1")


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise InputError(f"the graph holds {value!r} as a value of kg:{name}, which is a number") from None


def _uses(values: _Values, ids: _Ids) -> Iterator[Use]:
    for subject, by_name in values.items():
        for use in by_name.get("methodUse", ()):
            found = values.get(use, {})
            project, method = ids.of(subject), ids.of(_first(found, "useOf"))
            role = _first(found, "role")
            if project and method and role in ROLES:
                yield Use(
                    project=project,
                    method=method,
                    role=role,
                    quote=_first(found, "quote"),
                    matched=_first(found, "matchedText"),
                    rule=_first(found, "matchRule"),
                    confidence=_number("confidence", _first(found, "confidence") or "1"),
                )


def _first(by_name: Mapping[str, list[str]], name: str) -> str:
    return min(by_name.get(name, ("",)))
