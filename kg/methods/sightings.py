"""Finds the names in a text that something presents as a method: a word before, after or above, or their own ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from kg.methods.called import Called
from kg.methods.extract import Extractor
from kg.methods.items import Items
from kg.methods.naming import QUOTES, Names, Words, spells_out, start_of, words_of
from kg.methods.normalise import Normalised, normalise
from kg.methods.rules import Rules
from kg.methods.sentences import Sentences

_QUOTED = re.compile(r"[\"”“»']([A-ZÅÄÖ][^\"”“»'\n.]{2,50})[\"”“»']")
_MOST_WORDS = 5
_ENOUGH = 1.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name where it stands: the sign that presents it as a method, and what that is worth."""

    name: str
    start: int
    cue: str
    worth: float


class Finder:
    """Finds the names in one text that something presents as a method; `places` are names in small letters."""

    def __init__(self, extractor: Extractor, places: frozenset[str] = frozenset()) -> None:
        self._extractor = extractor
        self._all: Rules = extractor.rules
        self.rules = extractor.rules.candidates
        self._names = Names(extractor.rules.grammar, self.rules)
        self._items = Items(self._names, self.rules)
        self._places = places
        self._called = Called(extractor.rules.grammar, self.rules, self._names)
        self._head = re.compile(rf"[\w-]*?[\w-](?:{'|'.join(self.rules.heads)})")
        self._named_head = re.compile(rf"[A-ZÅÄÖ][\w-]*(?:{'|'.join(self.rules.named_heads)})")

    def sightings(self, text: str) -> Iterator[tuple[Sighting, str]]:
        """Yield every sighting in the text, with the sentence around it."""
        normal = normalise(text)
        known = [(use.start, use.end) for use in self._extractor.extract(text).uses]
        words = words_of(normal.text)
        sentences = Sentences(normal.text)
        places = {start: at for at, (_, start) in enumerate(words)}
        named = self._items.names(normal, words, sentences, frozenset(start for start, _ in known))
        items = (Sighting(name, start, "item", self.rules.item_worth) for name, start in named)
        for sighting in chain(self._all_sightings(normal, words), items):
            if self._refused(words, places.get(sighting.start, 0)):
                continue
            start, end = normal.span(sighting.start, sighting.start + len(sighting.name))
            inside = [(first, last) for first, last in known if first < end and start < last]
            surely = normal.text[sighting.start - 1 : sighting.start] in QUOTES and " " in sighting.name
            surely = surely or (sighting.worth >= _ENOUGH and all(first > start for first, _ in inside))
            longer = (surely or any(char.isupper() or char.isdigit() for char in sighting.name[1:])) and all(
                last - first < end - start for first, last in inside
            )
            if not self._possible(sighting.name) or (inside and not longer):
                continue
            sentence = sentences.at(sighting.start)
            quote = text[slice(*normal.span(sentence.start, sentence.end))]
            yield sighting, quote
            if any(_SEPARATORS.fullmatch(text[last:start] or text[end:first]) for first, last in known):
                yield Sighting(sighting.name, sighting.start, "listed", self.rules.listed_worth), quote

    def _possible(self, name: str) -> bool:
        words = name.lower().split()
        if len(name) < _SHORTEST_NAME or name.lower() in self._all.grammar.determiners:
            return False
        if not self.rules.organisations.isdisjoint(words):
            return False
        if len(words) > 1 and words[0] in self._places and name.split()[1].islower():
            return False  # "ett program som Gävle prövat"
        return not any(
            words[0] == one or (one.endswith("*") and words[0].startswith(one[:-1])) for one in self.rules.generic
        )

    def _all_sightings(self, normal: Normalised, words: Words) -> Iterator[Sighting]:
        for at, (word, start) in enumerate(words):
            yield from self._presented(words, at)
            if word in self.rules.owners_model and at and _GENITIVE.fullmatch(words[at - 1][0]):
                yield Sighting(f"{words[at - 1][0]} {word}", words[at - 1][1], "genitive", self.rules.called_worth)
            if self._head.fullmatch(word.lower()) and len(word) > _SHORT_NAME:
                yield from self._headed(words, at)
            elif word in self.rules.heads and at and _ADJECTIVE.search(words[at - 1][0]):
                yield Sighting(f"{words[at - 1][0]} {word}", words[at - 1][1], "ending", self.rules.head_worth)
            elif at and words[at - 1][0] not in _STOPS and self._named_head.fullmatch(word):
                yield Sighting(word, start, "ending", self.rules.named_head_worth)
            name, first = self._called.before(words, at)
            if name:
                yield Sighting(name, first, "called", self.rules.called_worth)
        for match in _QUOTED.finditer(normal.text):
            yield Sighting(match[1].strip(), match.start(1), "quoted", self.rules.quoted_worth)

    def _presented(self, words: Words, at: int) -> Iterator[Sighting]:
        """Yield the names that follow word `at`, where it presents them as methods."""
        word, lower = words[at][0], words[at][0].lower()
        cue = self._cue(word)
        if cue is not None:
            # A source is told at the beginning of a sentence, a method rather inside it: "Enligt Skolverket …".
            says = cue >= _ENOUGH and lower not in self._all.grammar.prepositions
            worth = cue if says or word[0].islower() else cue - self.rules.opening_loss
            yield from self._named(words, self._after_introduction(words, at), lower, worth)
            if says:
                yield from self._apposed(words, at)
        elif self._worked_with(words, at):
            trained = words[at][0] == "i" and words[at - 1][0].lower().startswith(self.rules.training)
            worth = self.rules.trained_worth if trained else self.rules.working_worth
            yield from self._named(words, at + 1, _WORKED_WITH, worth)
        elif lower.endswith(self.rules.naming_endings):
            yield from self._apposed(words, at)
        if lower in self.rules.calling and self._told(words, at):
            first = at + 1 + (words[at + 1 : at + 2] != [] and words[at + 1][0] in _WE)
            yield from self._named(words, first, "called", self.rules.called_worth)
        if lower in self.rules.so_called and (len(word) < _SHORT_NAME or (at and words[at - 1][0].lower() == "så")):
            # "Så kallade UVAS" are people, "det så kallade Kalmarspåret" is a way of working.
            people = words[at + 1 : at + 2] != [] and words[at + 1][0].isupper()
            worth = self.rules.listed_worth if people else self.rules.called_worth
            yield from self._named(words, at + 1, "so called", worth)
            name, _ = self._names.coined(words, at + 1) if at + 1 < len(words) else ("", 0)
            if name:
                yield Sighting(name, words[at + 1][1], "so called", self.rules.called_worth)

    def _cue(self, word: str) -> float | None:
        """Return what a name is worth that stands right after `word`, None for nothing."""
        return self.rules.before.get(word.lower(), _ENOUGH if word.endswith(self.rules.before_endings) else None)

    def _after_introduction(self, words: Words, at: int) -> int:
        """Return the word after "metoder som", "principerna för" and the like at word `at`."""
        lower, place = words[at][0].lower(), at + 1
        if lower in self.rules.about and words[place : place + 1] and words[place][0] in _ABOUT:
            return place + 1
        if lower not in self.rules.listing:
            return place
        if words[place : place + 1] and words[place][0] == ",":
            place += 1
        first = place
        while place < len(words) and (words[place][0] in self.rules.introducing or _dot_inside(words, place)):
            place += 1
        return place if place > first else at + 1

    def _apposed(self, words: Words, at: int) -> Iterator[Sighting]:
        """Yield the name between commas or dashes that says which: "en modell för ringar, Ringmodellen, har"."""
        told = False
        for place in range(at + 1, min(at + _MOST_WORDS + 1, len(words) - 1)):
            word = words[place][0]
            if word in _COMMAS and not told:
                name, after = self._named_at(words, place + 1)
                if name and (after >= len(words) or not words[after][0][0].isalnum() or self._goes_on(words[after][0])):
                    yield Sighting(name, start_of(words, place + 1), "apposed", self.rules.called_worth)
                return
            if word == ":":
                yield from self._named(words, place + 1, words[at][0].lower(), self.rules.called_worth)
                return
            if not word.isalpha() or word[0].isupper():
                return
            told = told or word in self._all.grammar.finite

    def _goes_on(self, word: str) -> bool:
        return word in _DESCRIBING or word in self._all.grammar.finite

    def _named_at(self, words: Words, at: int) -> tuple[str, int]:
        """Return the name at word `at`, in quotation marks or with a capital, and where it ends; else ""."""
        name, after = self._names.quoted(words, at)
        return (name, after) if name else self._names.at(words, at)

    def _told(self, words: Words, at: int) -> bool:
        """Tell whether a word such as "modellen" stands shortly before word `at`, in the same sentence."""
        for word, _ in reversed(words[max(at - _FAR, 0) : at]):
            if word in ".!?:":
                return False
            calls = (self._cue(word) or 0.0) >= _ENOUGH and word not in self._all.grammar.prepositions
            if calls or word.endswith(self.rules.naming_endings):
                return True
        return False

    def _headed(self, words: Words, at: int) -> Iterator[Sighting]:
        """Yield the word at `at`, whose ending is that of a method, with the adjective before it."""
        word, start = words[at]
        if (self._cue(word) or 0.0) >= _ENOUGH and at + 1 < len(words) and words[at + 1][0][0].isupper():
            return  # "Samtalsmodellen LINK" is called LINK.
        before, place = words[at - 1] if at else ("", 0)
        beside = start == place + len(before) + 1 and before.lower() not in self._all.grammar.determiners
        if "-" in word or (word[0].isupper() and at and before not in _STOPS):
            if word[0].isupper() and before[:1].isupper() and beside and at > 1:
                word, start = f"{before} {word}", place
            yield Sighting(word, start, "ending", self.rules.named_head_worth)
        elif _ADJECTIVE.search(before) and beside:
            yield Sighting(f"{before} {word}", place, "ending", self.rules.head_worth)
        else:
            named = word[0].isupper() and self._is_coined(word.lower())
            yield Sighting(word, start, "ending", self.rules.named_head_worth if named else self.rules.head_worth)
            if before in self.rules.before:
                yield Sighting(word, start, before, self.rules.listed_worth)

    def _is_coined(self, word: str) -> bool:
        """Tell whether what stands before "modellen" at the end of a word is a place or no word: "Kawamodellen"."""
        head = _MODEL.search(word)
        if head is None:
            return False
        from simplemma import is_known

        stem = word[: head.start()].removesuffix("-")
        return stem in self._places or not any(is_known(part, lang="sv") for part in (stem, stem.removesuffix("s")))

    def _worked_with(self, words: Words, at: int) -> bool:
        """Tell whether word `at` is a verb of use, or the preposition of one: "prövar", "utbildas i"."""
        if words[at][0].lower().startswith(self.rules.using):
            return True
        if words[at][0] in _TAUGHT_BY and at and words[at - 1][0].lower().endswith(self.rules.courses):
            return True
        if words[at][0] not in self.rules.working_prepositions:
            return False
        return any(word.lower().startswith(self.rules.working) for word, _ in words[max(at - _NEAR, 0) : at])

    def _refused(self, words: Words, at: int) -> bool:
        """Tell whether the word before a name says that it is something else: "projektet X", "systemet X"."""
        back = at - 1
        while back > 0 and words[back][0] in _OPENING:
            back -= 1
        return back >= 0 and words[back][0].lower() in self.rules.refusing

    def _named(self, words: Words, at: int, cue: str, worth: float) -> Iterator[Sighting]:
        """Yield the name that begins at word `at`, and those that follow it in an enumeration."""
        while at < len(words):
            name, after = self._named_at(words, at)
            again = words[at][0] in self.rules.working_prepositions and words[at - 1][0] in _SEPARATING
            if not name and (words[at][0] in _OPENING or words[at][0] == "bakom" or again):
                at += 1
                continue
            if not name:
                following = self._next_item(words, at) if cue.endswith(_PLURALS) or cue == _WORKED_WITH else at
                if following == at:
                    return
                at = following
                continue
            yield Sighting(name, start_of(words, at), cue, worth)
            if after + 1 < len(words) and words[after][0] == "," and words[after + 1][0] in _DESCRIBING:
                yield Sighting(name, start_of(words, at), "described", self.rules.listed_worth)
            if after + 1 >= len(words) or words[after][0] not in _SEPARATING:
                return
            if name.isupper() and words[after][0] == "," and words[after + 1][0].startswith(name[0]):
                return  # "ABC, Alla barn i centrum" is one name, spelt out.
            at = after + 1 + spells_out(name, words[after + 1][0])

    def _next_item(self, words: Words, at: int) -> int:
        """Return where the item after a short one in small letters begins ("…, motiverande samtal och Tejping")."""
        for place in range(at + 1, min(at + _MOST_WORDS, len(words) - 1)):
            if words[place][0] in _SEPARATING:
                return place + 1
            if not words[place][0].isalpha() or words[place][0] in self._all.grammar.finite:
                break
        return at


def _dot_inside(words: Words, at: int) -> bool:
    """Tell whether word `at` is a full stop inside "t.ex." or "bl.a."."""
    return words[at][0] == "." and words[at - 1][0] in ("t", "ex", "bl", "a")


_WORKED_WITH = "worked with"
_TAUGHT_BY = ("i", "om")
_WE = ("vi", "för")
_ABOUT = frozenset(("för", "bakom", "i"))
_STOPS = frozenset((".", "!", "?", ":", "•", "-"))
_SHORT_NAME = 6
_SHORTEST_NAME = 3
_ADJECTIVE = re.compile(r"[a-zåäö](?:al|ad|iv|isk|ell|ande|ig)$")
_SEPARATORS = re.compile(r",? ?(?:och|eller|samt)? ?")
_MODEL = re.compile(r"(?:modell|metod|trappa)(?:en|n)?$")
_NEAR = 3
_FAR = 8
_SEPARATING = (",", "och", "samt", "eller")
_PLURALS = ("er", "erna", "sätten", "verktyg", "verktygen", "instrumenten", "programmen", "koncepten")
_DESCRIBING = frozenset(("som", "där", "vilket", "vilken"))
_COMMAS = (",", "-", "–")
_GENITIVE = re.compile(r"[A-ZÅÄÖ][\w-]{2,}s")
_OPENING = frozenset("\"”“»'(:•")
