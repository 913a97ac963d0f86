"""Makes a release: writes every file beside the folder, and then puts the whole in its place in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg.export import Source, written
from kg.ontology import load
from kg.release import describing
from kg.release.catalogue import Catalogued
from kg.release.documents import documents
from kg.release.parquet import parquet_files
from kg.release.parts import Part, compressed, data_parts, sha256
from kg.release.publication import Publication
from kg.release.reporting import quality_report
from kg.release.statistics import Statistics, statistics
from kg.release.switching import CHECKSUMS, replaced
from kg.store import Store
from kg.writing import finished

_RDF = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")
_NETWORKS = ("graphml", "gexf")
_PLAIN = frozenset(("context.jsonld",))
"""Files that stay as they are: small, and referred to by their name. All others of the whole graph are compressed,
however small they are, so that an address never changes when the data grow."""
_DAY = len("2026-01-31")


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was made: its folder, its version, the paths of its files, the parts of data, and its counts."""

    folder: Path
    version: str
    files: tuple[str, ...]
    parts: tuple[Part, ...]
    statistics: Statistics


def release(
    store: Store,
    folder: Path,
    publication: Publication,
    *,
    build: Path | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Release:
    """Write the graph of `store` with all that belongs to it into `folder`, which appears or changes in one step.

    With the folder of the `build` that the store is of, the report on data quality is there too. The same graph,
    configuration and version of this package give the same bytes. `progress` is called with the name of what is
    written next.

    Raises:
        UsageError: the folder holds something else than a release.
        BuildError: another release into the folder is under way, or the build is damaged.
        InputError: the folder cannot be written, or a file cannot hold what the graph holds.
        EndpointError: the server fails.
    """
    source = Source(store)
    with replaced(folder) as fresh:
        parts = data_parts(fresh, list(_data(store, source, fresh, progress)))
        progress("documentation")
        for path, text in documents(source, publication.endpoint):
            _write(fresh / path, text)
        progress("descriptions")
        counted = statistics(source.union, len(source.graphs), source.names)
        released = _released(publication, counted, store.base)
        described = Catalogued(publication, source.names, parts, counted, *released)
        if build:
            progress("report on data quality")
            for path, text in quality_report(build, described.modified):
                _write(fresh / path, text)
        for path, text in describing.files(described, with_report=build is not None):
            _write(fresh / path, text)
        files = sorted(path.relative_to(fresh).as_posix() for path in fresh.rglob("*") if path.is_file())
        _write(fresh / CHECKSUMS, [f"{sha256(fresh / path)}  {path}\n" for path in files])
    return Release(folder, described.version, (*files, CHECKSUMS), parts, counted)


def _data(store: Store, source: Source, fresh: Path, progress: Callable[[str], None]) -> Iterable[Path]:
    """Write the files of data, and yield their paths in the order in which they are offered."""
    for folder, formats in (("data", _RDF), ("network", _NETWORKS)):
        for file in written(source, fresh / folder, formats, progress=progress):
            yield file.path if file.path.name in _PLAIN else compressed(file.path)
    for file in written(source, fresh / "tables", ("csv",), progress=progress):
        yield file.path
    progress("Parquet tables")
    yield from parquet_files(store, source.things, fresh / "tables")


def _released(publication: Publication, counted: Statistics, base: str) -> tuple[date, date, str]:
    """Return first day, last change and version: as configured, or else by what the sources say of themselves.

    No clock is read, because the same sources must give the same release.
    """
    known = [text for text in (counted.newest_retrieval, _ontology_day(base)) if text]
    modified = publication.modified or date.fromisoformat(max(known)[:_DAY])
    issued = publication.issued or modified
    return issued, max(issued, modified), publication.version or modified.isoformat()


def _ontology_day(base: str) -> str:
    ontology = load(base)
    names = ontology.names
    graph = ontology.graphs[names.thing("graph", "ontology")].decode()
    subject, predicate = names.term("Project").partition("#")[0], names.prefixes()["dcterms"] + "modified"
    start = f"<{subject}> <{predicate}> "
    return next(line.removeprefix(start)[1 : _DAY + 1] for line in graph.split("\n") if line.startswith(start))


def _write(path: Path, text: str | Iterable[str]) -> None:
    with finished(path, make_folder=True) as file:
        file.writelines([text] if isinstance(text, str) else text)
