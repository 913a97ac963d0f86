"""What a server takes of the machine, in all its processes."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

_USER, _SYSTEM = 11, 12
"""Places in what the kernel tells of a process after its name: ticks of processor time."""


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
    """Return the milliseconds of processor time that a family has used so far, processes that have ended left out."""
    spent = 0
    for member in family(process, program):
        with suppress(OSError):  # it has ended meanwhile
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            # Of the process, not of its threads: a server that has one for each connection has ended most of them.
            spent += int(fields[_USER]) + int(fields[_SYSTEM])
    return 1000 * spent / os.sysconf("SC_CLK_TCK")


def memory(process: int, program: Path | None = None) -> float:
    """Return the memory of a family in MB; what its processes share is counted once."""
    whole = 0
    for member in family(process, program):
        with suppress(OSError):
            found = re.search(r"\nPss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text())
            whole += int(found[1]) if found else 0
    return whole / 1024
