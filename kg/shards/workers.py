"""Workers on this machine: this process alone, or processes forked from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from threading import Thread
from typing import Protocol, TypeVar

from kg.errors import BuildError
from kg.shards.place import Place

Item = TypeVar("Item")
Result = TypeVar("Result")
_THREADS = "POLARS_MAX_THREADS"
"""The variable of the environment by which polars is told how many threads to work with."""


class Workers(Protocol):
    """Those who do the work.

    `place` is None where workers see the files of this process; otherwise it is where files go to and come from.
    """

    @property
    def place(self) -> Place | None:
        """Where files are exchanged."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], what: str) -> Iterator[Result]:
        """Yield what a function of a module gives for each item, in order; `what` names the work, in one word.

        Raises:
            BuildError: workers were lost and nobody is left to do their work.
        """

    @property
    def shards(self) -> Place | None:
        """Where the N-Quads of the shards stay after all is done, None where they do not."""

    def close(self, *, whole: bool) -> None:
        """Let the workers go, what they have not begun left undone; `whole` means that all work has come to its end."""


class InProcess:
    """This process, which does each piece of work when its result is asked for."""

    place: Place | None = None
    shards: Place | None = None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], what: str) -> Iterator[Result]:
        """Yield what the function gives for each item, in order."""
        return map(function, items)

    def close(self, *, whole: bool) -> None:
        """Do nothing."""


class LocalProcesses:
    """Some processes on this machine; all are there once this has been made."""

    place: Place | None = None
    shards: Place | None = None

    def __init__(self, number: int) -> None:
        self._pool = ProcessPoolExecutor(number, _context(), initializer=_begin, initargs=(number,))
        # The first piece of work forks all processes. Now, because the caller is about to start threads.
        self._pool.submit(int).result()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], what: str) -> Iterator[Result]:
        """Yield what the function gives for each item, in order."""
        try:
            yield from self._pool.map(function, items)
        except BrokenProcessPool as error:
            raise BuildError(
                f"a worker process ended before its {what} were read: it was killed, or memory ran out; "
                "the last good build is untouched"
            ) from error

    def close(self, *, whole: bool) -> None:
        """End the processes once they have finished the piece at hand."""
        self._pool.shutdown(cancel_futures=True)


def _context() -> BaseContext:
    """Return how processes are made: new ones if polars may have worked here, for forked ones lack its threads."""
    return get_context("spawn" if "polars" in sys.modules else None)


def _begin(number: int) -> None:
    """Have this process, one of some, keep to its share of the cores, and end when the one that made it does."""
    # Before polars is first imported here, which would use all cores: as many threads as cores, times the processes.
    os.environ.setdefault(_THREADS, str(max(1, (os.cpu_count() or 1) // number)))
    # Even if that was killed and could tell nobody.
    Thread(target=_wait_for_parent, name="parent", daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
