"""Sends a SPARQL request through SPARQLWrapper, more than once if need be, and says in a sentence what went wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request as HttpRequest
from urllib.request import build_opener

from kg.errors import EndpointError, KgError, UsageError
from kg.store.credentials import PASSWORD, PLAIN, USER, Credentials, credentials
from kg.store.syntax import illegal_query

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

TIMEOUT_SECONDS = 60
"""How long a server may stay silent."""
LONGEST_IN_ADDRESS = 1500
"""Longer queries, in characters, are sent by POST: servers and proxies cut long addresses."""
FIRST_WAIT_SECONDS = 0.5
"""Wait before the second try; it doubles with every further one."""
LONGEST_WAIT_SECONDS = 60.0
"""No wait is longer, whatever the server asks for."""
_SHOWN = 300
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers that may be others a moment later."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question or, with `kind` INSERT, one update; `timeout` in seconds, `tries` in all."""

    address: str
    text: str
    kind: str
    accept: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    timeout: int = TIMEOUT_SECONDS
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; `content_type` in lower case and without parameters, `headers` by name in lower case."""

    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a try failed, whether another may do better, and after how many seconds if the server says so."""

    error: KgError
    passing: bool
    wait: float | None = None


def check_address(address: str) -> None:
    """Accept the address of a SPARQL service.

    Raises:
        UsageError: it is not an http or https address, or carries a password.

    >>> check_address("http://localhost:7878/query")
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"the endpoint {address!r} is not an http or https address")
    if parts.password is not None:
        raise UsageError("the endpoint's address carries a password, which would be seen in lists of processes")


def send(request: Request) -> Response:
    """Send a request and return the answer; what may pass by itself is tried again, after a wait that doubles.

    Raises:
        UsageError: the server refuses the query, and it is indeed not legal SPARQL.
        EndpointError: the server cannot be reached, answers with an error or breaks off.
    """
    login = credentials(request.address, os.environ)
    return _persistent(request.tries, lambda: _try(lambda: _asked(request, login), request))


def upload(address: str, triples: bytes, *, tries: int = 1, timeout: int = TIMEOUT_SECONDS) -> None:
    """Add N-Triples to a graph by the SPARQL 1.1 Graph Store Protocol, which SPARQLWrapper does not speak.

    Raises:
        EndpointError: the server cannot be reached or refuses.
    """
    check_address(address)
    login = credentials(address, os.environ)
    request = HttpRequest(address, data=triples, headers={"Content-Type": "application/n-triples"}, method="POST")
    asked = Request(address, "", "INSERT", "*/*", timeout=timeout, tries=tries)

    def send_once() -> Response:
        with _open(request, timeout, login) as answer:
            return Response("", answer.read())

    _persistent(tries, lambda: _try(send_once, asked))


def _persistent(tries: int, action: Callable[[], Response | _Failure]) -> Response:
    wait = FIRST_WAIT_SECONDS
    for left in reversed(range(tries)):
        result = action()
        if isinstance(result, Response):
            return result
        if not (left and result.passing):
            raise result.error
        time.sleep(min(result.wait if result.wait is not None else wait, LONGEST_WAIT_SECONDS))
        wait *= 2
    raise UsageError("a request is tried at least once")


def _try(action: Callable[[], Response], request: Request) -> Response | _Failure:
    address = request.address
    silent = f"{address} is silent for more than {request.timeout} seconds"
    try:
        return action()
    except HTTPError as error:
        with error:
            return _refusal(error, request)
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            return _Failure(EndpointError(silent), passing=True)
        return _Failure(EndpointError(f"{address} cannot be reached: {error.reason}"), passing=True)
    except TimeoutError:
        return _Failure(EndpointError(silent), passing=True)
    except (OSError, HTTPException) as error:
        return _Failure(EndpointError(f"{address} breaks off its answer: {error!r}"), passing=True)


def _refusal(error: HTTPError, request: Request) -> _Failure:
    address = request.address
    try:
        body = error.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        body = ""
    if error.code == 400 and request.kind != "INSERT" and (fault := illegal(request.text)):
        return _Failure(UsageError(fault), passing=False)
    reason = " ".join(body.split())[:_SHOWN]
    text = f"{address} answers {error.code}" + (f": {reason}" if reason else f" {error.reason}")
    if error.code in (401, 403):
        text += f" ({_how_to_log_in(address)})"
    waits = error.headers.get("Retry-After", "")
    wait = float(waits) if waits.isdecimal() else None
    return _Failure(EndpointError(text), passing=error.code in _PASSING, wait=wait)


def _how_to_log_in(address: str) -> str:
    login = credentials(address, os.environ)
    if not login:
        return f"a name and password are taken from {USER} and {PASSWORD} or from a netrc file"
    if not login.readable:
        return f"a password is not sent readably over http to another machine, unless {PLAIN} is yes"
    return "the name and password, or the token, that were found are not accepted"


def _asked(request: Request, login: Credentials) -> Response:
    answer = _wrapper(request, login).query()
    headers = {name.lower(): value for name, value in answer.response.headers.items()}
    with answer.response:
        body = answer.response.read()
    return Response(headers.get("content-type", "").partition(";")[0].strip().lower(), body, headers)


def _wrapper(request: Request, login: Credentials) -> SPARQLWrapper:
    from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        """Opens addresses with our own way of logging in: its parent's sets one for the whole process."""

        def _query(self) -> tuple[Any, str]:
            return _open(self._createRequest(), request.timeout, login), self.returnFormat

    wrapper = Wrapper(request.address, updateEndpoint=request.address, returnFormat=JSON)
    update = request.kind == "INSERT"
    # Set here and not by setQuery, which guesses the kind with patterns that legal queries can deceive.
    wrapper.queryString, wrapper.queryType = request.text, request.kind
    wrapper.setMethod(POST if update or len(request.text) > LONGEST_IN_ADDRESS else GET)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", request.accept)
    for name, value in request.parameters.items():
        wrapper.addParameter(name, value)
    return wrapper


def _open(request: HttpRequest, timeout: int, login: Credentials) -> Any:
    for name, value in login.headers().items():
        # Unlike ordinary headers, this one does not follow a redirection to another host.
        request.add_unredirected_header(name, value)
    try:
        return build_opener(*login.handlers(request.full_url)).open(request, timeout=timeout)
    except ValueError:
        # How urllib says that it has no handler for the way of logging in that the server wants.
        raise URLError("it wants another login than Basic or Digest, or refuses ours") from None


def illegal(query: str) -> str | None:
    """Return what is wrong with a query, or None for a legal one."""
    import pyoxigraph

    try:
        pyoxigraph.Store().query(query)
    except SyntaxError as error:
        return illegal_query(query, error)
    return None
