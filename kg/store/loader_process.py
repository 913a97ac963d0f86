"""The process that loads a store: started, told what to load, and asked what became of it."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kg.errors import BuildError, InputError
from kg.store import bulk_loader
from kg.store.bulk_loader import END, FILE, MESSAGE, NOT_NQUADS, PART
from kg.store.child import Child

_MEMORY = ":".join(f"glibc.malloc.{setting}" for setting in ("hugetlb=1", "arena_max=8", "trim_threshold=4000000000"))
"""Settings for the memory of the process, where its C library is GNU's. Oxigraph sorts millions of small pieces of it:
in large pages, and not given back in between, that takes a sixth less of the processor. Of its threads, of which some
free what others took, none waits for another's pieces; with two places for them a third more of it was spent."""


class LoaderProcess:
    """A process that loads a new Oxigraph folder; it ends with this one, however that ends.

    Raises:
        BuildError: it cannot be started.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        settings = {"GLIBC_TUNABLES": os.environ.get("GLIBC_TUNABLES", _MEMORY)}
        try:
            self._child = Child((bulk_loader.__file__, str(directory)), settings=settings)
        except OSError as error:
            raise BuildError(f"no process could be started to load {directory}: {error}") from error
        self._speaker = self._child.speaker
        self._file: BinaryIO | None = None

    def tell(self, file: BinaryIO, start: int, end: int) -> None:
        """Have whole lines of an open file of N-Quads loaded, those from byte `start` to before `end`.

        Raises:
            InputError: something was not N-Quads.
            BuildError: loading failed.
        """
        try:
            if file is not self._file:
                socket.send_fds(self._speaker, [MESSAGE.pack(FILE, 0, 0)], [file.fileno()])
                self._file = file
            self._speaker.sendall(MESSAGE.pack(PART, start, end))
        except OSError as error:
            raise self.failure() from error

    def finish(self) -> None:
        """Wait until everything is loaded; raises like `tell`."""
        try:
            self._speaker.sendall(MESSAGE.pack(END, 0, 0))
        except OSError as error:
            raise self.failure() from error
        answer = self._answer()
        if answer != END:
            raise self._error(answer)

    def failure(self) -> Exception:
        """Return why nothing is taken any longer."""
        return self._error(self._answer())

    def _answer(self) -> bytes:
        answer = b""
        # It may have ended with parts untaken; what it said before is here.
        with suppress(ConnectionResetError):
            while more := self._speaker.recv(1 << 16):
                answer += more
        return answer

    def _error(self, answer: bytes) -> Exception:
        reason = answer[1:].decode(errors="replace")
        if answer.startswith(NOT_NQUADS):
            return InputError(f"what was to be loaded is not N-Quads with one statement a line: {reason}")
        reason = reason or "the process was ended, or memory ran out"
        return BuildError(f"{self._directory} cannot be loaded: {reason}")

    def end(self) -> None:
        """End the process if it has not ended by itself."""
        self._speaker.close()
        self._child.end()
