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
    from kg.validation.facts import Facts

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


def check_build(folder: Path) -> Report:
    """Return what our shapes find in the current generation of a build.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    import pyoxigraph

    from kg import generations
    from kg.store.embedded import STORE, open_build
    from kg.validation.facts import Facts

    with open_build(folder) as store:  # says what is wrong with a damaged build
        base = store.base
    return _report(Facts(pyoxigraph.Store.read_only(str(generations.current(folder) / STORE))), own_shapes(base))


def check_store(store: Store) -> Report:
    """Return what our shapes find in the graph of any store, such as a server's; it is copied to this machine first.

    Raises:
        EndpointError: the server fails.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kg-check-") as folder:
        copy = Path(folder) / "graph.nq"
        with copy.open("wb") as file:
            file.writelines(store.nquads())
        return check_files([copy], own_shapes(store.base))


def check_files(paths: Iterable[Path], shapes: Shapes | None = None, *, base: str | None = None) -> Report:
    """Return what `shapes` find in the union of RDF files.

    Without `shapes` the files are judged by ours under `base`, together with the terms, code lists and methods of the
    ontology.

    Raises:
        InputError: a file cannot be read or is not RDF, or the shapes are not legal SHACL.
        UsageError: `base` is not an absolute IRI that ends in a slash.
    """
    from kg.validation.loading import large, loaded_files, scratch_store

    files = list(paths)
    rules = shapes or own_shapes(base)
    with scratch_store(files) as store:
        report = _report(loaded_files(files, rules.base if shapes is None else None, store), rules)
        if large(files) and any("_:" in (each.focus[:2], (each.value or "")[:2]) for each in report.findings):
            _ = report.graph  # what is below blank nodes must be read as long as the store is there
        return report


def _report(facts: Facts, shapes: Shapes) -> Report:
    """Screen the facts, judge what is left, and read the findings; the same as judging everything, but faster."""
    from rdflib import PROV

    from kg.validation.certain import Certain
    from kg.validation.files import ill_typed_literals_allowed
    from kg.validation.judge import Wording, report_graph, results_of
    from kg.validation.lookup import Lookup
    from kg.validation.results import findings_of
    from kg.validation.screen import Screen
    from kg.validation.shapegraph import ShapesGraph
    from kg.validation.things import NAMING, Things

    rules, graph = ShapesGraph(shapes.graph), facts.graph()
    # Tests prove that our own shapes are legal; a user's are tried on a sample at least.
    samples = shapes.base is None
    with ill_typed_literals_allowed():
        screened = Screen(facts, rules).screened(samples=samples)
        certain = Certain(facts, rules, Wording(graph, shapes.graph))
        sure, rest = certain.settled(screened, samples=samples)
        results = (*sure, *results_of(graph, rules, rest))
        names = Lookup(facts, NAMING)
        names.fetch(result.focus for result in results)
        names.fetch(source for result in results for source in names.objects(result.focus, PROV.wasDerivedFrom))
        found = findings_of(results, graph, shapes.graph, Things(names, facts.graphs_of, shapes.base))
    return Report(found, lambda: report_graph(results, graph, shapes.graph), screened.summary())
