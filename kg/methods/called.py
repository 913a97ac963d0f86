"""Finds names that are called a method after them: "Trygghetscirkeln, en metod för", "Verkstaden är vår modell"."""

from __future__ import annotations

from kg.methods.naming import QUOTES, Names, Words, spelt, start_of
from kg.methods.rules import CandidateRules, Grammar

_MOST_WORDS = 5
_MOST_QUOTED = 10
_LEAST_BEFORE = 2
_COMMAS = (",", "-", "–")


class Called:
    """Finds the name before words that call it a method."""

    def __init__(self, grammar: Grammar, rules: CandidateRules, names: Names) -> None:
        self._grammar, self._rules, self._names = grammar, rules, names

    def before(self, words: Words, at: int) -> tuple[str, int]:
        """Return the name before word `at` that is called a method there, and where it begins in the text; else ""."""
        end = self._end_before(words, at)
        if end is None:
            return "", 0
        at = end
        if words[at][0] in QUOTES:
            openings = (place for place in range(at - 2, max(at - _MOST_QUOTED, -1), -1) if words[place][0] in QUOTES)
            first = next(openings, at)
            name = self._names.quoted(words, first)[0] if first < at else ""
            return name, start_of(words, first)
        first = at
        while first and at - first < _MOST_WORDS:
            inner = first > 1 and words[first - 1][0] in self._rules.inner
            back = 2 if inner and words[first - 2][0][0].isupper() else 1
            if not words[first - back][0][0].isupper():
                break
            first -= back
        name = spelt(words, first, at + 1) or ""
        named = name[:1].isupper() and words[at][0] not in self._grammar.finite
        return (name, words[first][1]) if named else ("", 0)

    def _end_before(self, words: Words, at: int) -> int | None:
        """Return where the name ends that is called a method at word `at`: "X, en bra metod", "X är vår metod"."""
        if not at or not self._calls(words, at):
            return None
        for place in range(at - 1, max(at - _MOST_WORDS, _LEAST_BEFORE - 1), -1):
            word = words[place][0]
            if word in self._rules.owning and words[place - 1][0] in (*_COMMAS, *self._rules.equating):
                return place - 2
            if not word.isalpha() or word[0].isupper():
                break
        return at - 2 if words[at - 1][0] == "som" and at > 1 else None

    def _calls(self, words: Words, at: int) -> bool:
        word = words[at][0].lower()
        return word in self._rules.before or word.endswith(self._rules.naming_endings)
