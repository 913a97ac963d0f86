"""Measures the main job phase by phase: ``python -m tests.benchmarks.bench_build [SIZE…]``.

Sizes are numbers of pages, 1,000 and 10,000 by default. Ratios are within one run: the whole build against Oxigraph's
own bulk load of the same N-Quads, the Turtle writer against pyoxigraph's and rdflib's.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

import pyoxigraph

from kg import generations, ontology, queries
from kg.methods import Extractor
from kg.model import Notice
from kg.sources import files
from kg.sources.page import PageReader
from kg.statements import triples
from kg.store import DATA, open_build
from kg.triples import Mapping
from kg.turtle import turtle
from tests.benchmarks import measure
from tests.benchmarks.generator import write_pages

SIZES = (1_000, 10_000)
RUNS = 3
_BULK_LOAD = (
    "import sys, pyoxigraph; s = pyoxigraph.Store(sys.argv[2]);"
    "s.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)"
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
        measure.row(
            "bulk load alone (Oxigraph)", size, [each.seconds for each in loaded], peak=max(e.peak for e in loaded)
        ),
        measure.row("kg build", size, [each.seconds for each in built], peak=max(e.peak for e in built)),
    ]
    return [rows[0], measure.against(rows, "kg build", "bulk load alone (Oxigraph)", size, "at most 3 times, 1000 MB")]


def _check(size: int, scratch: Path) -> measure.Measured:
    run = measure.command([sys.executable, "-m", "kg", "check", scratch / "build"])
    return measure.row("kg check", size, [run.seconds], peak=run.peak)


def _queries(size: int, scratch: Path) -> list[measure.Measured]:
    with open_build(scratch / "build") as store:
        texts = {q.name: queries.prepared(q, {}, store) for q in queries.named_queries() if q.kind == "select"}
        return [
            measure.row(f"query {name}", size, measure.function(partial(store.select, text), RUNS))
            for name, text in texts.items()
        ]


def _turtle(size: int, scratch: Path) -> list[measure.Measured]:
    generation = generations.current(scratch / "build")
    lines = (generation / DATA).read_text("utf-8").splitlines()
    found = triples(lines)
    prefixes = ontology.load().names.prefixes()
    ours = measure.function(lambda: "".join(turtle(found, prefixes)), RUNS)
    store = pyoxigraph.Store.read_only(str(generation / "store"))
    default = pyoxigraph.DefaultGraph()
    theirs = measure.function(lambda: store.dump(format=pyoxigraph.RdfFormat.TURTLE, from_graph=default), RUNS)
    rows = [
        measure.row("Turtle, pyoxigraph's dump", size, theirs),
        measure.row("Turtle, ours", size, ours),
        measure.row("Turtle, rdflib's serializer", size, _rdflib_turtle(found)),
    ]
    against = "Turtle, pyoxigraph's dump"
    return [
        rows[0],
        measure.against(rows, "Turtle, ours", against, size, "at most 3 times"),
        measure.against(rows, "Turtle, rdflib's serializer", "Turtle, ours", size, "at least 5 times"),
    ]


def _rdflib_turtle(found: list[str]) -> tuple[float, ...]:
    import rdflib

    graph = rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in found), format="nt")
    return measure.function(lambda: graph.serialize(format="turtle"), 1)


def run(sizes: tuple[int, ...]) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            write_pages(scratch / "pages", size)
            pages = [
                page for page in map(files.read, files.find([scratch / "pages"]).files) if not isinstance(page, Notice)
            ]
            rows.append(measure.row("reading pages, one process", size, _reading(pages)))
            rows.append(measure.row("methods and mapping, one process", size, _mapping(pages)))
            rows += _build(size, scratch / "pages", scratch)
            rows.append(_check(size, scratch))
            rows += _queries(size, scratch)
            rows += _turtle(size, scratch)
    return rows


if __name__ == "__main__":
    measure.write("build", run(tuple(map(int, sys.argv[1:])) or SIZES))
