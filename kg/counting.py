"""Says how many of something there are."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun in English; `several` is the plural where it is not `one` with an s.

    >>> counted(1, "use"), counted(0, "use"), counted(2, "breach", "breaches")
    ('1 use', '0 uses', '2 breaches')
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"
