"""Finds the names that stand as items of a list: under "Metoder:", or beside methods that the scheme has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.methods.naming import Names, Words
from kg.methods.normalise import Normalised
from kg.methods.rules import CandidateRules
from kg.methods.sentences import Sentence, Sentences

_BULLET = re.compile(r"^[ \t]*(?:[•●▪*–-]|\d{1,2}[.)])[ \t]*(?=[A-ZÅÄÖ])", re.MULTILINE)
_WHOLE = re.compile(r"([A-ZÅÄÖ][\w-]+(?: [\w-]+){0,3})[ \t]*$", re.MULTILINE)
_AFTER = frozenset((":", "(", ",", "–", "-", "för", "som", "med", "där"))
_ENOUGH = 1.0
_Lead = tuple[int, int]


class Items:
    """Finds the names of the items of one text's lists that hold methods."""

    def __init__(self, names: Names, rules: CandidateRules) -> None:
        self._names = names
        self._rules = rules

    def names(
        self, normal: Normalised, words: Words, sentences: Sentences, known: frozenset[int]
    ) -> Iterator[tuple[str, int]]:
        """Yield each name and where it begins; `known` are the offsets in the original text of methods."""
        places = {start: at for at, (_, start) in enumerate(words)}
        items = [match.end() for match in _BULLET.finditer(normal.text)]
        beside = _beside([start for start in items if normal.span(start, start + 1)[0] in known], sentences)
        for start in items:
            sentence = sentences.at(start)
            if self._presents(normal, sentence):
                name, _ = self._name(normal, words, places, start)
            else:
                name, told = self._name(normal, words, places, start)
                lead = sentence.block.lead
                name = name if told and lead and any(other != start for other in beside[lead]) else ""
            if name:
                yield name, start

    def _name(self, normal: Normalised, words: Words, places: Mapping[int, int], start: int) -> tuple[str, bool]:
        """Return the name at the start of an item, "" for none, and whether it looks like one without its list."""
        at = places.get(start)
        if at is None:
            return "", False
        name, after = self._names.at(words, at)
        following = words[after][0] if after < len(words) else ""
        if name and (following in _AFTER or words[after - 1][0] in _AFTER):
            spelt_short = following == "(" and words[after + 1 : after + 2] != [] and words[after + 1][0].isupper()
            return name, spelt_short or _has_capital_inside(name)
        whole = _WHOLE.match(normal.text, start)
        return (whole[1], _has_capital_inside(whole[1])) if whole else ("", False)

    def _presents(self, normal: Normalised, sentence: Sentence) -> bool:
        """Tell whether the line above the item says that methods follow ("Följande metoder används:")."""
        lead = sentence.block.lead or sentence.block.heading
        words = normal.lower[slice(*lead)].replace(":", " ").split() if lead else ()
        return any(
            self._rules.before.get(word, 0.0) >= _ENOUGH or word.endswith(self._rules.naming_endings) for word in words
        )


def _beside(methods: Sequence[int], sentences: Sentences) -> Mapping[_Lead, list[int]]:
    """Return for the line above each list where those of its items begin that are methods of the scheme."""
    found: defaultdict[_Lead, list[int]] = defaultdict(list)
    for start in methods:
        lead = sentences.at(start).block.lead
        if lead:
            found[lead].append(start)
    return found


def _has_capital_inside(name: str) -> bool:
    first, *rest = name.split()
    return any(char.isupper() for char in first[1:]) or any(word[0].isupper() for word in rest)
