"""Finds long names with one letter wrong, missing, doubled or swapped, or a space too many or too few.

One mistake leaves one half of a name as it should be, so the halves are what the scan looks for. Where a name is cut
is chosen so that its halves are rare: not between "arbets" and "träning", but between "arbetst" and "räning".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_QUICK = 3
_SHORTEST_HALF = 4
_SHIFT = 4


class Half(NamedTuple):
    """The half `text` of a name that stands as it should; `rest` is the other half, `first` and `last` its ends."""

    text: str
    rest: str
    name: str
    first: str
    last: str


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
            left.setdefault(name[:cut], []).append(_half(name[:cut], name[cut:], name))
            right.setdefault(name[cut:], []).append(_half(name[cut:], name[:cut], name))
        self._left, self._right = list(left.values()), list(right.values())
        self.texts = (*left, *right)

    def spans(self, scan: str, number: int, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and right spelling of each misspelt name whose half `number` stands at `start` to `end`."""
        if number < len(self._left):
            if start and scan[start - 1].isalnum():
                return
            for half in self._left[number]:
                size = len(half.rest)
                # A mistake at one end of the rest leaves the other end: most places are ruled out at little cost.
                if scan.startswith(half.first, end) or half.last in scan[end + size - _QUICK - 1 : end + size + 1]:
                    length = one_mistake(scan[end : end + size + 1], half.rest)
                    if length:
                        yield start, end + length, half.name
            return
        for half in self._right[number - len(self._left)]:
            begin = start - len(half.rest)
            if scan.endswith(half.last, 0, start) or half.first in scan[max(begin - 1, 0) : max(begin, 0) + _QUICK + 1]:
                length = one_mistake(scan[max(begin - 1, 0) : start][::-1], half.rest[::-1])
                first = start - length
                if length and scan[first] == half.rest[0] and not (first and scan[first - 1].isalnum()):
                    yield first, end, half.name


def _half(text: str, rest: str, name: str) -> Half:
    return Half(text, rest, name, rest[:_QUICK], rest[-_QUICK:])


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
    place = next((at for at, letter in enumerate(wanted) if found[at : at + 1] != letter), -1)
    if place < 0 or not _may_differ(wanted[place]):
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


def _may_differ(character: str) -> bool:
    return character.isalpha() or character in " -"
