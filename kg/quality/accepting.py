"""Reads what people have accepted: which issues are not to be shown until a day, and why.

The file is TOML::

    [[accepted]]
    rule = "text-participants"
    project = "22-045-S01"
    reason = "The text counts staff over three years, the field those of the first."
    expires = 2027-06-30

An entry names its rule and at least one of `project` (diary number or key), `source` (a page or list) and `issue` (the
id that the report prints). From the day after `expires` on it holds no longer, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.quality.model import Accepted, Issue
from kg.toml import read_toml
from kg.vocabulary import project_key

_NEEDED = ("rule", "reason", "expires")
_CHOICE = ("project", "source", "issue")
_HEAD = re.compile(r"\s*\[\[\s*accepted\s*\]\]")


@dataclass(frozen=True, slots=True)
class Sorted:
    """Issues that still count, those that are accepted, and the entries that have expired or fit no issue."""

    issues: tuple[Issue, ...]
    accepted: tuple[tuple[Issue, Accepted], ...]
    expired: tuple[Accepted, ...]
    unused: tuple[Accepted, ...]


def read_accepted(paths: Iterable[Path]) -> tuple[Accepted, ...]:
    """Return the entries of reviewed files.

    Raises:
        InputError: a file cannot be read or is not of the form above.
    """
    return tuple(entry for path in paths for entry in _entries(path))


def sort_out(issues: Sequence[Issue], entries: Sequence[Accepted], today: date) -> Sorted:
    """Part the issues that entries accept on a day from those that count."""
    holding = [entry for entry in entries if date.fromisoformat(entry.expires) >= today]
    expired = tuple(entry for entry in entries if entry not in holding)
    by_rule: dict[str, list[Accepted]] = {}
    for entry in holding:
        by_rule.setdefault(entry.rule, []).append(entry)
    counting: list[Issue] = []
    accepted: list[tuple[Issue, Accepted]] = []
    for issue in issues:
        fitting = next((each for each in by_rule.get(issue.rule, ()) if _fits(each, issue)), None)
        if fitting:
            accepted.append((issue, fitting))
        else:
            counting.append(issue)
    used = {entry for _, entry in accepted}
    unused = tuple(entry for entry in holding if entry not in used)
    return Sorted(tuple(counting), tuple(accepted), expired, unused)


def _fits(entry: Accepted, issue: Issue) -> bool:
    key = (issue.about.iri or "").rpartition("/")[2]
    return (
        (not entry.project or project_key(entry.project) in (key, project_key(issue.about.identifier)))
        and (not entry.source or entry.source in issue.sources)
        and (not entry.issue or entry.issue == issue.id)
    )


def _entries(path: Path) -> Iterator[Accepted]:
    text, tables = read_toml(path)
    if unknown := sorted(set(tables) - {"accepted"}):
        raise InputError(f"{path}: unknown table {unknown[0]!r}; entries are written [[accepted]]")
    entries = tables.get("accepted", [])
    if not isinstance(entries, list):
        raise InputError(f"{path}: entries are written [[accepted]], in double brackets")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _HEAD.match(line)]
    for place, entry in enumerate(entries):
        yield _entry(entry, f"{path.name}:{lines[place]}" if place < len(lines) else path.name)


def _entry(entry: Mapping[str, Any], place: str) -> Accepted:
    for key in _NEEDED:
        if key not in entry:
            raise InputError(f"{place}: [[accepted]] lacks the key {key!r}; it has {', '.join((*_NEEDED, *_CHOICE))}")
    if unknown := sorted(set(entry) - {*_NEEDED, *_CHOICE}):
        raise InputError(f"{place}: [[accepted]] does not know the key {unknown[0]!r}")
    if not any(entry.get(key) for key in _CHOICE):
        raise InputError(f"{place}: [[accepted]] names a project, a source or an issue, not a whole rule")
    if not isinstance(entry["expires"], date):
        raise InputError(f"{place}: expires is a day such as 2027-06-30, without quotes")
    texts = {key: entry.get(key, "") for key in ("rule", "reason", *_CHOICE)}
    if wrong := next((key for key, value in texts.items() if not isinstance(value, str)), None):
        raise InputError(f"{place}: {wrong} is a text in quotes")
    if not texts["reason"].strip():
        raise InputError(f"{place}: the reason is a sentence in quotes")
    return Accepted(**texts, expires=entry["expires"].isoformat()[:10], place=place)
