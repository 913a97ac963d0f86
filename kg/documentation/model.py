"""What the documentation says, read from the ontology: terms, rules, and where terms meet other vocabularies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg import resources, terms
from kg.errors import InputError
from kg.ontology import Ontology
from kg.statements import RDF_TYPE, descriptions, iri, literal, triples
from kg.vocabulary import EXTERNAL_PREFIXES

_MORE_PREFIXES = {
    "cv": "http://data.europa.eu/m8g/",
    "eurio": "http://data.europa.eu/s66#",
    "frapo": "http://purl.org/cerif/frapo/",
    "jobtech": "http://data.jobtechdev.se/taxonomy/concept/",
    "ke": "https://linkedopendata.eu/entity/",
    "kp": "https://linkedopendata.eu/prop/direct/",
    "legal": "http://www.w3.org/ns/legal#",
    "locn": "http://www.w3.org/ns/locn#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
"""Prefixes of the vocabularies that terms are aligned with, beside those that the project uses everywhere."""
ALIGNMENTS = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "skos:relatedMatch",
)
"""The properties by which terms are aligned, the nearest first."""
GROUPS = ("class", "Project", "Owner", "MethodUse", "Mention", "NameMatch", "Source", "several", "annotation", "field")
"""How terms are grouped: classes, properties by the class that has them, annotations, printed fields."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to follow: its short text, and its IRI."""

    text: str
    iri: str


@dataclass(frozen=True, slots=True)
class TermText:
    """A term as people read it; texts are by language. `printed` are the labels under which sources print it."""

    name: str
    iri: str
    group: str
    label: Mapping[str, str] = field(hash=False)
    definition: Mapping[str, str] = field(hash=False)
    examples: tuple[str, ...]
    printed: tuple[str, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]
    aligned: tuple[tuple[str, Link], ...]
    defined_by: str | None


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule that the data keep; `severity` is Violation, Warning or Info."""

    name: str
    severity: str
    path: Link | None
    message: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Header:
    """What the ontology says of itself."""

    iri: str
    namespace: str
    title: Mapping[str, str] = field(hash=False)
    description: Mapping[str, str] = field(hash=False)
    version: str = ""
    version_iri: str = ""
    prior_version: str = ""
    licence: str = ""
    created: str = ""
    modified: str = ""


_Described = Mapping[str, Sequence[str]]


class Reader:
    """Reads terms, rules and the header under the base of one ontology."""

    def __init__(self, ontology: Ontology) -> None:
        names = ontology.names
        self._prefixes = {**names.prefixes(), **EXTERNAL_PREFIXES, **_MORE_PREFIXES}
        self._namespace = names.prefixes()["kg"]
        self._base = ontology.base
        lines = ontology.graphs[names.thing("graph", "ontology")].decode().split("\n")
        self._found = {described.subject: described.values for described in descriptions(triples(lines))}

    def header(self) -> Header:
        """Return what the ontology says of itself."""
        subject = self._namespace.removesuffix("#")
        values = self._found.get(f"<{subject}>", {})
        return Header(
            iri=subject,
            namespace=self._namespace,
            title=self._by_language(values, "dcterms:title"),
            description=self._by_language(values, "dcterms:description"),
            version=self._one(values, "owl:versionInfo"),
            version_iri=self._one(values, "owl:versionIRI"),
            prior_version=self._one(values, "owl:priorVersion"),
            licence=self._one(values, "dcterms:license"),
            created=self._one(values, "dcterms:created"),
            modified=self._one(values, "dcterms:modified"),
        )

    def terms(self) -> list[TermText]:
        """Return every term of ours, and properties of other vocabularies that sources print, by group and name."""
        printed = self._iri("kg:fieldLabel")
        found = [
            self._term(subject, values)
            for subject, values in self._found.items()
            if subject.startswith(f"<{self._namespace}") or printed in values
        ]
        return sorted(found, key=lambda term: (GROUPS.index(term.group), term.name.casefold()))

    def aligned_concepts(self) -> list[tuple[Link, str, Link]]:
        """Return the alignments of things that are no terms, such as methods."""
        return [
            (Link(iri(subject).removeprefix(self._base), iri(subject)), relation, target)
            for subject, values in sorted(self._found.items())
            if subject.startswith(f"<{self._base}id/")
            for relation, target in self._alignments(values)
        ]

    def rules(self) -> list[RuleText]:
        """Return every rule that has a message, by name.

        Raises:
            InputError: the file of shapes is missing, or is not Turtle.
        """
        found = []
        for subject, values in shapes_by_subject(self._base).items():
            message = self._by_language(values, "sh:message")
            if message:
                paths = [value for value in values.get(self._iri("sh:path"), ()) if value[0] == "<"]
                found.append(
                    RuleText(
                        name=iri(subject).rpartition("/")[2],
                        severity=self._one(values, "sh:severity").rpartition("#")[2] or "Violation",
                        path=self._link(paths[0]) if paths else None,
                        message=message,
                    )
                )
        return sorted(found, key=lambda rule: rule.name.casefold())

    def _term(self, subject: str, values: _Described) -> TermText:
        short = self._link(subject).text
        return TermText(
            name=short.removeprefix("kg:"),
            iri=iri(subject),
            group=self._group(subject, values),
            label=self._by_language(values, "rdfs:label") or {"": short},
            definition=self._by_language(values, "skos:definition"),
            examples=tuple(literal(value).value for value in values.get(self._iri("skos:example"), ())),
            printed=tuple(literal(value).value for value in values.get(self._iri("kg:fieldLabel"), ())),
            domain=tuple(self._links(values, "rdfs:domain")),
            range=tuple(self._links(values, "rdfs:range")),
            aligned=tuple(self._alignments(values)),
            defined_by=self._one(values, "rdfs:isDefinedBy") or None,
        )

    def _group(self, subject: str, values: _Described) -> str:
        kinds = {self._link(kind).text for kind in values.get(RDF_TYPE, ())}
        if "owl:Class" in kinds:
            return "class"
        if "owl:AnnotationProperty" in kinds:
            return "annotation"
        if "kg:SourceField" in kinds or not subject.startswith(f"<{self._namespace}"):
            return "field"
        domains = [link.text.removeprefix("kg:") for link in self._links(values, "rdfs:domain")]
        return domains[0] if len(domains) == 1 and domains[0] in GROUPS else "several"

    def _alignments(self, values: _Described) -> Iterator[tuple[str, Link]]:
        for relation in ALIGNMENTS:
            yield from ((relation, link) for link in self._links(values, relation))

    def _links(self, values: _Described, name: str) -> Iterator[Link]:
        yield from (self._link(value) for value in values.get(self._iri(name), ()) if value[0] == "<")

    def _link(self, term: str) -> Link:
        full = iri(term)
        for prefix, namespace in self._prefixes.items():
            if full.startswith(namespace) and "/" not in full[len(namespace) :]:
                return Link(f"{prefix}:{full[len(namespace) :]}", full)
        return Link(full, full)

    def _by_language(self, values: _Described, name: str) -> dict[str, str]:
        found = (literal(value) for value in values.get(self._iri(name), ()))
        return {value.language or "": value.value for value in found}

    def _one(self, values: _Described, name: str) -> str:
        value = next(iter(values.get(self._iri(name), ())), None)
        return "" if value is None else iri(value) if value[0] == "<" else literal(value).value

    def _iri(self, short: str) -> str:
        prefix, _, name = short.partition(":")
        return f"<{self._prefixes[prefix]}{name}>"


def shapes_text(base: str) -> str:
    """Return the Turtle text of the shapes under a base.

    Raises:
        InputError: the file is missing, or does not open with its base.
    """
    path = resources.folder("ontology") / "shapes.ttl"
    declared = terms.base_of(path)
    try:
        return path.read_text(encoding="utf-8").replace(declared, base)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def shapes_by_subject(base: str) -> Mapping[str, _Described]:
    """Return the statements of the shapes, terms as text, by subject and predicate; raises as `shapes_text` does."""
    import pyoxigraph

    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in pyoxigraph.parse(shapes_text(base).encode(), format=pyoxigraph.RdfFormat.TURTLE):
            found[str(quad.subject)][str(quad.predicate)].append(str(quad.object))
    except SyntaxError as error:
        raise InputError(f"ontology/shapes.ttl is not Turtle: {error}") from error
    return found


def in_group(found: Iterable[TermText], group: str) -> list[TermText]:
    """Return the terms of one group, in their order."""
    return [term for term in found if term.group == group]
