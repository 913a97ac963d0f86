"""When two values that sources give for one property of a project agree although they are not printed alike.

- Amounts agree by number (0.4 and 0.40); in two currencies they cannot disagree.
- A region agrees with one that lies within it, unless it is the whole country: lists name counties and municipalities
  where pages name the region.
- Names agree whatever their capitals; in two languages they cannot disagree.
- A code of the programme (A1A) and one of the Regulation (ESO4.7) are two ways of counting and cannot disagree.

Of one property a list may give several values; two sources disagree where no value of one agrees with any of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kg.places import COUNTRY

MONEY = frozenset(("totalBudget", "totalCost", "grantedSupport", "euContribution"))
_REGULATION = "ESO"


@dataclass(frozen=True, slots=True)
class Said:
    """A value as text, of a thing its code, and its unit: the currency of an amount or the language of a text."""

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Compares values; `within` tells whether the region with the first code lies within that with the second."""

    within: Callable[[str, str], bool]

    def agree(self, name: str, one: Said, other: Said) -> bool:
        """Return whether two values of the property called `name` do not contradict each other.

        >>> nested = Agreement(lambda inner, outer: inner.startswith(outer))
        >>> nested.agree("region", Said("SE12"), Said("SE123")), nested.agree("region", Said("SE"), Said("SE12"))
        (True, False)
        >>> nested.agree("totalBudget", Said("10", "SEK"), Said("1", "EUR"))
        True
        """
        if one.unit != other.unit or _equal(one.value, other.value):
            return True
        if name == "region":
            return COUNTRY not in (one.value, other.value) and (
                self.within(one.value, other.value) or self.within(other.value, one.value)
            )
        if name == "specificObjective":
            return one.value.startswith(_REGULATION) != other.value.startswith(_REGULATION)
        return name == "title" and one.value.casefold().split() == other.value.casefold().split()

    def disagree(self, name: str, ones: Iterable[Said], others: Iterable[Said]) -> bool:
        """Return whether no value that one source gives for a property agrees with any that another gives."""
        rest = tuple(others)
        return not any(self.agree(name, one, other) for one in ones for other in rest)


def within(above: Mapping[str, str]) -> Callable[[str, str], bool]:
    """Return the test whether one region lies within another, from the region right above each.

    >>> within({"0580": "SE123", "SE123": "SE12"})("0580", "SE12")
    True
    """

    def lies_within(inner: str, outer: str) -> bool:
        code = inner
        while code != outer and code in above:
            code = above[code]
        return code == outer

    return lies_within


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
