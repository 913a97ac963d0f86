"""Finds long names with one letter wrong, missing, doubled or swapped, or a space too many or too few.

One mistake leaves one half of a name as it should be, so the halves are what the scan looks for. Where a name is cut
is chosen so that its halves are rare: not between "arbets" and "träning", but between "arbetst" and "räning".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from operator import ne
from typing import NamedTuple

_QUICK = 3
_FAR = 2 + _QUICK
_SHORTEST_HALF = 4
_SHIFT = 4


class Half(NamedTuple):
    """What stands beside the half of a name that is as it should be: the rest, to which the mistake belongs.

    A mistake near one end of the rest leaves the other: `near` is what then stands right beside the half, and `far`
    what begins, or on the left ends, from `least` letters on to two letters more.
    """

    rest: str
    name: str
    near: str
    far: str
    least: int


class Misspellings:
    """The halves of all names that may be misspelt, by number; a left half begins a name, a right half ends one.

    `split` are the names without rare halves, with a space where a common word in them ends, and the right spelling.
    """

    def __init__(self, names: Sequence[str], common: Sequence[str]) -> None:
        left: dict[str, list[Half]] = {}
        right: dict[str, list[Half]] = {}
        everyday = f" {' '.join(common)} "
        self.split: list[tuple[str, str]] = []
        for name in names:
            before, after = _cuts(name, everyday)
            if before != after or before is None:
                self.split += _split(name, common)
            if before is not None:
                left.setdefault(name[:before], []).append(_left_half(name[before:], name))
            if after is not None:
                right.setdefault(name[after:], []).append(_right_half(name[:after], name))
        self.texts = (*left, *right)
        self._halves = (*left.values(), *right.values())
        self._lefts = len(left)

    def spans(self, scan: str, number: int, start: int, end: int) -> Sequence[tuple[int, int, str]]:
        """Return start, end and right spelling of each misspelt name whose half `number` stands at `start` to `end`."""
        left = number < self._lefts
        if left and start and scan[start - 1].isalnum():
            return ()
        found: list[tuple[int, int, str]] = []
        # Most places are ruled out at little cost by what stands there, or are spelt as they should be.
        for rest, name, near, far, least in self._halves[number]:
            if left:
                at = end + least
                maybe = scan.startswith(near, end) or scan.find(far, at, at + _FAR) >= 0
                if maybe and not scan.startswith(rest, end):
                    found += _begun(scan, rest, name, start, end)
                continue
            at = start - least
            maybe = scan.endswith(near, 0, start) or (at >= len(far) and scan.find(far, max(at - _FAR, 0), at) >= 0)
            if maybe and not scan.endswith(rest, 0, start):
                found += _ended(scan, rest, name, start, end)
        return found


def _begun(scan: str, rest: str, name: str, start: int, end: int) -> Sequence[tuple[int, int, str]]:
    length = one_mistake(scan[end : end + len(rest) + 1], rest)
    return ((start, end + length, name),) if length else ()


def _ended(scan: str, rest: str, name: str, start: int, end: int) -> Sequence[tuple[int, int, str]]:
    length = one_mistake(scan[max(start - len(rest) - 1, 0) : start][::-1], rest[::-1])
    first = start - length
    right = length and scan[first] == rest[0] and not (first and scan[first - 1].isalnum())
    return ((first, end, name),) if right else ()


def _left_half(rest: str, name: str) -> Half:
    quick = _quick(rest)
    return Half(rest, name, rest[: max(quick, len(rest) - _QUICK - 1)], rest[-quick:], len(rest) - quick - 1)


def _right_half(rest: str, name: str) -> Half:
    quick = _quick(rest)
    return Half(rest, name, rest[min(_QUICK + 1, len(rest) - quick) :], rest[:quick], len(rest) - quick - 1)


def _quick(rest: str) -> int:
    """Return how many letters at one end of the rest any one mistake leaves, also two letters swapped in its middle."""
    return min(_QUICK, (len(rest) - 1) // 2)


def _split(name: str, common: Sequence[str]) -> list[tuple[str, str]]:
    if " " in name or "-" in name:
        return []
    firsts = {word for word in common if name.startswith(word) and len(name) - len(word) >= _SHORTEST_HALF}
    return [(f"{word} {name[len(word) :]}", name) for word in sorted(firsts)]


def _cuts(name: str, everyday: str) -> tuple[int | None, int | None]:
    """Return where to cut a name so that no common word begins with its left, or ends with its right half.

    One place for both where there is one. Otherwise one for each half, or None: a half that is part of a common word
    would be found everywhere, and is not looked for.

    >>> _cuts("arbetsträning", " arbetsmarknad utbildning "), _cuts("effektutvärdering", " effekter utvärdering ")
    ((7, 7), (8, 5))
    """
    middle = len(name) // 2
    places = range(max(_SHORTEST_HALF, middle - _SHIFT), min(len(name) - _SHORTEST_HALF, middle + _SHIFT) + 1)
    nearest = sorted(places, key=lambda place: abs(2 * place - len(name)))
    before = [cut for cut in nearest if f" {name[:cut]}" not in everyday]
    after = [cut for cut in nearest if f"{name[cut:]} " not in everyday]
    both = next((cut for cut in before if cut in after), None)
    if both is not None:
        return both, both
    return next(iter(before), None), next(iter(after), None)


def one_mistake(found: str, wanted: str) -> int:
    """Return the length of the form of `wanted` with exactly one mistake that `found` begins with, 0 for none.

    >>> one_mistake("samtla", "samtal"), one_mistake("samal om", "samtal"), one_mistake("samtal", "samtal")
    (6, 5, 0)
    """
    if found.startswith(wanted):
        return 0
    place = _first_difference(found, wanted)
    if not _may_differ(wanted[place]):
        return 0
    size, tail = len(wanted), wanted[place + 1 :]
    if place < len(found) and _may_differ(found[place]):
        # A wrong letter stands for a letter: a space for a hyphen is another spelling, and found as such.
        if found[place + 1 : size] == tail and found[place].isalpha() == wanted[place].isalpha():
            return size
        if found[place + 1 : size + 1] == wanted[place:]:
            return size + 1
        if tail and found[place : place + 2] == tail[0] + wanted[place] and found[place + 2 : size] == tail[1:]:
            return size
    return size - 1 if tail and found[place : size - 1] == tail else 0


def _first_difference(found: str, wanted: str) -> int:
    """Return where `found` stops being the beginning of `wanted`, which it does not begin with."""
    return next(compress(count(), map(ne, found, wanted)), len(found))


def _may_differ(character: str) -> bool:
    return character.isalpha() or character in " -"
