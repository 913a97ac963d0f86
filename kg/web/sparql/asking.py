"""Puts one query to the engines and says in one sentence why there is no answer, if there is none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from kg.store.syntax import illegal_query
from kg.web.refusal import Refusal
from kg.web.sparql import answerer, query_text
from kg.web.sparql.clients import Clients, Entered
from kg.web.sparql.engine import Engine
from kg.web.sparql.engines import Engines
from kg.web.sparql.exchange import Failed, Reply, form_of, request_of
from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Waiting
from kg.web.sparql.protocol import Asked
from kg.web.sparql.result_formats import Wanted

Gone = Callable[[], Coroutine[None, None, None]]
"""Comes to its end when the client has gone away."""

_SOON, _LATER = 2, 60
"""Seconds after which to come again: when all is busy, and when the query itself was too much."""
_UNWATCHED_SECONDS = 0.1
"""A query may end on its own for so long when its client has gone."""
_TOGETHER = 4
"""So many questions of a client are put to an engine at once."""
_WORTH_A_LOOK_SECONDS = 0.2
"""A query that took less cannot have filled an engine's memory."""
_TRIES = 2
_SHOWN = 200
_BROKEN = Refusal(503, "the answer broke off; ask again", _SOON)
_GONE = Refusal(503, "the client went away before the answer", _SOON)
BUSY = Refusal(503, "the endpoint is busy; ask again in a moment", _SOON)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a graph, or else rows or a truth value."""

    body: bytes
    graph: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A query as its author wrote it, the forms of its answer, and both as an engine gets them."""

    query: str
    wanted: Wanted
    request: bytes

    @classmethod
    def of(cls, asked: Asked, query: str, wanted: Wanted) -> Question:
        """Return the question that a request asks."""
        rows = wanted.rows.format.media_type if wanted.rows else None
        graphs = wanted.graphs.format.media_type if wanted.graphs else None
        form = form_of(rows, graphs, asked.default_graphs, asked.named_graphs)
        return cls(query, wanted, request_of(form, query))


Answered = Callable[[Found | Refusal], None]


@dataclass(frozen=True, slots=True)
class Means:
    """What answers questions: engines, the clients' places, and limits."""

    engines: Engines
    clients: Clients
    limits: Limits


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

    def begin(self, *, again: bool = False) -> None:
        """Set out; or set out `again`, when a turn ended before it came to this question."""
        if self.left:
            asyncio.get_running_loop().call_soon(self.tell, _GONE)
        elif self._means.clients.enter(self._client):
            self._seek()
        else:
            self._waiting = self._means.clients.wait_in_line(self._client, self._entered, again=again)
            if self._waiting is None:
                asyncio.get_running_loop().call_soon(self._entered, None)

    def leave(self) -> None:
        """Note that nobody waits for the answer any more."""
        self.left = True
        if self._waiting is not None:
            self._waiting.tell(None)

    def tell(self, found: Found | Refusal) -> None:
        """Tell what came of it."""
        self._answered(found)

    def _entered(self, entered: Entered | None) -> None:
        self._waiting = None
        if entered is None:
            most = self._means.limits.client_engines
            self.tell(_GONE if self.left else Refusal(429, f"one client may run {most} queries at once", 1))
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
            self.tell(_GONE if self.left else BUSY)
        else:
            Turn(self._means, self._client, engine).begin(self)


class Turn:
    """A place of a client and an engine, for a few of its questions that are answered one after the other.

    Those who wait in line behind a question go along with it, so that whoever is woken finds work for more than one.
    When a question takes long, the others set out again.
    """

    def __init__(self, means: Means, client: str, engine: Engine) -> None:
        self._means, self._client, self._engine = means, client, engine
        self.askings: deque[Asking | None] = deque()
        """Those whose reply is still to come; None for one whose reply nobody waits for any more."""
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._failed = False

    def begin(self, first: Asking) -> None:
        """Ask, and take along who waits."""
        askings = self.askings
        askings.append(first)
        while len(askings) < _TOGETHER and self._means.clients.share(self._client, self):
            pass
        self._watch = self._loop.call_at(min(first.end, self._began + _UNWATCHED_SECONDS), self._look)
        requests = [asking.question.request for asking in askings if asking is not None]
        self._engine.ask(requests, [self._told] * len(requests))

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
        if asking is not None:
            asking.tell(judged(outcome, asking.question, self._means.limits))

    def _ended(self, *, spent: bool) -> None:
        self._watch.cancel()
        engines = self._means.engines
        engines.give_back(self._engine, spent=spent and (self._failed or engines.is_worn(self._engine)))
        self._means.clients.end(self._client)

    def _look(self) -> None:
        """Part a question that takes long from the others, and end it if its time is over or nobody waits for it."""
        running = self._alone()
        now = self._loop.time()
        if running is None:
            self._watch = self._loop.call_at(now + _UNWATCHED_SECONDS, self._look)
        elif running.left:
            self._engine.give_up(Failed("left"))
        elif now >= running.end:
            self._engine.give_up(Failed("time"))
        else:
            self._watch = self._loop.call_at(min(running.end, now + _UNWATCHED_SECONDS), self._look)

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
        self._watch.cancel()
        blamed = self._alone()
        self._means.engines.later(self._blamed(failed, blamed))

    async def _blamed(self, failed: Failed, asking: Asking | None) -> None:
        reason = await _reason(failed, self._engine, self._means.limits)
        self._ended(spent=True)
        if asking is None:
            return
        asking.tries -= 1
        if reason is None and asking.tries and not asking.left:
            asking.begin(again=True)
        else:
            asking.tell(reason or _BROKEN)


async def _reason(failed: Failed, engine: Engine, limits: Limits) -> Refusal | None:
    """Return why there is no reply; None if the engine was ended from outside, so that another may try."""
    if failed.reason == "left":
        return _GONE
    if failed.reason == "time":
        return Refusal(503, f"the query takes more than {limits.query_seconds:g} seconds and was stopped", _LATER)
    if failed.reason == "size":
        return _too_large(limits)
    cause = await engine.cause()
    if cause == "memory":
        return Refusal(503, f"the query needs more than {_megabytes(limits.engine_bytes)} of memory", _LATER)
    if cause == "depth":
        return Refusal(400, "the query has too many parts inside one another or in one chain")
    return None


def judged(reply: Reply, question: Question, limits: Limits) -> Found | Refusal:
    """Return the answer that a reply holds, or why it holds none."""
    verdict = reply.verdict
    if verdict in (answerer.ROWS, answerer.GRAPH):
        return Found(reply.body, verdict == answerer.GRAPH)
    if verdict == answerer.ILLEGAL:
        return _illegal(question.query, reply.body)
    if verdict == answerer.UNWANTED:
        return question.wanted.refusal()
    return _too_large(limits) if verdict == answerer.LARGE else _BROKEN


def _illegal(query: str, message: bytes) -> Refusal:
    # An update is no query: it is refused as what it is.
    read = query_text.read(query)
    if isinstance(read, Refusal):
        return read
    return Refusal(400, illegal_query(query, SyntaxError(message.decode(errors="replace")[:_SHOWN])))


def _too_large(limits: Limits) -> Refusal:
    return Refusal(503, f"the answer is larger than {_megabytes(limits.result_bytes)}; add a LIMIT", _LATER)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"


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
