"""The web application: all routes in one table, the headers that every answer has, and the life of its parts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import anyio.to_thread
from starlette.applications import Starlette
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg.web.answers import LANGUAGES
from kg.web.delivery import Delivery
from kg.web.headers import AccessLog, SecurityHeaders
from kg.web.pages.table import PAGES
from kg.web.refusal import Refusal
from kg.web.rendering import STATIC_TYPES, static_file, static_path
from kg.web.routes import FORMS, Page
from kg.web.serving import Serving
from kg.web.views import DOCUMENT_KINDS

LOOK_SECONDS = 1.0
"""How often the build folder is looked at for a new generation."""
_FOR_EVER = "public, max-age=31536000, immutable"


class SparqlService(Protocol):
    """What answers at /sparql."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return its routes."""

    async def start(self) -> None:
        """Make it ready."""

    async def stop(self) -> None:
        """End what it started."""

    async def switch(self, generation: Path) -> None:
        """Answer from another generation from now on."""


class _KindConvertor(StringConvertor):
    """Lets a path begin with a kind of thing, and with nothing else."""

    regex = "|".join(sorted(map(re.escape, DOCUMENT_KINDS), key=len, reverse=True))


register_url_convertor("kind", _KindConvertor())


@dataclass(frozen=True, slots=True)
class Settings:
    """How a site is served: `public` is the address under which it is reached, ending in a slash."""

    public: str
    access_log: bool = True


def application(serving: Serving, settings: Settings, sparql: SparqlService | None = None) -> Starlette:
    """Return the application that serves a site; it closes `serving` when it is shut down."""
    delivery = Delivery(serving, settings.public)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        if sparql:
            await sparql.start()
        watch = asyncio.create_task(_watch(serving, sparql))
        try:
            yield
        finally:
            watch.cancel()
            if sparql:
                await sparql.stop()
            serving.close()

    def refuse(request: Request, error: Exception) -> Response:
        return delivery.refused(request, _refusal(error))

    app = Starlette(
        routes=list(routes(delivery, serving, sparql)),
        lifespan=life,
        middleware=[
            Middleware(AccessLog, enabled=settings.access_log),
            Middleware(SecurityHeaders, secure=settings.public.startswith("https:")),
        ],
        exception_handlers={HTTPException: refuse, 500: refuse},
    )
    # It would send clients to whatever host they name; every path has one form instead.
    app.router.redirect_slashes = False
    return app


def routes(delivery: Delivery, serving: Serving, sparql: SparqlService | None) -> Sequence[BaseRoute]:
    """Return every route; those that end in a key of any kind stand last."""
    found: list[BaseRoute] = [
        Route("/static/{mark}/{name}", _static),
        Route("/favicon.ico", _icon),
        Route("/health", _health),
        Route("/ready", _ready(serving)),
    ]
    if sparql:
        found.extend(sparql.routes())
    for page in sorted(PAGES, key=lambda page: page.open_ended):
        found.extend(_routes(page, delivery))
    return found


def _routes(page: Page, delivery: Delivery) -> Sequence[Route]:
    found = [Route(f"/{language}/{page.path}", delivery.endpoint(page, language, "html")) for language in LANGUAGES]
    if page.open_ended:
        found.append(Route(f"/id/{page.path}", _to_document(delivery)))
        found.append(Route(f"/{page.path}", delivery.endpoint(page)))
        return found
    for form in page.forms if page.path else ():
        found.append(Route(f"/{page.path}.{form}", delivery.endpoint(page, form=form)))
    found.append(Route(f"/{page.path}", delivery.endpoint(page)))
    return found


def _to_document(delivery: Delivery) -> Callable[[Request], Response]:
    """Return the endpoint of things, which are not documents: 303 See Other to the document about the thing."""

    def redirect(request: Request) -> Response:
        path = f"{request.path_params['kind']}/{request.path_params['key']}"
        return RedirectResponse(delivery.address(path), 303, {"Vary": "Accept", "Access-Control-Allow-Origin": "*"})

    return redirect


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC_TYPES or not static_path(name).startswith(f"static/{request.path_params['mark']}/"):
        raise HTTPException(404)
    return Response(static_file(name), headers={"Cache-Control": _FOR_EVER}, media_type=STATIC_TYPES[name])


def _icon(request: Request) -> Response:
    return Response(
        static_file("icon.svg"), headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml"
    )


def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def _ready(serving: Serving) -> Callable[[Request], Response]:
    def ready(request: Request) -> Response:
        return JSONResponse({"status": "ready", "generation": serving.name}, headers={"Cache-Control": "no-store"})

    return ready


def _refusal(error: Exception) -> Refusal:
    if not isinstance(error, HTTPException):
        return Refusal(500, "the site made a mistake")
    details = {404: "there is no such page", 405: "this address can only be read: use GET or HEAD"}
    headers = tuple((name, value) for name, value in (error.headers or {}).items())
    return Refusal(error.status_code, details.get(error.status_code, "the request cannot be answered"), headers=headers)


async def _watch(serving: Serving, sparql: SparqlService | None) -> None:
    """Look for a new generation now and then, and have everything answer from it."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if await anyio.to_thread.run_sync(serving.take_up) and sparql:
            with serving.lend() as site:
                if site.folder:
                    await sparql.switch(site.folder)


__all__ = ["FORMS", "Settings", "SparqlService", "application", "routes"]
