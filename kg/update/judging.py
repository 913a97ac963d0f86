"""Decides whether a new build may take the place of the one in force: what the check newly finds, and what is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.counting import counted
from kg.errors import BuildError

FILE = "update.json"
"""Stands in a generation that an update made: what it was made from, and what is known to be wrong with it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a generation: fingerprint of its sources, number of projects, violations by a lasting name.

    `fingerprint` is empty for a generation that no update made.
    """

    fingerprint: str
    projects: int
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a new build is refused (nothing, if it is not), its violations that are new, and how many are known."""

    reasons: tuple[str, ...]
    new: tuple[str, ...]
    known: int


def verdict(before: Standing | None, after: Standing, least_share: float) -> Verdict:
    """Return whether the build may take over: no new violation, and not far fewer projects.

    >>> before, after = Standing("a", 100, ("x",)), Standing("b", 80, ("x", "y"))
    >>> verdict(before, after, 0.9).reasons
    ('1 new violation', '80 projects, and there were 100')
    >>> verdict(None, Standing("b", 5, ()), 0.9).reasons
    ()
    """
    known = frozenset(before.violations if before else ())
    new = tuple(each for each in after.violations if each not in known)
    reasons = [counted(len(new), "new violation")] if new else []
    if before and after.projects < least_share * before.projects:
        reasons.append(f"{counted(after.projects, 'project')}, and there were {before.projects}")
    return Verdict(tuple(reasons), new, len(after.violations) - len(new))


def standing(generation: Path) -> Standing | None:
    """Return what an update wrote into a generation, or None if none did.

    Raises:
        BuildError: the file is damaged.
    """
    path = generation / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Standing(str(found["fingerprint"]), int(found["projects"]), tuple(map(str, found["violations"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path} is damaged ({error!r})") from error


def write(generation: Path, found: Standing) -> None:
    """Write what is known into a generation."""
    plain = {"fingerprint": found.fingerprint, "projects": found.projects, "violations": list(found.violations)}
    (generation / FILE).write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def judged(folder: Path, fingerprint: str) -> Standing:
    """Check the generation in force of a build folder, and return how it stands."""
    from kg.store import read_report
    from kg.validation import check_build
    from kg.validation.baseline import key_of

    counts = read_report(folder)["counts"]
    found = [" ".join(key_of(each)) for each in check_build(folder).findings if each.severity == "Violation"]
    return Standing(fingerprint, int(counts["projects"]), _distinct(found))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
