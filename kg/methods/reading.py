"""One sentence as the rules see it: its words, the names in it, and the phrases of the rule file that stand in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, count, starmap
from operator import attrgetter
from typing import NamedTuple

from kg.methods.matcher import Match
from kg.methods.phrase_fits import Looked, PhraseTests
from kg.methods.phrase_index import PhraseIndex
from kg.methods.phrases import Found, Placed, words
from kg.methods.remembered import Remembered, once
from kg.methods.rules import BARRIER, FINITE, INFINITIVE, LIGHT, OPENER, PREPOSITION, VERB, Rules

_LONGEST_WALK = 24
_LONGEST_SUBJECT = 3
# Beside these a word begins or ends: they are no part of one.
_BETWEEN = ' .,;()"”\n'
_CONJUNCTIONS = frozenset(("och", "samt", "and", "og"))
_THAT = "att"
_RELATIVE = "som"
_OPENERS = bytes(bool(kind & (BARRIER | OPENER)) for kind in range(256))
_ENDS_OF_SUBJECT = _CONJUNCTIONS | {",", "eller"}


_NUMBER: Callable[[Found], int] = attrgetter("number")


class Place(NamedTuple):
    """The words of a sentence that a name covers, `first` to `last` (exclusive)."""

    first: int
    last: int


class Reader:
    """What all readings by one set of rules share: the phrases, and what is known about words."""

    def __init__(self, rules: Rules) -> None:
        self.grammar = rules.grammar
        self.index = PhraseIndex(rules.phrases)
        self.words = Remembered(_words_of)
        self.kinds = Remembered(self._kind)

    def _kind(self, word: str) -> int:
        kind = self.grammar.kinds.get(word)
        if kind is not None:
            return kind
        return VERB | FINITE if word.endswith(self.grammar.finite_endings) else 0


def _words_of(piece: str) -> tuple[str, ...]:
    # Letters alone are one word, as most pieces are.
    return (piece,) if piece.isalpha() else words(piece)


class Reading:
    """A sentence read with one set of rules; positions are numbers of words."""

    def __init__(self, lower: str, span: tuple[int, int], names: Sequence[Match], reader: Reader) -> None:
        self._text, self._offset = lower[span[0] : span[1]], span[0]
        # Words hold no spaces, so the pieces between spaces can be cut into words one by one.
        self.words = [*chain.from_iterable(map(reader.words.__getitem__, self._text.split()))]
        self.found: list[Found] = reader.index.find(self.words)
        self.grammar = reader.grammar
        self._numbers = {*map(_NUMBER, self.found)}
        self._looked: dict[PhraseTests, Looked] = {}
        self._places = {match.start: self._place(match, reader) for match in names}
        self.places = [*self._places.values()]
        self.name_words = frozenset(chain.from_iterable(starmap(range, self.places)))
        # What each word does (bits of `kg.methods.rules`); words of names do nothing.
        self.kinds = bytearray(map(reader.kinds.__getitem__, self.words))
        for at in self.name_words:
            self.kinds[at] = LIGHT

    def place(self, name: Match) -> Place:
        """Return the words of one of the names."""
        return self._places[name.start]

    @property
    def end(self) -> Place:
        """The place where a name would go on with the sentence: after its last word, before a colon."""
        last = len(self.words) - (self.words[-1:] == [":"])
        return Place(last, last)

    def _place(self, name: Match, reader: Reader) -> Place:
        """Return the words that a name touches: mostly as many stand before it, and in it, as when cut off there."""
        text, start, end = self._text, name.start - self._offset, name.end - self._offset
        if (start and text[start - 1] not in _BETWEEN) or text[end : end + 1] not in _BETWEEN:
            return self._touched(start, end)
        first = sum(map(len, map(reader.words.__getitem__, text[:start].split())))
        return Place(first, first + sum(map(len, map(reader.words.__getitem__, text[start:end].split()))))

    def _touched(self, start: int, end: int) -> Place:
        find, at = self._text.find, 0
        ends = [at := find(word, at) + len(word) for word in self.words]
        first = last = bisect_right(ends, start)
        while last < len(ends) and ends[last] - len(self.words[last]) < end:
            last += 1
        return Place(first, last)

    def of(self, number: int) -> Sequence[Found]:
        """Return the places of the phrase `number`."""
        return [found for found in self.found if found.number == number] if number in self._numbers else ()

    def holds_any(self, numbers: frozenset[int]) -> bool:
        """Tell whether one of the phrases with these numbers stands in the sentence."""
        return not numbers.isdisjoint(self._numbers)

    def any_of(self, numbers: frozenset[int]) -> list[Found]:
        """Return the places of the phrases with these numbers, in the order of the words."""
        if numbers.isdisjoint(self._numbers):
            return []
        return [found for found in self.found if found.number in numbers]

    @once
    def joints(self) -> frozenset[int]:
        """The commas and conjunctions, where one thing may end and another begin."""
        return frozenset(compress(count(), map(_ENDS_OF_SUBJECT.__contains__, self.words)))

    @once
    def clauses(self) -> frozenset[int]:
        """The conjunctions that open a clause with a subject and a verb of its own: "och deltagarna får …"."""
        return frozenset([at for at in self.joints if self.words[at] in _CONJUNCTIONS and self._opens_clause(at)])

    @once
    def breaks(self) -> frozenset[int]:
        """The commas and conjunctions after which something new is said: ", deltagarna får", ", och vi", "och att"."""
        return frozenset([at for at in self.joints if self._breaks(at)])

    def _breaks(self, at: int) -> bool:
        if at + 1 == len(self.words):
            return False
        following = self.words[at + 1]
        if self.words[at] == ",":
            return following in _CONJUNCTIONS or self._opens_clause(at)
        return following == _THAT and self.words[at] in _CONJUNCTIONS

    @once
    def fresh_starts(self) -> frozenset[int]:
        """The commas after which a clause begins whose subject is no name: ", och coacherna får"."""
        return frozenset(
            at
            for at in self.breaks
            if self.words[at + 1] == _THAT
            or (
                self.words[at] == ","
                and self._opens_clause(opening := at + (self.words[at + 1] in _CONJUNCTIONS))
                and opening + 1 not in self.name_words
            )
        )

    @once
    def borders(self) -> frozenset[int]:
        """The words at which something else is said: "eftersom", "som pågår", ", och vi får", ", formulera"."""
        openers = compress(count(), self.kinds[:-1].translate(_OPENERS))
        relatives = [at for at, word in enumerate(self.words[:-1]) if word == _RELATIVE and self._tells(at)]
        return self.new_tasks.union(openers, relatives, self.clauses, self.breaks)

    def _tells(self, at: int) -> bool:
        """Tell whether a verb follows within a few words."""
        return any(kind & FINITE for kind in self.kinds[at + 1 : at + 2 + _LONGEST_SUBJECT])

    @once
    def new_tasks(self) -> frozenset[int]:
        """The commas and conjunctions after which another thing is to be done: "skriva A, formulera B och göra C"."""
        return frozenset(
            [at for at in compress(count(), map(_ENDS_OF_SUBJECT.__contains__, self.words)) if self._asks(at)]
        )

    def _asks(self, at: int) -> bool:
        if not 0 < at < len(self.words) - 1 or not self.kinds[at + 1] & INFINITIVE:
            return False
        return not self.kinds[at - 1] & (INFINITIVE | FINITE) and self.words[at - 1] not in self.grammar.particles

    def other_subject(self, place: Place, verb: int) -> bool:
        """Tell whether a verb after a comma or "och" cannot be said of the name, which a preposition holds.

        In "Personalen möts i ett jobbtorg, utbildas i MI" it is not the jobbtorg that is trained.
        """
        if verb - 1 < place.last or not self.kinds[verb] & FINITE or self.words[verb - 1] not in _ENDS_OF_SUBJECT:
            return False
        at = place.first - 1
        while at >= 0 and self.words[at] in self.grammar.determiners:
            at -= 1
        return at >= 0 and bool(self.kinds[at] & PREPOSITION)

    def _opens_clause(self, at: int) -> bool:
        for place in range(at + 1, min(at + 2 + _LONGEST_SUBJECT, len(self.kinds))):
            if self.kinds[place] & FINITE:
                return place > at + 1
            if self.words[place] in _ENDS_OF_SUBJECT or self.kinds[place] & PREPOSITION:
                return False
        return False

    @once
    def opening(self) -> frozenset[Place]:
        """The names with which the sentence begins: one, or an enumeration."""
        found: list[Place] = []
        for place in self.places:
            before = self.words[found[-1].last : place.first] if found else self.words[: place.first]
            if any(word not in self.grammar.connectors for word in before):
                break
            found.append(place)
        return frozenset(found)

    def stands(self, phrase: Placed, place: Place) -> bool:
        """Tell whether `phrase` stands where it says from the name at `place`."""
        return any(self._fits(phrase, one, place) for one in self.of(phrase.number))

    def any_stands(self, phrases: Sequence[Placed], place: Place) -> bool:
        """Tell whether one of `phrases` stands where it says from the name at `place`."""
        known = self._numbers
        return any(phrase.number in known and self.stands(phrase, place) for phrase in phrases)

    def standing(self, phrases: Sequence[Placed], place: Place, tests: PhraseTests, *, names: bool) -> bool:
        """Tell whether one of `phrases` (by number in `tests`) stands where it says from the name at `place`.

        With `names`, names count as words.
        """
        looked = self._looked.get(tests)
        if looked is None:
            looked = self._looked[tests] = tests.look(self.words)
        return any(
            self._fits(phrase, one, place)
            for phrase in phrases
            for one in tests.found(phrase.number, looked)
            if names or one.first not in self.name_words
        )

    def _fits(self, phrase: Placed, found: Found, place: Place) -> bool:
        if phrase.side == "anywhere":
            return found.first < place.first or found.last > place.last
        first, last = (found.last, place.first) if phrase.side == "before" else (place.last, found.first)
        if first >= last:
            return first == last
        between = self.words[first:last]
        if phrase.loose:
            return self.grammar.barriers.isdisjoint(between)
        return self.grammar.determiners.issuperset(between)

    def framed(self, place: Place) -> bool:
        """Tell whether a word such as "metoden" introduces the name or the enumeration it stands in."""
        standing = self.of(self.grammar.frame)
        if not standing:
            return False
        frames = {found.first for found in standing}
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
        return self.any_stands(self.grammar.called, place)

    def holds_frame(self) -> bool:
        """Tell whether the sentence holds a word such as "metoder": then it introduces a list of methods."""
        return self.grammar.frame in self._numbers

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
