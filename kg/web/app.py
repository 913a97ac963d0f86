"""The web application: all routes in one table, the headers that every answer has, and the life of its parts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from kg.web.answers import LANGUAGES
from kg.web.background import Background, SparqlService, Wanted
from kg.web.delivery import CACHE_BYTES, Delivery, Endpoint
from kg.web.endpoint import Page as QueryPage
from kg.web.headers import AccessLog, SecurityHeaders, log_request, security
from kg.web.pages.table import PAGES
from kg.web.refusal import Refusal
from kg.web.rendering import STATIC_TYPES, static_file, static_path
from kg.web.routes import Page
from kg.web.server import Application
from kg.web.serving import Serving
from kg.web.sparql.direct import Direct
from kg.web.team import Member
from kg.web.views import DOCUMENT_KINDS

_FOR_EVER = "public, max-age=31536000, immutable"


class _KindConvertor(StringConvertor):
    """Lets a path begin with a kind of thing, and with nothing else."""

    regex = "|".join(sorted(map(re.escape, DOCUMENT_KINDS), key=len, reverse=True))


register_url_convertor("kind", _KindConvertor())


SparqlMaker = Callable[[QueryPage], SparqlService]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a site is served.

    `public` is the address under which it is reached, ending in a slash; `checked` is the build folder to check with
    the SHACL shapes in the background, if any; `warm` says that the first pages are made before anybody asks; `member`
    is this process among several that serve the site together.
    """

    public: str
    access_log: bool = True
    checked: Path | None = None
    warm: bool = True
    member: Member | None = None


def application(serving: Serving, settings: Settings, sparql: SparqlMaker | None = None) -> Application:
    """Return the application that serves a site; it closes `serving` when it is shut down.

    `sparql` makes the SPARQL service, given what makes pages of queries and answers for browsers.
    """
    member = settings.member
    delivery = Delivery(serving, settings.public, member.share(CACHE_BYTES) if member else CACHE_BYTES)
    service = sparql(delivery.query_page) if sparql else None
    wanted = Wanted(settings.checked, delivery.warm if settings.warm else None, member)
    background = Background(serving, service, wanted)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await background.start()
        try:
            yield
        finally:
            await background.stop()
            serving.close()

    def refuse(request: Request, error: Exception) -> Response:
        return delivery.refused(request, _refusal(error))

    pages = Starlette(
        routes=list(routes(delivery, serving, member)),
        lifespan=life,
        exception_handlers={HTTPException: refuse, 500: refuse},
    )
    # It would send clients to whatever host they name; every path has one form instead.
    pages.router.redirect_slashes = False
    app = service.in_front_of(pages) if service else pages
    secure = settings.public.startswith("https:")
    secured: ASGIApp = SecurityHeaders(app, secure=secure)
    if settings.access_log:
        secured = AccessLog(secured)
    if service is None:
        return Application(secured)
    log = log_request if settings.access_log else None
    return Application(secured, Direct(service, tuple(security(secure=secure).items()), log))


def routes(delivery: Delivery, serving: Serving, member: Member | None = None) -> Sequence[BaseRoute]:
    """Return every route; those that end in a key of any kind stand last."""
    found: list[BaseRoute] = [
        Route("/static/{mark}/{name}", _static),
        Route("/favicon.ico", _icon),
        Route("/data.nq", _data(serving)),
        Route("/health", _health),
        Route("/ready", _ready(serving, member)),
    ]
    found.extend(Route(f"/{language}", delivery.endpoint(PAGES[0], language, "html")) for language in LANGUAGES)
    for page in sorted(PAGES, key=lambda page: page.open_ended):
        found.extend(_routes(page, delivery))
    return found


def _routes(page: Page, delivery: Delivery) -> Sequence[Route]:
    if page.bare:
        return [Route(f"/{page.path}", delivery.endpoint(page))]
    found = [Route(f"/{language}/{page.path}", delivery.endpoint(page, language, "html")) for language in LANGUAGES]
    if page.open_ended:
        found.insert(0, Route(f"/id/{page.path}", _to_document(delivery)))
        found.append(Route(f"/{page.path}", delivery.endpoint(page)))
        return found
    for form in page.forms if page.path else ():
        found.append(Route(f"/{page.path}.{form}", delivery.endpoint(page, form=form)))
    found.append(Route(f"/{page.path}", delivery.endpoint(page)))
    return found


def _to_document(delivery: Delivery) -> Endpoint:
    """Return the endpoint of things, which are not documents: 303 See Other to the document about the thing."""

    async def redirect(request: Request) -> Response:
        path = f"{request.path_params['kind']}/{request.path_params['key']}"
        return RedirectResponse(delivery.address(path), 303, {"Vary": "Accept", "Access-Control-Allow-Origin": "*"})

    return redirect


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC_TYPES or not static_path(name).startswith(f"static/{request.path_params['mark']}/"):
        raise HTTPException(404)
    return Response(static_file(name), headers={"Cache-Control": _FOR_EVER}, media_type=STATIC_TYPES[name])


async def _icon(request: Request) -> Response:
    return Response(
        static_file("icon.svg"), headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml"
    )


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def _data(serving: Serving) -> Endpoint:
    """Return the endpoint of the whole graph as it was loaded."""

    async def data(request: Request) -> Response:
        with serving.lend() as site:
            if site.data is None or not site.data.exists():
                raise HTTPException(404)
            # The file stays readable while it is sent, even if its generation is removed meanwhile.
            headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=0, must-revalidate"}
            return FileResponse(site.data, headers=headers, media_type="application/n-quads", filename="esf-kg.nq")

    return data


def _ready(serving: Serving, member: Member | None) -> Endpoint:
    async def ready(request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        if member and not member.team.ready:
            return JSONResponse({"status": "starting"}, 503, {**headers, "Retry-After": "1"})
        return JSONResponse({"status": "ready", "generation": serving.name}, headers=headers)

    return ready


def _refusal(error: Exception) -> Refusal:
    if not isinstance(error, HTTPException):
        return Refusal(500, "the site made a mistake")
    details = {404: "there is no such page", 405: "this address can only be read: use GET or HEAD"}
    headers = tuple((name, value) for name, value in (error.headers or {}).items())
    return Refusal(error.status_code, details.get(error.status_code, "the request cannot be answered"), headers=headers)
