"""`/sparql`: the SPARQL 1.1 Protocol for queries on the current build, read-only, in front of processes kept apart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg import generations
from kg.store.embedded import STORE
from kg.web.refusal import Refusal
from kg.web.sparql import query_text
from kg.web.sparql.answering import Answering, Planned
from kg.web.sparql.clients import Clients, client_key
from kg.web.sparql.description import description
from kg.web.sparql.direct import Head, Leave, Told
from kg.web.sparql.engines import Engines, EnginesState
from kg.web.sparql.limits import Limits
from kg.web.sparql.outcomes import Found, Question
from kg.web.sparql.protocol import METHODS, Asked, asked_by_get, asked_by_post
from kg.web.sparql.reading_body import body_of
from kg.web.sparql.result_formats import GRAPHS, HTML, Wanted, for_programs, formats, not_offered, prefers_pages, wanted
from kg.web.sparql.sending import CROSS_ORIGIN, PREFLIGHT, Sent, deliver, refused
from kg.web.team import Member

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/sparql"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page about a query shows: its text, and its rows as JSON or its graph as Turtle, or why there are none."""

    query: str
    kind: query_text.QueryKind | None = None
    answer: bytes | None = None
    refusal: Refusal | None = None


class Page(Protocol):
    """Makes the page that a browser gets; an empty query stands for the bare address."""

    async def __call__(self, request: Request, shown: Shown) -> Response:
        """Return the page, with the status of the refusal if there is one."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request as the parts of the work need it."""

    scope: Scope
    receive: Receive
    client: str
    accept: str | None
    held: str | None

    async def gone(self) -> None:
        """Come to an end when the client has gone away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


class Endpoint:
    """The SPARQL endpoint of the build in a folder, an ASGI application for the addresses in `routes`.

    `base` is that of the IRIs in the data, `address` the endpoint's own for clients, `page` makes pages for browsers;
    a `member` of a team of workers keeps the limits together with the others.
    `start` and `stop` belong to the lifespan of the application and must run in the thread of its event loop.
    """

    def __init__(
        self, build: Path, *, base: str, address: str = "", limits: Limits | None = None, page: Page | None = None,
        member: Member | None = None,
    ) -> None:  # fmt: skip
        self._build, self._base, self._page = build, base, page
        self._limits = limits or Limits()
        self.own = self._limits.shared(member) if member else self._limits
        """What of the limits this process has to itself."""
        self._address = address or f"{base}{PATH[1:]}"
        self._clients = Clients(self.own, member=member)
        self._answering = Answering(base, self._address, self.own, self._clients)
        self._draining: set[asyncio.Task[None]] = set()

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._limits

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query may use without declaring them."""
        return self._answering.prefixes

    @property
    def generation(self) -> str:
        """The name of the generation that answers; empty before the start."""
        return self._answering.generation

    @property
    def state(self) -> EnginesState | None:
        """What the engines are doing; None before the start and after the end."""
        engines = self._answering.engines
        return engines.state if engines else None

    def routes(self) -> list[BaseRoute]:
        """Return the routes to put into an application."""
        from starlette.routing import Route

        # A redirect from one to the other would lose the body of a POST in many clients.
        return [Route(path, self, name=name) for path, name in ((PATH, "sparql"), (f"{PATH}/", "sparql-slash"))]

    def in_front_of(self, application: ASGIApp) -> ASGIApp:
        """Return an application that answers the endpoint's addresses itself and leaves the rest to `application`.

        Faster than `routes`: a small query then does not pay for the application's middleware and routing.
        """

        async def both(scope: Scope, receive: Receive, send: Send) -> None:
            ours = scope["type"] == "http" and scope["path"] in (PATH, f"{PATH}/")
            await (self if ours else application)(scope, receive, send)

        return both

    async def start(self) -> None:
        """Start answering from the generation in force.

        Raises:
            BuildError: there is no build, or its store does not open.
            UsageError: queries cannot be kept apart on this system.
        """
        await self.switch(generations.current(self._build).name)

    async def switch(self, generation: str | Path) -> None:
        """Answer from another generation, by its name or folder, from now on; raises as `start`.

        Queries under way end on the old one.
        """
        name = Path(generation).name
        store = self._build / generations.GENERATIONS / name / STORE
        fresh = Engines(store, self.own, self._answering.setting)
        await fresh.start()
        old = self._answering.take(fresh, name)
        if old is not None:
            task = asyncio.get_running_loop().create_task(old.close(self._limits.query_seconds + 1))
            self._draining.add(task)
            task.add_done_callback(self._draining.discard)

    async def stop(self, patience: float = 1.0) -> None:
        """Let queries under way come to their end for `patience` seconds, then end every process."""
        engines = self._answering.take(None, self.generation)
        if engines is not None:
            await engines.close(patience)
        for task in tuple(self._draining):
            await task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        client = client_key(scope["client"][0] if scope.get("client") else "")
        visit = _Visit(scope, receive, client, headers.get(b"accept"), headers.get(b"if-none-match"))
        asked = await self._admitted(visit, headers)
        sent = await self._answered(asked, visit) if isinstance(asked, Asked) else asked
        if isinstance(sent, Refusal):
            query = asked.query if isinstance(asked, Asked) else None
            sent = await self._refused(sent, query or "", visit)
        if isinstance(sent, Sent):
            await deliver(sent, send, bodiless=scope["method"] == "HEAD", seconds=self._limits.send_seconds)
        else:
            sent.raw_headers.extend(CROSS_ORIGIN)
            await sent(scope, receive, send)

    async def _admitted(self, visit: _Visit, headers: Mapping[bytes, str]) -> Asked | Sent | Refusal:
        method = visit.scope["method"]
        if method == "OPTIONS":
            return PREFLIGHT
        if method not in METHODS.split(", "):
            return Refusal(405, f"the methods here are {METHODS}", headers=(("allow", METHODS),))
        wait = self._clients.wait(visit.client)
        if wait:
            return Refusal(429, f"one client may send {self._limits.client_rate:g} requests a second", ceil(wait))
        return await self._asked(visit, headers)

    async def _asked(self, visit: _Visit, headers: Mapping[bytes, str]) -> Asked | Refusal:
        query_string: bytes = visit.scope["query_string"]
        most = self._limits.query_bytes
        if len(query_string) > most:
            return Refusal(414, f"an address may have {most} bytes; send the query by POST")
        if visit.scope["method"] != "POST":
            return asked_by_get(query_string)
        body = await body_of(visit.receive, headers, most=most, seconds=self._limits.body_seconds)
        if isinstance(body, Refusal):
            return body
        return asked_by_post(query_string, headers.get(b"content-type", ""), body)

    def _wanted(self, asked: Asked, accept: str | None) -> Wanted:
        return wanted(accept, asked.format, pages=self._page is not None)

    async def _answered(self, asked: Asked, visit: _Visit) -> Sent | Response | Refusal:
        if asked.query is None:
            return await self._described(asked, visit)
        text = query_text.read(asked.query)
        if isinstance(text, Refusal):
            return text
        both = self._wanted(asked, visit.accept)
        choice = both.of(text.kind)
        if choice is None:
            return not_offered(formats(text.kind))
        if choice.format is HTML and self._page is not None:
            return await self._shown(self._page, asked, text, visit)
        planned = self._planned(asked, text.text, both, volatile=text.volatile)
        unchanged = planned.unchanged(visit.held)
        if unchanged is not None:
            return unchanged
        found = await self._answering.found(planned, visit.client, visit.gone)
        return found if isinstance(found, Refusal) else planned.sent(found)

    async def _shown(self, page: Page, asked: Asked, text: query_text.QueryText, visit: _Visit) -> Response | Refusal:
        preferred = wanted(None, "", pages=False)
        planned = self._planned(asked, text.text, preferred, volatile=text.volatile)
        found = await self._answering.found(planned, visit.client, visit.gone)
        if isinstance(found, Refusal):
            return found
        return await page(_request(visit), Shown(text.text, text.kind, found.body))

    def _planned(self, asked: Asked, query: str, both: Wanted, *, volatile: bool) -> Planned:
        return self._answering.planned(Question.of(asked, query, both.without_pages()), volatile=volatile)

    async def _described(self, asked: Asked, visit: _Visit) -> Sent | Response | Refusal:
        choice = self._wanted(asked, visit.accept).graphs
        if choice is None:
            return not_offered(GRAPHS)
        if choice.format is HTML and self._page is not None:
            return await self._page(_request(visit), Shown(""))
        body = description(self._address, self._base, self._limits, choice.format)
        return Sent(body, choice.called)

    def begin(self, query_string: bytes, head: Head, client: str, told: Told) -> Sent | Leave | None:
        """Answer a plain GET at once, or tell the answer later, or return None: then call the application.

        What is returned for a later answer is to be called if the client goes away before.
        """
        client = client_key(client)
        planned = self._plain(query_string, head, client)
        if not isinstance(planned, Planned):
            return planned
        kept = self._answering.kept(planned.tag)
        if kept is not None:
            return planned.sent(kept)

        def answered(found: Found | Refusal) -> None:
            told(planned.sent(found) if isinstance(found, Found) else refused(found))

        asking = self._answering.ask(planned, client, answered)
        return asking.leave if asking else None

    def _plain(self, query_string: bytes, head: Head, client: str) -> Planned | Sent | None:
        if len(query_string) > self._limits.query_bytes or self._answering.engines is None:
            return None
        asked = asked_by_get(query_string)
        if isinstance(asked, Refusal) or asked.query is None:
            return None
        both = for_programs(head.accept, asked.format, pages=self._page is not None)
        if both is None:
            return None
        volatile = False
        if not query_text.is_plain(asked.query):
            text = query_text.read(asked.query)
            if isinstance(text, Refusal):
                return None
            volatile = text.volatile
        # A request that is refused here is not counted, and is counted by the application.
        if self._clients.wait(client):
            return None
        planned = self._answering.planned(Question.of(asked, asked.query, both), volatile=volatile)
        return planned.unchanged(head.held) or planned

    def _is_for_people(self, accept: str | None) -> bool:
        return self._page is not None and prefers_pages(accept)

    async def _refused(self, refusal: Refusal, query: str, visit: _Visit) -> Sent | Response:
        if self._page is None or not self._is_for_people(visit.accept):
            return refused(refusal)
        response = await self._page(_request(visit), Shown(query, refusal=refusal))
        for name, value in refused(refusal).headers:
            response.headers[name] = value
        return response


def _request(visit: _Visit) -> Request:
    from starlette.requests import Request

    return Request(visit.scope)
