"""Puts one query to the engines and says in one sentence why there is no answer, if there is none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from kg.web.refusal import Refusal
from kg.web.sparql import answerer
from kg.web.sparql.clients import Clients, Entered
from kg.web.sparql.engine import Engine
from kg.web.sparql.engines import Engines
from kg.web.sparql.exchange import Failed, Reply
from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Waiting
from kg.web.sparql.outcomes import BROKEN, BUSY, GONE, Found, Question, judged, reason_of
from kg.web.sparql.watch import Watch

Gone = Callable[[], Coroutine[None, None, None]]
"""Comes to its end when the client has gone away."""

_UNWATCHED_SECONDS = 0.1
"""A query may end on its own for so long when its client has gone."""
_TOGETHER = 8
"""So many questions of a client are put to an engine at once."""
_WORTH_A_LOOK_SECONDS = 0.2
"""A query that took less cannot have filled an engine's memory."""
_TRIES = 2


Answered = Callable[[Found | Refusal], None]


@dataclass(frozen=True, slots=True)
class Means:
    """What answers questions: engines, the clients' places, and limits."""

    engines: Engines
    clients: Clients
    limits: Limits
    gathering: dict[str, Turn] = field(default_factory=dict)
    """By client, a turn that has not set out yet."""
    watch: Watch = field(default_factory=Watch)


class Asking:
    """A question on its way: to its client's place, to an engine, and back.

    `answered` is called once, after `begin` has returned, with the answer or why there is none, soon after the time
    limit at the latest. All is done by functions that the event loop calls, without a task: a small query takes less
    time than a task does.
    """

    __slots__ = ("_answered", "_client", "_means", "_waiting", "end", "left", "question", "tries")

    def __init__(self, question: Question, client: str, means: Means, answered: Answered) -> None:
        self.question, self._client, self._means, self._answered = question, client, means, answered
        self.end = asyncio.get_running_loop().time() + means.limits.query_seconds
        """When its time is over, by the clock of the event loop."""
        self.left, self.tries = False, _TRIES
        self._waiting: Waiting[Entered] | Waiting[Engine] | None = None
        means.engines.expect(1)

    def begin(self, *, again: bool = False) -> None:
        """Set out; or set out `again`, when a turn ended before it came to this question."""
        means, client = self._means, self._client
        gathering = means.gathering.get(client)
        if self.left:
            asyncio.get_running_loop().call_soon(self.tell, GONE)
        elif gathering is not None and gathering.takes(self):
            pass
        elif not means.clients.has_just_begun(client) and means.clients.enter(client):
            self._seek()
        else:
            self._waiting = means.clients.wait_in_line(client, self._entered, again=again)
            if self._waiting is None:
                asyncio.get_running_loop().call_soon(self._entered, None)

    def leave(self) -> None:
        """Note that nobody waits for the answer any more."""
        self.left = True
        if self._waiting is not None:
            self._waiting.tell(None)

    def tell(self, found: Found | Refusal) -> None:
        """Tell what came of it."""
        self._means.engines.expect(-1)
        self._answered(found)

    def _entered(self, entered: Entered | None) -> None:
        self._waiting = None
        if entered is None:
            most = self._means.limits.client_engines
            self.tell(GONE if self.left else Refusal(429, f"one client may run {most} queries at once", 1))
        elif isinstance(entered.turn, Turn):
            entered.turn.askings.append(self)
        else:
            self._seek()

    def _seek(self) -> None:
        engine = self._means.engines.borrow()
        if engine is not None:
            self._ask(engine)
            return
        left = self.end - asyncio.get_running_loop().time()
        self._waiting = self._means.engines.wait(self._ask, max(0.0, min(left, self._means.limits.wait_seconds)))

    def _ask(self, engine: Engine | None) -> None:
        self._waiting = None
        if engine is None:
            self._means.clients.end(self._client)
            self.tell(GONE if self.left else BUSY)
        else:
            Turn(self._means, self._client, engine).begin(self)


class Turn:
    """A place of a client and an engine, for a few of its questions that are answered one after the other.

    Those that arrive with the first and those who wait in line behind it go along, so that whoever is woken finds work
    for more than one. When a question takes long, the others set out again.
    """

    __slots__ = ("_began", "_client", "_engine", "_failed", "_loop", "_means", "askings", "due")

    def __init__(self, means: Means, client: str, engine: Engine) -> None:
        self._means, self._client, self._engine = means, client, engine
        self.askings: deque[Asking | None] = deque()
        """Those whose reply is still to come; None for one whose reply nobody waits for any more."""
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._failed = False
        self.due = 0.0
        """When it is to be looked at."""

    def begin(self, first: Asking) -> None:
        """Ask soon, when all that has arrived is read."""
        self.askings.append(first)
        self._means.gathering[self._client] = self
        self._loop.call_soon(self._set_out)

    def takes(self, asking: Asking) -> bool:
        """Take another question along, if there is room and it has not set out yet."""
        if len(self.askings) >= _TOGETHER:
            return False
        self.askings.append(asking)
        return True

    def _set_out(self) -> None:
        """Ask, and take along who waits."""
        means, askings = self._means, self.askings
        if means.gathering.get(self._client) is self:
            del means.gathering[self._client]
        while len(askings) < _TOGETHER and means.clients.share(self._client, self):
            pass
        self._look_later(askings[0])
        requests = [asking.question.request for asking in askings if asking is not None]
        self._engine.ask(requests, [self._told] * len(requests))

    def _look_later(self, running: Asking | None) -> None:
        self.due = self._loop.time() + _UNWATCHED_SECONDS
        if running is not None and running.end < self.due:
            self.due = running.end
        self._means.watch.add(self)

    def _told(self, outcome: Reply | Failed) -> None:
        if isinstance(outcome, Failed):
            if not self._failed:
                self._failed = True
                self._broken_off(outcome)
            return
        asking = self.askings.popleft()
        if not self.askings:
            # Engine and place go on before the answer is written: whoever waits for them has something to do.
            self._ended(spent=self._loop.time() - self._began > _WORTH_A_LOOK_SECONDS)
        if asking is None:
            return
        if outcome.verdict == answerer.SKIPPED:  # it was about to begin when the others were taken back
            asking.begin(again=True)
        else:
            asking.tell(judged(outcome, asking.question, self._means.limits))

    def _ended(self, *, spent: bool) -> None:
        self._means.watch.remove(self)
        engines = self._means.engines
        engines.give_back(self._engine, spent=spent and (self._failed or engines.is_worn(self._engine)))
        self._means.clients.end(self._client)

    def look(self) -> None:
        """Part a question that takes long from the others, and end it if its time is over or nobody waits for it."""
        running = self._alone()
        if running is not None and running.left:
            self._engine.give_up(Failed("left"))
        elif running is not None and self._loop.time() >= running.end:
            self._engine.give_up(Failed("time"))
        else:
            self._look_later(running)

    def _alone(self) -> Asking | None:
        """Return the question that the engine works on; all others set out again."""
        self._engine.take_back()
        place = len(self.askings) - self._engine.unbegun - 1
        others = [(at, asking) for at, asking in enumerate(self.askings) if at != place and asking is not None]
        for at, asking in others:
            self.askings[at] = None
            asking.begin(again=True)
        return self.askings[place] if place >= 0 else None

    def _broken_off(self, failed: Failed) -> None:
        self._means.watch.remove(self)
        blamed = self._alone()
        self._means.engines.later(self._blamed(failed, blamed))

    async def _blamed(self, failed: Failed, asking: Asking | None) -> None:
        reason = await reason_of(failed, self._engine, self._means.limits)
        self._ended(spent=True)
        if asking is None:
            return
        asking.tries -= 1
        if reason is None and asking.tries and not asking.left:
            asking.begin(again=True)
        else:
            asking.tell(reason or BROKEN)


async def answer(ask: Callable[[Answered], Asking | None], gone: Gone) -> Found | Refusal:
    """Return what `ask` tells, or that all is busy if it asks nobody; nothing is done once the client is `gone`."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Found | Refusal] = loop.create_future()

    def tell(found: Found | Refusal) -> None:
        if not answered.done():
            answered.set_result(found)

    asking = ask(tell)
    if asking is None:
        return BUSY
    watch = loop.create_task(gone())
    watch.add_done_callback(lambda watched: None if watched.cancelled() else asking.leave())
    try:
        return await answered
    except asyncio.CancelledError:
        asking.leave()
        raise
    finally:
        watch.cancel()
