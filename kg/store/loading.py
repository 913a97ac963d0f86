"""Loads statements into a new Oxigraph folder while they are still being made.

Oxigraph reads them in a process of its own from the file that they are written to, which the system still holds. So
nothing waits in memory, whoever writes never waits for Oxigraph, and loading costs a build little more than the time
of reading its sources.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from kg.errors import BuildError, InputError
from kg.store.bulk_loader import load, read
from kg.store.loader_process import LoaderProcess

_SMALL = 2 << 20
"""A store of fewer bytes of text is loaded sooner than a process is started."""
_LEAST, _MOST = 8 << 20, 16 << 20
"""Text that is loaded at once, in bytes. Oxigraph sorts and writes what it was given when that ends: the less is
sorted at once, the less memory and time it takes. But all parts are merged in the end, and each has ten files until
then, so there must not be too many."""
_PARTS = 64
"""A part holds this part of all text before it, within those limits."""


class Loading:
    """A new Oxigraph folder that takes N-Quads text, one statement a line in canonical form, until the block ends.

    Every triple also goes into the default graph. Oxigraph can present the named graphs as one, but then a triple
    that two sources state counts twice in sums and rows; as a graph of its own the union is a set, as SPARQL
    demands, and answers 1.4 times faster. Both are loaded together: nothing waits for the end.

    Raises:
        BuildError: the folder exists and is not empty, or cannot be written.
        InputError: when text is added or at the end: some text was not N-Quads in that form.
    """

    def __init__(self, directory: Path) -> None:
        if directory.exists() and any(directory.iterdir()):
            raise BuildError(f"{directory} is not empty: a store is loaded into a new folder")
        self._directory = directory
        self._process: LoaderProcess | None = None
        self._files = ExitStack()
        self._by_path: dict[Path, BinaryIO] = {}
        self._texts: BinaryIO | None = None
        self._untold: list[tuple[BinaryIO, int, int]] = []
        self._told = 0

    def add(self, nquads: bytes) -> None:
        """Load whole lines of N-Quads."""
        try:
            if self._texts is None:
                folder = self._directory.parent
                texts = tempfile.TemporaryFile(dir=folder, prefix=".loading-")  # noqa: SIM115  # closed with the others
                self._texts = self._files.enter_context(texts)
            start = self._texts.tell()
            self._texts.write(nquads)
        except OSError as error:
            raise BuildError(f"{self._directory} cannot be loaded: {error.strerror}") from error
        self._add(self._texts, start, start + len(nquads))

    def add_written(self, path: Path, start: int, end: int) -> None:
        """Load whole lines that stand in an N-Quads file from byte `start` to before `end`, written through."""
        try:
            if path not in self._by_path:
                self._by_path[path] = self._files.enter_context(path.open("rb"))
        except OSError as error:
            raise BuildError(f"{path} cannot be read again: {error.strerror}") from error
        self._add(self._by_path[path], start, end)

    def pause(self) -> None:
        """Have what was added so far loaded now, as the next text will be a while in coming."""
        if self._process is not None:
            self._tell(self._process)

    def _add(self, file: BinaryIO, start: int, end: int) -> None:
        if self._untold and self._untold[-1][0] is file and self._untold[-1][2] == start:
            start = self._untold.pop()[1]
        self._untold.append((file, start, end))
        size = sum(end - start for _, start, end in self._untold)
        if self._process is None:
            if size <= _SMALL:
                return
            self._process = LoaderProcess(self._directory)
        if size >= min(max(self._told // _PARTS, _LEAST), _MOST):
            self._tell(self._process)

    def _tell(self, process: LoaderProcess) -> None:
        self._flush()
        for file, start, end in self._untold:
            process.tell(file, start, end)
            self._told += end - start
        self._untold.clear()

    def _flush(self) -> None:
        if self._texts is not None:
            try:
                self._texts.flush()
            except OSError as error:
                raise BuildError(f"{self._directory} cannot be loaded: {error.strerror}") from error

    def _finish(self) -> None:
        if self._process is not None:
            self._tell(self._process)
            self._process.finish()
            return
        self._flush()
        try:
            texts = (read(file.fileno(), start, end) for file, start, end in self._untold)
            load(str(self._directory), b"".join(texts))
        except SyntaxError as error:
            raise InputError(f"what was to be loaded is not N-Quads with one statement a line: {error}") from error
        except OSError as error:
            raise BuildError(f"{self._directory} cannot be loaded: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._files:
            try:
                if error is None:
                    self._finish()
            finally:
                if self._process is not None:
                    self._process.end()
