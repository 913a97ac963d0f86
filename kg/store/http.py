"""Sends one SPARQL request through SPARQLWrapper and says in one sentence what went wrong with it."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from kg.errors import EndpointError, UsageError
from kg.store.syntax import illegal_query

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

TIMEOUT_SECONDS = 60
"""How long a server may stay silent."""
LONGEST_IN_ADDRESS = 1500
"""Longer queries, in characters, are sent by POST: servers and proxies cut long addresses."""
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Request:
    """One question or, with `kind` INSERT, one update; `timeout` in seconds."""

    address: str
    text: str
    kind: str
    accept: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    timeout: int = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; `content_type` in lower case and without parameters."""

    content_type: str
    body: bytes


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
    """Send a request and return the answer.

    Raises:
        UsageError: the server refuses the query, and it is indeed not legal SPARQL.
        EndpointError: the server cannot be reached, answers with an error or breaks off.
    """
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    try:
        with _connection_errors(request.address, request.timeout):
            answer = _wrapper(request).query()
            content_type = str(answer.info().get("content-type", ""))
            with answer.response:
                return Response(content_type.partition(";")[0].strip().lower(), answer.response.read())
    except SPARQLWrapperException as error:
        raise _refusal(request, error) from error


def upload(address: str, triples: bytes) -> None:
    """Add N-Triples to a graph by the SPARQL 1.1 Graph Store Protocol, which SPARQLWrapper does not speak.

    Raises:
        EndpointError: the server cannot be reached or refuses.
    """
    from urllib.request import Request as HttpRequest
    from urllib.request import urlopen

    check_address(address)
    request = HttpRequest(address, data=triples, headers={"Content-Type": "application/n-triples"}, method="POST")
    with _connection_errors(address, TIMEOUT_SECONDS), urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()


@contextmanager
def _connection_errors(address: str, timeout: int) -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        with error:
            raise EndpointError(f"{address} answers {error.code} {error.reason}") from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise EndpointError(f"{address} is silent for more than {timeout} seconds") from error
        raise EndpointError(f"{address} cannot be reached: {error.reason}") from error
    except TimeoutError as error:
        raise EndpointError(f"{address} is silent for more than {timeout} seconds") from error
    except (OSError, HTTPException) as error:
        raise EndpointError(f"{address} breaks off its answer: {error!r}") from error


def _wrapper(request: Request) -> SPARQLWrapper:
    from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper

    wrapper = SPARQLWrapper(request.address, updateEndpoint=request.address, returnFormat=JSON)
    update = request.kind == "INSERT"
    # Set here and not by setQuery, which guesses the kind with patterns that legal queries can deceive.
    wrapper.queryString, wrapper.queryType = request.text, request.kind
    wrapper.setMethod(POST if update or len(request.text) > LONGEST_IN_ADDRESS else GET)
    wrapper.setOnlyConneg(True)
    wrapper.setTimeout(request.timeout)
    wrapper.addCustomHttpHeader("Accept", request.accept)
    for name, value in request.parameters.items():
        wrapper.addParameter(name, value)
    return wrapper


def _refusal(request: Request, error: Exception) -> EndpointError | UsageError:
    """Return the error for an answer with a status that SPARQLWrapper has a class for."""
    cause = error.__context__
    status = cause.code if isinstance(cause, HTTPError) else 0
    if isinstance(cause, HTTPError):
        cause.close()
    if status == 400 and request.kind != "INSERT" and (fault := _illegal(request.text)):
        return UsageError(fault)
    reason = " ".join(_body(error).split())[:_SHOWN]
    return EndpointError(f"{request.address} answers {status or 'with an error'}" + (f": {reason}" if reason else ""))


def _illegal(query: str) -> str | None:
    import pyoxigraph

    try:
        pyoxigraph.Store().query(query)
    except SyntaxError as error:
        return illegal_query(query, error)
    return None


def _body(error: Exception) -> str:
    """Return the body that SPARQLWrapper puts into its message as the representation of bytes."""
    shown = str(error).partition("Response:\n")[2]
    if not shown.startswith(("b'", 'b"')):
        return shown
    return str(literal_eval(shown).decode("utf-8", "replace"))
