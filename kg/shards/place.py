"""A folder that this process and all workers of a cluster see: a shared file system, or an object store by fsspec."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import BuildError, UsageError


class Place:
    """A folder by its path or URL (`s3://bucket/folder`, `memory://x`); it can be sent to other machines."""

    def __init__(self, url: str) -> None:
        # Workers may run in other folders than this process.
        self.url = url.rstrip("/") if "://" in url else str(Path(url).resolve())

    def inside(self, name: str) -> Place:
        """Return a folder in this one."""
        return Place(f"{self.url}/{name}")

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all; the place is made if it is missing."""
        with _named(self.url) as (system, root):
            target = f"{root}/{name}"
            if "file" not in _protocols(system):
                system.pipe_file(target, data)
                return
            # Two workers may write the same file when one of them was thought to be lost.
            partial = f"{target}.{uuid.uuid4().hex}"
            system.makedirs(root, exist_ok=True)
            system.pipe_file(partial, data)
            Path(partial).replace(target)

    def read(self, name: str) -> bytes:
        """Return what a file holds."""
        with _named(self.url) as (system, root):
            found: bytes = system.cat_file(f"{root}/{name}")
            return found

    def delete(self, name: str) -> None:
        """Delete a file."""
        with _named(self.url) as (system, root):
            system.rm_file(f"{root}/{name}")

    def files(self) -> list[str]:
        """Return the names of the files, in order."""
        with _named(self.url) as (system, root):
            # Others write here too, and some object stores remember what they have listed.
            system.invalidate_cache()
            return sorted(path.rpartition("/")[2] for path in system.find(root))

    def remove(self) -> None:
        """Delete the folder with all that is in it, if it exists."""
        with _named(self.url) as (system, root):
            system.invalidate_cache()
            if system.exists(root):
                system.rm(root, recursive=True)


def _protocols(system: Any) -> tuple[str, ...]:
    return (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)


@contextmanager
def _named(url: str) -> Iterator[tuple[Any, str]]:
    """Give the file system and the path that a URL means, and put what is wrong into words."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UsageError("a shared place needs the extra esf-kg[cluster]") from error
    try:
        system, root = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{url} is no place that can be shared: {error}") from error
    try:
        yield system, root.rstrip("/")
    except OSError as error:
        raise BuildError(f"the shared place {url} cannot be used: {error}") from error
