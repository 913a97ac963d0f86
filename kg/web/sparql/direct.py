"""The shortest way to an answer: a plain GET of a query, from the bytes of the request to those of the answer.

A small query takes some hundred microseconds in its engine, and as much again for each layer of a web framework that it
passes. What is read here is the request that programs send thousands of: one GET, whole in one piece, without a body.
Anything else is left to the HTTP parser and the application, which answer this one alike: what is refused, what is
unclear and what is for people takes their way, and the same functions decide and answer on both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kg.web.sparql.sending import Sent

_METHOD, _VERSION = b"GET ", b" HTTP/1.1"
_PATHS = (b"/sparql", b"/sparql/")
_QUERY = bytes((*b'!"', *range(ord("$"), ord("~") + 1)))
"""The characters that a query may have in an address: no blank, no `#`, nothing but ASCII."""
_HEAD = re.compile(rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)+)\r\n")
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


Told = Callable[[Sent], None]
Leave = Callable[[], None]
"""Says that the client has gone away."""


class Answers(Protocol):
    """Decides and answers: the endpoint."""

    def begin(self, query_string: bytes, head: Head, client: str, told: Told) -> Sent | Leave | None:
        """Return the answer; or tell it later and return what to call if nobody waits any more; or refuse by None."""


class Direct:
    """Answers plain requests; `fixed` are headers of every answer of the site, `log` notes each answer."""

    def __init__(self, answers: Answers, fixed: tuple[tuple[str, str], ...], log: Log | None) -> None:
        self._answers, self._log = answers, log
        self._fixed = tuple((name.lower().encode("ascii"), value.encode("latin-1")) for name, value in fixed)

    def begin(self, request: bytes, client: str, told: Callable[[int, bytes], None]) -> Answer | Leave | None:
        """Return the answer; or tell it later and return what to call if the client goes; or None if it is not ours."""
        line, _, rest = request.partition(b"\r\n")
        path, _, query = line[len(_METHOD) : -len(_VERSION)].partition(b"?")
        if path not in _PATHS or not (line.startswith(_METHOD) and line.endswith(_VERSION)):
            return None
        head = _head(rest)
        if head is None or not query or query.translate(None, _QUERY):
            return None
        began = time.perf_counter()

        def written(sent: Sent) -> None:
            told(*self._written(sent, path, began))

        coming = self._answers.begin(query, head, client, written)
        return self._written(coming, path, began) if isinstance(coming, Sent) else coming

    def _written(self, sent: Sent, path: bytes, began: float) -> Answer:
        if self._log is not None:
            milliseconds = (time.perf_counter() - began) * 1_000
            self._log("GET", path.decode("ascii"), sent.status, len(sent.body), milliseconds)
        return sent.status, sent.message(self._fixed)


@lru_cache(maxsize=512)
def _head(text: bytes) -> Head | None:
    found = _HEAD.fullmatch(text)
    return read_head(found[1]) if found else None


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
