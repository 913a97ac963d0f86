"""What each client may ask: so many requests a second, so many queries at once; the rest waits or comes again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Line
from kg.web.team import Member

_LOOK_SECONDS = 0.02
"""How often it is looked whether a place became free in another worker; within one, places are handed on at once."""
_MOST_KNOWN = 10_000
"""When more clients than this are known, the half that came first is forgotten."""


@lru_cache(maxsize=4096)
def client_key(address: str) -> str:
    """Return whom an address counts as: an IPv6 address stands for its network, which one household has whole.

    >>> client_key("2001:db8:1:2:3:4:5:6"), client_key("192.0.2.7")
    ('2001:db8:1:2', '192.0.2.7')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return ":".join(f"{int(group, 16):x}" for group in parsed.exploded.split(":")[:4])


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class _Slots:
    line: Line[bool]
    running: int = 0
    asking: int = 0


class Clients:
    """Keeps count of clients by `client_key`; nothing is written down and nothing outlives the process.

    With a `member` of a team, what a client asks of any worker counts.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float] = time.monotonic, member: Member | None = None
    ) -> None:
        self._limits, self._clock, self._member = limits, clock, member
        self._buckets: dict[str, _Bucket] = {}
        self._slots: dict[str, _Slots] = {}

    @property
    def known(self) -> int:
        """How many clients are remembered."""
        return len(self._buckets)

    def wait(self, client: str) -> float:
        """Count a request; return 0, or in how many seconds the client may send one again."""
        rate, burst = self._limits.client_rate, self._limits.client_burst
        if not rate:
            return 0.0
        now = self._clock()
        if self._member is not None:
            return self._member.take(client, now=now, rate=rate, burst=burst)
        bucket = self._buckets.get(client)
        if bucket is None:
            self._forget_some()
            bucket = self._buckets[client] = _Bucket(burst, now)
        bucket.left = min(burst, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / rate
        bucket.left -= 1
        return 0.0

    def _forget_some(self) -> None:
        if len(self._buckets) >= _MOST_KNOWN:
            for name in tuple(self._buckets)[: _MOST_KNOWN // 2]:
                del self._buckets[name]

    async def begin(self, client: str, seconds: float) -> bool:
        """Take one of the client's places for running queries, waiting for it at most `seconds`; False if in vain."""
        slots = self._slots.get(client)
        if slots is None:
            slots = self._slots[client] = _Slots(Line(lambda _: self.end(client)))
        if self._entered(client, slots):
            return True
        slots.asking += 1
        try:
            return slots.asking <= self._limits.client_waiting and await self._turn(client, slots, seconds)
        finally:
            slots.asking -= 1
            self._forget(client, slots)

    def _entered(self, client: str, slots: _Slots, *, waited: bool = False) -> bool:
        member, most = self._member, self._limits.client_engines
        if slots.running >= most or (member is not None and not member.enter(client, most=most, waited=waited)):
            return False
        slots.running += 1
        return True

    async def _turn(self, client: str, slots: _Slots, seconds: float) -> bool:
        """Wait for a place that is handed on in this worker, or given back in another."""
        if self._member is None:
            return await slots.line.wait(seconds) is not None
        end = self._clock() + seconds
        self._member.wait(client, 1)
        try:
            while (left := end - self._clock()) > 0:
                handed = await slots.line.wait(min(left, _LOOK_SECONDS)) is not None
                if handed or self._entered(client, slots, waited=True):
                    return True
            return False
        finally:
            self._member.wait(client, -1)

    def end(self, client: str) -> None:
        """Give a place back, to the next in line of the same client if there is one."""
        slots = self._slots[client]
        member, most = self._member, self._limits.client_engines
        if not (member and member.is_asked_back(client, most=most)) and slots.line.hand(True):
            return
        slots.running -= 1
        if member is not None:
            member.leave(client)
        self._forget(client, slots)

    def _forget(self, client: str, slots: _Slots) -> None:
        # Who asks is not always in line: between two looks at other workers he is not.
        if not slots.running and not slots.asking:
            self._slots.pop(client, None)
