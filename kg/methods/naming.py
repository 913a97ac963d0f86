"""Tells how far a name reaches that begins at a word: capitals, small words inside it, quotation marks, initials."""

from __future__ import annotations

import re

from kg.methods.definitions import spells
from kg.methods.rules import CandidateRules, Grammar

_WORD = re.compile(r"[\w-]+(?:\.\d+)?|[^\w\s]")
_MOST_WORDS = 5
_MOST_QUOTED = 9
_PAIR = 3
_SHORTEST_QUOTED = 3
_SHORTEST_INITIALS = 3
_SHORTEST_PASSIVE = 5
_PASSIVE = ("as", "ts", "ds", "rs", "des")
_ABOUT = ("som", "för")
_DEFINITE = ("n", "et", "na")
_SEVERAL = ("ar", "er", "or")
_SEVERAL_PLACES = ("hela", "alla", "flera")
_CLAUSES = frozenset(("enligt", "innan", "när", "eftersom", "medan", "tills", "att", "som", "vilket"))
_ENDS = (".", ",", "–", "-", "(", ")", "och")
QUOTES = frozenset("\"”“»'«’")

Words = list[tuple[str, int]]
"""The words and signs of a text, each with the place where it begins."""


def words_of(text: str) -> Words:
    """Return the words and signs of a text."""
    return [(match.group(), match.start()) for match in _WORD.finditer(text)]


def spelt(words: Words, first: int, end: int) -> str | None:
    """Return the words `first` to `end` as they stand in the text, None where more than spaces stands between them."""
    name = " ".join(word for word, _ in words[first:end])
    return name if words[end - 1][1] + len(words[end - 1][0]) - words[first][1] == len(name) else None


def start_of(words: Words, at: int) -> int:
    """Return where the name at word `at` begins, which may stand in quotation marks."""
    return words[at + (words[at][0] in QUOTES)][1]


def spells_out(name: str, following: str) -> bool:
    """Tell whether the word after a name is short for it: "Samordnat Stöd i Vardagen, SSV"."""
    return following.isupper() and len(following) >= _SHORTEST_INITIALS and spells(following, name)


class Names:
    """Finds the name that begins at a word."""

    def __init__(self, grammar: Grammar, rules: CandidateRules) -> None:
        self._grammar = grammar
        self._rules = rules

    def at(self, words: Words, at: int) -> tuple[str, int]:
        """Return the name that begins with a capital at word `at`, and where it ends; "" where none begins."""
        if not words[at][0][0].isupper():
            return "", at
        end = max(self._capitals_end(words, at), self._phrase_end(words, at))
        end = max(end, self._initials_end(words, at, end))
        name = spelt(words, at, end)
        return (name, end) if name else (words[at][0], at + 1)

    def quoted(self, words: Words, at: int) -> tuple[str, int]:
        """Return the name between quotation marks of which the first is word `at`, and where it ends, else ""."""
        if words[at][0] not in QUOTES:
            return "", at
        for end in range(at + 2, min(at + _MOST_QUOTED + 2, len(words))):
            if words[end][0] in QUOTES:
                inside = words[at + 1 : end]
                start, last = inside[0][1], inside[-1]
                whole = self._between(words, at + 1, end)
                return (whole, end + 1) if last[1] + len(last[0]) - start >= _SHORTEST_QUOTED else ("", at)
            if words[end][0] in ".!?;:":
                break
        return "", at

    def _between(self, words: Words, first: int, end: int) -> str:
        """Return the words with the spaces that stood between them."""
        name, start = "", words[first][1]
        for word, place in words[first:end]:
            name += " " * (place - start - len(name)) + word
        return name

    def coined(self, words: Words, at: int) -> tuple[str, int]:
        """Return the one word in small letters that "så kallad" introduces at word `at`, and where it ends, else ""."""
        word = words[at][0]
        if not word.isalpha() or word[0].isupper() or len(word) < self._rules.coined_letters:
            return "", at
        following = words[at + 1][0] if at + 1 < len(words) else "."
        return (word, at + 1) if self._closes(following) else ("", at)

    def _capitals_end(self, words: Words, at: int) -> int:
        grammar = self._grammar
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS:
            word = words[end][0]
            following = words[end + 1][0] if end + 1 < len(words) else "."
            inside = word.isalpha() and word.lower() not in grammar.finite and word.lower() not in grammar.connectors
            inner = word in self._rules.inner and following[0].isupper()
            if word[0].isupper() or word[0].isdigit() or inner or (inside and following[0].isupper() and len(word) > 1):
                end += 1
            elif (
                inside
                and word not in _CLAUSES
                and (word not in grammar.prepositions or following in _ENDS)
                and self._closes(following)
            ):
                return end + 1
            else:
                break
        return end

    def _initials_end(self, words: Words, at: int, least: int) -> int:
        """Return where a name ends whose initials stand after it: "Samordnat Stöd i Vardagen, SSV"."""
        for end in range(least, min(at + _MOST_QUOTED, len(words) - 1)):
            word, following = words[end][0], words[end + 1][0]
            if word in (",", "("):
                name = spelt(words, at, end)
                return end if name and spells_out(name, following) else at
            if not word.isalpha():
                break
        return at

    def _phrase_end(self, words: Words, at: int) -> int:
        """Return where a name ends that is an everyday phrase: "Ett steg i taget", "Tidigt och nära"."""
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS and words[end][0].isalpha() and words[end][0].islower():
            if self._is_verb(words[end][0]) or words[end][0] in _CLAUSES:
                break
            end += 1
        if end < len(words) and words[end - 1][0] == "och":
            end -= 1
        small = self._grammar.prepositions | self._grammar.connectors
        joined = [place for place in range(at + 1, end) if words[place][0] in small]
        where = words[joined[0] + 1 : joined[0] + 2] if joined else []
        if where and where[0][0] in (*self._rules.counting, *_SEVERAL_PLACES):
            return at  # "Familjerådslag i två kommuner" is a name and where it is used.
        if words[at][0].lower() in self._rules.counting:
            if end - at >= _PAIR and (end == len(words) or self._ends(words[end][0])):
                return end
            if at + 1 in joined and at + 2 < end and at + 2 not in joined:
                return at + _PAIR
        if end - at < _PAIR or (end < len(words) and not self._ends(words[end][0])):
            return at
        together = words[at + 1][0] == "och" and end == at + _PAIR and not words[at][0].endswith(_SEVERAL)
        # "Mötas i musik" is a name, "Lotsen i kommunen" a name and a place.
        bare = words[at + 1][0] not in _ABOUT and not words[at][0].endswith(_DEFINITE) and not words[at][0].isupper()
        inside = len(joined) == 1 and (bare or end - 2 == joined[0] > at + 1)
        return end if together or inside or not joined else at

    def _closes(self, word: str) -> bool:
        grammar = self._grammar
        if not word[0].isalnum() or word in grammar.prepositions or word in grammar.connectors:
            return True
        return self._is_verb(word)

    def _ends(self, word: str) -> bool:
        return word in _ENDS or word in _CLAUSES or self._is_verb(word)

    def _is_verb(self, word: str) -> bool:
        """Tell whether a word has a tense; one that no list holds in the passive only, which few nouns look like."""
        return word in self._grammar.finite or (len(word) >= _SHORTEST_PASSIVE and word.endswith(_PASSIVE))
