"""One process that answers one query at a time from a store, over a socket that only its owner has the other end of.

One query a process is what makes limits exact: the process that runs out of memory, of its stack or of its time is the
one that held the query to blame, killing it harms no other, and the kernel gives back all that it held at once.
Starting one takes some 70 ms and 25 MB.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Literal

from kg.errors import BuildError, UsageError
from kg.web.sparql import answerer, guard
from kg.web.sparql.exchange import Exchange, Failed, Reply, Told, form_of, request_of

_START_SECONDS = 10.0
_STEP = 1 << 20
_SHOWN = 4000

Cause = Literal["memory", "depth", "killed", "alive"]
"""Why an engine gave no answer: out of memory, out of stack, ended from outside, or it still runs."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all queries of an engine have in common.

    It may use `memory` bytes and answer with `most`; relative IRIs begin with `base`; `prefixes` need no declaration.
    """

    memory: int
    most: int
    base: str
    prefixes: Mapping[str, str]


class Engine:
    """A running process; made by `started`, which must be called in the thread that runs the event loop.

    The kernel ends the process when the thread that started it ends.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], exchange: Exchange, log: IO[bytes], counters: memoryview
    ) -> None:
        self._process, self._exchange, self._log, self._counters = process, exchange, log, counters
        self._asked = 0
        self._words = ""

    @classmethod
    async def started(cls, location: Path, setting: Setting) -> Engine:
        """Start a process on the store in `location`.

        Raises:
            UsageError: the system cannot keep it from the network.
            BuildError: the process does not open the store.
        """
        if not location.is_dir():
            raise BuildError(f"{location} holds no store; build again")
        engine = await cls._spawned(location, setting)
        try:
            if await engine._answers():
                return engine
        except asyncio.CancelledError:
            engine._process.kill()
            raise
        log, code = engine._said(), await engine.end()
        if code == guard.CANNOT:
            raise UsageError("the SPARQL endpoint needs Linux with seccomp, on x86-64 or ARM64, to keep queries apart")
        reason = log.strip().rpartition("\n")[2]
        raise BuildError(f"the engine does not open {location}: {reason or 'it gives no reason'}")

    @classmethod
    async def _spawned(cls, location: Path, setting: Setting) -> Engine:
        log = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the process has ended
        python = (sys.executable, "-I", "-S")
        apart = (*python, guard.__file__, str(setting.memory), str(os.getpid()))
        given = (_libraries(), str(location.resolve()), str(setting.most), setting.base)
        shared = os.memfd_create("counters")
        os.ftruncate(shared, answerer.COUNTERS)
        counters = memoryview(mmap.mmap(shared, answerer.COUNTERS)).cast("Q")
        ours, its = socket.socketpair()
        with its, os.fdopen(shared):
            process = subprocess.Popen(
                (*apart, *python, answerer.__file__, *given, json.dumps(dict(setting.prefixes)), str(shared)),
                pass_fds=(shared,),
                stdin=its.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                # Memory in few areas that grow in large steps, not with every block that is read.
                env={"MALLOC_ARENA_MAX": "2", "MALLOC_TOP_PAD_": str(_STEP)},
                # Not stopped by a Ctrl+C that is for the site; no session of its own, though, since the kernel gives
                # each session the same part of the processor, and an engine would have as much of it as all pages.
                process_group=0,
            )
        ours.setblocking(False)
        _, exchange = await asyncio.get_running_loop().create_unix_connection(lambda: Exchange(setting.most), sock=ours)
        return cls(process, exchange, log, counters)

    async def _answers(self) -> bool:
        """Wait until the process answers a first question."""
        told: asyncio.Future[Reply | Failed] = asyncio.get_running_loop().create_future()

        def tell(outcome: Reply | Failed) -> None:
            if not told.done():
                told.set_result(outcome)

        self.ask([request_of(form_of("text/csv", None, (), ()), "ASK {}")], [tell])
        try:
            async with asyncio.timeout(_START_SECONDS):
                reply = await told
        except TimeoutError:
            return False
        return isinstance(reply, Reply) and reply.verdict == answerer.ROWS

    @property
    def identifier(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def connected(self) -> bool:
        """Whether a query can be sent."""
        return self._exchange.open

    def ask(self, requests: Sequence[bytes], told: Sequence[Told]) -> None:
        """Send queries, answered one after the other; each of `told` gets a reply, or that there is none, once.

        To be called when all that was asked before is answered.
        """
        self._asked += len(requests)
        self._counters[answerer.ALLOWED] = self._asked
        self._exchange.ask(b"".join(requests), told)

    @property
    def unbegun(self) -> int:
        """How many of the queries asked the process has not begun."""
        return self._asked - int(self._counters[answerer.BEGUN])

    def take_back(self) -> None:
        """Let the process begin none but the query that it has begun: the others get a reply that says so."""
        self._counters[answerer.ALLOWED] = self._counters[answerer.BEGUN]

    def give_up(self, failed: Failed) -> None:
        """Tell whoever waits for a reply that there is none; the engine may still work on it."""
        self._exchange.fail(failed)

    async def cause(self) -> Cause:
        """Return why a connection broke off."""
        try:
            code = await asyncio.to_thread(self._process.wait, 0.5)
        except subprocess.TimeoutExpired:
            return "alive"
        if code == -signal.SIGSEGV:
            return "depth"
        return "killed" if code in (-signal.SIGKILL, -signal.SIGTERM) else "memory"

    def memory(self) -> int:
        """Return how many bytes the process holds of those that its limit counts; 0 if it has ended."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        found = re.search(r"VmData:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0

    def _said(self) -> str:
        if not self._log.closed:
            self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, self._log.tell() - _SHOWN))
            self._words = self._log.read().decode(errors="replace")
        return self._words

    async def end(self) -> int:
        """End the process, whatever it is doing, and return its exit code."""
        self._exchange.close()
        self._process.kill()
        code = await asyncio.to_thread(self._process.wait)
        self._said()
        self._log.close()
        return code


def _libraries() -> str:
    """Return the folder that holds pyoxigraph."""
    found = find_spec("pyoxigraph")
    if found is None or found.origin is None:
        raise UsageError("the package pyoxigraph is not installed")
    return str(Path(found.origin).parent.parent)
