"""Loads statements into a new Oxigraph folder while they are still being made.

Oxigraph reads from a pipe in a process of its own, so that on two cores loading costs a build little more than the time
of reading its sources.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from re import MULTILINE
from re import compile as pattern
from types import TracebackType
from typing import BinaryIO, Self

from kg.errors import BuildError, InputError
from kg.store.bulk_loader import load
from kg.store.loader_process import LoaderProcess

GRAPH_AT_LINE_END = pattern(rb' <[^<>"\s]*> \.$', MULTILINE)
"""The graph of a statement that stands on a line of its own, in canonical form, with the end of that line."""
_BUFFER = 1 << 20
"""Bytes that are handed on at once; a store of fewer is loaded sooner than a process is started."""
_LEAST, _MOST = 8 << 20, 32 << 20
"""Text that is loaded at once, in bytes. Oxigraph sorts and writes what it was given when that ends: in parts this is
done while the next statements are being made, and the less is sorted at once, the less memory and time it takes. But
all parts are merged in the end, and each has ten files until then, so there must not be too many."""
_PARTS = 64
"""A part holds this part of all text before it, within those limits."""


class Loading:
    """A new Oxigraph folder that takes N-Quads text, one statement a line in canonical form, until the block ends.

    Every triple also goes into the default graph. Oxigraph can present the named graphs as one, but then a triple
    that two sources state counts twice in sums and rows; as a graph of its own the union is a set, as SPARQL
    demands, and answers 1.4 times faster. Both are loaded together: each term is written once, and nothing waits for
    the end.

    Raises:
        BuildError: the folder exists and is not empty, or cannot be written.
        InputError: when text is added or at the end: some text was not N-Quads in that form.
    """

    def __init__(self, directory: Path) -> None:
        if directory.exists() and any(directory.iterdir()):
            raise BuildError(f"{directory} is not empty: a store is loaded into a new folder")
        self._directory = directory
        self._process: LoaderProcess | None = None
        self._pipe: BinaryIO | None = None
        self._held: list[bytes] = []
        self._written = self._before = 0

    def add(self, graph: str, nquads: bytes) -> None:
        """Load lines of N-Quads that all belong to `graph` (an IRI in angle brackets)."""
        # No literal holds a line break, so this sign stands at the ends of lines only.
        end = f" {graph} .\n".encode()
        if nquads.count(end) != nquads.count(b"\n"):
            raise InputError(f"what was to be loaded is not N-Quads of {graph} with one statement a line")
        self._write(nquads, nquads.replace(end, b" .\n"))

    def add_lines(self, nquads: bytes) -> None:
        """Load whole lines of N-Quads of any graphs."""
        triples, number = GRAPH_AT_LINE_END.subn(b" .", nquads)
        if number != nquads.count(b"\n"):
            raise InputError("what was to be loaded is not N-Quads with one statement a line")
        self._write(nquads, triples)

    def pause(self) -> None:
        """Have what was added so far sorted and written now, as the next text will be a while in coming."""
        if self._process is not None and self._written > _BUFFER:
            self._next_part(self._process)

    def _write(self, *texts: bytes) -> None:
        size = sum(map(len, texts))
        if self._process is None:
            self._held += texts
            self._written += size
            if self._written <= _BUFFER:
                return
            texts, size = tuple(self._held), self._written
            self._held.clear()
            self._process = LoaderProcess(self._directory)
        if self._pipe is None or self._written + size > min(max(self._before // _PARTS, _LEAST), _MOST):
            self._next_part(self._process)
        self._written += size
        self._before += size
        if self._pipe is not None:
            try:
                for text in texts:
                    self._pipe.write(text)
            except BrokenPipeError as error:
                raise self._process.failure() from error

    def _next_part(self, process: LoaderProcess) -> None:
        """Close the part that is being written, and open a pipe for the next."""
        self._close_part(process)
        source, target = os.pipe()
        try:
            process.tell(source)
        finally:
            os.close(source)
        self._pipe = os.fdopen(target, "wb", buffering=_BUFFER)
        self._written = 0

    def _close_part(self, process: LoaderProcess) -> None:
        if self._pipe is not None:
            try:
                self._pipe.close()
            except BrokenPipeError as error:
                raise process.failure() from error
            finally:
                self._pipe = None

    def _finish(self) -> None:
        if self._process is not None:
            self._close_part(self._process)
            self._process.finish()
            return
        try:
            load(str(self._directory), b"".join(self._held))
        except SyntaxError as error:
            raise InputError(f"what was to be loaded is not N-Quads with one statement a line: {error}") from error
        except OSError as error:
            raise BuildError(f"{self._directory} cannot be loaded: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            if self._process is not None:
                self._process.end()
            if self._pipe is not None:
                with suppress(BrokenPipeError):
                    self._pipe.close()
