"""Keeps builds side by side and switches between them in one step, so that a killed build harms nothing.

A build folder holds ``CURRENT`` (the name of the generation in force) and ``generations/<name>/``. A new generation
is written under a name that nobody reads, synchronised to disk, renamed, and only then named in ``CURRENT``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import BuildError

CURRENT, GENERATIONS, _LOCK, _UNFINISHED = "CURRENT", "generations", ".lock", "unfinished-"
KEPT = 2
"""How many generations stay: the one in force and the one before, which a reader may still have open."""


def current(folder: Path) -> Path:
    """Return the folder of the generation in force.

    Raises:
        BuildError: there is no build, or `CURRENT` names one that is not there.
    """
    pointer = folder / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise BuildError(f"{folder} holds no build; make one with: kg build --out {folder}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{pointer} cannot be read: {error}") from error
    found = folder / GENERATIONS / name
    if not name or "/" in name or not found.is_dir():
        raise BuildError(f"{pointer} names the generation {name!r}, which is not there; build again")
    return found


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one build at a time; the lock goes with the process, however it ends.

    Raises:
        BuildError: another build holds it, or the folder cannot be written.
    """
    try:
        (folder / GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise BuildError(f"{folder} cannot be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build is writing to {folder}; wait until it has ended") from None
        yield


@contextmanager
def new_generation(folder: Path) -> Iterator[Path]:
    """Give a fresh folder to fill; when the block ends without an error it becomes the current generation."""
    generations = folder / GENERATIONS
    for leftover in generations.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    number = 1 + max((int(path.name) for path in generations.iterdir() if path.name.isdigit()), default=0)
    unfinished = generations / f"{_UNFINISHED}{number}"
    unfinished.mkdir()
    try:
        yield unfinished
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _synchronise(unfinished)
    finished = generations / final_name(unfinished)
    unfinished.rename(finished)
    _point(folder, finished.name)
    _drop_old(generations, finished)


def final_name(unfinished: Path) -> str:
    """Return the name that an unfinished generation will have."""
    return f"{int(unfinished.name.removeprefix(_UNFINISHED)):06d}"


def _synchronise(folder: Path) -> None:
    for path in (*(path for path in folder.rglob("*") if path.is_file()), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _point(folder: Path, name: str) -> None:
    fresh = folder / f"{CURRENT}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / CURRENT)


def _drop_old(generations: Path, newest: Path) -> None:
    finished = sorted(path for path in generations.iterdir() if path.name.isdigit() and path != newest)
    for old in finished[: max(0, len(finished) - KEPT + 1)]:
        shutil.rmtree(old, ignore_errors=True)
