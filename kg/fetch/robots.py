"""The rules of a site for programs, as RFC 9309 reads a robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

LARGEST = 512_000
"""In bytes; RFC 9309 asks for at least 500 KiB, and what lies beyond is not read."""
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows one program: (allowed, pattern) in the order of the file, and seconds between requests.

    `missing` tells why nothing is allowed where the rules could not be had.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None
    missing: str = ""

    def allows(self, path: str) -> bool:
        """Return whether a path, with its query, may be fetched: the longest pattern decides, of equal ones the kind.

        >>> rules = read_robots("User-agent: *\\nDisallow: /a\\nAllow: /a/b$", "kg")
        >>> rules.allows("/a/c"), rules.allows("/a/b"), rules.allows("/x")
        (False, True, True)
        """
        plain = _plain(path)
        matching = [(len(pattern), allowed) for allowed, pattern in self.rules if _matches(pattern, plain)]
        return max(matching, default=(0, True))[1]


def read_robots(text: str, agent: str) -> Robots:
    """Return what a robots.txt says to `agent`: the groups that name it, or else those for everybody."""
    own: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    named = False
    for agents, rules in _groups(text):
        if agent.casefold() in agents:
            own.extend(rules)
            named = True
        elif "*" in agents:
            everybody.extend(rules)
    chosen = own if named else everybody
    delays = [float(value) for key, value in chosen if key == "crawl-delay" and re.fullmatch(r"\d+(?:\.\d+)?", value)]
    kept = tuple((key == "allow", _plain(value)) for key, value in chosen if key != "crawl-delay" and value)
    return Robots(kept, max(delays, default=None))


def _groups(text: str) -> Iterator[tuple[list[str], list[tuple[str, str]]]]:
    agents: list[str] = []
    rules: list[tuple[str, str]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().casefold(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if rules:
                yield agents, rules
                agents, rules = [], []
            # A group may name a program with its version; only the product token counts.
            token = _TOKEN.match(value)
            agents.append(token[0].casefold() if token else value)
        elif key in ("allow", "disallow", "crawl-delay"):
            rules.append((key, value))
    if agents:
        yield agents, rules


def _plain(path: str) -> str:
    """Return a path or pattern with each character written in one way: plain where it may be, else escaped.

    >>> _plain("/%70riv/\u00e5/%c3%a4")
    '/priv/%C3%A5/%C3%A4'
    """
    return _ESCAPED.sub(_escaped, quote(path, safe="%/?#[]@!$&'()*+,;=:|^\"<>{}\\`~"))


def _escaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


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
