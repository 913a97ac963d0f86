"""Finds earlier stages of a project in its text: where it speaks of Bron 2, what it says of Bron was before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.project_names import WORD
from kg.relation_signs import signs

_JOINED = "i|på|för|till|mot|och|av"
_STAGED = re.compile(
    rf"(?<![\w-])(?P<name>{WORD}(?:[ -](?:{WORD}|(?:{_JOINED})(?= [A-ZÅÄÖ])))*)"
    r" (?P<stage>[2-9](?:\.0)?|II|III|IV)(?![\w%/:–+-]|[.,]\d| \d| (?:och|till|eller) \d)"
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_NO_PART = re.compile(r"^(?:Projekt(?:et)?|Förstudien?|Förprojektet|Med|Genom|I|Inom|Under|Efter|När|Och|Men) ")
_SHORTEST = 4
_BEFORE = 60


def earlier_stages(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of names of earlier stages; `places` are those where a number follows something.

    >>> text = "I Bron 2 når vi fler än i Bron."
    >>> [text[start:end] for start, end in earlier_stages(text, [6])]
    ['Bron']
    """
    latest: dict[str, int] = {}
    for place in places:
        for match in _STAGED.finditer(text, max(0, place - _BEFORE), place + 5):
            name = _NO_PART.sub("", match["name"])
            if len(name) >= _SHORTEST and name.split()[-1].casefold() not in signs().numbered:
                latest[name] = max(latest.get(name, 0), _number(match["stage"]))
    for name, stage in latest.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?: (?P<stage>\d(?:\.0)?|[IV]+))?(?![\w-])", text):
            if _number(match["stage"] or "1") < stage:
                yield match.span()


def _number(stage: str) -> int:
    return _ROMAN[stage] if stage in _ROMAN else int(stage[0])
