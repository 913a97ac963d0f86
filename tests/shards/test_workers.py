"""Work is done in order by processes that end with the build, and a lost one is told of and harms nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import generations, reading
from kg.build import build
from kg.errors import BuildError, UsageError
from kg.resources import folder
from kg.shards import Place, open_workers
from kg.store import DATA
from tests.benchmarks.generator import write_pages


def _square(number: int) -> tuple[int, int]:
    time.sleep(0.02 if number == 0 else 0)
    return os.getpid(), number * number


def test_results_come_in_order_whoever_is_first() -> None:
    with open_workers(2) as two, open_workers(1) as alone:
        found = list(two.map(_square, range(6), "numbers"))
        here = list(alone.map(_square, range(6), "numbers"))

    assert [result for _, result in found] == [result for _, result in here] == [0, 1, 4, 9, 16, 25]
    assert os.getpid() not in {process for process, _ in found}
    assert {process for process, _ in here} == {os.getpid()}


def test_a_killed_process_ends_the_build_and_the_last_good_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 10)
    good = build([folder("seeds")], tmp_path / "build")
    before = generations.current(good.folder)
    write_pages(tmp_path / "pages", 120)

    def kill(phase: str, done: int, total: int) -> None:
        for process in multiprocessing.active_children():
            os.kill(process.pid or 0, signal.SIGKILL)

    with pytest.raises(BuildError, match="worker process ended before its pages were read"):
        build([tmp_path / "pages"], good.folder, workers=2, progress=kill)
    assert generations.current(good.folder) == before
    assert (before / DATA).stat().st_size > 0
    assert build([folder("seeds")], good.folder).counts["projects"] == 5


def test_processes_end_when_the_one_that_forked_them_is_killed() -> None:
    code = (
        "import multiprocessing, time; from kg.shards import open_workers\n"
        "with open_workers(2): print(*(p.pid for p in multiprocessing.active_children()), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        workers = [int(each) for each in run.stdout.readline().split()]
        run.kill()
    deadline = time.monotonic() + 20
    while any(_lives(each) for each in workers) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert len(workers) == 2
    assert not any(_lives(each) for each in workers)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("kind", ["path", "file", "memory"])
def test_a_place_holds_files_until_it_is_removed(tmp_path: Path, kind: str) -> None:
    url = {"path": str(tmp_path / "new"), "file": f"file://{tmp_path}/new", "memory": "memory://shards/new"}[kind]
    place = Place(url).inside("run")
    place.write("one", b"1")
    place.write("one", b"2")
    place.write("two", b"")

    assert (place.read("one"), place.read("two")) == (b"2", b"")
    place.delete("two")
    with pytest.raises(BuildError, match="two"):
        place.read("two")
    place.remove()
    place.remove()
    with pytest.raises(BuildError, match="one"):
        place.read("one")
    assert not list(tmp_path.rglob("one*"))


def test_a_place_by_its_path_is_the_same_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place("shared")
    place.write("one", b"1")

    assert (tmp_path / "shared" / "one").read_bytes() == b"1"
    assert place.url == str(tmp_path / "shared")
    with pytest.raises(UsageError, match="nonsense"):
        Place("nonsense://x").write("one", b"")
