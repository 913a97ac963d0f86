"""The endpoint's description of itself, by the SPARQL 1.1 Service Description vocabulary."""

from __future__ import annotations

from functools import lru_cache

from kg.vocabulary import EXTERNAL_PREFIXES
from kg.web.sparql.limits import Limits
from kg.web.sparql.result_formats import GRAPHS, ROWS, Format

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_TITLES = (("SPARQL-tjänst för ESF-projekt", "sv"), ("SPARQL endpoint for ESF projects", "en"))
_OWN_GRAPHS = ("ontology", "reference", "methods", "derived")


@lru_cache(maxsize=32)
def description(address: str, base: str, limits: Limits, wanted: Format) -> bytes:
    """Return the service description of the endpoint at `address`, whose data has `base`, in a graph format.

    The sources' graphs are described in the data; here are only those that every build has.
    """
    import pyoxigraph

    node, literal = pyoxigraph.NamedNode, pyoxigraph.Literal
    triples: list[pyoxigraph.Triple] = []

    def say(subject: str, predicate: str, value: pyoxigraph.NamedNode | pyoxigraph.Literal) -> None:
        triples.append(pyoxigraph.Triple(node(subject), node(predicate), value))

    service, dataset, union = f"{address}#service", f"{address}#dataset", f"{address}#union"
    a, dcterms = f"{EXTERNAL_PREFIXES['rdf']}type", EXTERNAL_PREFIXES["dcterms"]
    say(service, a, node(f"{_SD}Service"))
    say(service, f"{_SD}endpoint", node(address))
    say(service, f"{_SD}supportedLanguage", node(f"{_SD}SPARQL11Query"))
    say(service, f"{_SD}feature", node(f"{_SD}UnionDefaultGraph"))
    say(service, f"{_SD}defaultDataset", node(dataset))
    for form in (*ROWS, *GRAPHS):
        say(service, f"{_SD}resultFormat", node(form.iri))
    for title, language in _TITLES:
        say(service, f"{dcterms}title", literal(title, language=language))
    for limit in limits.rows():
        say(service, f"{EXTERNAL_PREFIXES['rdfs']}comment", literal(limit.sentence, language="en"))
    say(dataset, a, node(f"{_SD}Dataset"))
    say(dataset, a, node(f"{_VOID}Dataset"))
    say(dataset, f"{_VOID}uriSpace", literal(base))
    say(dataset, f"{_SD}defaultGraph", node(union))
    say(union, a, node(f"{_SD}Graph"))
    for name in _OWN_GRAPHS:
        graph = f"{address}#{name}"
        say(dataset, f"{_SD}namedGraph", node(graph))
        say(graph, a, node(f"{_SD}NamedGraph"))
        say(graph, f"{_SD}name", node(f"{base}id/graph/{name}"))
    written = pyoxigraph.RdfFormat.from_media_type(wanted.media_type)
    prefixes = {name: EXTERNAL_PREFIXES[name] for name in ("dcterms", "rdf", "rdfs")} | {"sd": _SD, "void": _VOID}
    return pyoxigraph.serialize(sorted(triples, key=str), format=written, prefixes=prefixes) or b""
