"""Measures commands and functions: several runs, medians, peak memory, ratios within one run; a table and JSON out."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of a table: `seconds` is the median of `runs`; `peak` is the largest resident set of a process in MB;
    `ratio` is against the row named `against`, and `target` is the limit that the ratio or the peak must keep."""

    what: str
    size: int
    seconds: float
    runs: tuple[float, ...]
    peak: float | None = None
    ratio: float | None = None
    against: str = ""
    target: str = ""


def function(call: Callable[[], object], runs: int = 3) -> tuple[float, ...]:
    """Return the seconds that each of `runs` calls took."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return tuple(taken)


@dataclass(frozen=True, slots=True)
class Command:
    """A run of a command: wall-clock seconds and the peak resident set of its largest process in MB."""

    seconds: float
    peak: float


def command(arguments: Sequence[str | Path]) -> Command:
    """Run a command once and measure it; a failure is an error with what the command said.

    Raises:
        RuntimeError: the command ended with another code than 0.
    """
    reported = "import resource,subprocess,sys;r=subprocess.run(sys.argv[1:],stdout=2);u=resource.getrusage(resource.RUSAGE_CHILDREN);print(u.ru_maxrss);sys.exit(r.returncode)"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", reported, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, arguments))} failed:\n{done.stderr}")
    return Command(seconds, int(done.stdout.split()[-1]) / 1024)


def python(code: str, *arguments: str | Path) -> Command:
    """Run Python code once in a process of its own and measure it."""
    return command([sys.executable, "-c", code, *arguments])


def row(what: str, size: int, runs: Sequence[float], **more: float | str | None) -> Measured:
    """Return a row whose seconds are the median of `runs`."""
    return Measured(what, size, median(runs), tuple(round(each, 4) for each in runs), **more)  # type: ignore[arg-type]


def against(rows: Sequence[Measured], what: str, other: str, size: int, target: str) -> Measured:
    """Return the row `what` with its ratio to the row `other` of the same size."""
    found = {(each.what, each.size): each for each in rows}
    one, two = found[what, size], found[other, size]
    return Measured(**{**asdict(one), "ratio": round(one.seconds / two.seconds, 2), "against": other, "target": target})


def write(name: str, rows: Sequence[Measured]) -> None:
    """Print the rows as a table and write them, with the machine, to `results/{name}.json`."""
    print(f"{'what':<44}{'size':>9}{'seconds':>10}{'peak MB':>9}{'ratio':>8}  against / target")
    for each in rows:
        peak = f"{each.peak:.0f}" if each.peak else ""
        ratio = f"{each.ratio:.2f}" if each.ratio else ""
        note = " / ".join(filter(None, (each.against, each.target)))
        print(f"{each.what:<44}{each.size:>9}{each.seconds:>10.3f}{peak:>9}{ratio:>8}  {note}")
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    text = json.dumps({"machine": machine, "rows": [asdict(each) for each in rows]}, indent=1)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
