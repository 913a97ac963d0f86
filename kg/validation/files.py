"""Reads files in any RDF format, and terms of pyoxigraph, as rdflib has them, without ever opening the network."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import InputError
from kg.vocabulary import EXTERNAL_PREFIXES

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib
    from rdflib.term import BNode, Literal, URIRef

    Term = URIRef | BNode | Literal

_STRING = EXTERNAL_PREFIXES["xsd"] + "string"


def read_graph(path: Path) -> rdflib.Graph:
    """Return the union of all graphs of a file; the ending of its name tells the format.

    Raises:
        InputError: the file cannot be read, its ending is of no RDF format, or it is not what its ending says.
    """
    return read_text(_content(path), path)


def read_text(content: bytes, path: Path) -> rdflib.Graph:
    """Return the union of all graphs of `content`, which stands or stood in the file `path`; raises as `read_graph`."""
    import rdflib

    graph = rdflib.Graph(identifier=rdflib.URIRef(path.resolve().as_uri()))
    with ill_typed_literals_allowed():
        for quad in _quads(content, path):
            graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def parsed(path: Path) -> Iterator[pyoxigraph.Quad]:
    """Yield the quads of a file, which is not held in memory; raises as `read_graph` does."""
    readable(path).close()
    yield from _quads(path, path)


def term(found: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Term:
    """Return a term of pyoxigraph as rdflib has it.

    Raises:
        InputError: the term is a quoted triple.
    """
    import pyoxigraph
    from rdflib.term import BNode, Literal, URIRef

    match found:
        case pyoxigraph.NamedNode():
            return URIRef(found.value)
        case pyoxigraph.BlankNode():
            return BNode(found.value)
        case pyoxigraph.Literal(language=str() as language):
            return Literal(found.value, lang=language)
        case pyoxigraph.Literal():
            # In RDF 1.1 a plain literal is an xsd:string; rdflib holds them to be two, which breaks sh:in and counts.
            datatype = found.datatype.value
            return Literal(found.value) if datatype == _STRING else Literal(found.value, datatype=URIRef(datatype))
        case _:
            raise InputError(f"the quoted triple {found} has no place in SHACL 1.0")


@contextmanager
def ill_typed_literals_allowed() -> Iterator[None]:
    """Keep rdflib from writing a warning or a traceback for each literal that is not what its datatype says."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _content(path: Path) -> bytes:
    with readable(path) as file:
        return file.read()


def readable(path: Path) -> BinaryIO:
    """Return a file opened for reading.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def format_of(path: Path) -> pyoxigraph.RdfFormat:
    """Return the format that the ending of a file's name tells.

    Raises:
        InputError: there is none.
    """
    import pyoxigraph

    format_ = pyoxigraph.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if format_ is None:
        raise InputError(
            f"{path}: the ending {path.suffix!r} is of no RDF format (.ttl, .nt, .nq, .trig, .rdf, .jsonld)"
        )
    return format_


def _quads(content: bytes | Path, path: Path) -> Iterator[pyoxigraph.Quad]:
    import pyoxigraph

    # pyoxigraph reads JSON-LD without fetching remote contexts; rdflib would go to the network for them.
    format_ = format_of(path)
    base = path.resolve().as_uri()
    try:
        if isinstance(content, Path):
            yield from pyoxigraph.parse(path=str(content), format=format_, base_iri=base)
        else:
            yield from pyoxigraph.parse(content, format=format_, base_iri=base)
    except SyntaxError as error:
        raise InputError(f"{path} is not {format_.name}: {error}") from error
    except MemoryError as error:  # the parser's own limit, not that of the machine
        raise InputError(f"{path} holds a term or a statement too large to read: {error}") from error
