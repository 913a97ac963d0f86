"""Whenever an update is killed, what is served and released is whole: that of before, or the new, never a mixture."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pytest

from kg import generations
from kg.release.switching import CHECKSUMS
from kg.store import open_build
from kg.update import Result, releasing, update
from tests.update.conftest import Place
from tests.update.victim import quickly_released

ROOT = Path(__file__).parent.parent.parent
STATES = ((0,), (1,))
KILLS = 40
"""One in each 40th of the time that an update lasts, so that no part of it is left out by chance."""


class Victims:
    """Starts updates in processes of their own."""

    def __init__(self, helper: subprocess.Popen[str], plan: Path) -> None:
        self._helper, self._plan = helper, plan

    def run(self, what: str = "update", *, after: float | None = None, dies_at: int = 0) -> bool:
        """Start a run, kill it after so many seconds or let it die by itself; return whether it was killed."""
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        self._helper.stdin.write(f"{self._plan}\t{what}\t{dies_at}\n")
        self._helper.stdin.flush()
        process = int(self._helper.stdout.readline())
        if after is not None:
            ended, _, _ = select.select([self._helper.stdout], [], [], after)
            if not ended:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        status = int(self._helper.stdout.readline())
        assert status in (0, signal.SIGKILL), status
        return status == signal.SIGKILL


@contextmanager
def helper(place: Place) -> Iterator[Victims]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.update.victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # One thread, as a process that is copied should have.
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )
    with process:
        try:
            yield Victims(process, place.plan_file)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=60)


@pytest.fixture
def place() -> Iterator[Place]:
    """A place in memory where there is one: what is tested is the order of changes, and not how fast a disk is."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="kg-kills-", dir=shared if shared.is_dir() else None) as name:
        found = Place(Path(name))
        found.pages.mkdir()
        yield found


@pytest.fixture
def whole(place: Place, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The digest of the data of each state, with its number of triples."""
    monkeypatch.setattr(releasing, "release", quickly_released)
    plan, found = place.plan('least_share = 0\nrelease = "public"\n'), {}
    for state in STATES:
        place.put(*state)
        assert update(plan, accept=True).result is not Result.REFUSED
        found[_digest(plan.build)] = _triples(plan.build)
    assert len(found) == len(STATES)
    return found


def _digest(build: Path) -> str:
    return sha256((generations.current(build) / "data.nq").read_bytes()).hexdigest()


def _triples(build: Path) -> int:
    with open_build(build) as store:
        ((number,),) = store.texts("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        return int(number or 0)


def _assert_served_whole(place: Place, whole: dict[str, int]) -> None:
    build = place.folder / "build"
    assert _triples(build) == whole[_digest(build)]
    assert _released(place) in whole


def _released(place: Place) -> str:
    return (place.folder / "public" / CHECKSUMS).read_text("utf-8")


def _put_another(place: Place, whole: dict[str, int]) -> None:
    """Let the pages be others than those of the build in force, so that there is something to do."""
    here = _digest(place.folder / "build")
    # What was rolled back would not be built again.
    (place.folder / "build" / "rolled-back.json").unlink(missing_ok=True)
    place.put(*next(state for state, digest in zip(STATES, whole, strict=True) if digest != here))


def _assert_comes_to_its_end(place: Place, whole: dict[str, int], victims: Victims) -> None:
    build = place.folder / "build"
    _put_another(place, whole)
    wanted = next(digest for digest in whole if digest != _digest(build))
    assert not victims.run()
    _assert_served_whole(place, whole)
    assert _digest(build) == _released(place) == wanted
    assert not (place.folder / ".public.unfinished").exists()
    assert not [path for path in (build / "generations").iterdir() if not path.name.isdigit()]
    assert not (build / ".update").exists()
    assert len(generations.names(build)) <= 4


def test_an_update_killed_at_a_random_moment_leaves_what_is_served_whole(place: Place, whole: dict[str, int]) -> None:
    chance = random.Random(8)
    with helper(place) as victims:
        victims.run()  # the helper is awake after it
        _put_another(place, whole)
        started = time.monotonic()
        victims.run()
        lasts = time.monotonic() - started
        killed = rounds = 0
        while killed < KILLS:
            assert rounds < 4 * KILLS
            _put_another(place, whole)
            killed += victims.run(after=(rounds % KILLS + chance.random()) / KILLS * lasts)
            _assert_served_whole(place, whole)
            rounds += 1
            if rounds % 3 == 0:
                _put_another(place, whole)
                victims.run("back", after=chance.uniform(0, 0.01))
                _assert_served_whole(place, whole)
        _assert_comes_to_its_end(place, whole, victims)


@pytest.mark.parametrize("what", ["update", "back"])
def test_an_update_killed_at_any_change_of_the_disk_leaves_what_is_served_whole(
    what: str, place: Place, whole: dict[str, int]
) -> None:
    with helper(place) as victims:
        dies_at, killed = 0, True
        # A run that finds little left to tidy up makes few changes, and is not the last that can be killed.
        while killed or dies_at < {"update": 20, "back": 1}[what]:
            dies_at += 1
            _put_another(place, whole)
            killed = victims.run(what, dies_at=dies_at)
            _assert_served_whole(place, whole)
        _assert_comes_to_its_end(place, whole, victims)
