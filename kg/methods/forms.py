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
        parts: list[int] = []
        for form, numbers in self._beginnings.get(word[:_EDGE], self._beginnings.short):
            if word.startswith(form):
                parts += numbers
        for form, numbers in self._endings.get(word[-_EDGE:], self._endings.short):
            if word.endswith(form):
                parts += numbers
        return [*named, *sorted({*parts}.difference(named))] if parts else named


class _Parts(dict[str, list[tuple[str, list[int]]]]):
    """Beginnings or endings with their numbers, by their first or last three letters; `short` ones have no three.

    Few words share three letters with any: the others are told by one look.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, list[int]] = {}
        self.short: list[tuple[str, list[int]]] = []

    def add(self, edge: str, form: str, number: int) -> None:
        """Note that the beginning or ending `form`, whose outermost letters are `edge`, belongs to `number`."""
        known = self._numbers.get(form)
        if known is not None:
            known.append(number)
            return
        entry = form, self._numbers.setdefault(form, [number])
        if len(form) >= _EDGE:
            self[edge] = [*self.get(edge, self.short), entry]
            return
        self.short = [*self.short, entry]
        for longer in self:
            self[longer] = [*self[longer], entry]
