"""The quality report of the build that is served: made by a process of its own, beside the site."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from kg import generations
from kg.web.team import Member, Team

SEVERITIES = ("Violation", "Warning", "Info")
TIMEOUT_SECONDS = 1_800
LOOK_SECONDS = 0.5
"""How often a worker looks whether another has ended the check."""
_PRIORITY = 19
_FIRST, _ALIKE = 8, 2
"""How many findings stand first on the page, and how many of them may be of one rule or project."""

State = Literal["pending", "ready", "unavailable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what is wrong in both languages, about which project (IRI) or thing, and by which rule."""

    severity: str
    rule: str
    focus: str
    project: str | None
    name: str
    messages: Mapping[str, str] = field(hash=False)
    values: tuple[str, ...]
    quote: str = ""
    found: str = ""
    language: str = ""

    def message(self, language: str) -> str:
        """Return the message in the language, or any."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.rule)


@dataclass(frozen=True)
class Findings:
    """All findings of one generation, the costliest rule first, or that there are none to show yet.

    `labels` name the rules in both languages; `first` are the findings that cost most, without more of the same.
    """

    state: State = "pending"
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_rule: Mapping[tuple[str, str], Sequence[Finding]] = field(default_factory=lambda: MappingProxyType({}))
    by_project: Mapping[str, Sequence[Finding]] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    first: Sequence[Finding] = ()


async def check(build: Path, member: Member | None = None) -> Findings:
    """Check a build in a process of low priority, so that memory and time of a large check are not the site's.

    Of a team of workers one checks for all.
    """
    try:
        output = await (_shared(build, member.team) if member else _output(build))
        return read(json.loads(output)) if output else Findings("unavailable")
    except (OSError, ValueError, KeyError, TimeoutError):
        return Findings("unavailable")


async def _shared(build: Path, team: Team) -> bytes:
    """Return what the check of the generation in force wrote, made by the first worker that asks."""
    name = generations.current(build).name
    kept = team.folder / f"{name}.findings"
    with (team.folder / f"{name}.lock").open("wb") as lock:
        while True:
            try:
                # Held by the worker that checks; if it dies, the kernel gives the lock to another, which checks anew.
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(LOOK_SECONDS)
        if not kept.exists():
            fresh = kept.with_suffix(".new")
            fresh.write_bytes(await _output(build))
            fresh.replace(kept)
        return kept.read_bytes()


async def _output(build: Path) -> bytes:
    """Return the report as JSON, or nothing if there is none."""
    command = (sys.executable, "-m", "kg", "quality", str(build), "--format", "json")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=quiet, stdin=quiet)
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, _PRIORITY)
        output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
        # Exit code 1 says that there are violations.
        return output if process.returncode in (0, 1) else b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def read(report: Mapping[str, Any]) -> Findings:
    """Return the findings of a report as `kg quality --format json` writes it."""
    ranked: dict[str, list[Finding]] = {entry["rule"]: [] for entry in report["rules"]}
    by_project: dict[str, list[Finding]] = defaultdict(list)
    first: list[Finding] = []
    for entry in report["issues"]:
        finding = _finding(entry)
        ranked[finding.rule].append(finding)
        if finding.project:
            by_project[finding.project].append(finding)
        alike = max(len(ranked[finding.rule]), len(by_project.get(finding.project or "", ())))
        if alike <= _ALIKE and len(first) < _FIRST:
            first.append(finding)
    by_rule = {(found[0].severity, rule): found for rule, found in ranked.items() if found}
    labels = {entry["rule"]: entry["label"] for entry in report["rules"]}
    return Findings("ready", report["counts"], by_rule, by_project, labels, first)


def _finding(entry: Mapping[str, Any]) -> Finding:
    about = " ".join(part for part in (entry["identifier"], entry["title"]) if part)
    return Finding(
        severity=entry["severity"],
        rule=entry["rule"],
        focus=entry["focus"] or entry["project"] or "",
        project=entry["project"],
        name=about or entry["focus"] or ", ".join(entry["sources"]),
        messages=entry["messages"],
        # The messages of other kinds hold the values already.
        values=(entry["value"],) if entry["kind"] == "shape" and entry["value"] else (),
        quote=entry["quote"],
        found=entry["found"],
        language=entry["language"],
    )
