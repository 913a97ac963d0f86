"""Finds where names of methods stand in a normalised text: one scan, word boundaries, endings, longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from kg.methods.lexicon import Name
from kg.methods.misspelling import Misspellings
from kg.methods.normalise import Normalised
from kg.methods.rules import NameRules

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

Form = Literal["label", "inflection", "compound", "suspended", "misspelling", "unknown-compound", "other-phrase"]
_WORD_AT = re.compile(r"\w*")
_HEAD_AT = re.compile(r"-(\w*)")
_WORD_BEFORE = re.compile(r"\w*$")
_FIRST_PART = re.compile(r"\w+$")
_SECOND_PART = re.compile(r"-(?:,? ?\w+-){0,3} ?(?:och|eller|samt|respektive|/|&) ?(\w+)")
_LONGEST_MODIFIER = 24
_WEAK_HEAD_LETTERS = 3
_SUSPENDING = (" ", ",", "/")
_START = attrgetter("start")
_LAST_CHOICE = {"other-phrase": -1, "misspelling": 1, "unknown-compound": 2}


class Match(NamedTuple):
    """A place where names fit: `start` to `end` in the normalised text, whole words.

    `head` is what follows the name in its compound ("metoden" of "SE-metoden"); `form` says how the name stands there,
    ``unknown-compound`` and ``other-phrase`` meaning that it is not the method.
    """

    start: int
    end: int
    names: tuple[Name, ...]
    form: Form
    head: str = ""


class Matcher:
    """All spellings of all methods in one automaton, abbreviations with their capitals in a second one."""

    def __init__(self, names: Sequence[Name], rules: NameRules, exact_only: frozenset[str]) -> None:
        self._rules = rules
        self._long = _by_text(name for name in names if not name.abbreviation)
        self._short = _by_text(name for name in names if name.abbreviation)
        for phrase in rules.never:
            self._long[phrase] = ()
        self._misspellings = Misspellings(
            _misspellable(self._long, rules.misspelling_letters, exact_only), rules.common
        )
        for split, known in self._misspellings.split:
            self._long.setdefault(split, self._long[known])
        self._texts = tuple(self._long)
        self._abbreviations = tuple(self._short)
        self._build()

    def _build(self) -> None:
        from ahocorasick_rs import AhoCorasick

        self._scan: AhoCorasick = AhoCorasick([*self._texts, *self._misspellings.texts])
        self._scan_short: AhoCorasick | None = AhoCorasick(self._abbreviations) if self._abbreviations else None

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key not in ("_scan", "_scan_short")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._build()

    def find(self, text: Normalised, bound: Sequence[Name] = ()) -> list[Match]:
        """Return the matches in the order of the text, the longest where several overlap.

        `bound` are abbreviations that this document defines itself.
        """
        found = self._long_matches(text)
        found += self._short_matches(text)
        if bound:
            found += _bound_matches(text, bound)
        if "-" in text.scan:
            found += self._suspended(text.scan)
        return _longest(found)

    def _long_matches(self, text: Normalised) -> list[Match]:
        scan, exact = text.scan, len(self._texts)
        found: list[Match | None] = []
        for number, start, end in self._scan.find_matches_as_indexes(scan, overlapping=True):
            if number < exact:
                names = self._long[self._texts[number]]
                found.append(self._verified(text, start, end, names) if names else _phrase_match(scan, start, end))
            else:
                for first, last, known in self._misspellings.spans(scan, number - exact, start, end):
                    found.append(self._misspelt(scan, first, last, known))
        return [match for match in found if match]

    def _verified(self, text: Normalised, start: int, end: int, names: tuple[Name, ...]) -> Match | None:
        scan = text.scan
        first = start
        if start and (scan[start - 1].isalnum() or scan[start - 1] == "-"):
            first = self._compound_start(scan, start, names[0])
            if first < 0:
                return None
        if names[0].capitals and not all(text.text[start + place].isupper() for place in names[0].capitals):
            return None
        last, form, head = self._tail(scan, end, names[0])
        if first != start and form in ("label", "inflection"):
            form = "compound"
        return Match(first, last, names, form, head)

    def _compound_start(self, scan: str, start: int, name: Name) -> int:
        """Return where a compound that ends in the name begins, -1 where the name is part of another word."""
        if scan[start - 1] == "-":
            return start if len(name.text) >= self._rules.open_compound_letters else -1
        if name.text not in self._rules.last_parts:
            return -1
        before = _WORD_BEFORE.search(scan, max(0, start - _LONGEST_MODIFIER), start)
        modifier = before.group() if before else ""
        return -1 if modifier.startswith(self._rules.refused_first_parts) else start - len(modifier)

    def _tail(self, scan: str, end: int, name: Name) -> tuple[int, Form, str]:
        """Return where the word that the name begins ends, how the name stands in it, and the rest of a compound."""
        following = scan[end : end + 1]
        if following == "-":
            return self._hyphen_tail(scan, end, name)
        if not following.isalnum():
            return end, "label", ""
        word = _WORD_AT.match(scan, end)
        rest = word.group() if word else ""
        last = end + len(rest)
        if rest in self._rules.noun_endings or (name.verb and rest in self._rules.verb_endings):
            return last, "inflection", ""
        head = rest[1:] if rest[:1] == "s" and self._is_head(rest[1:], name) else rest
        if self._is_head(head, name):
            return last, "compound", head
        if (
            not rest.removeprefix("s").startswith(self._rules.other_heads)
            and len(name.text) >= self._rules.open_compound_letters
            and len(rest) > 2
            and name.text not in self._rules.closed
        ):
            return last, "compound", head
        if len(rest) == 1 and len(name.text) >= self._rules.misspelling_letters:
            return last, "misspelling", ""
        return last, "unknown-compound", rest

    def _is_head(self, head: str, name: Name) -> bool:
        weak = len(name.text) >= _WEAK_HEAD_LETTERS and head.startswith(self._rules.weak_heads)
        return weak or head.startswith(self._rules.heads)

    def _hyphen_tail(self, scan: str, end: int, name: Name) -> tuple[int, Form, str]:
        match = _HEAD_AT.match(scan, end)
        rest = match[1] if match else ""
        if not rest:
            return end, "label", ""
        if rest in self._rules.noun_endings:
            return end + 1 + len(rest), "inflection", ""
        if self._is_head(rest, name) or (len(name.text) >= self._rules.open_compound_letters and not rest[0].isdigit()):
            return end + 1 + len(rest), "compound", rest
        return end + 1 + len(rest), "unknown-compound", rest

    def _short_matches(self, text: Normalised) -> list[Match]:
        if self._scan_short is None:
            return []
        found = [
            self._abbreviation_match(text, start, end, self._short[self._abbreviations[number]])
            for number, start, end in self._scan_short.find_matches_as_indexes(text.text, overlapping=True)
        ]
        return [match for match in found if match]

    def _abbreviation_match(self, text: Normalised, start: int, end: int, names: tuple[Name, ...]) -> Match | None:
        scan = text.scan
        if start and (scan[start - 1].isalnum() or scan[start - 1] in "-_@#."):
            return None
        following = scan[end : end + 1]
        if following == "-":
            last, form, head = self._hyphen_tail(scan, end, names[0])
            return Match(start, last, names, form, head)
        if following == ":":
            word = _WORD_AT.match(scan, end + 1)
            ending = word.group() if word else ""
            if ending in ("s", "n", "en", "et", "t", "ns", "ens", "ets"):
                return Match(start, end + 1 + len(ending), names, "inflection")
        if following.isalnum() or following == "_":
            rest = scan[end : end + 2]
            genitive = rest[0] == "s" and not rest[1:].isalnum()
            return Match(start, end + 1, names, "inflection") if genitive else None
        return Match(start, end, names, "label")

    def _misspelt(self, scan: str, first: int, last: int, known: str) -> Match | None:
        names = self._long[known]
        stop, form, head = self._tail(scan, last, names[0])
        # Two deviations at once, a mistake and an unknown continuation, are another word.
        if form in ("label", "inflection") or self._is_head(head, names[0]):
            return Match(first, stop, names, "misspelling", head)
        return None

    def _suspended(self, scan: str) -> Iterator[Match]:
        """Find names whose last part stands further on: "jobb-" of "jobb- och studiecoachning"."""
        at = scan.find("-")
        while at >= 0:
            second = _SECOND_PART.match(scan, at) if scan[at + 1 : at + 2] in _SUSPENDING else None
            first = _FIRST_PART.search(scan, max(0, at - _LONGEST_MODIFIER), at) if second else None
            names = self._completed(first.group(), second[1]) if first and second else ()
            if first and names:
                yield Match(first.start(), at + 1, names, "suspended")
            at = scan.find("-", at + 1)

    def _completed(self, first: str, second: str) -> tuple[Name, ...]:
        return next(
            (
                self._long[first + second[cut:]]
                for cut in range(2, len(second) - 3)
                if first + second[cut:] in self._long
            ),
            (),
        )


def _by_text(names: Iterable[Name]) -> dict[str, tuple[Name, ...]]:
    found: dict[str, tuple[Name, ...]] = {}
    for name in names:
        found[name.text] = (*found.get(name.text, ()), name)
    return found


def _misspellable(known: Mapping[str, tuple[Name, ...]], letters: int, exact_only: frozenset[str]) -> list[str]:
    """Return the names that are looked for with a mistake too: long, unmistakable, and no mere variants of another."""
    plain = sorted(
        (text, names[0].method)
        for text, names in known.items()
        if len(text) >= letters and names and text not in exact_only and not names[0].capitals and not names[0].derived
    )
    kept: list[tuple[str, str]] = []
    for text, method in plain:
        # In this order a name comes right after one that it begins with; the shorter one finds both.
        if not (kept and kept[-1][1] == method and text.startswith(kept[-1][0])):
            kept.append((text, method))
    return [text for text, _ in kept]


def _phrase_match(scan: str, start: int, end: int) -> Match | None:
    whole = not scan[start - 1 : start].isalnum() and not scan[end : end + 1].isalnum()
    return Match(start, end, (), "other-phrase") if whole or not start else None


def _bound_matches(text: Normalised, bound: Sequence[Name]) -> Iterator[Match]:
    for name in bound:
        for match in re.finditer(rf"(?<![\w-]){re.escape(name.text)}(?!\w)", text.text):
            yield Match(match.start(), match.end(), (name,), "label")


def _longest(found: list[Match]) -> list[Match]:
    """Keep the longest of overlapping matches; of equally long ones a name before a word that only begins like one."""
    if len(found) < 2:
        return found
    found.sort(key=_START)
    kept: list[Match] = []
    together: list[Match] = []
    end = 0
    for match in found:
        if match.start >= end:
            kept += _longest_of(together)
            together = []
        together.append(match)
        end = max(end, match.end)
    return kept + _longest_of(together)


def _longest_of(together: list[Match]) -> list[Match]:
    """Do the same for matches of one stretch of text, which hang together."""
    if len(together) < 2:
        return together
    kept: list[Match] = []
    for match in sorted(together, key=_preference):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept, key=_START)


def _preference(match: Match) -> tuple[int, int, int, int]:
    label = len(match.names[0].text) if match.names else 0
    return match.start - match.end, _LAST_CHOICE.get(match.form, 0), -label, match.start
