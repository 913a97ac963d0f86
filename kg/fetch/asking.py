"""Asks for one address: at a pace, again where a server is busy, and never for more or longer than is allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from kg.fetch.decoding import decoded
from kg.values import ValueProblem

_TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_FIRST_WAIT = 1.0


class Limits(Protocol):
    """The limits that asking keeps; `kg.fetch.Options` has them."""

    @property
    def tries(self) -> int:
        """How often an address is asked for."""

    @property
    def longest_wait(self) -> float:
        """Seconds that a server may ask us to wait."""

    @property
    def page_timeout(self) -> float:
        """Seconds for one answer as a whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; `redirect` is the absolute address to which it leads, if it does."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    redirect: str | None


class Pace:
    """Keeps requests apart by at least `interval` seconds."""

    def __init__(self, interval: float, sleep: Callable[[float], None]) -> None:
        self._interval, self.sleep = interval, sleep
        self._own = interval
        self._last: float | None = None

    def slower(self, delay: float | None) -> None:
        """Take the delay that a site asks for, if it is longer than our own."""
        self._interval = max(self._own, delay or 0.0)

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        if self._last is not None:
            # Reckoned anew each time: the site may have asked for more since the last request.
            left = self._last + self._interval - time.monotonic()
            if left > 0:
                self.sleep(left)
        self._last = time.monotonic()


class Asking:
    """Asks servers through one client."""

    def __init__(self, client: httpx.Client, limits: Limits, pace: Pace) -> None:
        self.pace = pace
        self._client, self._limits = client, limits
        self._closed: dict[str, ValueProblem] = {}

    def ask(self, address: str, headers: Mapping[str, str], largest: int, *, cut: bool = False) -> Answer:
        """Return what the server answers, after as many tries as it takes and as are allowed.

        Args:
            address: what to ask for.
            headers: further headers of the request.
            largest: bytes of the content; a longer one is refused or, with `cut`, cut off.
            cut: see `largest`.

        Raises:
            ValueProblem: the server does not answer, is busy at every try, or answers too much or too slowly; or it
                has asked before for a pause so long that it is not asked again in this run.
        """
        site = urlsplit(address).netloc
        if site in self._closed:
            raise self._closed[site]
        problem = ValueProblem("no-answer", f"{address} was not asked")
        for attempt in range(self._limits.tries):
            if attempt:
                self.pace.sleep(_wait(attempt, problem))
            self.pace.wait()
            try:
                return self._once(address, headers, largest, cut=cut)
            except _Busy as busy:
                if busy.wait is not None and busy.wait > self._limits.longest_wait:
                    raise self._close(site, busy.rule, busy.wait) from busy
                problem = busy
            except ValueProblem as found:
                if found.rule != "broken-encoding":
                    raise
                problem = found
            except httpx.TransportError as error:
                problem = ValueProblem("no-answer", f"{address} does not answer ({error or type(error).__name__})")
        raise problem

    def _close(self, site: str, rule: str, wait: float) -> ValueProblem:
        """Return why a site is not asked again in this run: it wants to be left alone for longer than we wait."""
        most = self._limits.longest_wait
        message = f"{site} asks to wait {wait:.0f} seconds, and {most:.0f} are the most; it was not asked again"
        self._closed[site] = ValueProblem(rule, message)
        return self._closed[site]

    def _once(self, address: str, headers: Mapping[str, str], largest: int, *, cut: bool) -> Answer:
        started = time.monotonic()
        with self._client.stream("GET", address, headers=dict(headers), follow_redirects=False) as response:
            status = response.status_code
            if status in _TRY_AGAIN:
                raise _Busy(address, status, retry_after(response.headers.get("retry-after")))
            content = self._content(response, address, started, largest, cut=cut)
            location = response.headers.get("location") if status in _REDIRECTS else None
            redirect = _led_to(address, location) if location else None
            return Answer(status, response.headers, content, redirect)

    def _content(self, response: httpx.Response, address: str, started: float, largest: int, *, cut: bool) -> bytes:
        content = bytearray()
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > largest:
                if cut:
                    break
                raise ValueProblem("too-large", f"{address} has more than {largest} bytes")
            if time.monotonic() - started > self._limits.page_timeout:
                raise ValueProblem("too-slow", f"{address} took more than {self._limits.page_timeout:.0f} seconds")
        return decoded(bytes(content[:largest]), response.headers.get("content-encoding", ""), largest, cut=cut)


class _Busy(ValueProblem):
    """A server cannot answer now; `wait` is how many seconds it asks us to wait, if it does."""

    def __init__(self, address: str, status: int, wait: float | None) -> None:
        super().__init__(f"status-{status}", f"{address} answered {status} at every try")
        self.wait = wait


def _wait(attempt: int, problem: ValueProblem) -> float:
    """Return how long to wait before a try: what the server asks for, else twice as long each time."""
    asked = problem.wait if isinstance(problem, _Busy) else None
    return _FIRST_WAIT * 2.0 ** (attempt - 1) if asked is None else asked


def _led_to(address: str, location: str) -> str:
    try:
        return str(httpx.URL(address).join(location))
    except httpx.InvalidURL as error:
        raise ValueProblem("not-an-address", f"{address} leads to {location[:200]!r}, which is no address") from error


def retry_after(text: str | None) -> float | None:
    """Return how many seconds a header ``Retry-After`` asks to wait, None where it does not say.

    >>> retry_after("7"), retry_after("soon"), retry_after("Sun, 06 Nov 1994 08:49:37 GMT")
    (7.0, None, 0.0)
    """
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
