"""Loads N-Quads into a new Oxigraph folder, also as a program of its own that is told over a socket what to load.

As a program it imports nothing but the standard library and pyoxigraph, so it is there at once, and it can be given
other settings for memory than the process that starts it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph

PART, END = b"p", b"e"
"""What is told: a file of N-Quads comes along; or nothing more comes."""
NOT_NQUADS, NOT_WRITTEN = b"s", b"w"
"""Why it failed, before the words."""
_AT_ONCE = 2
"""Parts that are loaded at once: one is read while another is sorted and written."""
_LATER = 19
"""How much others go before the merging of parts: what is merged before the last one has come is merged once more."""
_MERGE = "merge"


def load(directory: str, nquads: bytes) -> None:
    """Load a text into a new folder, and put it in order for reading.

    Raises:
        SyntaxError: the text is not N-Quads.
        OSError: the folder cannot be written.
    """
    import pyoxigraph

    store = pyoxigraph.Store(directory)
    store.bulk_load(input=nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


class _Told:
    """What is told over a socket: files to be loaded, by several threads at once."""

    def __init__(self, speaker: socket.socket, store: pyoxigraph.Store) -> None:
        self._speaker, self._store = speaker, store
        self._files, self._turn, self._word = self._told(), Lock(), Lock()

    def _told(self) -> Iterator[int]:
        """Yield the files that are told of, until the end is."""
        while True:
            kind, files, _, _ = socket.recv_fds(self._speaker, 1, 1)
            if kind == END:
                return
            if not files:  # whoever speaks is gone, and with them what was to be loaded
                os._exit(1)
            yield files[0]

    def load(self) -> None:
        """Load one file after another; the first that cannot be ends the program."""
        import pyoxigraph

        while (file := self._next()) is not None:
            try:
                self._store.bulk_load(path=f"/dev/fd/{file}", format=pyoxigraph.RdfFormat.N_QUADS)
            except (SyntaxError, OSError) as error:
                with self._word:
                    _fail(self._speaker, error)
            os.close(file)

    def _next(self) -> int | None:
        with self._turn:
            return next(self._files, None)


def _fail(speaker: socket.socket, error: SyntaxError | OSError) -> None:
    speaker.sendall((NOT_NQUADS if isinstance(error, SyntaxError) else NOT_WRITTEN) + str(error).encode())
    # Other threads wait for what will never come.
    os._exit(1)


def _merge_later() -> None:
    """Let everything else go before the thread in which Oxigraph merges parts, where threads can have a priority."""
    with suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            if (task / "comm").read_text().startswith("rocksdb:low"):
                os.setpriority(os.PRIO_PROCESS, int(task.name), os.getpriority(os.PRIO_PROCESS, 0) + _LATER)


def end_with_parent() -> None:
    """End when the process does that holds the other end of standard input, even in the middle of a load."""
    # Not by `sys.stdin`, whose lock would be held when this process ends in peace.
    os.read(0, 1)
    os._exit(1)


def main(directory: str, handle: str, step: str = "") -> None:
    """Load what is told of over the socket with that number, then merge all parts; say there what went wrong."""
    import pyoxigraph

    # Whoever interrupts the build interrupts its other processes with it, and that one ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    with socket.socket(fileno=int(handle)) as speaker:
        try:
            store = pyoxigraph.Store(directory)
            if step != _MERGE:
                _load_all(speaker, store)
                # Begun anew, for not everybody may give a thread back the priority that it had.
                del store
                os.execv(sys.executable, [sys.executable, "-P", __file__, directory, handle, _MERGE])
            store.optimize()
            store.flush()
        except OSError as error:
            _fail(speaker, error)
        speaker.sendall(END)


def _load_all(speaker: socket.socket, store: pyoxigraph.Store) -> None:
    _merge_later()
    told = _Told(speaker, store)
    threads = [Thread(target=told.load) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
