"""One sentence as the rules see it: its words, the names in it, and the phrases of the rule file that stand in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.methods.matcher import Match
from kg.methods.phrases import Found, PhraseIndex, Placed, words
from kg.methods.rules import FINITE, LIGHT, PREPOSITION, VERB, Rules

_LONGEST_WALK = 24
_LONGEST_SUBJECT = 3
_CONJUNCTIONS = frozenset(("och", "samt", "and", "og"))


class Place(NamedTuple):
    """The words of a sentence that a name covers, `first` to `last` (exclusive)."""

    first: int
    last: int


class Reading:
    """A sentence read with one set of rules; positions are numbers of words."""

    def __init__(
        self, lower: str, span: tuple[int, int], names: Sequence[Match], index: PhraseIndex, rules: Rules
    ) -> None:
        self.words, spans = words(lower, *span)
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self.found: list[Found] = index.find(self.words)
        self.grammar = rules.grammar
        self._by_number: dict[int, list[Found]] = {}
        for found in self.found:
            self._by_number.setdefault(found.number, []).append(found)
        self._others: dict[PhraseIndex, list[Found]] = {}
        self.places = [self.place(match.start, match.end) for match in names]
        self.name_words = frozenset(word for place in self.places for word in range(place.first, place.last))

    def place(self, start: int, end: int) -> Place:
        """Return the words that the stretch `start` to `end` of the text touches."""
        first = bisect_right(self._ends, start)
        return Place(first, max(first, bisect_left(self._starts, end)))

    def of(self, number: int) -> Sequence[Found]:
        """Return the places of the phrase `number`."""
        return self._by_number.get(number, ())

    def any_of(self, numbers: Container[int]) -> list[Found]:
        """Return the places of the phrases with these numbers, in the order of the words."""
        return [found for found in self.found if found.number in numbers]

    @cached_property
    def kinds(self) -> list[int]:
        """What each word does (bits of `kg.methods.rules`); words of names do nothing."""
        return [LIGHT if at in self.name_words else self._kind(word) for at, word in enumerate(self.words)]

    def _kind(self, word: str) -> int:
        kind = self.grammar.kinds.get(word)
        if kind is not None:
            return kind
        return VERB | FINITE if word.endswith(self.grammar.finite_endings) else 0

    @cached_property
    def clauses(self) -> frozenset[int]:
        """The conjunctions that open a clause with a subject and a verb of its own: "och deltagarna får …"."""
        return frozenset(at for at, word in enumerate(self.words) if word in _CONJUNCTIONS and self._opens_clause(at))

    def _opens_clause(self, at: int) -> bool:
        for place in range(at + 1, min(at + 2 + _LONGEST_SUBJECT, len(self.kinds))):
            if self.kinds[place] & FINITE:
                return place > at + 1
            if self.words[place] in _CONJUNCTIONS or self.kinds[place] & PREPOSITION:
                return False
        return False

    def stands(self, phrase: Placed, place: Place) -> bool:
        """Tell whether `phrase` stands where it says from the name at `place`."""
        return any(self._fits(phrase, found, place) for found in self.of(phrase.number))

    def standing(self, phrases: Sequence[Placed], place: Place, index: PhraseIndex, *, names: bool) -> bool:
        """Tell whether one of `phrases` of another index stands where it says; with `names`, names count as words."""
        found = self._others.get(index)
        if found is None:
            found = self._others[index] = index.find(self.words)
        return any(
            self._fits(phrase, one, place)
            for one in found
            if names or one.first not in self.name_words
            for phrase in phrases
            if phrase.number == one.number
        )

    def _fits(self, phrase: Placed, found: Found, place: Place) -> bool:
        if phrase.side == "anywhere":
            return found.first < place.first or found.last > place.last
        first, last = (found.last, place.first) if phrase.side == "before" else (place.last, found.first)
        if first > last:
            return False
        between = self.words[first:last]
        if phrase.loose:
            return not any(word in self.grammar.barriers for word in between)
        return all(word in self.grammar.determiners for word in between)

    def framed(self, place: Place) -> bool:
        """Tell whether a word such as "metoden" introduces the name or the enumeration it stands in."""
        frames = {found.first for found in self.of(self.grammar.frame)}
        if not frames:
            return False
        at, separated = place.first - 1, False
        for _ in range(_LONGEST_WALK):
            if at < 0:
                return False
            word = self.words[at]
            if at in frames:
                return self.words[at + 1] not in self.grammar.connectors
            separated = separated or word in self.grammar.connectors
            light = word in self.grammar.connectors or word in self.grammar.linkers or word in self.grammar.determiners
            if not light and at not in self.name_words and not (separated and self._item(word)):
                return False
            at -= 1
        return False

    def _item(self, word: str) -> bool:
        """Tell whether a word may be a member of an enumeration."""
        return word not in self.grammar.prepositions and word not in self.grammar.finite

    def named_after(self, place: Place) -> bool:
        """Tell whether the name is called a method right after ("MI som metod")."""
        return any(self.stands(phrase, place) for phrase in self.grammar.called)

    def holds_frame(self) -> bool:
        """Tell whether the sentence holds a word such as "metoder": then it introduces a list of methods."""
        return bool(self.of(self.grammar.frame))

    def neighbours(self, place: Place) -> Iterator[Place]:
        """Yield the names next to `place` with only commas, conjunctions and the like between."""
        at = self.places.index(place)
        if at and self._joined(self.places[at - 1], place):
            yield self.places[at - 1]
        if at + 1 < len(self.places) and self._joined(place, self.places[at + 1]):
            yield self.places[at + 1]

    def _joined(self, left: Place, right: Place) -> bool:
        between = self.words[left.last : right.first]
        grammar = self.grammar
        return any(word in grammar.connectors for word in between) and all(
            word in grammar.connectors or word in grammar.determiners or word in grammar.list_words for word in between
        )
