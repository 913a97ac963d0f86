"""Pieces of the work of a screen, each of which can be done without the others, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from kg.validation.facts import Term

_THREADS = 2
"""Queries at once."""

Answer = Sequence[tuple[int, Counter[Term]]]
"""Nodes that may break a constraint, by the number of the unit."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of the work, which answers without the others; `query` says that Oxigraph does most of it."""

    answer: Callable[[], Answer]
    query: bool


Workers = Callable[[Sequence[Task]], Iterable[Answer]]
"""Those who do tasks, in any order."""


def in_threads(tasks: Sequence[Task]) -> Iterator[Answer]:
    """Do tasks in this process: queries, of which Oxigraph answers several at once, beside the tests in Python."""
    pool = ThreadPoolExecutor(_THREADS, "screen")
    try:
        queries = [pool.submit(task.answer) for task in tasks if task.query]
        yield from (task.answer() for task in tasks if not task.query)
        yield from (answer.result() for answer in queries)
    finally:
        pool.shutdown(cancel_futures=True)
