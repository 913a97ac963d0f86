"""One text while it is being read: its sentences, the spots where names may stand, and what the whole of it says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.methods.definitions import Definitions
from kg.methods.lexicon import Name
from kg.methods.matcher import Match
from kg.methods.normalise import Normalised
from kg.methods.reading import Place, Reader, Reading
from kg.methods.sentences import Block, Sentences

_QUOTES = "\"”“»'’"
_SHORT_ITEM_WORDS = 6


class Spot(NamedTuple):
    """A place where a name may stand: the match, the sentence `span` that holds it, and the block around that."""

    match: Match
    matched: str
    span: tuple[int, int]
    block: Block
    reading: Reading
    place: Place


class Document:
    """A normalised text with its matches, read with one set of rules."""

    def __init__(
        self,
        text: Normalised,
        matches: Sequence[Match],
        definitions: Definitions,
        reader: Reader,
        title: str | None,
    ) -> None:
        self.text = text
        self.definitions = definitions
        self._sentences = Sentences(text.text)
        self._reader = reader
        self._title = (title or "").lower()
        self._readings: dict[tuple[int, int], Reading] = {}
        self._held: dict[tuple[str, ...], bool] = {}
        self._framed: dict[int, bool] = {}
        self._matches = [match for match in matches if match.names]
        self._starts = [match.start for match in self._matches]
        self.spots: tuple[Spot, ...] = tuple(map(self._spot, self._matches))
        self._spelt: dict[str, list[Spot]] = {}
        for spot in self.spots:
            if spot.match.form != "unknown-compound":
                for name in spot.match.names:
                    if not name.abbreviation:
                        self._spelt.setdefault(name.method, []).append(spot)

    def _spot(self, match: Match) -> Spot:
        first = self._sentences.at(match.start)
        last = first if match.end <= first.end else self._sentences.at(match.end - 1)
        span = (min(first.start, match.start), max(last.end, match.end))
        reading = self.reading(span)
        matched = self.text.text[match.start : match.end]
        return Spot(match, matched, span, first.block, reading, reading.place(match))

    def reading(self, span: tuple[int, int]) -> Reading:
        """Return the reading of a sentence; each is made once."""
        reading = self._readings.get(span)
        if reading is None:
            inside = self._matches[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]
            reading = self._readings[span] = Reading(self.text.lower, span, inside, self._reader)
        return reading

    def lead(self, spot: Spot) -> Reading | None:
        """Return the line that introduces the list in which the spot stands."""
        return self.reading(spot.block.lead) if spot.block.lead else None

    def heading(self, spot: Spot) -> Reading | None:
        """Return the heading under which the spot stands."""
        heading = spot.block.heading
        return self.reading(heading) if heading and heading != (spot.block.start, spot.block.end) else None

    def framed(self, spot: Spot) -> bool:
        """Tell whether words before or after the name, or a line above it, call it a method."""
        framed = self._framed.get(spot.match.start)
        if framed is None:
            framed = self._framed[spot.match.start] = self._is_framed(spot)
        return framed

    def _is_framed(self, spot: Spot) -> bool:
        if spot.reading.framed(spot.place) or spot.reading.named_after(spot.place):
            return True
        return any(above is not None and above.holds_frame() for above in (self.lead(spot), self.heading(spot)))

    def head(self, spot: Spot) -> str:
        """Return what follows the name in its compound, also where it stands further on ("MI- och KBT-utbildning")."""
        if self.text.scan[spot.match.end : spot.match.end + 1] != "-":
            return self._own_head(spot.match)
        following = bisect_left(self._starts, spot.match.end)
        return self._own_head(self._matches[following]) if following < len(self._matches) else ""

    def _own_head(self, match: Match) -> str:
        matched = self.text.lower[match.start : match.end]
        return match.head if match.head or "-" not in matched else matched.rpartition("-")[2]

    def names(self, spot: Spot) -> tuple[Name, ...]:
        """Return the names that the spot may be; a definition in the document leaves one."""
        names = spot.match.names
        bound = self.definitions.methods.get(names[0].text) if names[0].abbreviation else None
        if bound is None:
            return names
        kept = tuple(name for name in names if name.method == bound)
        return kept or (Name(bound, names[0].written, names[0].text, True, False, ()),)

    def shared(self, spot: Spot) -> bool:
        """Tell whether the name belongs to several methods here."""
        return len(spot.match.names) > 1 and len({name.method for name in self.names(spot)}) > 1

    def spelt_out(self, method: str, demanding: Callable[[Name], bool] | None = None) -> bool:
        """Tell whether the document holds a long name of the method; with `demanding`, one that is not."""
        spots = self._spelt.get(method, ())
        if demanding is None:
            return bool(spots)
        return any(not demanding(name) for spot in spots for name in spot.match.names if name.method == method)

    def nearest(self, spot: Spot, methods: Sequence[str]) -> str | None:
        """Return which of the methods is spelt out last before the spot, or else first after it."""
        before: list[tuple[int, str]] = []
        after: list[tuple[int, str]] = []
        for method in methods:
            starts = [other.match.start for other in self._spelt.get(method, ())]
            at = bisect_left(starts, spot.match.start)
            before += [(starts[at - 1], method)] if at else []
            after += [(starts[at], method)] if at < len(starts) else []
        if before:
            return max(before)[1]
        return min(after)[1] if after else None

    def compounded(self, name: Name) -> bool:
        """Tell whether the abbreviation stands elsewhere in a compound that shows what it means."""
        return name.text.lower() in self._compounded

    @cached_property
    def _compounded(self) -> frozenset[str]:
        matches = [spot.match for spot in self.spots]
        in_labels = {match.names[0].text.partition("-")[0] for match in matches if "-" in match.names[0].text}
        return frozenset(in_labels | {match.names[0].text.lower() for match in matches if match.form == "compound"})

    def holds(self, beginnings: tuple[str, ...]) -> bool:
        """Tell whether any word of the document begins so."""
        if beginnings not in self._held:
            self._held[beginnings] = any(_begins_word(self.text.scan, one) for one in beginnings)
        return self._held[beginnings]

    def capitalised(self, spot: Spot) -> bool:
        """Tell whether the name has a capital that neither the sentence nor the project's own name gives it."""
        start = spot.match.start
        if self._title and spot.match.names[0].text in self._title:
            return False
        before = self.text.text[max(start - 1, 0) : start]
        if before and before in _QUOTES:
            return True
        later = any(word[:1].isupper() for word in spot.matched.split()[1:])
        return self.text.text[start].isupper() and (later or start > spot.span[0])

    def company(self, number: int) -> Iterator[int]:
        """Yield the numbers of the spots in the same enumeration, or in neighbouring items of the same list."""
        spot = self.spots[number]
        for other in (number - 1, number + 1):
            if not 0 <= other < len(self.spots):
                continue
            neighbour = self.spots[other]
            if neighbour.reading is spot.reading:
                if neighbour.place in spot.reading.neighbours(spot.place):
                    yield other
            elif _same_list(spot, neighbour):
                yield other


def _same_list(spot: Spot, other: Spot) -> bool:
    short = len(spot.reading.words) <= _SHORT_ITEM_WORDS and len(other.reading.words) <= _SHORT_ITEM_WORDS
    return spot.block.item and other.block.item and spot.block.lead == other.block.lead and short


def _begins_word(text: str, beginning: str) -> bool:
    at = text.find(beginning)
    while at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at = text.find(beginning, at + 1)
    return at >= 0
