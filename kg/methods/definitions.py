"""Finds the abbreviations that a text defines itself: "Long name (ABBR)" and "ABBR (long name)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.methods.lexicon import is_abbreviation
from kg.methods.matcher import Match
from kg.methods.normalise import Normalised

_AFTER = re.compile(r"\(([A-ZÅÄÖ][\w-]{1,6}\+?)\)")
_IN_BRACKETS = re.compile(r"\((?<=[ \n]\()([^()]{4,90})\)")
_BEFORE = re.compile(r"(?<![\w-])[A-ZÅÄÖ][\w-]{1,6}\+?\Z")
_LONGEST_ABBREVIATION = 8
_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = frozenset("och eller i av för på till med om en ett den det de the of and for in on as".split())
_LOOK_BACK = 120
_BETWEEN = ' \n"”»'
_SHORTEST_COMPOUND = 8


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the document says its abbreviations mean.

    `methods` maps an abbreviation to the method whose name stands with it; `others` are abbreviations that it spells
    out as something else.
    """

    methods: Mapping[str, str]
    others: frozenset[str]


_NONE = Definitions({}, frozenset())


def definitions(text: Normalised, matches: Sequence[Match]) -> Definitions:
    """Return the definitions in `text`, where `matches` are the names that stand in it."""
    if "(" not in text.text:
        return _NONE
    long = [
        match
        for match in matches
        if match.names and not match.names[0].abbreviation and match.form != "unknown-compound"
    ]
    ends = {match.end: match.names[0].method for match in long}
    starts = {match.start: match.names[0].method for match in long}
    methods: dict[str, str] = {}
    others: set[str] = set()
    brackets = [*_places(text.text, "(")]
    for found in filter(None, (_AFTER.match(text.text, at) for at in brackets)):
        end = found.start()
        while end and text.text[end - 1] in _BETWEEN:
            end -= 1
        _note(found[1], ends.get(end), text.text[max(0, end - _LOOK_BACK) : end], methods, others)
    for found in filter(None, (_IN_BRACKETS.match(text.text, at) for at in brackets)):
        end = found.start() - 1
        before = _BEFORE.search(text.text, max(0, end - _LONGEST_ABBREVIATION), end)
        if before and is_abbreviation(before.group()):
            method = starts.get(found.start(1))
            if method:
                methods.setdefault(before.group(), method)
            elif spells(before.group(), found[1]):
                others.add(before.group())
    return Definitions(methods, frozenset(others - methods.keys()))


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def _note(abbreviation: str, method: str | None, before: str, methods: dict[str, str], others: set[str]) -> None:
    if not is_abbreviation(abbreviation):
        return
    if method:
        methods.setdefault(abbreviation, method)
        return
    words = before.split()
    if any(spells(abbreviation, " ".join(words[-count:])) for count in range(1, len(abbreviation) + 3)):
        others.add(abbreviation)


def spells(abbreviation: str, words: str) -> bool:
    """Tell whether the words spell the abbreviation out, by their first letters or as one compound.

    >>> spells("SUS", "Skånes universitetssjukhus"), spells("SIP", "Strategiska innovationsprogram")
    (True, True)
    >>> spells("SE", "kommun i samverkan")
    False
    """
    letters = [character for character in abbreviation.lower() if character.isalpha()]
    parts = [word.lower() for word in _WORD.findall(words)]
    content = [word for word in parts if word not in _SMALL_WORDS]
    if not content or content[0][0] != letters[0]:
        return False
    if [word[0] for word in content] == letters or [word[0] for word in parts] == letters:
        return True
    if len(content) >= len(letters) or len("".join(content)) < _SHORTEST_COMPOUND:
        return False
    rest = iter("".join(content))
    return all(letter in rest for letter in letters) and all(word[0] in letters for word in content)
