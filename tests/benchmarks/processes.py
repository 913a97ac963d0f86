"""What a server takes of the machine, in all its processes."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path


def family(process: int, program: Path | None = None) -> list[int]:
    """Return a process, its children and theirs; with `program` only those that run it, and what is below them."""
    found = [process]
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # a thread or a child has ended meanwhile
            for child in map(int, listed.read_text().split()):
                if program is None or Path(f"/proc/{child}/exe").resolve() == program:
                    found += family(child, program)
    return found


def processor(process: int, program: Path | None = None) -> float:
    """Return the milliseconds of processor time that a family has used so far, those that have ended left out."""
    spent = 0
    for member in family(process, program):
        for task in Path(f"/proc/{member}/task").glob("*/schedstat"):
            with suppress(OSError):
                spent += int(task.read_text().split()[0])
    return spent / 1e6


def memory(process: int, program: Path | None = None) -> float:
    """Return the memory of a family in MB; what its processes share is counted once."""
    whole = 0
    for member in family(process, program):
        with suppress(OSError):
            found = re.search(r"\nPss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text())
            whole += int(found[1]) if found else 0
    return whole / 1024
