"""Reads columns of rates: whether bare numbers are per cents or fractions is decided by the whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kg import values
from kg.values import ValueProblem

_BARE = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class RateScale:
    """What the bare numbers of a column of rates show: some above one, some between nought and one."""

    percent: bool
    fraction: bool


def rate_scale(cells: Iterable[str]) -> RateScale:
    """Return what a column of rates shows.

    >>> rate_scale(["40", "1"]), rate_scale(["0.4", "1"])
    (RateScale(percent=True, fraction=False), RateScale(percent=False, fraction=True))
    """
    bare = {Decimal(cell.strip().replace(",", ".")) for cell in set(cells) if _BARE.fullmatch(cell.strip())}
    return RateScale(any(number > 1 for number in bare), any(0 < number < 1 for number in bare))


def read_rate(text: str, scale: RateScale) -> Decimal:
    """Return a rate as a fraction of one; a bare 1 is one per cent in a column of per cents, else the whole.

    >>> read_rate("1", RateScale(percent=True, fraction=False)), read_rate("1", RateScale(False, True))
    (Decimal('0.01'), Decimal('1'))
    """
    if scale.percent and _BARE.fullmatch(text) and Decimal(text.replace(",", ".")) == 1:
        if scale.fraction:
            raise ValueProblem("ambiguous-rate", "the column has per cents and fractions: 1 may be either; left out")
        return Decimal("0.01")
    return values.parse_rate(text)
