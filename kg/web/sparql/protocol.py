"""SPARQL 1.1 Protocol: what a request asks, from the parts of its HTTP message; nothing here touches the network.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from binascii import a2b_qp
from collections import defaultdict
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from kg.web.refusal import Refusal

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
METHODS = "GET, HEAD, POST, OPTIONS"
_MOST_PARAMETERS = 1000
_UPDATE_PARAMETERS = ("update", "using-graph-uri", "using-named-graph-uri")
_READ_ONLY = Refusal(403, "this endpoint is read-only: an update is refused")
_NOT_UTF8 = Refusal(400, "the parameters are not UTF-8")
_ONLY_A_QUERY = b"query="
"""With nothing else, as most requests are: read in a fifth of the time."""
_ENCODINGS = ("utf-8", "utf8", "us-ascii")


class Asked(NamedTuple):
    """One query operation; no `query` asks for the service description; `format` as in the parameter, if any."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


def asked_by_get(query_string: bytes) -> Asked | Refusal:
    """Return what a GET or HEAD request asks.

    >>> asked_by_get(b"query=ASK%20%7B%7D&default-graph-uri=http://example.org/g")
    Asked(query='ASK {}', default_graphs=('http://example.org/g',), named_graphs=(), format='')
    """
    if query_string.startswith(_ONLY_A_QUERY) and b"&" not in query_string:
        try:
            return Asked(unquoted(query_string[len(_ONLY_A_QUERY) :].replace(b"+", b" ")).decode())
        except UnicodeDecodeError:
            return _NOT_UTF8
    parameters = _parameters(query_string)
    return parameters if isinstance(parameters, Refusal) else _asked(parameters)


def asked_by_post(query_string: bytes, content_type: str, body: bytes) -> Asked | Refusal:
    """Return what a POST request asks, with its query in a form or as the body itself.

    >>> asked_by_post(b"", "application/sparql-query", b"ASK {}").query
    'ASK {}'
    >>> asked_by_post(b"", "text/plain", b"ASK {}").status
    415
    """
    media_type, _, rest = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type == UPDATE:
        return _READ_ONLY
    if media_type not in (FORM, DIRECT):
        return Refusal(415, f"a query is sent as {FORM} or {DIRECT}", headers=(("accept-post", f"{FORM}, {DIRECT}"),))
    if not _is_utf8(rest):
        return Refusal(415, "the body of a request must be UTF-8")
    parameters = _parameters(query_string)
    if isinstance(parameters, Refusal):
        return parameters
    if media_type == FORM:
        form = _parameters(body)
        if isinstance(form, Refusal):
            return form
        for name, values in form.items():
            parameters[name].extend(values)
    else:
        try:
            parameters["query"].append(body.decode())
        except UnicodeDecodeError:
            return Refusal(400, "the query is not UTF-8")
    if not parameters["query"] and not any(parameters[name] for name in _UPDATE_PARAMETERS):
        return Refusal(400, "the request has no parameter 'query'")
    return _asked(parameters)


def _is_utf8(parameters: str) -> bool:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in _ENCODINGS:
            return False
    return True


def _parameters(text: bytes) -> defaultdict[str, list[str]] | Refusal:
    parameters: defaultdict[str, list[str]] = defaultdict(list)
    if not text:
        return parameters
    pieces = text.replace(b"+", b" ").split(b"&")
    if len(pieces) > _MOST_PARAMETERS:
        return Refusal(400, f"the request has more than {_MOST_PARAMETERS} parameters")
    try:
        for piece in pieces:
            name, _, value = piece.partition(b"=")
            parameters[unquoted(name).decode()].append(unquoted(value).decode())
    except UnicodeDecodeError:
        return _NOT_UTF8
    return parameters


def unquoted(text: bytes) -> bytes:
    """Return the bytes that percent-encoding stands for; a percent sign without two digits stands for itself.

    >>> unquoted(b"%41%C3%A5 100%")
    b'A\\xc3\\xa5 100%'
    """
    signs = text.count(b"%")
    if not signs:
        return text
    if b"\n" in text or b"\r" in text:
        return unquote_to_bytes(text)
    # Written as quoted-printable, which is the same but for its sign, a query is decoded 20 times faster than by
    # urllib. Each sign with its two digits makes the text shorter by two bytes, one without by fewer.
    found = a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"="))
    return found if len(found) + 2 * signs == len(text) else unquote_to_bytes(text)


def _asked(parameters: defaultdict[str, list[str]]) -> Asked | Refusal:
    if any(parameters[name] for name in _UPDATE_PARAMETERS):
        return _READ_ONLY
    if len(parameters["query"]) > 1:
        return Refusal(400, "the request has more than one parameter 'query'")
    return Asked(
        parameters["query"][0] if parameters["query"] else None,
        tuple(parameters["default-graph-uri"]),
        tuple(parameters["named-graph-uri"]),
        next((value for name in ("format", "output") for value in parameters[name]), ""),
    )
