"""The process that loads a store: started, told what to load, and asked what became of it."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from kg.errors import BuildError, InputError
from kg.store import bulk_loader
from kg.store.bulk_loader import END, NOT_NQUADS, PART
from kg.store.child import Child

_MEMORY = ":".join(
    f"glibc.malloc.{setting}"
    for setting in ("hugetlb=1", "mxfast=0", "arena_max=2", "trim_threshold=4000000000", "top_pad=67108864")
)
"""Settings for the memory of the process, where its C library is GNU's. Oxigraph sorts millions of small pieces of it:
in large pages, and not given back in between, that takes an eighth less of the processor. Of the two parts that are
loaded at once, neither waits for the other's pieces."""


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

    def tell(self, file: int) -> None:
        """Have an open file of N-Quads loaded.

        Raises:
            InputError: something was not N-Quads.
            BuildError: loading failed.
        """
        try:
            socket.send_fds(self._speaker, [PART], [file])
        except OSError as error:
            raise self.failure() from error

    def finish(self) -> None:
        """Wait until everything is loaded; raises like `tell`."""
        try:
            self._speaker.sendall(END)
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
        # It may have ended with files untaken; what it said before is here.
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
