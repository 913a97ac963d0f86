"""Writes a file so that it appears, or changes, under its name only when it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kg.errors import InputError


@contextmanager
def finished(path: Path, *, make_folder: bool = False) -> Iterator[TextIO]:
    """Open a file beside `path` that takes its name when the block ends without an error, and else disappears.

    `make_folder` makes a missing folder; without it a misspelt one is an error.

    Raises:
        InputError: the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        else:
            check_folder(path)
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def check_folder(path: Path) -> None:
    """Accept a file to be written whose folder is there; asked before long work, it saves that work.

    Raises:
        InputError: the folder is missing.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
