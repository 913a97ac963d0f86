"""From a request to a page and back: negotiation, entity tags, compression, and a memory of pages made before."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import BuildError, EndpointError, UsageError
from kg.web import negotiation
from kg.web.answers import HTML, LANGUAGES, Asked, Language, Link
from kg.web.endpoint import Shown
from kg.web.memory import Key, Made, Memory, made
from kg.web.pages.query import result_page
from kg.web.pages.table import PAGES
from kg.web.refusal import MEDIA_TYPE, Refusal
from kg.web.rendering import page as rendered
from kg.web.routes import FORMS, Page
from kg.web.serving import Serving, Site
from kg.web.views import View

CACHE_BYTES = 48 << 20
"""Pages made before are kept up to this many bytes."""
LONGEST_QUERY = 4_000
LONGEST_PATH = 1_000
"""Characters of an address that are read; longer ones are refused."""
THREADS = 4
"""Pages that are made at once: more threads than this would only wait for each other."""
_REVALIDATE = "public, max-age=0, must-revalidate"

_SOUGHT = frozenset((404, 410))
"""A page for these statuses offers a search for what the address names."""

_OPENED = ("project", "owner", "method", "region", "fund", "programme")
_CONVERTOR = re.compile(r":\w+\}")

Endpoint = Callable[[Request], Awaitable[Response]]


class Delivery:
    """Delivers the pages of whatever site is in force."""

    def __init__(self, serving: Serving, public: str, room: int = CACHE_BYTES) -> None:
        self._serving, self._public = serving, public
        self._memory = Memory(room)
        self._threads = anyio.CapacityLimiter(THREADS)

    def endpoint(self, page: Page, language: Language | None = None, form: str | None = None) -> Endpoint:
        """Return the endpoint of a page; without `language` or `form` it is negotiated."""

        async def deliver(request: Request) -> Response:
            return await self._deliver(request, page, language, form)

        return deliver

    def address(self, path: str) -> str:
        """Return the path of a document below the root of the public address."""
        return Asked("", LANGUAGES[0], (), {}, self._public).plain(path)

    async def _deliver(self, request: Request, page: Page, language: Language | None, form: str | None) -> Response:
        spoken = language or self._language(request)
        if len(request.url.query) > LONGEST_QUERY or len(request.url.path) > LONGEST_PATH:
            return self.refused(request, Refusal(414, "the address is too long"), spoken)
        with self._serving.lend() as site:
            parameters = {name: str(value) for name, value in request.path_params.items()}
            forms: Sequence[str] = (form,) if form else page.forms
            if page.open_ended and not language:
                parameters, forms = _without_suffix(site, page, parameters)
            chosen = self._form(request, forms)
            if chosen is None:
                return self.refused(request, _not_acceptable(forms), spoken)
            values = request.query_params.multi_items()
            unknown = sorted({name for name, _ in values} - page.takes)
            if unknown and chosen != "html":
                return self.refused(request, Refusal(400, f"there is no parameter {unknown[0]!r}"), spoken)
            path = _CONVERTOR.sub("}", page.path).format(**parameters)
            known = tuple((name, value) for name, value in values if name in page.takes)
            asked = Asked(path, spoken, known, parameters, self._public)
            answer = self._memory.get(_key(site, asked, chosen))
            if answer is None:
                fresh = await run_sync(partial(self._make, page, site, asked, chosen), limiter=self._threads)
                if isinstance(fresh, Refusal):
                    return self.refused(request, fresh, spoken)
                answer = fresh
        negotiated = ("Accept",) * (len(forms) > 1) + ("Accept-Language",) * (language is None and chosen == "html")
        return self._response(request, answer, negotiated)

    def _make(self, page: Page, site: Site, asked: Asked, form: str) -> Made | Refusal:
        try:
            answer = page.handler(View(site, asked), form)
        except UsageError as error:
            return Refusal(400, str(error))
        except (BuildError, EndpointError):
            # What exactly is wrong with the store is for the log of whoever runs the site, not for its visitors.
            return Refusal(503, "the graph cannot be read right now", retry_after=30)
        if isinstance(answer, Refusal):
            return answer
        fresh = made(answer)
        self._memory.put(_key(site, asked, form), fresh)
        return fresh

    def warm(self, ended: Callable[[], bool]) -> None:
        """Make the pages that everybody asks for, and one of each kind, before anybody does, until `ended` says so.

        The first page of a kind takes longer than all that follow: its template and what it counts are made then.
        """
        with self._serving.lend() as site:
            for page, path, parameters in _first(site):
                for language in () if ended() else LANGUAGES:
                    self._make(page, site, Asked(path, language, (), parameters, self._public), "html")
            site.index.remember_common_words(ended)

    def _response(self, request: Request, answer: Made, negotiated: tuple[str, ...]) -> Response:
        content = answer.content
        compress = answer.packed and negotiation.allows_gzip(request.headers.get("accept-encoding"))
        etag = f'"{answer.etag}{"-gz" if compress else ""}"'
        headers = {"ETag": etag, "Cache-Control": _REVALIDATE, "Vary": ", ".join((*negotiated, "Accept-Encoding"))}
        headers |= dict(content.headers)
        if content.language:
            headers["Content-Language"] = content.language
        if content.location is not None:
            headers["Content-Location"] = self.address(content.location)
        if content.links:
            headers["Link"] = ", ".join(self._link(link) for link in content.links)
        if content.media_type != HTML:
            headers["Access-Control-Allow-Origin"] = "*"
        if negotiation.matches_etag(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        if compress:
            headers["Content-Encoding"] = "gzip"
        body = answer.body(compress=compress)
        return Response(body, content.status, headers, media_type=_with_charset(content.media_type))

    async def query_page(self, request: Request, shown: Shown) -> Response:
        """Return the page about a SPARQL query and its answer, in the language that the form names."""
        language: Language = "en" if request.query_params.get("lang") == "en" else self._language(request)
        if request.query_params.get("lang") == "sv":
            language = "sv"
        with self._serving.lend() as site:
            view = View(site, Asked("query", language, (), {}, self._public))
            content = await run_sync(result_page, view, shown, limiter=self._threads)
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "Content-Language": language}
        return Response(content.body, content.status, headers, media_type=_with_charset(HTML))

    def refused(self, request: Request, refusal: Refusal, language: Language | None = None) -> Response:
        """Return the answer to a request that is not granted: a page for people, problem details for programs."""
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", **dict(refusal.headers)}
        if refusal.retry_after is not None:
            headers["Retry-After"] = str(refusal.retry_after)
        accept = request.headers.get("accept", "")
        # Only those who name HTML are people: programs that accept anything are better served with JSON.
        if "text/html" in accept and negotiation.media_type(accept, (HTML, MEDIA_TYPE)) == HTML:
            asked = self._mistaken(request, refusal, language)
            content = rendered(asked, "error.html", refusal=refusal, sought=_sought(asked.path))
            headers["Content-Language"] = asked.language
            return Response(content.body, refusal.status, headers, media_type=_with_charset(HTML))
        return Response(refusal.body(), refusal.status, headers, media_type=MEDIA_TYPE)

    def _mistaken(self, request: Request, refusal: Refusal, language: Language | None) -> Asked:
        """Return what was asked by a request that is not granted, so that its page can be had in the other language."""
        path = request.url.path.removeprefix(self.address("").removesuffix("/")).removeprefix("/")
        prefix, _, rest = path.partition("/")
        named: Language | None = "sv" if prefix == "sv" else "en" if prefix == "en" else None
        spoken = language or named or self._language(request)
        if refusal.status not in _SOUGHT or len(path) > LONGEST_PATH:
            return Asked("", spoken, (), {}, self._public)
        return Asked(rest if named else path, spoken, (), {}, self._public)

    def _language(self, request: Request) -> Language:
        chosen = negotiation.language(request.headers.get("accept-language"), LANGUAGES)
        return "en" if chosen == "en" else "sv"

    def _form(self, request: Request, forms: Sequence[str]) -> str | None:
        if len(forms) == 1:
            return forms[0]
        accept = ",".join(request.headers.getlist("accept")) or None
        found = negotiation.media_type(accept, [FORMS[form] for form in forms])
        return next((form for form in forms if FORMS[form] == found), None)

    def _link(self, link: Link) -> str:
        target = link.target if "://" in link.target else self.address(link.target)
        kind = f'; type="{link.media_type}"' if link.media_type else ""
        language = f'; hreflang="{link.language}"' if link.language else ""
        return f'<{target}>; rel="{link.relation}"{kind}{language}'


def _key(site: Site, asked: Asked, form: str) -> Key:
    return Key(site.version, asked.path, asked.language, form, tuple(asked.values))


def _first(site: Site) -> Iterator[tuple[Page, str, dict[str, str]]]:
    """Yield the pages with a fixed address, and for each kind of thing that of the one with most projects."""
    for page in PAGES:
        if "html" in page.forms and "{" not in page.path:
            yield page, page.path, {}
        elif "html" in page.forms and page.path.endswith("{key:path}"):
            for kind in _OPENED:
                for thing in site.index.things(kind, limit=1):
                    parameters = {"kind": kind, "key": thing.key}
                    yield page, _CONVERTOR.sub("}", page.path).format(**parameters), parameters


def _without_suffix(site: Site, page: Page, parameters: dict[str, str]) -> tuple[dict[str, str], Sequence[str]]:
    """Return the parameters without the suffix that fixes the form, where the key has one that is not its own."""
    key, dot, suffix = parameters["key"].rpartition(".")
    if not dot or suffix not in page.forms or site.index.thing_of(parameters.get("kind", ""), parameters["key"]):
        return parameters, page.forms
    return {**parameters, "key": key}, (suffix,)


def _not_acceptable(forms: Sequence[str]) -> Refusal:
    return Refusal(406, f"this is given as {', '.join(FORMS[form] for form in forms)}")


def _sought(path: str) -> str:
    """Return what somebody who asked for a path that is not there may search for."""
    kind, _, key = path.partition("/")
    return key if kind in _OPENED else "" if key else kind


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
