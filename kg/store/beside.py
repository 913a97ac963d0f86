"""Opens a build together with RDF files beside it, such as a quality report, as one graph in memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg import generations
from kg.errors import BuildError, InputError
from kg.store.embedded import DATA, EmbeddedStore, read_report

if TYPE_CHECKING:
    import pyoxigraph


def open_beside(folder: Path, files: Iterable[Path]) -> EmbeddedStore:
    """Return a store in memory with the generation in force of a build and with RDF files; the build stays as it is.

    The named graphs of a file stay apart, and the default graph holds everything.

    Raises:
        BuildError: there is no build, or it is damaged.
        InputError: a file cannot be read or is not RDF.
    """
    import pyoxigraph

    base = str(read_report(folder)["base"])
    store = pyoxigraph.Store()
    nquads = generations.current(folder) / DATA
    try:
        store.bulk_load(path=nquads, format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)
    except (OSError, SyntaxError) as error:
        raise BuildError(f"{nquads} is damaged ({error}); build again") from error
    for path in files:
        _load(store, path)
    named = store.quads_for_pattern(None, None, None, None)
    store.bulk_extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in named)
    return EmbeddedStore(store, base=base)


def _load(store: pyoxigraph.Store, path: Path) -> None:
    import pyoxigraph

    format_ = pyoxigraph.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if format_ is None:
        raise InputError(f"{path}: the ending {path.suffix!r} is of no RDF format (.ttl, .nt, .nq, .trig, .rdf)")
    try:
        quads = list(pyoxigraph.parse(path=path, format=format_, base_iri=path.resolve().as_uri()))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except (SyntaxError, MemoryError) as error:
        raise InputError(f"{path} is not {format_.name}: {error}") from error
    store.bulk_extend(quads)
