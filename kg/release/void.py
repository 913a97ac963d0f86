"""A data set described in VoID: what it is, where it is, and how much of what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.literals import in_language, literal
from kg.release.statistics import Statistics
from kg.release.words import Text
from kg.vocabulary import EXTERNAL_PREFIXES, Names

VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
}
"""Names of RDF formats in the list of the W3C, by ending."""
_VOCABULARIES = ("dcterms", "org", "prov", "schema", "skos")
_RDF, _XSD, _DCTERMS = (EXTERNAL_PREFIXES[name] for name in ("rdf", "xsd", "dcterms"))


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as VoID sees it.

    `partition` begins the IRIs of its partitions, `modified` is a day or a moment, `endings` are those of RDF files.
    """

    iri: str
    partition: str
    title: Text
    licence: str
    homepage: str
    endpoint: str | None
    dumps: Sequence[str] = field(hash=False)
    modified: str | None = None
    description: Text | None = None
    publisher: str | None = None
    endings: Sequence[str] = ()


def void_triples(dataset: Dataset, statistics: Statistics, names: Names) -> Iterator[str]:
    """Yield the triples of the description, in no order; a count of 0 of a whole is taken as not known."""
    subject = f"<{dataset.iri}>"
    yield f"{subject} <{_RDF}type> <{VOID}Dataset>"
    for short, text in (("title", dataset.title), ("description", dataset.description)):
        for tag, value in text.pairs() if text else ():
            yield f"{subject} <{_DCTERMS}{short}> {in_language(value, tag)}"
    yield f"{subject} <{_DCTERMS}license> <{dataset.licence}>"
    if dataset.publisher:
        yield f"{subject} <{_DCTERMS}publisher> <{dataset.publisher}>"
    if dataset.modified:
        kind = "dateTime" if "T" in dataset.modified else "date"
        yield f"{subject} <{_DCTERMS}modified> {literal(dataset.modified, _XSD + kind)}"
    yield f"{subject} <{EXTERNAL_PREFIXES['foaf']}homepage> <{dataset.homepage}>"
    yield f"{subject} <{VOID}uriSpace> {literal(names.thing('x').removesuffix('x/'))}"
    yield from (f"{subject} <{VOID}dataDump> <{dump}>" for dump in dataset.dumps)
    if dataset.endpoint:
        yield f"{subject} <{VOID}sparqlEndpoint> <{dataset.endpoint}>"
    yield f"{subject} <{VOID}vocabulary> <{names.term('Project').partition('#')[0]}>"
    yield from (f"{subject} <{VOID}vocabulary> <{EXTERNAL_PREFIXES[name]}>" for name in _VOCABULARIES)
    yield from (f"{subject} <{VOID}exampleResource> <{example}>" for example in statistics.examples)
    yield from (f"{subject} <{VOID}feature> <{_FORMATS}{_FORMAT_NAMES[ending]}>" for ending in dataset.endings)
    yield from _counts(dataset, statistics)


def _counts(dataset: Dataset, statistics: Statistics) -> Iterator[str]:
    subject = f"<{dataset.iri}>"
    wholes = {
        "triples": statistics.triples,
        "entities": statistics.things,
        "distinctSubjects": statistics.subjects,
        "distinctObjects": statistics.objects,
        "classes": len(statistics.classes) if statistics.properties else 0,
        "properties": len(statistics.properties),
    }
    for name, count in wholes.items():
        if count:
            yield f"{subject} <{VOID}{name}> {literal(count)}"
    for name, count in statistics.classes.items():
        part = f"<{dataset.partition}class-{_key(name)}>"
        yield f"{subject} <{VOID}classPartition> {part}"
        yield f"{part} <{VOID}class> <{name}>"
        yield f"{part} <{VOID}entities> {literal(count)}"
    for name, counted in statistics.properties.items():
        part = f"<{dataset.partition}property-{_key(name)}>"
        yield f"{subject} <{VOID}propertyPartition> {part}"
        yield f"{part} <{VOID}property> <{name}>"
        yield f"{part} <{VOID}triples> {literal(counted.triples)}"
        yield f"{part} <{VOID}distinctSubjects> {literal(counted.subjects)}"
        yield f"{part} <{VOID}distinctObjects> {literal(counted.objects)}"


def _key(name: str) -> str:
    """Return a name for a term in a fragment, with the prefix of its vocabulary, since two may share a local name."""
    for prefix, namespace in EXTERNAL_PREFIXES.items():
        if name.startswith(namespace):
            return f"{prefix}-{name.removeprefix(namespace)}"
    space, _, local = name.replace("#", "/").rpartition("/")
    return f"{'kg' if space.endswith('ontology') else space.rpartition('/')[2]}-{local}"
