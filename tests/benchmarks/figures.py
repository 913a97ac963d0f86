"""Figures with a unit and a limit each, as a table and as JSON: what `measure` is for seconds and ratios."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.measure import RESULTS


@dataclass(frozen=True)
class Figure:
    """One figure; `at_most` or `at_least` is what it must keep."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the figure keeps its limit."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)


def write(name: str, figures: Sequence[Figure]) -> None:
    """Print figures as a table and write them, with the machine, to `results/{name}.json`."""
    print(f"{'what':<48}{'figure':>10}       limit")
    for each in figures:
        limit = f"at most {each.at_most:g}" if each.at_most is not None else ""
        limit = f"at least {each.at_least:g}" if each.at_least is not None else limit
        print(f"{each.what:<48}{each.value:>10,.1f} {each.unit:<4}  {limit}{'' if each.kept else '  MISSED'}")
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    rows = [{**asdict(each), "value": round(each.value, 2), "kept": each.kept} for each in figures]
    text = json.dumps({"machine": machine, "figures": rows}, indent=1)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
