"""Measures the main job phase by phase: ``python -m tests.benchmarks.bench_build [SIZE…]``.

Sizes are numbers of pages, 1,000 and 10,000 by default. Ratios are within one run: the whole build against Oxigraph's
own bulk load of the same N-Quads, the Turtle writer against pyoxigraph's and rdflib's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kg import generations, ontology, queries
from kg.build import DATA
from kg.methods import Extractor
from kg.model import Notice
from kg.sources import files
from kg.sources.page import PageReader
from kg.store import open_build
from kg.triples import Mapping
from tests.benchmarks import measure
from tests.benchmarks.generator import write_pages

SIZES = (1_000, 10_000)
RUNS = 3
_SLOW_PEERS_UP_TO = 10_000
_BULK_LOAD = (
    "import sys, pyoxigraph; s = pyoxigraph.Store(sys.argv[2]);"
    "s.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)"
)
_OXIGRAPH_TURTLE = (
    "import sys, pyoxigraph; s = pyoxigraph.Store.read_only(sys.argv[1]);"
    "s.dump(sys.argv[2], format=pyoxigraph.RdfFormat.TURTLE, from_graph=pyoxigraph.DefaultGraph())"
)
_RDFLIB_TURTLE = (
    "import sys, time, rdflib; g = rdflib.Graph(); g.parse(sys.argv[1], format='nt');"
    "t = time.perf_counter(); g.serialize(sys.argv[2], format='turtle'); print(time.perf_counter() - t, file=sys.stderr)"
)


def _reading(pages: list[files.ReadFile]) -> tuple[float, ...]:
    reader = PageReader(ontology.load())
    return measure.function(lambda: [reader.read(page.text, page.source) for page in pages], RUNS)


def _mapping(pages: list[files.ReadFile]) -> tuple[float, ...]:
    terms = ontology.load()
    reader, extractor, mapping = PageReader(terms), Extractor(terms), Mapping(terms)
    projects = [project for page in pages if (project := reader.read(page.text, page.source).project)]

    def run() -> None:
        for project in projects:
            mapping.project(project, extractor.extract(project.text).best_uses())

    return measure.function(run, RUNS)


def _build(size: int, source: Path, scratch: Path) -> list[measure.Measured]:
    folder = scratch / "build"
    built = [measure.command([sys.executable, "-m", "kg", "build", source, "--out", folder]) for _ in range(RUNS)]
    data = generations.current(folder) / DATA
    loaded = [measure.python(_BULK_LOAD, data, scratch / f"bare-{run}") for run in range(RUNS)]
    rows = [
        measure.row("bulk load alone (Oxigraph)", size, [each.seconds for each in loaded], peak=max(e.peak for e in loaded)),
        measure.row("kg build", size, [each.seconds for each in built], peak=max(e.peak for e in built)),
    ]
    return [rows[0], measure.against(rows, "kg build", "bulk load alone (Oxigraph)", size, "at most 3 times, 1000 MB")]


def _check(size: int, scratch: Path) -> measure.Measured:
    run = measure.command([sys.executable, "-m", "kg", "check", scratch / "build"])
    return measure.row("kg check", size, [run.seconds], peak=run.peak)


def _queries(size: int, scratch: Path) -> list[measure.Measured]:
    with open_build(scratch / "build") as store:
        return [
            measure.row(f"query {query.name}", size, measure.function(lambda q=query: store.select(q.text), RUNS))  # type: ignore[misc]
            for query in queries.installed()
        ]


def _turtle(size: int, scratch: Path) -> list[measure.Measured]:
    generation = generations.current(scratch / "build")
    ours = [measure.command([sys.executable, "-m", "kg", "export", scratch / "out", "--build", scratch / "build", "--format", "turtle"])]
    theirs = [measure.python(_OXIGRAPH_TURTLE, generation / "store", scratch / "oxigraph.ttl")]
    rows = [
        measure.row("Turtle, pyoxigraph's dump", size, [each.seconds for each in theirs]),
        measure.row("Turtle, kg export", size, [each.seconds for each in ours]),
    ]
    return [rows[0], measure.against(rows, "Turtle, kg export", "Turtle, pyoxigraph's dump", size, "at most 3 times")]


def run(sizes: tuple[int, ...]) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            write_pages(scratch / "pages", size)
            pages = [page for page in files.read_all(files.find([scratch / "pages"]).files) if not isinstance(page, Notice)]
            rows.append(measure.row("reading pages, one process", size, _reading(pages)))
            rows.append(measure.row("methods and mapping, one process", size, _mapping(pages)))
            rows += _build(size, scratch / "pages", scratch)
            rows.append(_check(size, scratch))
            rows += _queries(size, scratch)
            rows += _turtle(size, scratch)
    return rows


if __name__ == "__main__":
    measure.write("build", run(tuple(map(int, sys.argv[1:])) or SIZES))
