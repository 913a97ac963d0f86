"""The engines of one generation of the graph: started when needed, lent for one query each, replaced when spent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path

from kg.errors import BuildError, UsageError
from kg.web.sparql.engine import Engine, Setting
from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Line, Waiting

_READY = 2
"""So many engines are kept running, so that after one has ended the next query does not wait for a start."""
_WORN = 0.5
"""An engine that keeps this part of its memory after an answer is replaced: the next query is promised all of it."""


@dataclass(frozen=True, slots=True)
class EnginesState:
    """What the engines are doing, for health pages."""

    running: int
    busy: int
    waiting: int
    replaced: int


class Engines:
    """At most `limits.engines` processes on one store, all with one setting."""

    def __init__(self, location: Path, limits: Limits, setting: Setting) -> None:
        self._location, self._limits, self._setting = location, limits, setting
        self._idle: list[Engine] = []
        self._line: Line[Engine] = Line()
        self._lent: set[Engine] = set()
        self._places = limits.engines
        self._waiting = self._starting = self._replaced = self._expected = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._unused = asyncio.Event()
        self._unused.set()

    async def start(self) -> None:
        """Start the first engine.

        Raises:
            UsageError: it cannot be kept from the network.
            BuildError: it does not open the store.
        """
        self._places -= 1
        self._idle.append(await Engine.started(self._location, self._setting))
        self._refill()

    @property
    def state(self) -> EnginesState:
        """What the engines are doing now."""
        return EnginesState(self._limits.engines - self._places, len(self._lent), self._waiting, self._replaced)

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The process numbers of the engines that wait for work."""
        return tuple(engine.identifier for engine in self._idle)

    def expect(self, more: int) -> None:
        """Note that so many more questions are on their way here, or with a negative number fewer: a close waits."""
        self._expected += more
        if self._expected:
            self._unused.clear()
        else:
            self._note_use()

    def borrow(self) -> Engine | None:
        """Return an engine that waits for a query, if there is one and nobody waits for it; it must be given back."""
        if self._line:
            return None
        while self._idle:
            engine = self._idle.pop()
            if engine.connected:
                self._lend(engine)
                return engine
            self._replace(engine)
        return None

    def wait(self, told: Callable[[Engine | None], None], seconds: float) -> Waiting[Engine]:
        """Wait for an engine, which `told` gets and must give back; None if all stay busy."""
        self._waiting += 1

        def ended(engine: Engine | None) -> None:
            self._waiting -= 1
            if engine is not None:
                self._lend(engine)
            told(engine)
            self._note_use()

        self._unused.clear()
        waiting = self._line.wait(ended, seconds)
        self._refill()
        return waiting

    def _lend(self, engine: Engine) -> None:
        self._lent.add(engine)
        if len(self._lent) == 1:
            self._unused.clear()

    def give_back(self, engine: Engine, *, spent: bool = False) -> None:
        """Take an engine back; one that is `spent`, busy still or ended, is replaced."""
        self._lent.discard(engine)
        if spent:
            self._replace(engine)
        else:
            self._offer(engine)
        self._note_use()

    def _offer(self, engine: Engine) -> None:
        if self._closed or not engine.connected:
            self._replace(engine)
        elif not self._line.hand(engine):
            self._idle.append(engine)

    def is_worn(self, engine: Engine) -> bool:
        """Whether an engine holds so much memory after its answer that it should be spent."""
        return engine.memory() > self._limits.engine_bytes * _WORN

    def _replace(self, engine: Engine) -> None:
        self._replaced += 1
        self.later(self._ended(engine))

    async def _ended(self, engine: Engine) -> None:
        await engine.end()
        self._places += 1
        self._refill()

    def _refill(self) -> None:
        running = self._limits.engines - self._places
        wanted = max(_READY - running, self._waiting - self._starting)
        for _ in range(0 if self._closed else min(wanted, self._places)):
            self._places -= 1
            self._starting += 1
            self.later(self._added())

    async def _added(self) -> None:
        try:
            engine = await Engine.started(self._location, self._setting)
        except (BuildError, UsageError):
            # The last engine may have taken memory that its end gives back. The next query tries again.
            self._places += 1
            return
        finally:
            self._starting -= 1
        self._offer(engine)

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Do work that the end of the engines waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _note_use(self) -> None:
        if not (self._lent or self._waiting or self._expected):
            self._unused.set()

    async def close(self, patience: float) -> None:
        """Let the queries that run or are on their way come to their end, at most `patience` seconds, then end all."""
        try:
            async with asyncio.timeout(patience):
                await self._unused.wait()
        except TimeoutError:
            pass
        self._closed = True
        for engine in (*self._idle, *self._lent):
            self._replace(engine)
        self._idle.clear()
        while self._tasks:
            await asyncio.gather(*self._tasks)
