"""Measures the whole chain on a list by its phases: ``python -m tests.benchmarks.bench_cluster [--workers N]… [ROWS…]``.

Phases are reading and mapping, joining and writing (loading goes on beside it), and the rest of loading, with the search
index beside it; each with the seconds of processor of all processes, which another load of the machine changes less.
Memory is the most that all processes together held, what they share counted once; disk the most that the build folder
held when a phase ended. The limit is Oxigraph's own bulk load of the same N-Quads. Without arguments: 10,000 and 100,000
rows, 1 and 2 workers.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

from kg import generations
from kg.build import build
from kg.store import DATA
from tests.benchmarks import measure
from tests.benchmarks.bench_build import _BULK_LOAD
from tests.benchmarks.processes import memory, processor
from tests.benchmarks.rows import write_csv

SIZES, WORKERS = (10_000, 100_000), (1, 2)
_PHASES = ("reading and mapping", "joining and writing", "rest of loading")
_MEGABYTE = 1 << 20


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except FileNotFoundError:
                continue
    return total


class _Peak:
    """Measures the memory of this process and those below it again and again; `most` is in MB."""

    def __init__(self) -> None:
        self.most = 0.0
        self._ended = Event()
        self._thread = Thread(target=self._look)

    def begin(self) -> None:
        """Begin once: not before the workers have been forked, which must not be from a process with threads."""
        if self._thread.ident is None:
            self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            self.most = max(self.most, memory(os.getpid()))

    def end(self) -> None:
        """End, once begun."""
        self._ended.set()
        self._thread.join()


def _spent() -> float:
    """Return the seconds of processor that this process and those below it have used, while they all run."""
    return processor(os.getpid()) / 1000


def _one(path: Path, folder: Path, workers: int) -> dict[str, float]:
    """Build from a list, and return the seconds of each phase, the peak memory of all processes, and the disk."""
    begun: dict[str, float] = {}
    spent: dict[str, float] = {}
    disk, peak = 0, _Peak()

    def note(phase: str, done: int, total: int) -> None:
        nonlocal disk
        peak.begin()
        if phase not in begun or (phase, done) == ("loading", 1):
            # Before the first rows are there, before the first line is written, with and without the scratch folder.
            disk = max(disk, _size(folder))
        begun.setdefault(phase, time.perf_counter())
        now = _spent()
        spent.setdefault(phase, now)
        spent[f"last {phase}"] = now
        last[phase] = time.perf_counter()

    last: dict[str, float] = {}
    started = time.perf_counter()
    build([path], folder, workers=workers, progress=note)
    ended = time.perf_counter()
    peak.end()
    whole = sum(
        each.ru_utime + each.ru_stime
        for each in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    mapped = spent["last reading rows"]
    return {
        "processor of reading and mapping": mapped,
        "processor of joining and writing": spent["loading"] - mapped,
        "processor of rest of loading": whole - spent["loading"],
        "reading and mapping": last["reading rows"] - started,
        "joining and writing": begun["loading"] - last["reading rows"],
        "rest of loading": ended - begun["loading"],
        "whole": ended - started,
        "peak": peak.most,
        "disk": disk / _MEGABYTE,
    }


def _rows(size: int, workers: int, path: Path, scratch: Path) -> list[measure.Measured]:
    folder, told = scratch / f"build-{workers}", scratch / "told.json"
    measure.command([sys.executable, "-m", __spec__.name, "--one", path, folder, str(workers), told])
    found: dict[str, float] = json.loads(told.read_text("utf-8"))
    by = f"{workers} worker{'s' * (workers > 1)}"
    rows = [
        measure.row(
            f"{phase}, {by}", size, [found[phase]], target=f"{found[f'processor of {phase}']:.1f} s of processor"
        )
        for phase in _PHASES
    ]
    disk = f"{found['disk']:,.0f} MB of disk"
    return [*rows, measure.row(f"whole chain, {by}", size, [found["whole"]], peak=found["peak"], target=disk)]


def run(sizes: Sequence[int], workers: Sequence[int]) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            write_csv(scratch / "rows.csv", "kohesio", size)
            for number in workers:
                rows += _rows(size, number, scratch / "rows.csv", scratch)
            data = generations.current(scratch / f"build-{workers[-1]}") / DATA
            loaded = measure.python(_BULK_LOAD, data, scratch / "store")
            note = f"{data.stat().st_size / _MEGABYTE:,.0f} MB of N-Quads"
            rows.append(
                measure.row("bulk load alone (Oxigraph)", size, [loaded.seconds], peak=loaded.peak, target=note)
            )
            rows[-1:] = [rows[-1], *_ratios(rows, size, workers)]
    return rows


def _ratios(rows: Sequence[measure.Measured], size: int, workers: Sequence[int]) -> list[measure.Measured]:
    if tuple(workers) != WORKERS:
        return []
    one, two = (f"reading and mapping, {by}" for by in ("1 worker", "2 workers"))
    return [measure.against(rows, one, two, size, "at least 1.7")]


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, action="append")
    parser.add_argument("--one", nargs=4, metavar=("LIST", "FOLDER", "WORKERS", "RESULT"))
    parser.add_argument("sizes", type=int, nargs="*")
    return parser


if __name__ == "__main__":
    given = _arguments().parse_args()
    if given.one:
        source, target, number, result = given.one
        Path(result).write_text(json.dumps(_one(Path(source), Path(target), int(number))), "utf-8")
    else:
        measure.write("cluster", run(given.sizes or SIZES, given.workers or WORKERS))
