"""Several numbers in one whole number, so that rows of numbers are added with one addition each, and exactly."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from kg.model import ROLES

_DIGITS = 1_000_000
_BITS = 64
_FIELDS = struct.Struct(f"<{len(ROLES)}Q")
_HALF = sum(1 << _BITS * place + _BITS - 1 for place in range(len(ROLES)))
"""Half of what each field holds, which is added to all so that none is below nought."""


def packed(numbers: Sequence[float]) -> int:
    """Return a number for each role as one, to six digits.

    >>> differences(packed([0.1, -0.3, 0, 0, 0, 0]) + packed([0.2, 0.5, 0, 0, 0, -9.0]))
    (0.0, -0.1, -0.3, -0.3, -0.3, -9.3)
    """
    return sum(round(number * _DIGITS) << _BITS * place for place, number in enumerate(numbers))


def differences(total: int) -> tuple[float, ...]:
    """Return by how much each number of a packed row is smaller than the greatest."""
    fields = _FIELDS.unpack((total + _HALF).to_bytes(_FIELDS.size, "little"))
    most = max(fields)
    return tuple([(field - most) / _DIGITS for field in fields])
