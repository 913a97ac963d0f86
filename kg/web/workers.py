"""Several processes that serve one port: forked when everything is imported, watched, replaced when one dies.

Each has a listening socket of its own on the same port (SO_REUSEPORT), which the parent keeps open as well: connections
that arrive while a dead worker is being replaced wait for the next one.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from kg import errors
from kg.errors import KgError, UsageError
from kg.web.team import Team

_LOG = logging.getLogger("kg.web")
BACKLOG = 2048
_DEATH_SIGNAL = 1
_LOOK_SECONDS = 0.005
_START_SECONDS = 120.0
_END_SECONDS = 30
_STEADY_SECONDS, _PAUSE_SECONDS = 5.0, 1.0
"""A worker that lived less is replaced only after a pause, lest a fault at the start keep a processor busy."""

Work = Callable[[int, socket.socket], None]
"""Serves as the worker of a number on a socket, until SIGTERM."""


def possible() -> bool:
    """Whether this system can share a port between processes and end them with their parent."""
    return sys.platform == "linux" and hasattr(socket, "SO_REUSEPORT")


def listening(host: str, port: int, number: int) -> list[socket.socket]:
    """Return so many sockets that listen at one address; port 0 takes a free one.

    Raises:
        OSError: the address is not ours, or is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The first is made without sharing: where another program listens it fails, even if that one shares.
    with socket.create_server((host, port), family=family) as alone:
        port = alone.getsockname()[1]
    return [
        socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=number > 1) for _ in range(number)
    ]


@dataclass(slots=True)
class _Worker:
    process: int
    errors: int
    since: float = field(default_factory=time.monotonic)


class Workers:
    """The workers of a site, seen from the process that watches them, which does nothing else."""

    def __init__(self, team: Team, sockets: Sequence[socket.socket], work: Work) -> None:
        self._team, self._sockets, self._work = team, sockets, work
        self._running: dict[int, _Worker] = {}
        self._ending, self._watcher = False, os.getpid()

    def run(self, ready: Callable[[], None]) -> None:
        """Start all workers, call `ready` when all answer, and watch them until SIGINT or SIGTERM; then end them.

        Raises:
            KgError: a worker could not start: as it raised it.
        """
        for given in (signal.SIGINT, signal.SIGTERM):
            signal.signal(given, lambda *_: self._end())
        signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL))
        # Objects made so far are not looked at again, so that their pages stay shared.
        gc.collect()
        gc.freeze()
        for number in range(self._team.size):
            self._start(number)
        try:
            self._await_all()
            if not self._ending:
                ready()
            while self._running:
                self._note(*os.waitpid(-1, 0))
        finally:
            self._end()
            self._bury()

    def _start(self, number: int) -> None:
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            os.close(reading)
            self._become(number, writing)
        os.close(writing)
        self._running[number] = _Worker(process, reading)

    def _become(self, number: int, errors: int) -> NoReturn:
        code = 1
        try:
            for place, other in enumerate(self._sockets):
                if place != number:
                    other.close()
            for given in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
                signal.signal(given, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
            if os.getppid() == self._watcher:  # else it died before the line above
                self._work(number, self._sockets[number])
                code = 0
        except KgError as error:
            os.write(errors, f"{type(error).__name__} {error}".encode())
        except BaseException:
            _LOG.exception("a worker failed")
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _await_all(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while not (self._team.ready or self._ending):
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process:
                raise self._cause(process)
            if time.monotonic() > end:
                raise UsageError(f"the site is not ready after {_START_SECONDS:g} seconds")
            time.sleep(_LOOK_SECONDS)

    def _cause(self, process: int) -> KgError:
        number = next(number for number, worker in self._running.items() if worker.process == process)
        name, _, message = _said(self._running.pop(number)).partition(" ")
        raised = getattr(errors, name, None)
        if isinstance(raised, type) and issubclass(raised, KgError):
            return raised(message)
        return UsageError("a worker ended before it answered")

    def _note(self, process: int, status: int) -> None:
        """Replace a worker that has ended, unless all are to end."""
        number = next((number for number, worker in self._running.items() if worker.process == process), None)
        if number is None:
            return
        worker = self._running.pop(number)
        self._team.tell(number, ready=False)
        said = _said(worker)
        if self._ending:
            return
        _LOG.error("worker %d ended (%s) and is replaced", number + 1, said or _reason(status))
        if time.monotonic() - worker.since < _STEADY_SECONDS:
            time.sleep(_PAUSE_SECONDS)
        if not self._ending:
            self._start(number)

    def _end(self) -> None:
        if os.getpid() != self._watcher:
            return  # a worker that has just been forked and has not yet put its own handlers in place
        if not self._ending:
            self._ending = True
            signal.alarm(_END_SECONDS)
        self._send(signal.SIGTERM)

    def _send(self, number: signal.Signals) -> None:
        for worker in tuple(self._running.values()):
            try:
                os.kill(worker.process, number)
            except ProcessLookupError:
                continue

    def _bury(self) -> None:
        while self._running:
            self._note(*os.waitpid(-1, 0))
        signal.alarm(0)


def _said(worker: _Worker) -> str:
    """Return the error that a worker which has ended left behind."""
    with os.fdopen(worker.errors, "rb") as pipe:
        return pipe.read().decode(errors="replace")


def _reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
