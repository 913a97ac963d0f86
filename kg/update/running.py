"""Keeps a site current: fetches, builds aside, judges, releases, switches in one step; and goes back on demand.

Whatever moment a run is killed at, the generation in force is whole: the new one is built in a folder that nobody
reads, and takes over by the renaming of one small file. What a killed run has left, the next one removes. A release
that cannot be made stops the run before the switch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from kg import generations
from kg.counting import counted
from kg.errors import BuildError, EndpointError, KgError, UsageError
from kg.update.fingerprint import fingerprint
from kg.update.judging import Standing, judged, standing, verdict, write
from kg.update.plan import Plan
from kg.update.releasing import Releasing

_ASIDE, _BACK = ".update", "rolled-back.json"
Say = Callable[[str], None]
"""Called with what is done next, in words."""


class Result(Enum):
    """What came of a run."""

    UPDATED = "updated"
    FINDINGS = "updated, with violations"
    NOTHING_NEW = "nothing new"
    REFUSED = "refused"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: the generation now in force and the one before, if there was one.

    `reasons` say why a build was refused, `violations` name what is wrong and new; `fetched` is the number of pages by
    what became of them; `released` says whether a release was made.
    """

    result: Result
    generation: str | None
    before: str | None
    reasons: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    known: int = 0
    fetched: dict[str, int] = field(default_factory=dict)
    released: bool = False


def update(plan: Plan, *, accept: bool = False, force: bool = False, say: Say = lambda text: None) -> Outcome:
    """Bring the build of a plan to what its sources say now.

    `accept` takes over what the judgement would refuse; `force` builds although nothing is new.

    Raises:
        LockedError: another update or build is under way in the folder.
        InputError: a source is missing or cannot be read, or the release cannot be written; the build in force stays.
        EndpointError: not one of the pages to fetch could be had.
        UsageError: the configuration of the release is wrong, or its folder holds something else.
        BuildError: the folder cannot be written.
    """
    with generations.locked(plan.build):
        _tidy(plan.build)
        releasing = Releasing(plan, say)
        fetched = _fetched(plan, say)
        here = _here(plan.build)
        now = fingerprint(plan)
        known = standing(plan.build / generations.GENERATIONS / here) if here else None
        back = _rolled_back(plan.build)
        if not force and ((known and known.fingerprint == now) or back == now):
            reasons = ("the sources are those of the generation that was rolled back",) if back == now else ()
            released = releasing.made_up_for(here)
            return Outcome(Result.NOTHING_NEW, here, here, reasons, fetched=fetched, released=released)
        outcome = _built(plan, here, now, releasing, accept=accept, say=say)
        return replace(outcome, fetched=fetched)


def roll_back(plan: Plan, *, to: str | None = None, say: Say = lambda text: None) -> Outcome:
    """Put the generation before, or the one called `to`, in force again, and release it.

    The next update leaves it in force until the sources change. Whoever goes back is in a hurry, so this switches
    first: an error of the release says so, and leaves the generation in force.

    Raises:
        LockedError: another update or build is under way in the folder.
        UsageError: there is no such generation.
        BuildError: there is no build.
    """
    with generations.locked(plan.build):
        _tidy(plan.build)
        here = generations.current(plan.build).name
        target = to or generations.before(plan.build)
        if target not in generations.names(plan.build):
            known = ", ".join(generations.names(plan.build))
            raise UsageError(f"{plan.build} has no generation {target}; there are {known}")
        left = standing(plan.build / generations.GENERATIONS / here)
        _write_small(plan.build / _BACK, json.dumps({"fingerprint": left.fingerprint if left else ""}))
        generations.point(plan.build, target)
        try:
            released = Releasing(plan, say).made_up_for(target)
        except KgError as error:
            raise type(error)(f"{target} is in force again, but its release could not be made: {error}") from error
        return Outcome(Result.ROLLED_BACK, target, here, released=released)


def _tidy(folder: Path) -> None:
    shutil.rmtree(folder / _ASIDE, ignore_errors=True)
    generations.clean(folder)


def _here(folder: Path) -> str | None:
    """Return the generation in force, or None before the first build."""
    return generations.current(folder).name if (folder / generations.CURRENT).exists() else None


def _fetched(plan: Plan, say: Say) -> dict[str, int]:
    if plan.fetching is None:
        return {}
    from kg.fetch import Options, fetch, targets

    wanted = targets(plan.fetching.wanted)
    say(f"fetching {counted(len(wanted), 'page')}")
    given = plan.fetching
    options = Options(interval=given.interval, tries=given.tries, allow_private=given.allow_private)
    counts = fetch(wanted, plan.fetching.into, options).counts()
    if wanted and counts["forbidden"] + counts["failed"] == len(wanted):
        raise EndpointError(f"not one of {counted(len(wanted), 'page')} could be fetched; the build stays as it is")
    return {str(result): number for result, number in counts.items() if number}


def _built(plan: Plan, here: str | None, now: str, releasing: Releasing, *, accept: bool, say: Say) -> Outcome:
    from kg.build import build

    with _aside(plan.build) as aside:
        say(f"building from {', '.join(plan.sources)}")
        build(
            plan.sources,
            aside,
            base=plan.base,
            workers=plan.workers,
            mapping=plan.mapping,
            owners=plan.owners,
            links=plan.links,
        )
        say("checking")
        after = judged(aside, now)
        found = verdict(_standing_before(plan.build, here), after, plan.least_share)
        if found.reasons and not accept:
            return Outcome(Result.REFUSED, here, here, found.reasons, found.new, found.known)
        built = generations.current(aside)
        write(built, after)
        generations.synchronise(built)
        released = releasing.make(aside)
        generations.adopt(plan.build, built, keep=plan.keep)
        releasing.done(built.name)
    (plan.build / _BACK).unlink(missing_ok=True)
    result = Result.FINDINGS if after.violations else Result.UPDATED
    return Outcome(result, built.name, here, violations=found.new, known=found.known, released=released)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Give a build folder on the same disk whose first generation has the next number of `folder`."""
    aside = folder / _ASIDE
    newest = max(generations.names(folder), default="000000")
    try:
        (aside / generations.GENERATIONS / newest).mkdir(parents=True)
    except OSError as error:
        raise BuildError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _standing_before(folder: Path, here: str | None) -> Standing | None:
    if here is None:
        return None
    known = standing(folder / generations.GENERATIONS / here)
    # A generation that `kg build` made was not judged when it was made.
    return known or judged(folder, "")


def _rolled_back(folder: Path) -> str | None:
    """Return the fingerprint of what was rolled back, until something else is built."""
    try:
        return str(json.loads((folder / _BACK).read_text(encoding="utf-8"))["fingerprint"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _write_small(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
