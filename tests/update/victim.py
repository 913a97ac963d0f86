"""Runs updates in processes that are meant to be killed: one fork for each line of standard input.

A line holds the plan, what to do (update or roll back), and at which change of the file system to die by itself, 0 for
never. For each the process number is printed, and in the end how it ended, as `os.waitpid` tells it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import kg.build
import kg.search.creating
import kg.store
import kg.update.releasing
import kg.update.running
from kg import generations, ontology
from kg.errors import KgError, UsageError
from kg.mentions import mentions
from kg.reading import tools
from kg.release import Publication
from kg.release.switching import CHECKSUMS, replaced
from kg.store import Store, read_report
from kg.update import read_plan, roll_back, update
from kg.update.judging import Standing
from tests.update.conftest import SEEDS


def quickly_judged(folder: Path, fingerprint: str) -> Standing:
    """Stand in for the check, which changes nothing on disk and takes most of the time."""
    return Standing(fingerprint, int(read_report(folder)["counts"]["projects"]), ())


def quickly_released(store: Store, folder: Path, publication: Publication, *, build: Path) -> None:
    """Stand in for a release: one file, which names what was released, put in its place as a whole release is."""
    with replaced(folder) as fresh:
        data = generations.current(build) / "data.nq"
        (fresh / CHECKSUMS).write_text(sha256(data.read_bytes()).hexdigest(), encoding="utf-8")


def deadly(action: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    """Return the action, which kills the process instead of being done once `left` have been done."""

    def act(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return action(*arguments, **named)

    return act


def run(plan: Path, what: str, dies_at: int) -> None:
    setattr(kg.update.running, "judged", quickly_judged)  # noqa: B010
    setattr(kg.update.releasing, "release", quickly_released)  # noqa: B010
    if dies_at:
        left = [dies_at]
        for name in ("rename", "replace", "rmdir", "unlink"):
            setattr(os, name, deadly(getattr(os, name), left))
    try:
        roll_back(read_plan(plan)) if what == "back" else update(read_plan(plan))
    except UsageError:
        return  # there is nothing to go back to


def main() -> None:
    tools(ontology.load(None).base)
    # What the first text makes a process remember, each of them need not make again.
    for page in SEEDS[:2]:
        mentions(page.read_text("utf-8"))
    assert generations.KEPT
    for line in sys.stdin:
        plan, what, dies_at = line.rstrip("\n").split("\t")
        process = os.fork()
        if process == 0:
            try:
                run(Path(plan), what, int(dies_at))
            except KgError as error:
                sys.stderr.write(f"{error!r}\n")
                os._exit(3)
            os._exit(0)
        print(process, flush=True)
        print(os.waitpid(process, 0)[1], flush=True)


if __name__ == "__main__":
    main()
