"""Looks after what takes long: one timer for all, because most that is watched ends before any timer would go off."""

from __future__ import annotations

import asyncio
from math import inf
from typing import Protocol

_EARLY = 0.001
"""A timer may go off so many seconds early: loops count in milliseconds."""


class Watched(Protocol):
    """Something that is to be looked at when it is `due`, by the clock of the event loop."""

    due: float

    def look(self) -> None:
        """See what has become of it."""


class Watch:
    """Calls `look` of each that was added when it is due, once; whoever wants more adds itself again."""

    def __init__(self) -> None:
        self._watched: set[Watched] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = inf

    def add(self, watched: Watched) -> None:
        """Look at it when it is due."""
        self._watched.add(watched)
        if watched.due < self._looks_at:
            self._look_at(watched.due)

    def remove(self, watched: Watched) -> None:
        """Do not look at it any more."""
        self._watched.discard(watched)

    def _look_at(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._looks_at = asyncio.get_running_loop().call_at(moment, self._look), moment

    def _look(self) -> None:
        self._timer, self._looks_at = None, inf
        now = asyncio.get_running_loop().time() + _EARLY
        for watched in [each for each in self._watched if each.due <= now]:
            # A look at one may be the end of another.
            if watched in self._watched:
                self._watched.remove(watched)
                watched.look()
        if self._watched:
            self._look_at(min(each.due for each in self._watched))
