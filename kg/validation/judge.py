"""Judges a graph by shapes: the only module that knows pySHACL."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.plugins.sparql import prepareQuery

from kg.errors import InputError

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result


def judgement(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return pySHACL's validation report on `data`, which stays as it is.

    `data` must hold plain strings as literals without a datatype, as `kg.validation.files` reads them.

    Raises:
        InputError: the shapes are not legal SHACL.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure

    try:
        with _quiet():
            _, report, _ = pyshacl.validate(_WithPreparedQueries(data), shacl_graph=shapes)
    except ReportableRuntimeError as error:
        raise InputError(f"the shapes are not legal SHACL: {_first_line(error)}") from error
    if isinstance(report, ValidationFailure):
        raise InputError(f"the shapes are not legal SHACL: {_first_line(report)}")
    assert isinstance(report, rdflib.Graph)
    return report


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pySHACL from writing to stderr what it raises as well."""
    logger = logging.getLogger("pyshacl-validate")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


class _WithPreparedQueries(rdflib.Graph):
    """A view of a graph that parses each SPARQL text once.

    pySHACL asks the same text for every focus node, and rdflib's parser takes up to 80 ms for one of ours.
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)
        self._prefixes = tuple((name, str(iri)) for name, iri in self.namespaces())

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Answer a query as `rdflib.Graph.query` does."""
        prepared = _prepared(query_object, self._prefixes) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@lru_cache(maxsize=1024)
def _prepared(text: str, prefixes: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(prefixes))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).splitlines()[0]
