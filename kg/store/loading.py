"""Loads statements into a new Oxigraph folder while they are still being made.

Oxigraph reads from a pipe in a thread of its own, without Python's lock, so that on two cores loading costs a build
little more than the time of reading its sources.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from re import MULTILINE
from re import compile as pattern
from tempfile import TemporaryFile
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self

from kg.errors import BuildError, InputError

_GRAPH_AT_LINE_END = pattern(rb' <[^<>"\s]*> \.$', MULTILINE)
_BUFFER = 1 << 20
_PART = 64 << 20
"""Text that is loaded at once, in bytes. Oxigraph sorts and writes what it was given when that ends, or after a million
statements: in parts this, too, is done while the next statements are being made."""


class Loading:
    """A new Oxigraph folder that takes N-Quads text, one statement a line in canonical form, until the block ends.

    Every triple also goes into the default graph. Oxigraph can present the named graphs as one, but then a triple
    that two sources state counts twice in sums and rows; as a graph of its own the union is a set, as SPARQL
    demands, and answers 1.4 times faster. It costs 0.6 times the time of loading the named graphs, and is loaded
    after them from a file beside the folder: at once, up to a million triples need no second sorting.

    Raises:
        BuildError: the folder exists and is not empty, or cannot be written.
        InputError: when text is added or at the end: some text was not N-Quads in that form.
    """

    def __init__(self, directory: Path) -> None:
        if directory.exists() and any(directory.iterdir()):
            raise BuildError(f"{directory} is not empty: a store is loaded into a new folder")
        try:
            # A file without a name, which goes with the process however it ends.
            self._triples = TemporaryFile(dir=directory.parent, buffering=_BUFFER)  # noqa: SIM115  # closed when loading ends
        except OSError as error:
            raise BuildError(f"{directory.parent} cannot be written: {error.strerror}") from error
        self._directory = directory
        self._thread = Thread(target=self._load, name="loading", daemon=True)
        self._parts: SimpleQueue[int | None] = SimpleQueue()
        self._pipe: BinaryIO | None = None
        self._written = 0
        self._wanted = True
        self._failure: Exception | None = None

    def add(self, graph: str, nquads: bytes) -> None:
        """Load lines of N-Quads that all belong to `graph` (an IRI in angle brackets)."""
        # No literal holds a line break, so this sign stands at the ends of lines only.
        end = f" {graph} .\n".encode()
        if nquads.count(end) != nquads.count(b"\n"):
            raise InputError(f"what was to be loaded is not N-Quads of {graph} with one statement a line")
        self._write(nquads, nquads.replace(end, b" .\n"))

    def add_lines(self, nquads: bytes) -> None:
        """Load whole lines of N-Quads of any graphs."""
        triples, number = _GRAPH_AT_LINE_END.subn(b" .", nquads)
        if number != nquads.count(b"\n"):
            raise InputError("what was to be loaded is not N-Quads with one statement a line")
        self._write(nquads, triples)

    def pause(self) -> None:
        """Have what was added so far sorted and written now, as the next text will be a while in coming."""
        if self._pipe is not None and self._written > _BUFFER:
            try:
                self._pipe = self._next_part()
            except BrokenPipeError:
                self._end()
                raise self._failed() from self._failure

    def _write(self, nquads: bytes, triples: bytes) -> None:
        try:
            if self._pipe is None or self._written > _PART:
                self._pipe = self._next_part()
            self._written += self._pipe.write(nquads)
        except BrokenPipeError:
            self._end()
            raise self._failed() from self._failure
        try:
            self._triples.write(triples)
        except OSError as error:
            raise BuildError(f"{self._directory.parent} cannot be written: {error.strerror}") from error

    def _next_part(self) -> BinaryIO:
        """Close the part that is being written, and return a pipe for the next."""
        # The thread starts with the first text: until then the caller may fork the processes that make it.
        if self._pipe is None:
            self._thread.start()
        else:
            self._pipe.close()
        source, target = os.pipe()
        self._parts.put(source)
        self._written = 0
        return os.fdopen(target, "wb", buffering=_BUFFER)

    def _load(self) -> None:
        import pyoxigraph

        try:
            store = pyoxigraph.Store(self._directory)
            while (source := self._parts.get()) is not None:
                try:
                    store.bulk_load(path=f"/dev/fd/{source}", format=pyoxigraph.RdfFormat.N_QUADS)
                finally:
                    os.close(source)
            if self._wanted:
                # The same terms have just been read with all checks.
                name = f"/dev/fd/{self._triples.fileno()}"
                store.bulk_load(path=name, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
            store.optimize()
            store.flush()
        except (SyntaxError, OSError) as error:
            self._failure = error
            # Whoever still writes learns by closed pipes that nobody reads.
            while (source := self._parts.get()) is not None:
                os.close(source)

    def _end(self) -> None:
        if self._pipe is None:
            self._pipe = self._next_part()
        with suppress(BrokenPipeError):
            self._pipe.close()
        try:
            self._triples.seek(0)
        except OSError as error:  # the disk is full
            self._failure, self._wanted = error, False
        self._parts.put(None)
        self._thread.join()

    def _failed(self) -> Exception:
        if isinstance(self._failure, SyntaxError):
            return InputError(f"what was to be loaded is not N-Quads with one statement a line: {self._failure}")
        return BuildError(f"{self._directory} cannot be loaded: {self._failure}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wanted = error is None
        if self._thread.is_alive() or self._pipe is None:
            self._end()
        self._triples.close()
        if self._failure and error is None:
            raise self._failed() from self._failure
