"""Finds long names with one letter wrong, missing, doubled or swapped, or a space too many or too few.

One mistake leaves one half of a name as it should be, so the halves are what the scan looks for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Half:
    """The half of a name that stands as it should; `rest` is the other half."""

    text: str
    rest: str
    left: bool


def halves(name: str) -> tuple[Half, Half]:
    """Return the two halves of `name`.

    >>> [half.text for half in halves("tjänstedesign")]
    ['tjänst', 'edesign']
    """
    middle = len(name) // 2
    return Half(name[:middle], name[middle:], True), Half(name[middle:], name[:middle], False)


def one_mistake_after(text: str, at: int, rest: str) -> int | None:
    """Return where a form of `rest` with exactly one mistake ends that begins at `at`, or None.

    >>> one_mistake_after("motiverande samtla", 12, "samtal")
    18
    """
    return _one_mistake(text[at : at + len(rest) + 1], rest, at)


def one_mistake_before(text: str, end: int, rest: str) -> int | None:
    """Return where a form of `rest` with exactly one mistake begins that ends at `end`, or None.

    >>> one_mistake_before("indivdual placement", 9, "individual")
    0
    """
    length = len(rest) + 1
    mirrored = text[max(end - length, 0) : end][::-1]
    found = _one_mistake(mirrored, rest[::-1], 0)
    return None if found is None else end - found


def _one_mistake(found: str, wanted: str, at: int) -> int | None:
    place = _first_difference(found, wanted)
    if place is None or not _may_differ(wanted[place]):
        return None
    tail = wanted[place + 1 :]
    if place < len(found) and _may_differ(found[place]):
        if found[place + 1 : len(wanted)] == tail and _letters(found[place], wanted[place]):
            return at + len(wanted)
        if found[place + 1 : len(wanted) + 1] == wanted[place:]:
            return at + len(wanted) + 1
        if tail and found[place : place + 2] == tail[0] + wanted[place] and found[place + 2 : len(wanted)] == tail[1:]:
            return at + len(wanted)
    if found[place : len(wanted) - 1] == tail and tail:
        return at + len(wanted) - 1
    return None


def _first_difference(found: str, wanted: str) -> int | None:
    for place, letter in enumerate(wanted):
        if found[place : place + 1] != letter:
            return place
    return None


def _may_differ(character: str) -> bool:
    return character.isalpha() or character in " -"


def _letters(found: str, wanted: str) -> bool:
    """A wrong letter stands for a letter; a space for a hyphen is another spelling and found as such."""
    return found.isalpha() == wanted.isalpha()
