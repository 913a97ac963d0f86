"""Writes a SHACL report as Turtle, the same text for the same results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import rdflib
from rdflib import RDF, SH
from rdflib.term import BNode, Literal, Node, URIRef

from kg.vocabulary import EXTERNAL_PREFIXES

_PREFIXES = {"rdf": EXTERNAL_PREFIXES["rdf"], "sh": EXTERNAL_PREFIXES["sh"], "xsd": EXTERNAL_PREFIXES["xsd"]}
_FIRST = (
    *(RDF.type, SH.conforms, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.sourceConstraint),
    *(SH.focusNode, SH.resultPath, SH.value, SH.resultMessage, SH.detail, SH.result),
)
_RANK: dict[Node, int] = {predicate: rank for rank, predicate in enumerate(_FIRST)}
_INDENT = "    "


def report_turtle(graph: rdflib.Graph) -> str:
    """Return the report of `graph` as Turtle; blank nodes stand where they are used, or get numbers if used twice."""
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    writer = _Writer(graph)
    lines = [f"PREFIX {name}: <{namespace}>" for name, namespace in _PREFIXES.items()]
    body = f"[]\n{writer.statements(report, 1)}\n."
    shared = "".join(f"\n\n{block}" for block in writer.shared())
    return "\n".join(lines) + f"\n\n{body}{shared}\n"


class _Writer:
    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph
        uses = Counter(value for value in graph.objects(unique=False) if isinstance(value, BNode))
        self._shared = {node for node, number in uses.items() if number > 1}
        self._numbers: dict[Node, int] = {}
        self._keys: dict[Node, str] = {}

    def statements(self, subject: Node, depth: int) -> str:
        """Return the predicates and values of a blank node, one a line."""
        pairs = sorted(self._graph.predicate_objects(subject), key=self._order)
        pad = _INDENT * depth
        return " ;\n".join(f"{pad}{self._predicate(name)} {self._term(value, depth)}" for name, value in pairs)

    def shared(self) -> Iterator[str]:
        """Yield the blank nodes that were referred to more than once, as statements of their own."""
        done = 0
        while done < len(self._numbers):
            node = list(self._numbers)[done]
            done += 1
            if (node, None, None) in self._graph:
                yield f"{self._label(node)}\n{self.statements(node, 1)}\n."

    def _term(self, node: Node, depth: int) -> str:
        if not isinstance(node, BNode):
            return self._short(node)
        if node in self._shared:
            return self._label(node)
        if (node, RDF.first, None) in self._graph:
            return "( " + " ".join(self._term(item, depth) for item in self._graph.items(node)) + " )"
        inner = self.statements(node, depth + 1)
        return f"[\n{inner}\n{_INDENT * depth}]" if inner else "[]"

    def _label(self, node: Node) -> str:
        return f"_:b{self._numbers.setdefault(node, len(self._numbers) + 1)}"

    def _predicate(self, predicate: Node) -> str:
        return "a" if predicate == RDF.type else self._short(predicate)

    @staticmethod
    def _short(node: Node) -> str:
        if isinstance(node, URIRef):
            for name, namespace in _PREFIXES.items():
                local = node.removeprefix(namespace)
                if local != node and local.isalnum():
                    return f"{name}:{local}"
        assert isinstance(node, URIRef | Literal)
        return str(node.n3()) if isinstance(node, URIRef) else _literal(node)

    def _order(self, pair: tuple[Node, Node]) -> tuple[int, str, str]:
        predicate, value = pair
        return _RANK.get(predicate, len(_RANK)), str(predicate), self._key(value)

    def _key(self, node: Node) -> str:
        """Return what a term says, without the names of blank nodes, which differ from run to run."""
        if not isinstance(node, BNode):
            return str(node.n3())
        if node not in self._keys:
            self._keys[node] = ""  # stops at cycles
            pairs = sorted(
                (*self._order_of(name), self._key(value)) for name, value in self._graph.predicate_objects(node)
            )
            self._keys[node] = repr(pairs)
        return self._keys[node]

    @staticmethod
    def _order_of(predicate: Node) -> tuple[int, str]:
        return _RANK.get(predicate, len(_RANK)), str(predicate)


def _literal(node: Literal) -> str:
    text = _escaped(str(node))
    if node.language:
        return f"{text}@{node.language}"
    return f"{text}^^{_Writer._short(node.datatype)}" if node.datatype else text


def _escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
