"""Copies blank nodes into a report with what stands below them, exactly as deep as pySHACL does."""

from __future__ import annotations

from functools import lru_cache

import rdflib
from rdflib import RDF
from rdflib.term import BNode, Node

_DEPTH = 5
"""Levels of blank nodes that are copied with what is said of them; of deeper ones only that they are there."""


class Copies:
    """Copies blank nodes of one graph into a report.

    What a result names keeps its label and is copied once; below it each place gets a copy of its own, as in pySHACL's
    reports, so that a chain of n nodes takes five times n copies. What is said of a node is read once for all of them.
    """

    def __init__(self, source: rdflib.Graph, report: rdflib.Graph) -> None:
        self._report = report
        self._named: set[Node] = set()
        self._said = lru_cache(maxsize=100_000)(lambda node: tuple(source.predicate_objects(node)))

    def named(self, node: Node) -> Node:
        """Return a node that a result names, in the report with all below it; any but blank nodes as they are."""
        if isinstance(node, BNode) and node not in self._named:
            self._named.add(node)
            self._fill(node, node, 0)
        return node

    def _copied(self, node: Node, depth: int) -> Node:
        if not isinstance(node, BNode):
            return node
        copy = BNode()
        self._fill(copy, node, depth)
        return copy

    def _fill(self, copy: Node, node: Node, depth: int) -> None:
        said = self._said(node) if depth < _DEPTH else ()
        if any(predicate == RDF.first for predicate, _ in said):
            self._fill_list(copy, node, depth)
            return
        for predicate, value in said:
            self._report.add((copy, predicate, self._copied(value, depth + 1)))

    def _fill_list(self, end: Node, node: Node | None, depth: int) -> None:
        """Copy a list, however long, but nothing else that is said of its nodes; one that bites its tail ends there."""
        seen = set[Node]()
        started = False
        while node is not None and node not in seen:
            seen.add(node)
            said = dict(reversed(self._said(node)))
            if RDF.first in said:
                if started:
                    after = BNode()
                    self._report.add((end, RDF.rest, after))
                    end = after
                self._report.add((end, RDF.first, self._copied(said[RDF.first], depth + 1)))
                started = True
            node = said.get(RDF.rest)
        self._report.add((end, RDF.rest, RDF.nil))
