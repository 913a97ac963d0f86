"""Reads a graph to compare: a release, a build, an export, or an RDF file, compressed or not.

A graph with blank nodes is canonicalised with RDFC-1.0 first. The canonical labels of that recommendation count through
the whole data set, so that one new blank node could rename all others; here each group of blank nodes that statements
hold together is canonicalised by itself and named by the hash of what it says. A group that did not change then keeps
its names.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg import generations
from kg.errors import InputError

if TYPE_CHECKING:
    import pyoxigraph

_Term = TypeVar("_Term")
_IN_FOLDERS = ("data/kg.nq.gz", "data.nq", "kg.nq")
"""Where the statements stand in a release, in a generation of a build, and in an export."""
_GRAPHS = frozenset((".nq", ".trig"))


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple as text, ``<s> <p> <o>``, and the name of its graph as ``<iri>``, or nothing."""

    triple: str
    graph: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two graphs: what it was called, and the file that holds its statements.

    `canonical` tells that the file is one of ours, whose lines can be taken as they are.
    """

    name: str
    file: Path
    canonical: bool

    @property
    def has_graphs(self) -> bool:
        """Whether the file can tell which source states what."""
        return Path(self.file.name.removesuffix(".gz")).suffix in _GRAPHS

    def statements(self) -> Iterator[Statement]:
        """Yield every statement, in canonical form and without blank nodes that mean nothing elsewhere.

        Raises:
            InputError: the file cannot be read, or is not what its ending says.
        """
        if self.canonical:
            yield from _lines(self.file)
        else:
            yield from _parsed(self.file)


def side(path: Path) -> Side:
    """Return the graph that stands at `path`: a folder of ours, or a file in any RDF format, compressed or not.

    Raises:
        InputError: there is none.
        BuildError: the build in the folder is damaged.
    """
    if path.is_dir():
        place = generations.current(path) if (path / generations.CURRENT).exists() else path
        for name in _IN_FOLDERS:
            if (place / name).is_file():
                return Side(str(path), place / name, canonical=True)
        raise InputError(f"{path} is neither a release nor a build nor an export: it holds no {', '.join(_IN_FOLDERS)}")
    if not path.is_file():
        raise InputError(f"{path} is not there")
    return Side(str(path), path, canonical=False)


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _lines(path: Path) -> Iterator[Statement]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for line in file:
                triple, _, graph = line.decode("utf-8").rstrip("\n").removesuffix(" .").rpartition(" ")
                yield Statement(triple, graph)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _parsed(path: Path) -> Iterator[Statement]:
    import pyoxigraph

    ending = Path(path.name.removesuffix(".gz")).suffix.removeprefix(".")
    form = pyoxigraph.RdfFormat.from_extension(ending.lower())
    if form is None:
        raise InputError(f"{path}: the ending {ending!r} is of no RDF format (.nq, .trig, .ttl, .nt, .rdf, .jsonld)")
    try:
        quads = list(pyoxigraph.parse(_content(path), format=form, base_iri=path.resolve().as_uri()))
    except SyntaxError as error:
        raise InputError(f"{path} is not {form.name}: {error}") from error
    anonymous = [quad for quad in quads if _blank(quad)]
    yield from (_statement(quad) for quad in quads if not _blank(quad))
    yield from (_statement(quad) for quad in named(anonymous))


def named(quads: Iterable[pyoxigraph.Quad]) -> Iterator[pyoxigraph.Quad]:
    """Yield quads with blank nodes anew, each blank node named by what is said of it and of those it belongs with."""
    import pyoxigraph

    seen: Counter[str] = Counter()
    for group in _groups(quads):
        dataset = pyoxigraph.Dataset(group)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        canonical = sorted(dataset, key=str)
        digest = hashlib.sha256("\n".join(map(str, canonical)).encode()).hexdigest()[:16]
        seen[digest] += 1
        mark = f"h{digest}n{seen[digest]}"
        for quad in canonical:
            yield pyoxigraph.Quad(
                _renamed(quad.subject, mark),
                quad.predicate,
                _renamed(quad.object, mark),
                _renamed(quad.graph_name, mark),
            )


def _groups(quads: Iterable[pyoxigraph.Quad]) -> Iterable[list[pyoxigraph.Quad]]:
    """Return the quads in groups that share no blank node."""
    parent: dict[str, str] = {}

    def root(label: str) -> str:
        while parent.setdefault(label, label) != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    listed = list(quads)
    for quad in listed:
        first, *others = _blank(quad)
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[str, list[pyoxigraph.Quad]] = defaultdict(list)
    for quad in listed:
        groups[root(_blank(quad)[0])].append(quad)
    return groups.values()


def _blank(quad: pyoxigraph.Quad) -> list[str]:
    import pyoxigraph

    terms = (quad.subject, quad.object, quad.graph_name)
    return [term.value for term in terms if isinstance(term, pyoxigraph.BlankNode)]


def _renamed(term: _Term, mark: str) -> _Term:
    import pyoxigraph

    return type(term)(mark + term.value) if isinstance(term, pyoxigraph.BlankNode) else term


def _statement(quad: pyoxigraph.Quad) -> Statement:
    import pyoxigraph

    graph = "" if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else str(quad.graph_name)
    return Statement(str(quad.triple), graph)
