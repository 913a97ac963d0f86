"""Reads files in any RDF format into rdflib graphs in memory, without ever opening the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.vocabulary import EXTERNAL_PREFIXES

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib
    from rdflib.term import BNode, Literal, Node, URIRef

    Term = URIRef | BNode | Literal
    Triple = tuple[Term, Term, Term]

Origins = Callable[["Node", "Node", "Node"], "Iterable[Node]"]
"""Names the graphs that state a triple."""

_STRING = EXTERNAL_PREFIXES["xsd"] + "string"


@dataclass(frozen=True, slots=True)
class Data:
    """A graph in memory to be judged, and which named graphs each triple comes from."""

    graph: rdflib.Graph
    origins: Origins


def read_graph(path: Path) -> rdflib.Graph:
    """Return the union of all graphs of a file; the ending of its name tells the format.

    Raises:
        InputError: the file cannot be read, its ending is of no RDF format, or it is not what its ending says.
    """
    return read_text(_content(path), path)


def read_data(paths: Iterable[Path], *, ontology_base: str | None = None) -> Data:
    """Return the union of RDF files; with `ontology_base` also our terms, code lists and methods under that base.

    Raises:
        InputError: as `read_graph` does.
    """
    import rdflib

    graph = rdflib.Graph()
    stated_in: dict[tuple[Node, Node, Node], list[Node]] = defaultdict(list)
    for quad in chain(_all_quads(paths), _ontology_quads(ontology_base) if ontology_base else ()):
        triple = _triple(quad)
        graph.add(triple)
        name = getattr(quad.graph_name, "value", None)
        if name:
            stated_in[triple].append(rdflib.URIRef(name))
    return Data(graph, lambda *triple: stated_in.get(triple, ()))


def copied(source: rdflib.Graph) -> Data:
    """Return a graph, or the union of a dataset, in memory: on other stores pySHACL gave wrong results."""
    import rdflib

    graph = rdflib.Graph()
    for found in source.triples((None, None, None)):
        graph.add(found)

    def stated_in(subject: Node, predicate: Node, value: Node) -> Iterable[Node]:
        if not isinstance(source, rdflib.Dataset):
            return ()
        return (quad[3] for quad in source.quads((subject, predicate, value, None)) if quad[3] is not None)

    return Data(graph, stated_in)


def _all_quads(paths: Iterable[Path]) -> Iterator[pyoxigraph.Quad]:
    return (quad for path in paths for quad in _quads(_content(path), path))


def _ontology_quads(base: str) -> Iterator[pyoxigraph.Quad]:
    import pyoxigraph

    from kg import ontology

    for lines in ontology.load(base).graphs.values():
        yield from pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS)


def read_text(content: bytes, path: Path) -> rdflib.Graph:
    """Return the union of all graphs of `content`, which stands or stood in the file `path`; raises as `read_graph`."""
    import rdflib

    graph = rdflib.Graph()
    for quad in _quads(content, path):
        graph.add(_triple(quad))
    return graph


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _quads(content: bytes, path: Path) -> Iterator[pyoxigraph.Quad]:
    import pyoxigraph

    # pyoxigraph reads JSON-LD without fetching remote contexts; rdflib would go to the network for them.
    format_ = pyoxigraph.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if format_ is None:
        raise InputError(
            f"{path}: the ending {path.suffix!r} is of no RDF format (.ttl, .nt, .nq, .trig, .rdf, .jsonld)"
        )
    try:
        yield from pyoxigraph.parse(content, format=format_, base_iri=path.resolve().as_uri())
    except SyntaxError as error:
        raise InputError(f"{path} is not {format_.name}: {error}") from error


def _triple(quad: pyoxigraph.Quad) -> Triple:
    return _term(quad.subject), _term(quad.predicate), _term(quad.object)


def _term(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Term:
    import pyoxigraph
    from rdflib.term import BNode, Literal, URIRef

    match term:
        case pyoxigraph.NamedNode():
            return URIRef(term.value)
        case pyoxigraph.BlankNode():
            return BNode(term.value)
        case pyoxigraph.Literal(language=str() as language):
            return Literal(term.value, lang=language)
        case pyoxigraph.Literal():
            # In RDF 1.1 a plain literal is an xsd:string; rdflib holds them to be two, which breaks sh:in and counts.
            datatype = term.datatype.value
            return Literal(term.value) if datatype == _STRING else Literal(term.value, datatype=URIRef(datatype))
        case _:
            raise InputError(f"the quoted triple {term} has no place in SHACL 1.0")
