"""Several processes find what one finds, in the same order; those that are lost or interrupted leave nothing behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.compare import isomorphic

from kg.errors import InputError, KgError
from kg.validation import Report, check_build, check_files, course, own_shapes, read_shapes
from kg.validation.crew import Processes
from kg.validation.facts import Facts
from tests.validation.interrupting import SECONDS, assert_interrupted

SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:S sh:targetSubjectsOf ex:p ; sh:property
    [ sh:path ex:p ; sh:nodeKind sh:IRI ] , [ sh:path ex:p ; sh:maxCount 2 ] ,
    [ sh:path ex:n ; sh:datatype xsd:int ; sh:maxInclusive 5 ] ;
    sh:sparql [ sh:select "SELECT $this ?value { $this <http://e/n> ?value . FILTER (?value = 3) }" ] .
"""
DATA = "".join(
    f'_:b{n} <http://e/p> _:b{n + 1} , "{n}" ; <http://e/n> "{n % 9}"^^<http://www.w3.org/2001/XMLSchema#int> .\n'
    f'<http://e/{n}> <http://e/p> "x" , "y" , <http://e/{n + 1}> ; <http://e/n> "05"^^<http://www.w3.org/2001/XMLSchema#int> .\n'
    for n in range(9)
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(DATA)
    shapes.write_text(SHAPES)
    return data, shapes


def told(report: Report) -> list[str]:
    """Return what findings say, without the names of blank nodes, which are new each time a file is read."""
    return sorted(f"{f.severity} {f.component} {f.path} {dict(f.messages)}" for f in report.findings)


def test_two_processes_find_in_a_build_what_one_does(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "_SETTLED", 1)
    alone, shared = check_build(seeds, workers=1), check_build(seeds, workers=2)

    assert len(alone.findings) == 6
    assert shared.findings == alone.findings
    assert shared.screening == alone.screening
    assert shared.turtle() == alone.turtle()


def test_two_processes_find_in_a_file_what_one_does(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data, path = files
    monkeypatch.setattr(course, "_SETTLED", 10)
    monkeypatch.setattr(course, "PORTION", 15)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shapes = read_shapes(path)
    alone, shared = check_files([data], shapes, workers=1), check_files([data], shapes, workers=2)

    assert len(alone.findings) > 30
    assert told(shared) == told(alone)
    assert isomorphic(shared.graph, alone.graph)
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_what_is_wrong_with_the_shapes_is_told_from_the_other_process(files: tuple[Path, Path]) -> None:
    data, path = files
    path.write_text(SHAPES.replace("?value = 3", "?value = 3 && $shapesGraph = 1"))

    with pytest.raises(InputError, match=r"beyond pySHACL: .*shapesGraph"):
        check_files([data], read_shapes(path), workers=2)


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Processes]:
    store = ox.Store(str(tmp_path / "store"))
    store.flush()
    with Processes(2, str(tmp_path / "store"), Facts(store), own_shapes()) as processes:
        yield processes


def test_a_process_that_was_killed_is_told_in_one_sentence(crew: Processes) -> None:
    for pid in crew.pids:
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(KgError, match=r"killed, or memory ran out; try again, or with --workers 1$"):
        list(crew.do([("screened", 0)]))


def test_little_data_is_checked_in_one_process() -> None:
    assert course.workers_for(50_000_000) == 1
    assert course.workers_for(500_000_000) == (os.cpu_count() or 1)


def test_an_interrupt_ends_all_processes_and_leaves_nothing_behind(files: tuple[Path, Path], tmp_path: Path) -> None:
    data, path = files
    data.write_text("".join(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(30_000)))
    found: list[int] = []

    def under_way(pid: int) -> bool:
        found[:] = children(pid)
        return len(found) >= 2

    arguments = ["-m", "kg", "check", str(data), "--shapes", str(path), "--workers", "2"]
    assert_interrupted(arguments, tmp_path / "scratch", under_way)

    deadline = time.monotonic() + SECONDS
    while any(Path(f"/proc/{pid}").exists() for pid in found):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in listed for child in each.read_text().split()]
