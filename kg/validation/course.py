"""The course of a check: screen, settle what is certain, judge the rest; alone, or with a crew of processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING

from kg.validation.checking import Checking, Found, together
from kg.validation.crew import Alone, Crew, Processes
from kg.validation.judge import PORTION, portions, report_graph
from kg.validation.model import Report
from kg.validation.results import in_order
from kg.validation.tasks import Answer, Task, in_threads

if TYPE_CHECKING:
    from kg.validation.facts import Facts
    from kg.validation.shapes import Shapes

_WORTH_SHARING = 100_000_000
"""Size of data, in bytes, from which on several processes check sooner than one."""
_SETTLED = 4000
"""How many nodes are settled at once."""


def workers_for(size: int) -> int:
    """Return how many processes should check data of a size in bytes."""
    return (os.cpu_count() or 1) if size >= _WORTH_SHARING else 1


def report(facts: Facts, shapes: Shapes, workers: int = 1, folder: str = "") -> Report:
    """Return what shapes find in facts; the same as judging everything, but faster.

    With more than one of `workers` the store of the facts must stand in `folder`.

    Raises:
        InputError: the shapes are not legal SHACL, or pySHACL cannot judge the data by them.
        KgError: a process was lost.
    """
    checking = Checking(facts, shapes)
    with ExitStack() as stack:
        crew: Crew = Alone(checking)
        if workers > 1:
            crew = stack.enter_context(Processes(workers, folder, facts, shapes))

        def shared(tasks: Sequence[Task]) -> Iterable[Answer]:
            return in_threads(tasks) if workers == 1 else crew.do([("screened", n) for n in range(len(tasks))])

        screened = checking.screen.screened(samples=checking.samples, workers=shared)
        settled: list[Found] = list(crew.do([("settled", part) for part in portions(screened, _SETTLED)]))
        rest = together((part.rest for part in settled), screened)
        judged: list[Found] = list(crew.do([("judged", part) for part in portions(rest, PORTION)]))
    found = (*settled, *judged)
    results = tuple(chain.from_iterable(part.results for part in found))
    findings = sorted(chain.from_iterable(part.findings for part in found), key=in_order)
    return Report(
        tuple(findings), lambda: report_graph(results, checking.graph, shapes.graph), screened.summary(checking.rules)
    )
