"""First come, first served: waiting for a thing that another hands over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from kg.web.sparql.watch import Watch

T = TypeVar("T")


class Waiting(Generic[T]):
    """One who waits until `due`; `told` is called once: with the thing, or with None if it did not come in time."""

    __slots__ = ("_told", "_watch", "due")

    def __init__(self, told: Callable[[T | None], None], due: float, watch: Watch) -> None:
        self._told: Callable[[T | None], None] | None = told
        self._watch, self.due = watch, due
        watch.add(self)

    @property
    def waits(self) -> bool:
        """Whether nothing was told yet."""
        return self._told is not None

    def look(self) -> None:
        """Called when the time is over."""
        self.tell(None)

    def tell(self, thing: T | None) -> None:
        """Tell what came of it, if nothing was told yet; None also ends a wait before its time."""
        told, self._told = self._told, None
        if told is not None:
            self._watch.remove(self)
            told(thing)


class Line(Generic[T]):
    """Those who wait for a thing, in their order."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting[T]] = deque()
        self._watch = Watch()

    def __bool__(self) -> bool:
        while self._waiting and not self._waiting[0].waits:
            self._waiting.popleft()
        return bool(self._waiting)

    def hand(self, thing: T) -> bool:
        """Give the thing to the first who waits; False if nobody does."""
        if not self:
            return False
        self._waiting.popleft().tell(thing)
        return True

    def wait(self, told: Callable[[T | None], None], seconds: float) -> Waiting[T]:
        """Wait for one's turn; `told` gets the thing, or None if it did not come within `seconds`."""
        waiting: Waiting[T] = Waiting(told, asyncio.get_running_loop().time() + seconds, self._watch)
        self._waiting.append(waiting)
        return waiting
