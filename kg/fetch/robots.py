"""The rules of a site for programs, as RFC 9309 reads a robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 512_000
"""In bytes; RFC 9309 asks for at least 500 KiB, and what lies beyond is not read."""
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows one program: (allowed, pattern) in the order of the file, and seconds between requests."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None

    def allows(self, path: str) -> bool:
        """Return whether a path, with its query, may be fetched: the longest pattern decides, of equal ones the kind.

        >>> rules = read_robots("User-agent: *\\nDisallow: /a\\nAllow: /a/b$", "kg")
        >>> rules.allows("/a/c"), rules.allows("/a/b"), rules.allows("/x")
        (False, True, True)
        """
        matching = [(len(pattern), allowed) for allowed, pattern in self.rules if _matches(pattern, path)]
        return max(matching, default=(0, True))[1]


NOTHING = Robots(((False, "/"),))
"""What a site allows whose rules cannot be had because it does not answer."""
NO_RULES = "it does not answer, or with an error of its own: try again later"


def read_robots(text: str, agent: str) -> Robots:
    """Return what a robots.txt says to `agent`: the groups that name it, or else those for everybody."""
    own: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    named = False
    for agents, rules in _groups(text):
        if any(name and name in agent.casefold() for name in agents):
            own.extend(rules)
            named = True
        elif "*" in agents:
            everybody.extend(rules)
    chosen = own if named else everybody
    delays = [float(value) for key, value in chosen if key == "crawl-delay" and re.fullmatch(r"\d+(?:\.\d+)?", value)]
    kept = tuple((key == "allow", value) for key, value in chosen if key != "crawl-delay" and value)
    return Robots(kept, min(delays[0], _LONGEST_WAIT) if delays else None)


def _groups(text: str) -> Iterator[tuple[list[str], list[tuple[str, str]]]]:
    agents: list[str] = []
    rules: list[tuple[str, str]] = []
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().casefold(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if rules:
                yield agents, rules
                agents, rules = [], []
            agents.append(value.casefold())
        elif key in ("allow", "disallow", "crawl-delay"):
            rules.append((key, value))
    if agents:
        yield agents, rules


def _matches(pattern: str, path: str) -> bool:
    """Match a pattern with stars and perhaps a ``$``; the leftmost place of each part is as good as any other."""
    ends = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = parts.pop() if parts and ends else None
    for part in parts:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not ends or at == len(path)
