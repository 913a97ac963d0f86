"""Reads a file of shapes with the files that it imports; nothing is fetched from the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kg.errors import InputError
from kg.validation.files import read_graph

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node


@dataclass
class Imported:
    """What a file and its imports say together, their texts by name, and remarks on imports that were not read."""

    graph: rdflib.Graph
    texts: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def read_with_imports(path: Path) -> Imported:
    """Return a file with all that it imports by a relative IRI or a ``file:`` IRI.

    Raises:
        InputError: a file cannot be read or is not RDF, or imports itself by way of others.
    """
    found = Imported(read_graph(path))
    found.texts[str(path)] = _text(path)
    _follow(path.resolve(), found.graph, (path.resolve(),), found)
    return found


def _follow(path: Path, graph: rdflib.Graph, way: tuple[Path, ...], found: Imported) -> None:
    from rdflib import OWL

    for target in sorted(set(graph.objects(None, OWL.imports)), key=str):
        parts = urlsplit(str(target))
        if parts.scheme != "file":
            # Many a file of shapes imports the ontology that it is about; the data hold what they need of it.
            found.unread = (*found.unread, f"{path.name} imports <{target}>, which is not read: nothing is fetched")
            continue
        other = Path(unquote(parts.path)).resolve()
        if other in way:
            circle = " imports ".join(each.name for each in (*way[way.index(other) :], other))
            raise InputError(f"circular owl:imports: {circle}")
        name = str(other)
        # A file that was read already led nowhere back, or that would have shown then.
        if name not in found.texts:
            imported = read_graph(other)
            found.texts[name] = _text(other)
            _add(imported, found.graph, len(found.texts))
            _follow(other, imported, (*way, other), found)


def _add(graph: rdflib.Graph, whole: rdflib.Graph, number: int) -> None:
    """Add a graph with blank nodes of its own: labels of two files may be equal and mean two things."""
    from rdflib.term import BNode

    def own(node: Node) -> Node:
        return BNode(f"{node}f{number}") if isinstance(node, BNode) else node

    for subject, predicate, value in graph:
        whole.add((own(subject), predicate, own(value)))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
