"""Measures the mapping of a list by workers: ``python -m tests.benchmarks.bench_mapping [ROWS]``, 1,000,000 by default.

The rows, in Kohesio's form, are read and mapped by one process and by two in turns, each run in processes of its own;
the ratio of the medians is what a second worker brings. Beside it stands what one core does alone, first without and
then with the text of the statements put together, which a build leaves to the joining.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from kg import ontology
from kg.columns.lists import MappedList
from kg.reading import tools
from kg.reading_lists import ListJob, mapped_lists
from kg.shards import open_workers
from kg.sources.files import find
from kg.sources.table_mapping import ListMapping
from tests.benchmarks import measure
from tests.benchmarks.rows import write_csv

SIZE = 1_000_000
RUNS = 3
_ONE, _TWO = "reading and mapping, 1 worker", "reading and mapping, 2 workers"
_ALONE, _TEXT = "reading and mapping on one core", "the same with the text put together"
_MAIN = "tests.benchmarks.bench_mapping"
_OWN_PROCESS = "--in-this-process"


def _seconds(path: Path, workers: int) -> tuple[float, float]:
    """Return the seconds that reading and mapping take, without the start of the workers, and those with the text."""
    terms = ontology.load()
    tools(terms.base)
    opening = f"<{terms.names.thing('project', '')}"
    with tempfile.TemporaryDirectory() as scratch, open_workers(workers) as crew:
        started = time.perf_counter()
        job = ListJob(terms.base, ListMapping(), Path(scratch))
        (mapped,) = mapped_lists(find([path]).lists, job, (), crew, lambda phase, done, total: None)
        if not isinstance(mapped, MappedList) or mapped.notices:
            raise RuntimeError(f"the rows were not all understood: {mapped.notices[0]}")
        done = time.perf_counter() - started
        for _ in mapped.blocks.blocks(opening):
            pass
        return done, time.perf_counter() - started


def _apart(path: Path, workers: int, *, core: int | None = None) -> tuple[float, float]:
    """Return the seconds in processes that nothing has run in before, if wanted on one core."""
    command = [sys.executable, "-m", _MAIN, _OWN_PROCESS, str(path), str(workers)]
    environment = dict(os.environ) if core is None else {**os.environ, "POLARS_MAX_THREADS": "1"}
    keep = None if core is None else lambda: os.sched_setaffinity(0, {core})
    done = subprocess.run(command, env=environment, preexec_fn=keep, capture_output=True, text=True, check=True)
    mapping, with_text = map(float, done.stdout.split())
    return mapping, with_text


def run(size: int) -> list[measure.Measured]:
    """Return the rows of a list so long."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rows.csv"
        write_csv(path, "kohesio", size)
        core = min(os.sched_getaffinity(0))
        turns = [(_apart(path, 1)[0], _apart(path, 2)[0], *_apart(path, 1, core=core)) for _ in range(RUNS)]
    targets = ("", "", "; at least 50,000", "")
    rows = [
        measure.row(what, size, each, target=f"{size / median(each):,.0f} rows/s{target}")
        for what, each, target in zip((_ONE, _TWO, _ALONE, _TEXT), zip(*turns, strict=True), targets, strict=True)
    ]
    return [measure.against(rows, _ONE, _TWO, size, f"{rows[0].target}; at least 1.7 times"), *rows[1:]]


if __name__ == "__main__":
    if _OWN_PROCESS in sys.argv:
        print(*_seconds(Path(sys.argv[2]), int(sys.argv[3])))
    else:
        measure.write("mapping", run(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE))
