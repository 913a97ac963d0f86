"""Makes the index of a build while the build waits for its store."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id

from kg.search.creating import create


@contextmanager
def created_beside(data: Path, base: str, path: Path) -> Iterator[None]:
    """Write the search index of an N-Quads file while the block runs; it is there when the block has ended.

    A thread is enough: whoever loads a store or writes to a disk meanwhile leaves the interpreter to it.

    Args:
        data: the file ``data.nq`` of a build, whole already.
        base: the base of our IRIs in it.
        path: the index; it must not exist yet.

    Raises:
        BuildError: when the block ends: the index cannot be written.
    """
    with ThreadPoolExecutor(1, "index") as beside:
        made = beside.submit(_create, data, base, path)
        yield
        made.result()


_LATER = 19
"""How much others go before the index: loading a store takes longer, and uses one core only at its end."""


def _create(data: Path, base: str, path: Path) -> None:
    if sys.platform == "linux":  # where threads have a priority of their own
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + _LATER)
    with data.open("rb") as lines:
        create(lines, base, path)
