"""Checks graphs against SHACL shapes and says in words what is wrong, about which project, and which source says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.validation.model import SEVERITIES, Finding, Report, Screening, Stated
from kg.validation.shapes import Shapes, own_shapes, read_shapes

if TYPE_CHECKING:
    import rdflib

    from kg.store import Store

__all__ = [
    "SEVERITIES",
    "Finding",
    "Report",
    "Screening",
    "Shapes",
    "Stated",
    "check_build",
    "check_files",
    "check_store",
    "findings",
    "own_shapes",
    "read_shapes",
]


def findings(data: rdflib.Graph, shapes: Shapes | None = None) -> Report:
    """Return what SHACL finds in `data`, every triple of which is judged; for large graphs use files or a build.

    The triples of a dataset's graphs are judged as one graph, and findings name the graphs that state each value.
    `shapes` are ours under their own base by default.

    Raises:
        InputError: the shapes are not legal SHACL.
    """
    import rdflib

    from kg.validation.judge import judgement
    from kg.validation.outcomes import read_results
    from kg.validation.results import findings_of
    from kg.validation.things import Things, graphs_of

    rules = shapes or own_shapes()
    # A graph of its own in memory: on other stores pySHACL was measured to give wrong results.
    graph = rdflib.Graph()
    for found in data.triples((None, None, None)):
        graph.add(found)
    report = judgement(graph, rules.graph)
    things = Things(graph, graphs_of(data), rules.base)
    return Report(findings_of(read_results(report), graph, rules.graph, things), lambda: report)


def check_build(folder: Path, *, workers: int | None = None) -> Report:
    """Return what our shapes find in the current generation of a build.

    `workers` is how many processes share the work: by default as many as there are cores if the build is large.

    Raises:
        BuildError: there is no build, or it is damaged.
        KgError: a process was lost.
    """
    import pyoxigraph

    from kg import generations
    from kg.store.embedded import DATA, STORE, open_build
    from kg.validation.course import report, workers_for
    from kg.validation.facts import Facts

    with open_build(folder) as store:  # says what is wrong with a damaged build
        base = store.base
    generation = generations.current(folder)
    facts = Facts(pyoxigraph.Store.read_only(str(generation / STORE)))
    number = workers or workers_for((generation / DATA).stat().st_size)
    return report(facts, own_shapes(base), number, str(generation / STORE))


def check_store(store: Store, *, workers: int | None = None) -> Report:
    """Return what our shapes find in the graph of any store, such as a server's; it is copied to this machine first.

    Raises:
        EndpointError: the server fails.
        KgError: a process was lost.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kg-check-") as folder:
        copy = Path(folder) / "graph.nq"
        with copy.open("wb") as file:
            file.writelines(store.nquads())
        return check_files([copy], own_shapes(store.base), workers=workers)


def check_files(
    paths: Iterable[Path], shapes: Shapes | None = None, *, base: str | None = None, workers: int | None = None
) -> Report:
    """Return what `shapes` find in the union of RDF files.

    Without `shapes` the files are judged by ours under `base`, together with the terms, code lists and methods of the
    ontology. `workers` is how many processes share the work: by default as many as there are cores if the files are
    large.

    Raises:
        InputError: a file cannot be read or is not RDF, or the shapes are not legal SHACL.
        UsageError: `base` is not an absolute IRI that ends in a slash.
        KgError: a process was lost.
    """
    from kg.validation.course import report, workers_for
    from kg.validation.loading import loaded_files, scratch_store, size_of, too_large_for_memory

    files = list(paths)
    rules, size = shapes or own_shapes(base), size_of(files)
    number = workers or (workers_for(size) if too_large_for_memory(size) else 1)
    with scratch_store(on_disk=number > 1 or too_large_for_memory(size)) as (store, folder):
        facts = loaded_files(files, rules.base if shapes is None else None, store)
        found = report(facts, rules, number, folder)
        if folder and any("_:" in (each.focus[:2], (each.value or "")[:2]) for each in found.findings):
            _ = found.graph  # what is below blank nodes must be read as long as the store is there
        return found
