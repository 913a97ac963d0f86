"""The shortest way to an answer: a plain GET of a query, from the bytes of the request to those of the answer.

A small query takes some hundred microseconds in its engine, and as much again for each layer of a web framework that it
passes. What is read here is the request that programs send thousands of: one GET, whole in one piece, without a body.
Anything else is left to the HTTP parser and the application, which answer this one alike: what is refused, what is
unclear and what is for people takes their way, and the same functions decide and answer on both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kg.web.sparql.answering import Planned
from kg.web.sparql.asking import Gone
from kg.web.sparql.sending import Sent

_REQUEST = re.compile(
    rb"GET (/sparql/?)\?([!\"$-~]+) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)+)\r\n"
)
_ELSEWHERE = frozenset(
    """content-length transfer-encoding upgrade expect te trailer x-forwarded-for x-forwarded-proto""".split()
)
"""Headers that change what a request is, or whose it is: such a request is for the parser."""

Answer = tuple[int, bytes]
"""Status, and what follows the first line: headers, an empty line, body."""
Log = Callable[[str, str, int, int, float], None]
"""Notes a request: method, path, status, bytes of the body, milliseconds."""


@dataclass(frozen=True, slots=True)
class Head:
    """The headers that an answer depends on."""

    accept: str | None
    held: str | None


class Plans(Protocol):
    """Decides and answers: the endpoint."""

    def planned(self, query_string: bytes, head: Head, client: str) -> Planned | Sent | None:
        """Return the answer if there is one already, how to come by one, or None if this is not the way."""

    async def carried_out(self, planned: Planned, client: str, gone: Gone) -> Sent:
        """Return the answer."""


class Direct:
    """Answers plain requests; `fixed` are headers of every answer of the site, `log` notes each answer."""

    def __init__(self, plans: Plans, fixed: tuple[tuple[str, str], ...], log: Log | None) -> None:
        self._plans, self._log = plans, log
        self._fixed = tuple((name.lower().encode("ascii"), value.encode("latin-1")) for name, value in fixed)

    def begin(self, request: bytes, client: str, gone: Gone) -> Answer | Awaitable[Answer] | None:
        """Return the answer, or the answer to come, or None if this is not the way."""
        found = _REQUEST.fullmatch(request)
        head = read_head(found[3]) if found else None
        if found is None or head is None:
            return None
        began = time.perf_counter()
        planned = self._plans.planned(found[2], head, client)
        if planned is None:
            return None
        path = found[1].decode("ascii")
        if isinstance(planned, Sent):
            return self._written(planned, path, began)
        return self._answered(planned, client, gone, path, began)

    async def _answered(self, planned: Planned, client: str, gone: Gone, path: str, began: float) -> Answer:
        return self._written(await self._plans.carried_out(planned, client, gone), path, began)

    def _written(self, sent: Sent, path: str, began: float) -> Answer:
        if self._log is not None:
            self._log("GET", path, sent.status, len(sent.body), (time.perf_counter() - began) * 1_000)
        return sent.status, sent.message(self._fixed)


@lru_cache(maxsize=512)
def read_head(lines: bytes) -> Head | None:
    r"""Return what a request's headers say, or None if they say more than is understood here.

    >>> read_head(b"Host: x\r\nAccept: text/csv\r\n")
    Head(accept='text/csv', held=None)
    >>> read_head(b"Host: x\r\nContent-Length: 3\r\n") is None
    True
    """
    found: dict[str, str] = {}
    for line in lines.decode("latin-1").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name = name.lower()
        if name in found or name in _ELSEWHERE:
            return None
        found[name] = value.strip(" \t")
    if found.get("connection", "keep-alive").lower() != "keep-alive" or "host" not in found:
        return None
    return Head(found.get("accept"), found.get("if-none-match"))
