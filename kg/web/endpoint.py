"""`/sparql`: the SPARQL 1.1 Protocol for queries on the current build, read-only, in front of processes kept apart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg import generations
from kg.store.embedded import STORE
from kg.vocabulary import Names
from kg.web.negotiation import matches_etag
from kg.web.refusal import Refusal
from kg.web.sparql import query_text
from kg.web.sparql.asking import BUSY, Question, answer
from kg.web.sparql.clients import Clients, client_key
from kg.web.sparql.description import description
from kg.web.sparql.engines import Engines, EnginesState
from kg.web.sparql.kept_answers import KeptAnswers
from kg.web.sparql.limits import Limits
from kg.web.sparql.protocol import METHODS, Asked, asked_by_get, asked_by_post
from kg.web.sparql.reading_body import body_of
from kg.web.sparql.result_formats import GRAPHS, HTML, Choice, Format, chosen, formats, named
from kg.web.sparql.sending import CROSS_ORIGIN, Sent, deliver, refused

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/sparql"
_PREFLIGHT = (
    ("allow", METHODS),
    ("access-control-allow-methods", METHODS),
    ("access-control-allow-headers", "Accept, Content-Type"),
    ("access-control-max-age", "86400"),
)
_SHORT = 2000
"""Queries of so many characters are remembered with what was read in them."""
_read_short = lru_cache(maxsize=1024)(query_text.read)


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

    `base` is that of the IRIs in the data, `address` the endpoint's own for clients, `page` makes pages for browsers.
    `start` and `stop` belong to the lifespan of the application and must run in the thread of its event loop.
    """

    def __init__(
        self, build: Path, *, base: str, address: str = "", limits: Limits | None = None, page: Page | None = None
    ) -> None:
        self._build, self._base, self._page = build, base, page
        self._limits = limits or Limits()
        self._address = address or f"{base}{PATH[1:]}"
        self._prefixes = Names(base).prefixes()
        self._clients = Clients(self._limits)
        self._kept = KeptAnswers(self._limits.cache_bytes)
        self._engines: Engines | None = None
        self._generation = ""
        self._draining: set[asyncio.Task[None]] = set()

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self._limits

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query may use without declaring them."""
        return self._prefixes

    @property
    def generation(self) -> str:
        """The name of the generation that answers; empty before the start."""
        return self._generation

    @property
    def state(self) -> EnginesState | None:
        """What the engines are doing; None before the start and after the end."""
        return self._engines.state if self._engines else None

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
        fresh = Engines(self._build / generations.GENERATIONS / name / STORE, self._limits)
        await fresh.start()
        old, self._engines, self._generation = self._engines, fresh, name
        self._kept.clear()
        if old is not None:
            task = asyncio.get_running_loop().create_task(old.close(self._limits.query_seconds + 1))
            self._draining.add(task)
            task.add_done_callback(self._draining.discard)

    async def stop(self, patience: float = 1.0) -> None:
        """Let queries under way come to their end for `patience` seconds, then end every process."""
        engines, self._engines = self._engines, None
        if engines is not None:
            await engines.close(patience)
        for task in tuple(self._draining):
            await task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        client = client_key(scope["client"][0] if scope.get("client") else "")
        visit = _Visit(scope, receive, client, headers.get(b"accept"), headers.get(b"if-none-match"))
        sent = await self._answered(visit, headers)
        if isinstance(sent, Sent):
            seconds = self._limits.send_seconds
            await deliver(sent, send, bodiless=scope["method"] == "HEAD", seconds=seconds)
        else:
            sent.raw_headers.extend(CROSS_ORIGIN)
            await sent(scope, receive, send)

    async def _answered(self, visit: _Visit, headers: Mapping[bytes, str]) -> Sent | Response:
        method = visit.scope["method"]
        if method == "OPTIONS":
            return Sent(b"", "", 204, headers=_PREFLIGHT)
        if method not in METHODS.split(", "):
            return refused(Refusal(405, f"the methods here are {METHODS}", headers=(("allow", METHODS),)))
        wait = self._clients.wait(visit.client)
        if wait:
            rate = f"one client may send {self._limits.client_rate:g} requests a second"
            return refused(Refusal(429, rate, ceil(wait)))
        asked = await self._asked(visit, headers)
        if isinstance(asked, Refusal):
            return refused(asked)
        if asked.query is None:
            return await self._described(asked, visit)
        text = _read_short(asked.query) if len(asked.query) <= _SHORT else query_text.read(asked.query)
        if isinstance(text, Refusal):
            return await self._shown(visit, Shown(asked.query, refusal=text), Choice(HTML, HTML.media_type))
        choice = self._choice(asked, visit, formats(text.kind))
        if isinstance(choice, Refusal):
            return refused(choice)
        return await self._queried(asked, text, choice, visit)

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

    def _choice(self, asked: Asked, visit: _Visit, offered: tuple[Format, ...]) -> Choice | Refusal:
        by_name = named(asked.format, offered) if asked.format else None
        if self._page is not None:
            offered = (*offered, HTML)
        choice = by_name or chosen(visit.accept, offered)
        return choice or Refusal(406, f"the answer can be {', '.join(form.media_type for form in offered)}")

    async def _described(self, asked: Asked, visit: _Visit) -> Sent | Response:
        choice = self._choice(asked, visit, GRAPHS)
        if isinstance(choice, Refusal):
            return refused(choice)
        if choice.format is HTML:
            return await self._shown(visit, Shown(""), choice)
        body = description(self._address, self._base, self._limits, choice.format)
        return _sent(body, choice)

    async def _shown(self, visit: _Visit, shown: Shown, choice: Choice) -> Sent | Response:
        # A refusal comes here before anything says whether it is for a browser.
        wants_page = choice.format is HTML and chosen(visit.accept, (*GRAPHS[:1], HTML)) == choice
        if self._page is None or not wants_page:
            return refused(shown.refusal or BUSY)
        from starlette.requests import Request

        return await self._page(Request(visit.scope), shown)

    async def _queried(
        self, asked: Asked, text: query_text.QueryText, choice: Choice, visit: _Visit
    ) -> Sent | Response:
        form = formats(text.kind)[0] if choice.format is HTML else choice.format
        question = Question(text.text, self._head(text), form, asked.default_graphs, asked.named_graphs)
        tag = "" if text.volatile else self._tag(question)
        if tag and choice.format is not HTML and matches_etag(visit.held, tag):
            return Sent(b"", choice.media_type, 304, tag)
        kept = self._kept.get(tag) if tag else None
        found = kept if kept is not None else await self._found(question, visit)
        if isinstance(found, bytes) and kept is None and tag:
            self._kept.put(tag, found)
        if choice.format is HTML:
            rows, refusal = (None, found) if isinstance(found, Refusal) else (found, None)
            return await self._shown(visit, Shown(text.text, text.kind, rows, refusal), choice)
        return refused(found) if isinstance(found, Refusal) else _sent(found, choice, tag)

    async def _found(self, question: Question, visit: _Visit) -> bytes | Refusal:
        end = asyncio.get_running_loop().time() + self._limits.query_seconds
        if not await self._clients.begin(visit.client, self._limits.wait_seconds):
            return Refusal(429, f"one client may run {self._limits.client_engines} queries at once", 1)
        try:
            if self._engines is None:
                return BUSY
            return await answer(question, self._engines, self._limits, end=end, gone=visit.gone)
        finally:
            self._clients.end(visit.client)

    def _head(self, text: query_text.QueryText) -> str:
        # Without a base, Oxigraph would resolve relative IRIs against its own address on loopback.
        used = sorted(text.undeclared & self._prefixes.keys())
        return "".join([f"BASE <{self._address}> ", *(f"PREFIX {name}: <{self._prefixes[name]}> " for name in used)])

    def _tag(self, question: Question) -> str:
        graphs = (*question.default_graphs, "", *question.named_graphs)
        parts = "\n".join((self._generation, question.format.media_type, *graphs, question.head, question.query))
        return f'"{blake2b(parts.encode(), digest_size=16).hexdigest()}"'


def _sent(body: bytes, choice: Choice, tag: str = "") -> Sent:
    return Sent(body, choice.media_type + choice.format.parameters, etag=tag)
