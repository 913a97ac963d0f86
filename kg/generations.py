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

from kg.errors import BuildError, LockedError, UsageError

CURRENT, GENERATIONS, _LOCK, _UNFINISHED = "CURRENT", "generations", ".lock", "unfinished-"
KEPT = 2
"""How many generations stay: the one in force and the one before, which a reader may still have open."""
_held: set[int] = set()


def _let_go() -> None:
    for handle in _held:
        os.close(handle)
    _held.clear()


# A process that reads for a build outlives a build that is killed, and must not keep its lock for ever.
os.register_at_fork(after_in_child=_let_go)


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
        LockedError: another build holds it.
        BuildError: the folder cannot be written.
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
            raise LockedError(f"another build is writing to {folder}; wait until it has ended") from None
        _held.add(lock.fileno())
        try:
            yield
        finally:
            _held.discard(lock.fileno())


@contextmanager
def new_generation(folder: Path) -> Iterator[Path]:
    """Give a fresh folder to fill; when the block ends without an error it becomes the current generation."""
    generations = folder / GENERATIONS
    clean(folder)
    number = 1 + max((int(path.name) for path in generations.iterdir() if path.name.isdigit()), default=0)
    unfinished = generations / f"{_UNFINISHED}{number}"
    unfinished.mkdir()
    try:
        yield unfinished
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    synchronise(unfinished)
    finished = generations / final_name(unfinished)
    unfinished.rename(finished)
    point(folder, finished.name)
    drop_old(folder, KEPT)


def adopt(folder: Path, built: Path, *, keep: int = KEPT) -> None:
    """Make a generation that was built elsewhere on the same disk, and synchronised, the one in force; call it locked.

    Raises:
        BuildError: there is a generation of that name.
    """
    target = folder / GENERATIONS / built.name
    if target.exists():
        raise BuildError(f"{folder} has a generation {built.name} already")
    built.rename(target)
    point(folder, target.name)
    drop_old(folder, keep)


def names(folder: Path) -> list[str]:
    """Return the names of the finished generations, the oldest first."""
    generations = folder / GENERATIONS
    return sorted(path.name for path in generations.iterdir() if path.name.isdigit()) if generations.is_dir() else []


def before(folder: Path) -> str:
    """Return the name of the generation before the one in force.

    Raises:
        BuildError: there is no build.
        UsageError: it is the oldest.
    """
    here = current(folder).name
    older = [name for name in names(folder) if name < here]
    if not older:
        raise UsageError(f"{folder} has no generation before {here}")
    return older[-1]


def clean(folder: Path) -> None:
    """Remove what killed builds have left; call it locked."""
    for leftover in (folder / GENERATIONS).glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def final_name(unfinished: Path) -> str:
    """Return the name that an unfinished generation will have."""
    return f"{int(unfinished.name.removeprefix(_UNFINISHED)):06d}"


def synchronise(folder: Path) -> None:
    """Write all files of a folder through to the disk."""
    for path in (*(path for path in folder.rglob("*") if path.is_file()), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def point(folder: Path, name: str) -> None:
    """Make a generation the one in force, in one step; call it locked."""
    fresh = folder / f"{CURRENT}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / CURRENT)


def drop_old(folder: Path, keep: int) -> None:
    """Remove all but the newest `keep` generations and the one in force; call it locked."""
    generations, here = folder / GENERATIONS, current(folder).name
    for name in names(folder)[:-keep]:
        if name != here:
            # Under another name first: a generation that is half removed is none.
            doomed = generations / f"{_UNFINISHED}old-{name}"
            (generations / name).rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
