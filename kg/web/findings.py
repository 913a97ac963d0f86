"""What the SHACL check finds in the build that is served: made by a process of its own, beside the site."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

SEVERITIES = ("Violation", "Warning", "Info")
TIMEOUT_SECONDS = 1_800
_PRIORITY = 19

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

    def message(self, language: str) -> str:
        """Return the message in the language, or any."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.rule)


@dataclass(frozen=True)
class Findings:
    """All findings of one generation, or that there are none to show yet."""

    state: State = "pending"
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_rule: Mapping[tuple[str, str], Sequence[Finding]] = field(default_factory=lambda: MappingProxyType({}))
    by_project: Mapping[str, Sequence[Finding]] = field(default_factory=lambda: MappingProxyType({}))


async def check(build: Path) -> Findings:
    """Check a build in a process of low priority, so that memory and time of a large check are not the site's."""
    command = (sys.executable, "-m", "kg", "check", str(build), "--format", "json")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=quiet, stdin=quiet)
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, _PRIORITY)
        output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
        # Exit code 1 says that there are violations.
        return read(json.loads(output)) if process.returncode in (0, 1) else Findings("unavailable")
    except (OSError, ValueError, KeyError, TimeoutError):
        return Findings("unavailable")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def read(report: Mapping[str, Any]) -> Findings:
    """Return the findings of a report as `kg check --format json` writes it."""
    by_rule: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    by_project: dict[str, list[Finding]] = defaultdict(list)
    for entry in report["findings"]:
        finding = Finding(
            severity=entry["severity"],
            rule=entry["rule"],
            focus=entry["focus"],
            project=entry["project"],
            name=" ".join(part for part in (entry["identifier"], entry["title"]) if part) or entry["focus"],
            messages=entry["messages"],
            values=tuple(str(value.get("value", "")) for value in entry["values"]),
        )
        by_rule[finding.severity, finding.rule].append(finding)
        if finding.project:
            by_project[finding.project].append(finding)
    return Findings("ready", report["counts"], by_rule, by_project)
