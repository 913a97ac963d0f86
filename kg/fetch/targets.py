"""What to fetch: diary numbers, addresses, and files that list them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from kg.errors import InputError, UsageError
from kg.sources.page import IDENTIFIER
from kg.vocabulary import project_key, slug

PROJECT_ADDRESS = "https://www.esf.se/resultat/projektbanken/projekt/?dnr={dnr}"
"""Where the project bank shows a project; ``{dnr}`` stands for its diary number."""
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_COMMENT = re.compile(r"\s#")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Target:
    """A page to fetch: its address, the name, without suffix, under which it is stored, and the diary number that the
    page must show, None where an address was asked for."""

    address: str
    name: str
    number: str | None = None


def targets(wanted: Iterable[str], pattern: str = PROJECT_ADDRESS) -> tuple[Target, ...]:
    """Return the pages that `wanted` (diary numbers, addresses, files of both) means, each once.

    Raises:
        UsageError: something is none of the three, or the pattern has no place for the number.
        InputError: a file cannot be read or has a line that is neither number nor address.

    >>> targets(["2017/00082"])[0].name
    '2017-00082'
    """
    if "{dnr}" not in pattern or not _ADDRESS.match(pattern):
        raise UsageError(f"the pattern {pattern!r} is no web address with {{dnr}} in the place of the diary number")
    found = {target.address: target for each in wanted for target in _expanded(each, pattern)}
    return tuple(found.values())


def _expanded(wanted: str, pattern: str) -> Iterator[Target]:
    target = _target(wanted, pattern)
    if target:
        yield target
        return
    path = Path(wanted)
    if not path.is_file():
        raise UsageError(f"{wanted!r} is no diary number (22-045-S01, 2017/00082), no web address and no file of these")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        plain = _COMMENT.split(line, maxsplit=1)[0].strip()
        if not plain or plain.startswith("#"):
            continue
        listed = _target(plain, pattern)
        if listed is None:
            raise InputError(f"{path}:{number}: {plain!r} is neither a diary number nor a web address")
        yield listed


def _target(text: str, pattern: str) -> Target | None:
    if IDENTIFIER.fullmatch(text.upper()):
        key = text.upper()
        return Target(pattern.replace("{dnr}", quote(key, safe="")), project_key(key), key)
    if not _ADDRESS.fullmatch(text):
        return None
    try:
        # One spelling for one page: the host in small letters, no usual port, everything escaped alike.
        url = httpx.URL(text).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise UsageError(f"{text!r} is no web address: {error}") from error
    if not url.host:
        raise UsageError(f"the address {text!r} names no host")
    number = IDENTIFIER.search(text.replace("%2F", "/").replace("%2f", "/"))
    words = project_key(number[0]) if number else slug(f"{url.host} {url.path} {url.query.decode()}")[:_LONGEST_NAME]
    # Two addresses may give the same words; the hash keeps their files apart.
    return Target(str(url), f"{words}-{hashlib.sha256(str(url).encode()).hexdigest()[:8]}")
