"""An Oxigraph folder on disk: made once by `create`, then opened for reading only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg import generations
from kg.errors import BuildError, EndpointError, InputError, UsageError
from kg.store.answer import Answer
from kg.store.loading import Loading
from kg.store.syntax import illegal_query
from kg.store.terms import from_pyoxigraph, triple
from kg.vocabulary import Names

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

DATA, STORE, REPORT = "data.nq", "store", "report.json"
"""Names inside the folder of a generation."""


def create(nquads: Path, directory: Path) -> None:
    """Load an N-Quads file, one statement a line in canonical form, into a new Oxigraph folder.

    Raises:
        InputError: the file is not N-Quads in that form.
        BuildError: the folder exists and is not empty, or cannot be written.
    """
    try:
        with Loading(directory) as loading:
            loading.add_written(nquads, 0, nquads.stat().st_size)
    except InputError as error:
        raise InputError(f"{nquads}: {error}") from error
    except OSError as error:
        raise BuildError(f"{nquads} cannot be loaded into {directory}: {error}") from error


def open_build(folder: Path) -> EmbeddedStore:
    """Open the generation in force of a build folder.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    generation = generations.current(folder)
    base = str(_report(folder, generation)["base"])
    return EmbeddedStore.open(generation / STORE, base=base, nquads=generation / DATA)


def read_report(folder: Path) -> Mapping[str, Any]:
    """Return the report of the generation in force; raises as `open_build` does."""
    return _report(folder, generations.current(folder))


def _report(folder: Path, generation: Path) -> Mapping[str, Any]:
    path = generation / REPORT
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} is damaged ({error}); build again with: kg build --out {folder}") from error
    if not isinstance(report, dict) or not isinstance(report.get("base"), str):
        raise BuildError(f"{path} is damaged (it names no base); build again with: kg build --out {folder}")
    return report


class EmbeddedStore:
    """An Oxigraph folder opened for reading; any number of processes may read it at once."""

    def __init__(self, store: pyoxigraph.Store, *, base: str, nquads: Path | None = None) -> None:
        self._store: pyoxigraph.Store | None = store
        self._base, self._nquads = base, nquads

    @classmethod
    def open(cls, directory: Path, *, base: str, nquads: Path | None = None) -> Self:
        """Open the folder; `nquads` is the file it was loaded from, if it still exists.

        Raises:
            BuildError: the folder holds no store, or a damaged one.
        """
        import pyoxigraph

        try:
            return cls(pyoxigraph.Store.read_only(str(directory)), base=base, nquads=nquads)
        except OSError as error:
            raise BuildError(f"{directory} holds no readable store ({error}); build again") from error

    @property
    def base(self) -> str:
        """The base of our IRIs in this graph."""
        return self._base

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib dataset, with our prefixes bound."""
        from kg.store.rdflib_view import dataset

        return dataset(self._opened(), Names(self._base).prefixes())

    def select(self, query: str) -> Answer:
        """Return the answer to a SELECT or ASK query.

        Raises:
            UsageError: the query is not legal, or is a CONSTRUCT or DESCRIBE.
            BuildError: the store cannot be read.
        """
        import pyoxigraph

        result = self._run(query)
        if isinstance(result, pyoxigraph.QueryBoolean):
            return Answer((), (), truth=bool(result))
        if not isinstance(result, pyoxigraph.QuerySolutions):
            raise UsageError("the query makes a graph (CONSTRUCT or DESCRIBE), not rows")
        columns = tuple(variable.value for variable in result.variables)
        with _query_errors(query):
            rows = tuple(
                tuple(None if term is None else from_pyoxigraph(term) for term in solution) for solution in result
            )
        return Answer(columns, rows)

    def texts(self, query: str) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows of a SELECT as bare text; raises as `select` does."""
        import pyoxigraph

        result = self._run(query)
        if not isinstance(result, pyoxigraph.QuerySolutions):
            raise UsageError("the query gives no rows: it is not a SELECT")
        with _query_errors(query):
            for solution in result:
                yield tuple(None if term is None else _bare(term) for term in solution)

    def construct(self, query: str) -> rdflib.Graph:
        """Return the graph that a CONSTRUCT or DESCRIBE query makes, with our prefixes bound; raises as `select`."""
        import pyoxigraph
        import rdflib

        result = self._run(query)
        if not isinstance(result, pyoxigraph.QueryTriples):
            raise UsageError("the query gives rows (SELECT or ASK), not a graph")
        graph = rdflib.Graph()
        for prefix, namespace in Names(self._base).prefixes().items():
            graph.bind(prefix, namespace)
        with _query_errors(query):
            for found in result:
                graph.add(triple(found))
        return graph

    def nquads(self) -> Iterator[bytes]:
        """Yield every statement of every named graph as one line of N-Quads, exactly as it was loaded.

        Without the file it was loaded from, the store's own form is given, where every whole number is an xsd:integer.
        """
        if self._nquads is not None and self._nquads.is_file():
            with self._nquads.open("rb") as file:
                yield from file
            return
        import pyoxigraph

        for quad in self._opened().quads_for_pattern(None, None, None, None):
            if isinstance(quad.graph_name, pyoxigraph.NamedNode):
                yield f"{quad} .\n".encode()

    def close(self) -> None:
        """Release the store; it cannot be used afterwards."""
        self.__dict__.pop("dataset", None)
        self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> pyoxigraph.Store:
        if self._store is None:
            raise UsageError("the graph is closed")
        return self._store

    def _run(self, query: str) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        with _query_errors(query):
            return self._opened().query(query)


@contextmanager
def _query_errors(query: str) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise UsageError(illegal_query(query, error)) from error
    except (OSError, RuntimeError) as error:
        # Only a SERVICE clause makes Oxigraph go out to another server.
        failure = EndpointError if "SERVICE" in query.upper() else BuildError
        raise failure(f"the query failed: {error}") from error


def _bare(term: object) -> str:
    return str(getattr(term, "value", term))
