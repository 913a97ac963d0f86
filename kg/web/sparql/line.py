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
        self._waiting: deque[asyncio.Future[T]] = deque()
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
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait((turn,), timeout=seconds)
        except asyncio.CancelledError:
            if turn.done():
                self._lost(turn.result())
            raise
        finally:
            if not turn.done():
                turn.cancel()
                self._waiting.remove(turn)
        return None if turn.cancelled() else turn.result()
