"""Makes the index of a build while the build does something else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from kg.search.creating import create

_LARGE = 16 << 20
"""Bytes of statements from which a process of its own pays: it takes a third of a second to start."""


@contextmanager
def created_beside(data: Path, base: str, path: Path) -> Iterator[None]:
    """Write the search index of an N-Quads file while the block runs; it is there when the block has ended.

    Args:
        data: the file ``data.nq`` of a build, whole already.
        base: the base of our IRIs in it.
        path: the index; it must not exist yet.

    Raises:
        BuildError: when the block ends: the index cannot be written.
    """
    with _executor(data.stat().st_size) as beside:
        made = beside.submit(_create, data, base, path)
        yield
        made.result()


def _executor(size: int) -> Executor:
    # Not forked: whoever calls may have threads at work.
    return ProcessPoolExecutor(1, get_context("spawn")) if size > _LARGE else ThreadPoolExecutor(1)


def _create(data: Path, base: str, path: Path) -> None:
    with data.open("rb") as lines:
        create(lines, base, path)
