"""Loads a file while it is being written, without keeping whoever writes it waiting.

Oxigraph takes several times as long to load statements as it takes to write them. What has been written is read again
from the file, which the system still holds, so that nothing waits in memory.
"""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self

from kg.errors import BuildError, InputError
from kg.store.loading import Loading

_Piece = tuple[str, bytes, int, int]
"""A graph with text, or with where its text begins and ends in the file."""


class Following:
    """Hands on to `loading` what a thread of its own reads from the file at `path`, until the block ends.

    Raises:
        BuildError: when the block ends: the file or the store could not be read or written.
        InputError: when the block ends: some text was not N-Quads of its graph.
    """

    def __init__(self, loading: Loading, path: Path) -> None:
        self._loading, self._path = loading, path
        self._pieces: SimpleQueue[_Piece | None] = SimpleQueue()
        self._thread = Thread(target=self._follow, name="following", daemon=True)
        self._wanted = True
        self._failure: Exception | None = None

    def add(self, graph: str, nquads: bytes) -> None:
        """Load lines of N-Quads of a graph (an IRI in angle brackets), after all that was added before."""
        self._put((graph, nquads, 0, 0))

    def add_written(self, graph: str, start: int, end: int) -> None:
        """Load the lines of a graph that stand in the file from `start` to before `end`, written through."""
        self._put((graph, b"", start, end))

    def _put(self, piece: _Piece) -> None:
        # The thread starts with the first text: until then the caller may fork processes.
        if self._thread.ident is None:
            self._thread.start()
        self._pieces.put(piece)

    def _follow(self) -> None:
        try:
            with self._path.open("rb", buffering=0) as file:
                while (piece := self._pieces.get()) is not None:
                    if self._wanted:
                        self._load(file, *piece)
        except (BuildError, InputError) as error:
            self._failure = error
        except OSError as error:
            self._failure = BuildError(f"{self._path} cannot be read again: {error.strerror}")

    def _load(self, file: BinaryIO, graph: str, nquads: bytes, start: int, end: int) -> None:
        if end:
            file.seek(start)
            nquads = file.read(end - start)
        self._loading.add(graph, nquads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.ident is not None:
            self._wanted = error is None
            self._pieces.put(None)
            self._thread.join()
        if self._failure and error is None:
            raise self._failure
