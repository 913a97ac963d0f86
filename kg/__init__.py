"""Knowledge graph of Swedish European Social Fund projects, their owners and the working methods they use.

Usage::

    import kg

    with kg.open("build") as graph:
        for row in graph.query("shared-methods", region="SE12"):
            print(row["methodName"], row["projects"])
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BuildError, EndpointError, InputError, KgError, UsageError, VocabularyError

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = [
    "BuildError",
    "EndpointError",
    "InputError",
    "KgError",
    "UsageError",
    "VocabularyError",
    "__version__",
    "open",
]


def open(build: str | Path = "build", *, endpoint: str | None = None, base: str | None = None) -> Graph:
    """Open a built graph, or with `endpoint` the graph that a SPARQL 1.1 server holds.

    `base` is the base of our IRIs on that server; without it the server's copy of the ontology is asked.
    Close the graph when done, or use it in a `with` block.

    Raises:
        BuildError: there is no usable build in that folder.
        EndpointError: the server cannot be reached or does not speak SPARQL.
        UsageError: `base` is given for a build, which knows its own, or is not a base.
    """
    from kg import graph

    if endpoint is not None:
        return graph.open_endpoint(endpoint, base=base)
    if base is not None:
        raise UsageError("base= goes with endpoint=: a build knows its own base")
    return graph.open_build(Path(build))


def __getattr__(name: str) -> str:
    # The version is looked up only when asked for: importlib.metadata costs more than the rest of `import kg`.
    if name == "__version__":
        return _version()
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def _version() -> str:
    import tomllib
    from importlib import metadata

    try:
        return metadata.version("esf-kg")
    except metadata.PackageNotFoundError:
        # A checkout that is used without being installed.
        pyproject = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"])
