"""Hands out a graph as files: RDF in six syntaxes, tables, and networks; the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.errors import InputError, UsageError
from kg.export import jsonld, tables
from kg.export.rdfxml import rdf_xml
from kg.export.things import Things
from kg.statements import graphs, union
from kg.store import Store
from kg.turtle import trig, turtle
from kg.vocabulary import Names
from kg.writing import finished

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["FORMATS", "Source", "Written", "export", "written"]

_ORDER = (
    *("scheme", "fund", "programme", "programme-area", "specific-objective", "intervention-field", "region"),
    *("owner-type", "method", "owner", "unit", "project", "use", "source", "graph"),
)
"""Kinds of things in the order of Turtle and TriG; the ontology comes before them."""
_SINGLE_PART = tuple(kind for kind in _ORDER if kind not in ("unit", "use"))
"""Kinds whose keys hold no slash, so that their IRIs can be written with a prefix (``project:22-045-S01``)."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and its size in bytes."""

    path: Path
    size: int


def export(
    store: Store,
    folder: Path,
    *,
    formats: Iterable[str] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> list[Written]:
    """Write the graph of `store` into `folder` in `formats` (keys of `FORMATS`; all by default).

    A file appears under its name only when it is whole. `progress` is called with the name of each file before it is
    written.

    Raises:
        UsageError: there is no such format.
        InputError: the folder cannot be written, or a file cannot hold what the graph holds; the message names it.
        EndpointError: the server fails.
    """
    return list(written(Source(store), folder, _checked(formats), progress=progress))


def written(
    source: Source, folder: Path, formats: Iterable[str], *, progress: Callable[[str], None] = lambda name: None
) -> Iterator[Written]:
    """Write the files of `formats` (keys of `FORMATS`) one by one, and yield each; raises as `export` does."""
    for name in formats:
        for file, pieces in FORMATS[name](source):
            progress(file)
            yield _write(folder / file, pieces)


class Source:
    """What the files are made from, each part made when the first file asks for it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names = Names(store.base)

    @cached_property
    def graphs(self) -> Mapping[str, Sequence[str]]:
        """The sorted triples of each named graph."""
        return graphs(line.decode("utf-8") for line in self._store.nquads())

    @cached_property
    def union(self) -> Sequence[str]:
        """The sorted triples of all graphs together."""
        return union(self.graphs)

    @cached_property
    def things(self) -> Things:
        """The things of the graph, for tables."""
        return Things(self.union, self.names)

    @cached_property
    def network(self) -> nx.MultiDiGraph[str]:
        """The graph of things as NetworkX has it."""
        from kg.network import network

        return network(self._store)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of Turtle and TriG."""
        return {**self.names.prefixes(), **{kind: self.names.thing(kind) for kind in _SINGLE_PART}}

    @property
    def order(self) -> Sequence[str]:
        """Beginnings of IRIs in the order of Turtle and TriG."""
        ontology = self.names.prefixes()["kg"].removesuffix("#")
        # With the bracket that ends an IRI the first is the ontology itself, so that its header heads the file.
        return (f"{ontology}>", ontology, *(self.names.thing(kind) for kind in _ORDER))


_Files = Iterator[tuple[str, Iterable[str]]]


def _turtle(source: Source) -> _Files:
    yield "kg.ttl", turtle(source.union, source.prefixes, source.order)


def _n_triples(source: Source) -> _Files:
    yield "kg.nt", (f"{triple} .\n" for triple in source.union)


def _n_quads(source: Source) -> _Files:
    yield (
        "kg.nq",
        (
            f"{triple} {graph} .\n" if graph else f"{triple} .\n"
            for graph, found in source.graphs.items()
            for triple in found
        ),
    )


def _trig(source: Source) -> _Files:
    yield "kg.trig", trig(source.graphs, source.prefixes, source.order)


def _json_ld(source: Source) -> _Files:
    shape = jsonld.context(source.union, source.names)
    yield "context.jsonld", [f'{{"@context": {jsonld.context_text(shape)}}}\n']
    yield "kg.jsonld", jsonld.document(source.union, shape)


def _rdf_xml(source: Source) -> _Files:
    yield "kg.rdf", rdf_xml(source.union, source.names.prefixes())


def _csv(source: Source) -> _Files:
    for table in tables.TABLES:
        yield table.file, tables.csv_text(table, source.things)
    yield "csv-metadata.json", [tables.metadata()]


def _graphml(source: Source) -> _Files:
    from kg.network.files import graphml

    yield "kg.graphml", graphml(source.network)


def _gexf(source: Source) -> _Files:
    from kg.network.files import gexf

    yield "kg.gexf", gexf(source.network)


FORMATS: Mapping[str, Callable[[Source], _Files]] = MappingProxyType(
    {
        "ttl": _turtle,
        "nt": _n_triples,
        "nq": _n_quads,
        "trig": _trig,
        "jsonld": _json_ld,
        "rdf": _rdf_xml,
        "csv": _csv,
        "graphml": _graphml,
        "gexf": _gexf,
    }
)
"""Formats by name, in the order in which they are written."""


def _checked(formats: Iterable[str] | None) -> list[str]:
    asked = list(FORMATS if formats is None else formats)
    for name in asked:
        if name not in FORMATS:
            raise UsageError(f"unknown format {name!r}; a graph is exported as {', '.join(FORMATS)}")
    return [name for name in FORMATS if name in asked]


def _write(path: Path, pieces: Iterable[str]) -> Written:
    try:
        with finished(path, make_folder=True) as file:
            file.writelines(pieces)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error
    return Written(path, path.stat().st_size)
