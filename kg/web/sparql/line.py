"""First come, first served: waiting for a thing that another hands over."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """Those who wait for a thing; `lost` takes back what was handed to one who had been cancelled meanwhile."""

    def __init__(self, lost: Callable[[T], None]) -> None:
        self._waiting: deque[asyncio.Future[T | None]] = deque()
        self._lost = lost

    def __len__(self) -> int:
        return len(self._waiting)

    def hand(self, thing: T) -> bool:
        """Give the thing to the first who waits; False if nobody does."""
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(thing)
                return True
        return False

    async def wait(self, seconds: float) -> T | None:
        """Wait for one's turn; None if it did not come within `seconds`."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[T | None] = loop.create_future()
        self._waiting.append(turn)
        # A timer by hand: `asyncio.wait` would take longer than all else that waiting takes.
        end = loop.call_later(seconds, self._give_up, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            handed = turn.result() if turn.done() and not turn.cancelled() else None
            if handed is not None:
                self._lost(handed)
            self._give_up(turn)
            raise
        finally:
            end.cancel()

    def _give_up(self, turn: asyncio.Future[T | None]) -> None:
        if turn in self._waiting:
            self._waiting.remove(turn)
        if not turn.done():
            turn.set_result(None)
