"""Finds long names with one letter wrong, missing, doubled or swapped, or a space too many or too few.

One mistake leaves one half of a name as it should be, so the halves are what the scan looks for. Where a name is cut
is chosen so that its halves are rare: not between "arbets" and "träning", but between "arbetst" and "räning".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_QUICK = 3
_SHORTEST_HALF = 4
_SHIFT = 4


class Half(NamedTuple):
    """What stands beside the half of a name that is as it should be: the rest, to which the mistake belongs."""

    rest: str
    name: str


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
            cut = _cut(name, everyday)
            if cut is None:
                self.split += _split(name, common)
                continue
            left.setdefault(name[:cut], []).append(Half(name[cut:], name))
            right.setdefault(name[cut:], []).append(Half(name[:cut], name))
        self.texts = (*left, *right)
        self._halves = (*left.values(), *right.values())
        self._lefts = len(left)
        self._beside: list[re.Pattern[str] | None] = [None] * len(self._halves)

    def spans(self, scan: str, number: int, start: int, end: int) -> Sequence[tuple[int, int, str]]:
        """Return start, end and right spelling of each misspelt name whose half `number` stands at `start` to `end`."""
        left = number < self._lefts
        if left and start and scan[start - 1].isalnum():
            return ()
        # Most places are ruled out at little cost by what stands there; only halves that are met need the pattern.
        beside = self._beside[number]
        if beside is None:
            pattern = _after if left else _before
            beside = self._beside[number] = re.compile("|".join(pattern(half.rest) for half in self._halves[number]))
        if not beside.match(scan, end if left else start):
            return ()
        return [*(_begun if left else _ended)(scan, self._halves[number], start, end)]


def _begun(scan: str, halves: Sequence[Half], start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for rest, name in halves:
        length = one_mistake(scan[end : end + len(rest) + 1], rest)
        if length:
            yield start, end + length, name


def _ended(scan: str, halves: Sequence[Half], start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for rest, name in halves:
        length = one_mistake(scan[max(start - len(rest) - 1, 0) : start][::-1], rest[::-1])
        first = start - length
        if length and scan[first] == rest[0] and not (first and scan[first - 1].isalnum()):
            yield first, end, name


def _after(rest: str) -> str:
    """Return the pattern of what may stand after a left half: a mistake near one end of the rest leaves the other."""
    near, far = re.escape(rest[: max(_QUICK, len(rest) - _QUICK - 1)]), re.escape(rest[-_QUICK:])
    least = len(rest) - _QUICK - 1
    return f"{near}|.{{{least},{least + 2}}}{far}"


def _before(rest: str) -> str:
    """Return the same of what may stand before a right half."""
    near, far = re.escape(rest[min(_QUICK + 1, len(rest) - _QUICK) :]), re.escape(rest[:_QUICK])
    least = len(rest) - _QUICK - 1
    return "|".join((f"(?<={near})", *(f"(?<={far}.{{{more}}})" for more in range(least, least + 3))))


def _split(name: str, common: Sequence[str]) -> list[tuple[str, str]]:
    if " " in name or "-" in name:
        return []
    firsts = {word for word in common if name.startswith(word) and len(name) - len(word) >= _SHORTEST_HALF}
    return [(f"{word} {name[len(word) :]}", name) for word in sorted(firsts)]


def _cut(name: str, everyday: str) -> int | None:
    """Return where to cut a name so that no common word begins with its left or ends with its right half.

    None where there is no such place: then the halves would be found everywhere, and the name is left out.

    >>> _cut("arbetsträning", " arbetsmarknad utbildning ")
    7
    """
    middle = len(name) // 2
    places = range(max(_SHORTEST_HALF, middle - _SHIFT), min(len(name) - _SHORTEST_HALF, middle + _SHIFT) + 1)
    for cut in sorted(places, key=lambda place: abs(2 * place - len(name))):
        if f" {name[:cut]}" not in everyday and f"{name[cut:]} " not in everyday:
            return cut
    return None


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
    place = 0
    for letter, other in zip(found, wanted, strict=False):
        if letter != other:
            break
        place += 1
    return place


def _may_differ(character: str) -> bool:
    return character.isalpha() or character in " -"
