"""Puts a folder in the place of another in one step, so that a web server never serves half a release."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import BuildError, InputError, UsageError

CHECKSUMS = "SHA256SUMS"
"""The file that every release has, and by which a folder is known to be one."""
_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux, <linux/fs.h> and <fcntl.h>


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` to fill; when the block ends without an error it takes that place.

    Raises:
        UsageError: `folder` is not empty and is no release, so it is not ours to replace.
        BuildError: another release into the same folder is under way.
        InputError: the folder cannot be written.
    """
    target = folder.absolute()
    check_replaceable(target)
    fresh = target.with_name(f".{target.name}.unfinished")
    try:
        fresh.mkdir(parents=True, exist_ok=True)
        handle = os.open(fresh, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        _lock(handle, folder)
        _empty(fresh)
        try:
            yield fresh
            fresh.chmod(0o755)
            _switch(fresh, target)
        finally:
            # After the switch this is what stood there before.
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        os.close(handle)


def check_replaceable(target: Path) -> None:
    """Accept a folder that a release may take the place of: one that is missing, empty or a release.

    Raises:
        UsageError: it is something else, which is not ours to replace.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; a release is a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / CHECKSUMS).is_file():
        raise UsageError(f"{target} holds files that are no release (no {CHECKSUMS}); give a new or an empty folder")


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BuildError(f"another release is being written to {folder}; wait until it has ended") from None


def _empty(folder: Path) -> None:
    for leftover in folder.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _switch(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        # Without an exchange in one step there is a moment in which neither has the name.
        before = target.with_name(f".{target.name}.before")
        shutil.rmtree(before, ignore_errors=True)
        target.rename(before)
        fresh.rename(target)
        shutil.rmtree(before, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Return whether the system let two folders change names in one step; not every file system can."""
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return exchange is not None and exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0
