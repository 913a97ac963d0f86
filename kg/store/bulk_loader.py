"""Loads N-Quads into a new Oxigraph folder, also as a program of its own that is told over a socket what to load.

As a program it imports nothing but the standard library and pyoxigraph, so it is there at once, and it can be given
other settings for memory than the process that starts it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from threading import Thread

QUADS, TRIPLES, END = b"q", b"t", b"e"
"""What is told: a file of N-Quads comes along, or one of N-Triples; or nothing more comes."""
NOT_NQUADS, NOT_WRITTEN = b"s", b"w"
"""Why it failed, before the words."""

Part = tuple[bytes, int | bytes]
"""`QUADS` or `TRIPLES`, and an open file or the text itself."""


def load(directory: str, parts: Iterable[Part]) -> None:
    """Load all parts into a new folder, and put it in order for reading.

    Raises:
        SyntaxError: a part is not what it is said to be.
        OSError: the folder cannot be written.
    """
    import pyoxigraph

    store = pyoxigraph.Store(directory)
    for kind, part in parts:
        # Triples have been read once already, with all checks, as quads.
        triples = kind == TRIPLES
        format_ = pyoxigraph.RdfFormat.N_TRIPLES if triples else pyoxigraph.RdfFormat.N_QUADS
        if isinstance(part, bytes):
            store.bulk_load(input=part, format=format_, lenient=triples)
        else:
            store.bulk_load(path=f"/dev/fd/{part}", format=format_, lenient=triples)
    store.optimize()
    store.flush()


def _told(speaker: socket.socket) -> Iterator[Part]:
    """Yield the parts that are told of, until the end is."""
    while True:
        kind, files, _, _ = socket.recv_fds(speaker, 1, 1)
        if kind == END:
            return
        if not files:  # whoever speaks is gone, and with them what was to be loaded
            os._exit(1)
        yield kind, files[0]
        os.close(files[0])


def _end_with_parent() -> None:
    """End when the process does that holds the other end of standard input, even in the middle of a load."""
    # Not by `sys.stdin`, whose lock would be held when this process ends in peace.
    os.read(0, 1)
    os._exit(1)


def main(directory: str, handle: str) -> None:
    """Load what is told of over the socket with that number; say there what went wrong."""
    # Whoever interrupts the build interrupts its other processes with it, and that one ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    with socket.socket(fileno=int(handle)) as speaker:
        try:
            load(directory, _told(speaker))
        except SyntaxError as error:
            speaker.sendall(NOT_NQUADS + str(error).encode())
        except OSError as error:
            speaker.sendall(NOT_WRITTEN + str(error).encode())
        else:
            speaker.sendall(END)


if __name__ == "__main__":
    main(*sys.argv[1:])
