"""What the workers of one site share: memory that is there before they are forked, and goes when the last one ends.

All limits of a site hold for its workers together: what a client asked of one counts for the others.
"""

from __future__ import annotations

import fcntl
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PLACES = 1 << 15
"""Clients are counted by place; so many take a few megabytes, of which only those in use are real."""
_NUMBER = 8
_LEFT, _AT, _RUNNING = 0, 1, 2
"""What is kept at a place: requests left, the moment of the last, and for each worker how many queries run and wait."""


class Team:
    """The shared memory of `size` workers; `folder` is for files that one of them makes for all."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._room = tempfile.TemporaryDirectory(prefix="kg-serve-")
        self.folder = Path(self._room.name)
        self._lock = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115  # closed with the team
        self._width = _RUNNING + 2 * size
        # Mapped without a file: what is forked shares it, nothing else can reach it, and it starts as zeros.
        self._clients = memoryview(mmap.mmap(-1, _PLACES * self._width * _NUMBER)).cast("d")
        self._ready = memoryview(mmap.mmap(-1, max(size, mmap.PAGESIZE)))

    @property
    def ready(self) -> bool:
        """Whether every worker answers."""
        return all(self._ready[: self.size])

    def tell(self, number: int, *, ready: bool) -> None:
        """Note that a worker answers, or that it has ended; what it was doing for clients is then over."""
        self._ready[number] = ready
        if not ready:
            for first in (_RUNNING + number, _RUNNING + self.size + number):
                column = self._clients[first :: self._width]
                for place in (place for place, counted in enumerate(column) if counted):
                    column[place] = 0.0

    def take(self, client: str, *, now: float, rate: float, burst: float) -> float:
        """Count a request of a client: return 0, or in how many seconds it may send one again.

        `rate` is the requests a second that a client gets back, up to `burst`; `now` is the monotonic clock.
        """
        start = self._place(client)
        with self._locked():
            left, at = self._clients[start + _LEFT], self._clients[start + _AT]
            # A place that was never used holds zeros: all requests are left there.
            left = min(burst, left + (now - at) * rate) if at else burst
            allowed = left >= 1
            self._clients[start + _LEFT] = left - 1 if allowed else left
            self._clients[start + _AT] = now
        return 0.0 if allowed else (1 - left) / rate

    def enter(self, client: str, worker: int, *, most: int, waited: bool = False) -> bool:
        """Take one of a client's places for running queries; False if `most` are taken in all workers together.

        Also where the client waits in another worker and this one has its part: whoever `waited` gets one at least.
        """
        start = self._place(client) + _RUNNING
        running, waiting = start + self.size, start + 2 * self.size
        # Each worker writes its own number only, so no lock is needed: it takes the place, then looks whether that
        # was one too many. Two that come at once may both give way, never both enter.
        self._clients[start + worker] += 1
        allowed = sum(self._clients[start:running]) <= most
        if allowed and sum(self._clients[running:waiting]) > self._clients[running + worker]:
            allowed = self._clients[start + worker] <= self._part(start, worker, most, least=int(waited))
        if not allowed:
            self._clients[start + worker] -= 1
        return allowed

    def _part(self, start: int, worker: int, most: int, *, least: int = 0) -> int:
        """Return how many of a client's places a worker may have now: all, unless the client waits in another."""
        running = self._clients[start : start + self.size].tolist()
        waiting = self._clients[start + self.size : start + 2 * self.size].tolist()
        waiting[worker] += not running[worker]
        if not any(number for place, number in enumerate(waiting) if place != worker):
            return most
        parties = sum(1 for here, there in zip(running, waiting, strict=True) if here or there)
        return max(least, most // parties)

    def leave(self, client: str, worker: int) -> None:
        """Give a place back."""
        self._clients[self._place(client) + _RUNNING + worker] -= 1

    def wait(self, client: str, worker: int, by: int) -> None:
        """Note that so many more queries of a client wait in a worker."""
        self._clients[self._place(client) + _RUNNING + self.size + worker] += by

    def is_asked_back(self, client: str, worker: int, *, most: int) -> bool:
        """Whether a worker has more than its part of a client's `most` places while the client waits in another."""
        start = self._place(client) + _RUNNING
        return self._clients[start + worker] > self._part(start, worker, most)

    def _place(self, client: str) -> int:
        # Forked workers have the same secret in their hashes. Two clients at one place, of 32 768, share its limits.
        return hash(client) % _PLACES * self._width

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The kernel gives a lock on a file back when its holder dies, whatever it was doing.
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Remove the folder; only for the process that made the team."""
        self._lock.close()
        self._room.cleanup()


@dataclass(frozen=True, slots=True)
class Member:
    """One worker of a team, by its number from 0."""

    team: Team
    number: int

    def share(self, whole: int) -> int:
        """Return this worker's part of something that is divided evenly: the first get what is left over.

        >>> from types import SimpleNamespace
        >>> [Member(SimpleNamespace(size=3), number).share(4) for number in range(3)]
        [2, 1, 1]
        """
        return whole // self.team.size + (self.number < whole % self.team.size)

    def take(self, client: str, *, now: float, rate: float, burst: float) -> float:
        """Count a request of a client, as `Team.take`."""
        return self.team.take(client, now=now, rate=rate, burst=burst)

    def enter(self, client: str, *, most: int, waited: bool = False) -> bool:
        """Take one of a client's places, as `Team.enter`."""
        return self.team.enter(client, self.number, most=most, waited=waited)

    def leave(self, client: str) -> None:
        """Give a place back."""
        self.team.leave(client, self.number)

    def wait(self, client: str, by: int) -> None:
        """Note that so many more queries of a client wait here."""
        self.team.wait(client, self.number, by)

    def is_asked_back(self, client: str, *, most: int) -> bool:
        """Whether a place is for another worker, as `Team.is_asked_back`."""
        return self.team.is_asked_back(client, self.number, most=most)
