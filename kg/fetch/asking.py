"""Asks for one address: at a pace, again where a server is busy, and never for more or longer than is allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

import httpx

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
        self._next = 0.0

    def slower(self, delay: float | None) -> None:
        """Take the delay that a site asks for, if it is longer than our own."""
        self._interval = max(self._own, delay or 0.0)

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        now = time.monotonic()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = time.monotonic() + self._interval


class Asking:
    """Asks servers through one client."""

    def __init__(self, client: httpx.Client, limits: Limits, pace: Pace) -> None:
        self.pace = pace
        self._client, self._limits = client, limits

    def ask(self, address: str, headers: Mapping[str, str], largest: int, *, cut: bool = False) -> Answer:
        """Return what the server answers, after as many tries as it takes and as are allowed.

        Args:
            address: what to ask for.
            headers: further headers of the request.
            largest: bytes of the content; a longer one is refused or, with `cut`, cut off.
            cut: see `largest`.

        Raises:
            ValueProblem: the server does not answer, is busy at every try, or answers too much or too slowly.
        """
        problem = ValueProblem("no-answer", f"{address} was not asked")
        for attempt in range(self._limits.tries):
            if attempt:
                self.pace.sleep(self._wait(attempt, problem))
            self.pace.wait()
            try:
                return self._once(address, headers, largest, cut=cut)
            except _Busy as busy:
                problem = busy
            except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError) as error:
                problem = ValueProblem("no-answer", f"{address} does not answer ({error or type(error).__name__})")
        raise problem

    def _wait(self, attempt: int, problem: ValueProblem) -> float:
        """Return how long to wait before a try: what the server asks for, else twice as long each time."""
        asked = problem.wait if isinstance(problem, _Busy) else None
        if asked is not None and asked > self._limits.longest_wait:
            message = f"the server asks to wait {asked:.0f} seconds, and {self._limits.longest_wait:.0f} are the most"
            raise ValueProblem(problem.rule, message)
        return _FIRST_WAIT * 2.0 ** (attempt - 1) if asked is None else asked

    def _once(self, address: str, headers: Mapping[str, str], largest: int, *, cut: bool) -> Answer:
        started = time.monotonic()
        with self._client.stream("GET", address, headers=dict(headers), follow_redirects=False) as response:
            status = response.status_code
            if status in _TRY_AGAIN:
                raise _Busy(address, status, _retry_after(response.headers.get("retry-after")))
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > largest:
                    if cut:
                        break
                    raise ValueProblem("too-large", f"{address} has more than {largest} bytes")
                if time.monotonic() - started > self._limits.page_timeout:
                    raise ValueProblem("too-slow", f"{address} took more than {self._limits.page_timeout:.0f} seconds")
            location = response.headers.get("location") if status in _REDIRECTS else None
            redirect = str(httpx.URL(address).join(location)) if location else None
            return Answer(status, response.headers, bytes(content[:largest]), redirect)


class _Busy(ValueProblem):
    """A server cannot answer now; `wait` is how many seconds it asks us to wait, if it does."""

    def __init__(self, address: str, status: int, wait: float | None) -> None:
        super().__init__(f"status-{status}", f"{address} answered {status} at every try")
        self.wait = wait


def _retry_after(text: str | None) -> float | None:
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
