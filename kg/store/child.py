"""A process of this program's own that is spoken to over a socket, and that ends with this one, however that ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence


class Child:
    """A Python process whose last argument is the number of its end of a socket; `speaker` is ours.

    The process has to read its standard input, which ends when this process does: `bulk_loader.end_with_parent`.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(
        self, program: Sequence[str], *, settings: Mapping[str, str] | None = None, group: int | None = None
    ) -> None:
        """Start `program` with more `settings` in its environment, in a process group (0: of its own)."""
        self.speaker, listener = socket.socketpair()
        # What this process can import, that one can as well; its own folder is not where it looks first.
        paths = os.pathsep.join(path for path in sys.path if path)
        with listener:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", *program, str(listener.fileno())],
                    stdin=subprocess.PIPE,
                    pass_fds=(listener.fileno(),),
                    env={**os.environ, "PYTHONPATH": paths, **(settings or {})},
                    process_group=group,
                )
            except OSError:
                self.speaker.close()
                raise

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def wait(self, seconds: float) -> None:
        """Wait at most so long for it to end by itself.

        Raises:
            subprocess.TimeoutExpired: it has not ended.
        """
        self._process.wait(seconds)

    def end(self) -> None:
        """End the process if it has not ended by itself."""
        self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
