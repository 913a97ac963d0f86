"""Finds what belongs to a word by the word itself, by its beginning or by its ending, with few looks."""

from __future__ import annotations

from collections.abc import Sequence

from kg.methods.phrases import Step

_EDGE = 3


class ByForm:
    """Numbers by the words, beginnings and endings that a step takes."""

    def __init__(self) -> None:
        self._words: dict[str, list[int]] = {}
        self._beginnings, self._endings = _Parts(), _Parts()

    def add(self, number: int, step: Step) -> None:
        """Note that `number` belongs to what fits the step."""
        for word in step.words:
            self._words.setdefault(word, []).append(number)
        for form in step.beginnings:
            self._beginnings.add(form[:_EDGE], form, number)
        for form in step.endings:
            self._endings.add(form[-_EDGE:], form, number)

    def of(self, word: str) -> Sequence[int]:
        """Return the numbers of the steps that `word` fits: first those that name it, then those with a part of it."""
        named = self._words.get(word, ())
        parts: set[int] = set()
        for length in self._beginnings.lengths(word[:_EDGE]):
            parts.update(self._beginnings.get(word[:length], ()))
        for length in self._endings.lengths(word[-_EDGE:]):
            parts.update(self._endings.get(word[-length:], ()))
        return [*named, *sorted(parts.difference(named))] if parts else named


class _Parts(dict[str, list[int]]):
    """Numbers by a beginning or an ending, and how long those are that share their first or last letters.

    Few words share two letters with any: the others are told by one look.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lengths: dict[str, frozenset[int]] = {}
        self._always: frozenset[int] = frozenset()

    def add(self, edge: str, form: str, number: int) -> None:
        """Note that the beginning or ending `form`, whose outermost letters are `edge`, belongs to `number`."""
        self.setdefault(form, []).append(number)
        if len(form) < _EDGE:
            self._always |= {len(form)}
            self._lengths = {known: lengths | self._always for known, lengths in self._lengths.items()}
        else:
            self._lengths[edge] = self._lengths.get(edge, self._always) | {len(form)}

    def lengths(self, edge: str) -> frozenset[int]:
        """Return how long the beginnings or endings are that a word with these outermost letters may have."""
        return self._lengths.get(edge, self._always)
