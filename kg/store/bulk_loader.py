"""Loads N-Quads into a new Oxigraph folder, also as a program of its own that is told over a socket what to load.

As a program it imports nothing but the standard library and pyoxigraph, so it is there at once, and it can be given
other settings for memory than the process that starts it. It reads by itself what it loads, so that whoever writes
the statements has nothing to do with it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph

GRAPH_AT_LINE_END = re.compile(rb' <[^<>"\s]*> \.$', re.MULTILINE)
"""The graph of a statement that stands on a line of its own, in canonical form, with the end of that line."""
MESSAGE = struct.Struct("=cQQ")
"""What is told: a kind, and where a part begins and ends in the file that was told of last."""
FILE, PART, END = b"f", b"p", b"e"
"""The kinds: a file of N-Quads comes along; some whole lines of it are to be loaded; nothing more comes."""
NOT_NQUADS, NOT_WRITTEN = b"s", b"w"
"""Why it failed, before the words."""
_AT_ONCE = 2
"""Parts that are loaded at once: Oxigraph reads, sorts and writes one after the other."""
_MOST = 32 << 20
"""Bytes of text that are loaded at once, at most."""
_LONGEST = 1 << 20
"""Bytes that are read at once to find the end of a line."""
_LATER = 19
"""How much others go before the merging of parts: what is merged before the last one has come is merged once more."""
_MERGE = "merge"

_Part = tuple[int, int, int]
"""A file, and where whole lines begin and end in it."""


def load(directory: str, nquads: bytes) -> None:
    """Load a text into a new folder, each triple into the default graph as well, and put it in order for reading.

    Raises:
        SyntaxError: the text is not N-Quads with one statement a line.
        OSError: the folder cannot be written.
    """
    import pyoxigraph

    store = pyoxigraph.Store(directory)
    _load(store, nquads)
    store.optimize()
    store.flush()


def _load(store: pyoxigraph.Store, nquads: bytes) -> None:
    import pyoxigraph

    if not nquads:
        return
    if not nquads.endswith(b"\n"):
        nquads += b"\n"
    # One after the other: the less is sorted at once, the less memory and time it takes.
    for text in (nquads, _triples(nquads)):
        store.bulk_load(input=text, format=pyoxigraph.RdfFormat.N_QUADS)


def _triples(nquads: bytes) -> bytes:
    """Return lines of N-Quads in canonical form without their graphs."""
    lines = nquads.count(b"\n")
    first = GRAPH_AT_LINE_END.search(nquads[: nquads.index(b"\n")])
    # Mostly all are of one graph. No literal holds a line break, so this sign stands at the ends of lines only.
    if first and nquads.count(end := first[0] + b"\n") == lines:
        return nquads.replace(end, b" .\n")
    triples, number = GRAPH_AT_LINE_END.subn(b" .", nquads)
    if number != lines:
        raise SyntaxError("a line does not end with a graph and a full stop")
    return triples


class _Told:
    """What is told over a socket: parts of files, which several threads load at once."""

    def __init__(self, speaker: socket.socket, store: pyoxigraph.Store) -> None:
        self._speaker, self._store = speaker, store
        self._parts: SimpleQueue[_Part | None] = SimpleQueue()
        self._word = Lock()

    def load(self) -> None:
        """Load all that is told, until the end is; the first part that cannot be loaded ends the program."""
        threads = [Thread(target=self._load_parts) for _ in range(_AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            for part in self._told():
                self._parts.put(part)
        except OSError as error:
            self._fail(error)
        for _ in threads:
            self._parts.put(None)
        for thread in threads:
            thread.join()

    def _told(self) -> Iterator[_Part]:
        """Yield the parts that are told of, until the end is; at once, so that whoever speaks never waits."""
        file = -1
        while True:
            message, files, _, _ = socket.recv_fds(self._speaker, MESSAGE.size, 1)
            while message and len(message) < MESSAGE.size:
                message += self._speaker.recv(MESSAGE.size - len(message))
            if not message:  # whoever speaks is gone, and with them what was to be loaded
                os._exit(1)
            kind, start, end = MESSAGE.unpack(message)
            if kind == END:
                return
            if kind == FILE:
                file = files[0]
            else:
                yield from _cut(file, start, end)

    def _load_parts(self) -> None:
        while (part := self._parts.get()) is not None:
            try:
                file, start, end = part
                _load(self._store, read(file, start, end))
            except (SyntaxError, OSError) as error:
                self._fail(error)

    def _fail(self, error: SyntaxError | OSError) -> None:
        with self._word:
            _fail(self._speaker, error)


def read(file: int, start: int, end: int) -> bytes:
    """Return what stands in a file from `start` to before `end`.

    Raises:
        OSError: the file ends before.
    """
    read = b""
    while start + len(read) < end:
        more = os.pread(file, end - start - len(read), start + len(read))
        if not more:
            raise OSError("a file has become shorter")
        read = read + more if read else more
    return read


def _cut(file: int, start: int, end: int) -> Iterator[_Part]:
    """Yield a part, or several of whole lines where it is long."""
    while end - start > _MOST:
        border = start + _MOST
        while border < end:
            text = read(file, border, min(border + _LONGEST, end))
            place = text.find(b"\n")
            border += place + 1 if place >= 0 else len(text)
            if place >= 0:
                break
        yield file, start, border
        start = border
    if start < end:
        yield file, start, end


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
                _merge_later()
                _Told(speaker, store).load()
                store.flush()
                # Begun anew, for not everybody may give a thread back the priority that it had.
                del store
                os.execv(sys.executable, [sys.executable, "-P", __file__, directory, handle, _MERGE])
            store.optimize()
            store.flush()
        except OSError as error:
            _fail(speaker, error)
        speaker.sendall(END)


if __name__ == "__main__":
    main(*sys.argv[1:])
