"""One `oxigraph serve-read-only` process that answers one query at a time over one connection on loopback.

One query a process is what makes limits exact: the process that runs out of memory, of its stack or of its time is the
one that held the query to blame, killing it harms no other, and the kernel gives back all that it held at once.
Starting one takes some 50 ms and 20 MB.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlencode

from kg.errors import BuildError, UsageError
from kg.web.sparql import guard
from kg.web.sparql.exchange import Exchange, Failed, Reply

_START_SECONDS = 10.0
_TRIES = 3
"""Another program may take the port between its choice and its use."""
_PAUSE = 0.003
_STEP = 1 << 20
_SHOWN = 4000

Cause = Literal["memory", "depth", "killed", "alive"]
"""Why an engine gave no answer: out of memory, out of stack, ended from outside, or it still runs."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query as the engine gets it; `media_type` is the one form in which it may answer."""

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def request(self, port: int) -> bytes:
        """Return the job as an HTTP request."""
        graphs = [("default-graph-uri", iri) for iri in self.default_graphs]
        graphs += [("named-graph-uri", iri) for iri in self.named_graphs]
        if graphs:
            kind, body = "application/x-www-form-urlencoded", urlencode([("query", self.query), *graphs]).encode()
        else:
            kind, body = "application/sparql-query", self.query.encode()
        head = (
            f"POST /query HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {self.media_type}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body


class Engine:
    """A running process; made by `started`, which must be called in the thread that runs the event loop.

    The kernel ends the process when the thread that started it ends.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
        self._process, self._port, self._log = process, port, log
        self._exchange: Exchange | None = None
        self._words = ""

    @classmethod
    async def started(cls, location: Path, *, memory: int) -> Engine:
        """Start a process on the store in `location` that may use `memory` bytes.

        Raises:
            UsageError: the program is not installed, or the system cannot keep it from the network.
            BuildError: the program does not open the store.
        """
        if not location.is_dir():
            raise BuildError(f"{location} holds no store; build again")
        log = ""
        for _ in range(_TRIES):
            engine = cls._spawned(location, memory=memory)
            try:
                if await engine._answers():
                    return engine
            except asyncio.CancelledError:
                engine._process.kill()
                raise
            log, code = engine._said(), await engine.end()
            if code == guard.CANNOT:
                raise UsageError(
                    "the SPARQL endpoint needs Linux with seccomp, on x86-64 or ARM64, to keep queries apart"
                )
        raise BuildError(f"oxigraph does not open {location}: {log.strip() or 'it gives no reason'}")

    @classmethod
    def _spawned(cls, location: Path, *, memory: int) -> Engine:
        port = _free_port()
        log = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the process has ended
        wrapper = [sys.executable, "-I", "-S", str(Path(guard.__file__)), str(memory), str(os.getpid())]
        server = [_program(), "serve-read-only", "--location", str(location.resolve())]
        # Without its option --timeout-s: it keeps a sleeping thread for every query until the time is over, which
        # takes all memory at some hundred queries a second. An engine whose query takes too long is killed instead.
        process = subprocess.Popen(
            [*wrapper, *server, "--bind", f"127.0.0.1:{port}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
            # Memory in few areas that grow in large steps, not with every block that is read.
            env={"MALLOC_ARENA_MAX": "2", "MALLOC_TOP_PAD_": str(_STEP)},
            start_new_session=True,
        )
        return cls(process, port, log)

    async def _answers(self) -> bool:
        """Wait until the process answers a first question; that it runs then shows that the port is its own."""
        end = asyncio.get_running_loop().time() + _START_SECONDS
        while self._process.poll() is None and asyncio.get_running_loop().time() < end:
            if await self.connect():
                reply = await self.ask(Job("ASK {}", "text/csv"), most=1000)
                return isinstance(reply, Reply) and reply.status == 200 and self._process.poll() is None
            await asyncio.sleep(_PAUSE)
        return False

    @property
    def identifier(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def connected(self) -> bool:
        """Whether a query can be sent at once."""
        return self._exchange is not None and self._exchange.open

    async def connect(self) -> bool:
        """Connect, or connect again after the process has closed an idle connection; False if it does not listen."""
        loop = asyncio.get_running_loop()
        try:
            _, self._exchange = await loop.create_connection(Exchange, "127.0.0.1", self._port)
        except OSError:
            return False
        return True

    def ask(self, job: Job, *, most: int) -> asyncio.Future[Reply | Failed]:
        """Send a query and return the answer to come, of at most `most` bytes; it never raises."""
        if self._exchange is None:
            raise UsageError("an engine is asked before it is connected")
        return self._exchange.ask(job.request(self._port), most)

    async def cause(self) -> Cause:
        """Return why a connection broke off."""
        try:
            code = await asyncio.to_thread(self._process.wait, 0.5)
        except subprocess.TimeoutExpired:
            return "alive"
        said = self._said()
        if "stack" in said:
            return "depth"
        if "memory allocation" in said or "bad_alloc" in said or code == -signal.SIGSEGV:
            return "memory"
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
        if self._exchange is not None:
            self._exchange.close()
        self._process.kill()
        code = await asyncio.to_thread(self._process.wait)
        self._said()
        self._log.close()
        return code


def _program() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "oxigraph"
    found = str(beside) if beside.exists() else shutil.which("oxigraph")
    if found is None:
        raise UsageError("the program `oxigraph` is not installed; the package of that name brings it")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
