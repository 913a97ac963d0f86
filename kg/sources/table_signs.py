"""Finds signs in the bytes of a text, a stretch at a time: memory that stays in the cache of the processor is reused.

Whole arrays were measured: getting new memory for them took longer than comparing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.uint8]
Places = NDArray[np.int64]
_AT_ONCE = 256 * 1024


def signs_of(data: bytes) -> Signs:
    """Return the bytes of a text as numbers.

    >>> signs_of(b"a\\n").tolist()
    [97, 10]
    """
    return np.frombuffer(data, np.uint8)


def count(signs: Signs, sign: int) -> int:
    """Return how often a sign stands in a text.

    >>> count(signs_of(b"a,b,c"), ord(","))
    2
    """
    return sum(int(np.count_nonzero(equal)) for _, equal in _equal(signs, sign))


def places(signs: Signs, sign: int) -> Places:
    """Return where a sign stands in a text, in order.

    >>> places(signs_of(b"a,b,c"), ord(",")).tolist()
    [1, 3]
    """
    found: list[Places] = [np.zeros(0, np.int64)]
    for start, equal in _equal(signs, sign):
        here: Places = np.flatnonzero(equal)
        here += start
        found.append(here)
    return np.concatenate(found)


def _equal(signs: Signs, sign: int) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield where each stretch of a text begins, and which signs of it are the wanted one."""
    equal = np.empty(min(len(signs), _AT_ONCE), np.bool_)
    for start in range(0, len(signs), _AT_ONCE):
        stretch = signs[start : start + _AT_ONCE]
        yield start, np.equal(stretch, sign, out=equal[: len(stretch)])
