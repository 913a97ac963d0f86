"""What each client may ask: so many requests a second, so many queries at once; the rest waits or comes again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import inf
from random import uniform

from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Line, Waiting
from kg.web.team import Member

_LOOK_SECONDS = 0.008
"""How often, on average, it is looked whether a place became free in another worker; one here is handed on at once."""
_PATIENCE_SECONDS = 0.003
"""So long a query waits for one of the same client that has just begun, rather than run beside it: most end sooner, and
to wake one engine for several takes half the time."""
_MOST_KNOWN = 10_000
"""When more clients than this are known, the half that came first is forgotten."""
_MOST_SILENT = 1_000
"""So many clients are remembered of whom no query runs or waits."""


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


@dataclass(frozen=True, slots=True)
class Entered:
    """A place for running queries: one's own, or with `turn` that of another query of the same client."""

    turn: object = None


_OWN = Entered()


@dataclass(slots=True)
class _Slots:
    line: Line[Entered] = field(default_factory=Line)
    running: int = 0
    waiting: int = 0
    look: asyncio.TimerHandle | None = None
    began: float = -inf
    """When a query took or was handed a place, by the clock."""


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

    def enter(self, client: str) -> bool:
        """Take one of the client's places for running queries; False if all are taken, or if others wait for one."""
        slots = self._slots_of(client)
        if slots.waiting or not self._entered(client, slots):
            self._forget(client, slots)
            return False
        return True

    def _slots_of(self, client: str) -> _Slots:
        slots = self._slots.get(client)
        if slots is None:
            slots = self._slots[client] = _Slots()
        return slots

    def wait_in_line(
        self, client: str, told: Callable[[Entered | None], None], *, again: bool = False
    ) -> Waiting[Entered] | None:
        """Wait for a place, which `told` gets, or None if it did not come in time; None if too many wait already.

        Whoever had a place and comes `again` is not too many.
        """
        slots = self._slots_of(client)
        if slots.waiting >= self._limits.client_waiting and not again:
            self._forget(client, slots)
            return None
        self._count(client, slots, 1)

        def ended(place: Entered | None) -> None:
            self._count(client, slots, -1)
            self._forget(client, slots)
            told(place)

        waiting = slots.line.wait(ended, self._limits.wait_seconds)
        self._look_later(client, slots)
        return waiting

    def _count(self, client: str, slots: _Slots, more: int) -> None:
        slots.waiting += more
        if self._member is not None:
            self._member.wait(client, more)

    def _entered(self, client: str, slots: _Slots, *, waited: bool = False) -> bool:
        member, most = self._member, self._limits.client_engines
        if slots.running >= most or (member is not None and not member.enter(client, most=most, waited=waited)):
            return False
        slots.running += 1
        slots.began = self._clock()
        return True

    def has_just_begun(self, client: str) -> bool:
        """Whether a query of the client began a moment ago, so that its place may be free in a moment."""
        slots = self._slots.get(client)
        return slots is not None and self._has_just_begun(slots)

    def _look_later(self, client: str, slots: _Slots) -> None:
        """See to it that a place is taken which is free, or becomes free in another worker."""
        if slots.look is not None:
            return
        if slots.running < self._limits.client_engines:
            seconds = _PATIENCE_SECONDS
        elif self._member is not None:
            seconds = _LOOK_SECONDS
        else:
            return
        # At random, lest one worker always look a moment after another has taken the place.
        seconds *= uniform(0.5, 1.5)
        slots.look = asyncio.get_running_loop().call_later(seconds, self._look, client, slots)

    def _look(self, client: str, slots: _Slots) -> None:
        slots.look = None
        if not self._has_just_begun(slots):
            while slots.line and self._entered(client, slots, waited=True):
                slots.line.hand(_OWN)
        if slots.line:
            self._look_later(client, slots)

    def _has_just_begun(self, slots: _Slots) -> bool:
        return slots.running > 0 and self._clock() - slots.began < _PATIENCE_SECONDS

    def share(self, client: str, turn: object) -> bool:
        """Let the first of a client's line into a turn that has a place already; False if nobody waits."""
        slots = self._slots.get(client)
        return slots is not None and slots.line.hand(Entered(turn))

    def end(self, client: str) -> None:
        """Give a place back, to the next in line of the same client if there is one."""
        slots = self._slots[client]
        member, most = self._member, self._limits.client_engines
        if slots.line and not (member and member.is_asked_back(client, most=most)):
            slots.began = self._clock()
            slots.line.hand(_OWN)
            return
        slots.running -= 1
        if member is not None:
            member.leave(client)
        self._forget(client, slots)

    def _forget(self, client: str, slots: _Slots) -> None:
        # Those of a few clients stay, because to make them anew for every query takes longer than all else here.
        if len(self._slots) > _MOST_SILENT and not slots.running and not slots.waiting:
            self._slots.pop(client, None)
