"""Puts one query to the engines and says in one sentence why there is no answer, if there is none."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Literal

from kg.store.syntax import illegal_query
from kg.web.refusal import Refusal
from kg.web.sparql.engine import Engine, Job
from kg.web.sparql.engines import Engines
from kg.web.sparql.exchange import Failed, Reply
from kg.web.sparql.limits import Limits
from kg.web.sparql.result_formats import Format

Gone = Callable[[], Coroutine[None, None, None]]
"""Comes to its end when the client has gone away."""

_SOON, _LATER = 2, 60
"""Seconds after which to come again: when all is busy, and when the query itself was too much."""
_UNWATCHED_SECONDS = 0.1
"""Most queries are answered before it is worth looking whether the client is still there."""
_WORTH_A_LOOK_SECONDS = 0.2
"""A query that took less cannot have filled an engine's memory."""
_TRIES = 2
_SHOWN = 200
_BROKEN = Refusal(503, "the answer broke off; ask again", _SOON)
_GONE = Refusal(503, "the client went away before the answer", _SOON)
BUSY = Refusal(503, "the endpoint is busy; ask again in a moment", _SOON)
_FIRST_LINE = re.compile(r"(error at 1:)(\d+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A query as its author wrote it, the BASE and PREFIX lines to put before it, and the form of its answer."""

    query: str
    head: str
    format: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def job(self) -> Job:
        """Return the question as the engine gets it."""
        return Job(self.head + self.query, self.format.media_type, self.default_graphs, self.named_graphs)


async def answer(question: Question, engines: Engines, limits: Limits, *, end: float, gone: Gone) -> bytes | Refusal:
    """Return the whole answer, or why there is none, soon after `end` by the clock of the event loop at the latest."""
    for _ in range(_TRIES):
        left = end - asyncio.get_running_loop().time()
        engine = await engines.borrow(max(0.0, min(left, limits.wait_seconds)))
        if engine is None:
            return BUSY
        found = await _Turn(question, engine, engines, limits, end).answer(gone)
        if found is not None:
            return found
    return _BROKEN


@dataclass(slots=True)
class _Turn:
    """One query on one engine."""

    question: Question
    engine: Engine
    engines: Engines
    limits: Limits
    end: float

    async def answer(self, gone: Gone) -> bytes | Refusal | None:
        """Return the answer; None if the engine was ended from outside or had hung up, so that another may try."""
        loop = asyncio.get_running_loop()
        began, spent = loop.time(), True
        reply = self.engine.ask(self.question.job(), most=self.limits.result_bytes)
        # Timers and futures by hand: `asyncio.wait` would take a third of the time that a small query has. One timer
        # is enough until it is clear that the query is none.
        first = loop.call_at(min(self.end, began + _UNWATCHED_SECONDS), self._linger, reply, gone)
        try:
            outcome = await reply
            if isinstance(outcome, Failed):
                return await self._failure(outcome)
            spent = loop.time() - began > _WORTH_A_LOOK_SECONDS and self.engines.is_worn(self.engine)
            return self._judged(outcome)
        finally:
            first.cancel()
            self.engines.give_back(self.engine, spent=spent)

    def _linger(self, reply: asyncio.Future[Reply | Failed], gone: Gone) -> None:
        loop = asyncio.get_running_loop()
        stop = loop.call_at(self.end, _stop, reply, "time")
        watch = loop.create_task(gone())
        watch.add_done_callback(lambda _: _stop(reply, "left"))
        reply.add_done_callback(lambda _: stop.cancel())
        reply.add_done_callback(lambda _: watch.cancel())

    async def _failure(self, failed: Failed) -> Refusal | None:
        if failed.reason == "left":
            return _GONE
        if failed.reason == "time":
            return Refusal(
                503, f"the query takes more than {self.limits.query_seconds:g} seconds and was stopped", _LATER
            )
        if failed.reason == "size":
            return Refusal(
                503, f"the answer is larger than {_megabytes(self.limits.result_bytes)}; add a LIMIT", _LATER
            )
        cause = await self.engine.cause()
        if cause == "memory":
            return Refusal(503, f"the query needs more than {_megabytes(self.limits.engine_bytes)} of memory", _LATER)
        if cause == "depth":
            return Refusal(400, "the query has too many parts inside one another or in one chain")
        return None

    def _judged(self, reply: Reply) -> bytes | Refusal:
        ends = self.question.format.ends
        if reply.status == 200:
            # Oxigraph has sent its 200 before it meets an error; what follows is then cut off by the error's text.
            return reply.body if not ends or reply.body[-20:].rstrip().endswith(ends) else _BROKEN
        if reply.status != 400:
            return _BROKEN
        message = _FIRST_LINE.sub(self._as_written, reply.body.decode(errors="replace"))
        return Refusal(400, illegal_query(self.question.query, SyntaxError(message[:_SHOWN])))

    def _as_written(self, place: re.Match[str]) -> str:
        return f"{place[1]}{max(1, int(place[2]) - len(self.question.head))}"


def _stop(reply: asyncio.Future[Reply | Failed], reason: Literal["time", "left"]) -> None:
    if not reply.done():
        reply.set_result(Failed(reason))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"
