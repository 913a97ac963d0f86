"""First come, first served: waiting for a thing that another hands over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Waiting(Generic[T]):
    """One who waits; `told` is called once: with the thing, or with None if it did not come in time."""

    __slots__ = ("_timer", "_told")

    def __init__(self, told: Callable[[T | None], None], seconds: float) -> None:
        self._told: Callable[[T | None], None] | None = told
        # A timer and a function, no task: a query may take less time than all that a task needs.
        self._timer = asyncio.get_running_loop().call_later(seconds, self.tell, None)

    @property
    def waits(self) -> bool:
        """Whether nothing was told yet."""
        return self._told is not None

    def tell(self, thing: T | None) -> None:
        """Tell what came of it, if nothing was told yet; None also ends a wait before its time."""
        told, self._told = self._told, None
        if told is not None:
            self._timer.cancel()
            told(thing)


class Line(Generic[T]):
    """Those who wait for a thing, in their order."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting[T]] = deque()

    def __len__(self) -> int:
        return sum(waiting.waits for waiting in self._waiting)

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
        waiting: Waiting[T] = Waiting(told, seconds)
        self._waiting.append(waiting)
        return waiting
