"""The options that say which graph a command asks, and the opening of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.store import Store

Build = Annotated[Path, typer.Option("--build", "-b", help="Folder of the build.")]
Endpoint = Annotated[
    str | None, typer.Option("--endpoint", help="Address of a SPARQL 1.1 server to ask instead of a build.")
]


@contextmanager
def opened(build: Path, endpoint: str | None) -> Iterator[Store]:
    """Open the build, or the server at `endpoint`, for the time of a block.

    Raises:
        BuildError: there is no usable build in that folder.
        EndpointError: the server cannot be reached.
    """
    import kg

    with kg.open(build, endpoint=endpoint) as graph:
        yield graph.store
