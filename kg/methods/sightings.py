"""Finds the names in a text that something presents as a method: a word before, after or above, or their own ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.methods.extract import Extractor
from kg.methods.normalise import Normalised, normalise
from kg.methods.rules import Rules
from kg.methods.sentences import Sentence, Sentences

_WORD = re.compile(r"[\w-]+(?:\.\d+)?|[^\w\s]")
_QUOTED = re.compile(r"[\"”“»']([A-ZÅÄÖ][^\"”“»'\n.]{2,50})[\"”“»']")
_ITEM = re.compile(r"^[ \t]*[•*–-][ \t]*([A-ZÅÄÖ][\w-]+(?: [\w-]+){0,3})[ \t]*$", re.MULTILINE)
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
    """Finds the names in one text that something presents as a method."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._all: Rules = extractor.rules
        self.rules = extractor.rules.candidates
        self._head = re.compile(rf"[\w-]*?[\w-](?:{'|'.join(self.rules.heads)})")

    def sightings(self, text: str) -> Iterator[tuple[Sighting, str]]:
        """Yield every sighting in the text, with the sentence around it."""
        normal = normalise(text)
        known = [(use.start, use.end) for use in self._extractor.extract(text).uses]
        words = [(match.group(), match.start()) for match in _WORD.finditer(normal.text)]
        sentences = Sentences(normal.text)
        places = {start: at for at, (_, start) in enumerate(words)}
        for sighting in self._all_sightings(normal, words):
            if self._refused(words, places.get(sighting.start, 0)):
                continue
            if sighting.cue == "item" and not self._lists_methods(normal, sentences.at(sighting.start)):
                continue
            start, end = normal.span(sighting.start, sighting.start + len(sighting.name))
            inside = [(first, last) for first, last in known if first < end and start < last]
            longer = any(char.isupper() for char in sighting.name[1:]) and all(
                last - first < end - start for first, last in inside
            )
            if not self._possible(sighting.name) or (inside and not longer):
                continue
            sentence = sentences.at(sighting.start)
            quote = text[slice(*normal.span(sentence.start, sentence.end))]
            yield sighting, quote
            if any(_SEPARATORS.fullmatch(text[last:start] or text[end:first]) for first, last in known):
                yield Sighting(sighting.name, sighting.start, "listed", self.rules.listed_worth), quote

    def _lists_methods(self, normal: Normalised, sentence: Sentence) -> bool:
        """Tell whether the line above the item says that methods follow ("Följande metoder används:")."""
        lead = sentence.block.lead or sentence.block.heading
        words = normal.lower[slice(*lead)].replace(":", " ").split() if lead else ()
        return any(
            self.rules.before.get(word, 0.0) >= _ENOUGH or word.endswith(self.rules.naming_endings) for word in words
        )

    def _possible(self, name: str) -> bool:
        words = name.lower().split()
        if not self.rules.organisations.isdisjoint(words):
            return False
        return not any(
            words[0] == one or (one.endswith("*") and words[0].startswith(one[:-1])) for one in self.rules.generic
        )

    def _all_sightings(self, normal: Normalised, words: list[tuple[str, int]]) -> Iterator[Sighting]:
        for at, (word, _) in enumerate(words):
            cue = self.rules.before.get(word.lower(), _ENOUGH if word.endswith(self.rules.before_endings) else None)
            if cue is not None:
                yield from self._named(words, at + 1, word.lower(), cue)
            if word in self.rules.owners_model and at and _GENITIVE.fullmatch(words[at - 1][0]):
                yield Sighting(f"{words[at - 1][0]} {word}", words[at - 1][1], "genitive", self.rules.called_worth)
            if cue is None and self._worked_with(words, at):
                yield from self._named(words, at + 1, "worked with", self.rules.working_worth)
            if self._head.fullmatch(word.lower()) and len(word) > _SHORT_NAME:
                yield self._headed(words, at)
            elif word in self.rules.heads and at and _ADJECTIVE.search(words[at - 1][0]):
                yield Sighting(f"{words[at - 1][0]} {word}", words[at - 1][1], "ending", self.rules.head_worth)
            if word.lower() in self.rules.calling and self._told(words, at):
                yield from self._named(words, at + 1, "called", self.rules.called_worth)
            name_ends = self._name_before(words, at)
            if name_ends is not None:
                yield from self._called(words, name_ends)
        for match in _ITEM.finditer(normal.text):
            yield Sighting(match[1].strip(), match.start(1), "item", self.rules.item_worth)
        for match in _QUOTED.finditer(normal.text):
            yield Sighting(match[1].strip(), match.start(1), "quoted", self.rules.quoted_worth)

    def _told(self, words: list[tuple[str, int]], at: int) -> bool:
        """Tell whether a word such as "modellen" stands shortly before word `at`, in the same sentence."""
        for word, _ in reversed(words[max(at - _MOST_WORDS, 0) : at]):
            if word in ".!?:":
                return False
            if self.rules.before.get(word.lower(), 0.0) >= _ENOUGH or word.endswith(self.rules.naming_endings):
                return True
        return False

    def _name_before(self, words: list[tuple[str, int]], at: int) -> int | None:
        """Return where the name ends that is called a method at word `at`: "X, en bra metod", "X är vår metod"."""
        if not at or not self._calls(words, at):
            return None
        for place in range(at - 1, max(at - _MOST_WORDS, _LEAST_BEFORE - 1), -1):
            word = words[place][0]
            if word in self.rules.owning and words[place - 1][0] in (*_COMMAS, *self.rules.equating):
                return place - 2
            if not word.isalpha() or word[0].isupper():
                break
        return at - 2 if words[at - 1][0] == "som" and at > 1 else None

    def _headed(self, words: list[tuple[str, int]], at: int) -> Sighting:
        """Return the word at `at`, whose ending is that of a method, with the adjective before it."""
        word, start = words[at]
        if "-" in word or (word[0].isupper() and at and words[at - 1][0] not in ".!?:•-"):
            before, place = words[at - 1] if at > 1 else ("", 0)
            if word[0].isupper() and before[:1].isupper() and start == place + len(before) + 1:
                word, start = f"{before} {word}", place
            return Sighting(word, start, "ending", self.rules.named_head_worth)
        before, place = words[at - 1] if at else ("", 0)
        if _ADJECTIVE.search(before) and start == place + len(before) + 1:
            return Sighting(f"{before} {word}", place, "ending", self.rules.head_worth)
        return Sighting(word, start, "ending", self.rules.head_worth)

    def _calls(self, words: list[tuple[str, int]], at: int) -> bool:
        word = words[at][0].lower()
        return word in self.rules.before or word.endswith(self.rules.naming_endings)

    def _called(self, words: list[tuple[str, int]], at: int) -> Iterator[Sighting]:
        """Yield the name that ends at word `at`, in quotation marks or with capitals, and that is called a method."""
        if words[at][0] in _CLOSING:
            opening = next((place for place in range(at - 2, max(at - 8, -1), -1) if words[place][0] in _CLOSING), at)
            first, at = opening + 1, at - 1
        else:
            first = at
            while first and at - first < _MOST_WORDS and words[first - 1][0][0].isupper():
                first -= 1
        name = " ".join(word for word, _ in words[first : at + 1])
        if name[:1].isupper() and words[at][1] + len(words[at][0]) - words[first][1] == len(name):
            yield Sighting(name, words[first][1], "called", self.rules.called_worth)

    def _worked_with(self, words: list[tuple[str, int]], at: int) -> bool:
        """Tell whether word `at` is a verb of use, or the preposition of one: "prövar", "utbildas i"."""
        if words[at][0].lower().startswith(self.rules.using):
            return True
        if words[at][0] not in self.rules.working_prepositions:
            return False
        return any(word.lower().startswith(self.rules.working) for word, _ in words[max(at - _NEAR, 0) : at])

    def _refused(self, words: list[tuple[str, int]], at: int) -> bool:
        """Tell whether the word before a name says that it is something else: "projektet X", "systemet X"."""
        back = at - 1
        while back > 0 and words[back][0] in _OPENING:
            back -= 1
        return back >= 0 and words[back][0].lower() in self.rules.refusing

    def _named(self, words: list[tuple[str, int]], at: int, cue: str, worth: float) -> Iterator[Sighting]:
        """Yield the name that begins at word `at`, and those that follow it in an enumeration."""
        while at < len(words):
            if words[at][0] in _OPENING or words[at][0] == "bakom":
                at += 1
                continue
            name, after = self._name_at(words, at)
            if not name:
                following = self._next_item(words, at) if cue.endswith(_PLURALS) else at
                if following == at:
                    return
                at = following
                continue
            yield Sighting(name, words[at][1], cue, worth)
            if after + 1 < len(words) and words[after][0] == "," and words[after + 1][0] in _DESCRIBING:
                yield Sighting(name, words[at][1], "described", self.rules.listed_worth)
            if after + 1 >= len(words) or words[after][0] not in _SEPARATING:
                return
            at = after + 1

    def _next_item(self, words: list[tuple[str, int]], at: int) -> int:
        """Return where the item after a short one in small letters begins ("…, motiverande samtal och Tejping")."""
        for place in range(at + 1, min(at + _MOST_WORDS, len(words) - 1)):
            if words[place][0] in _SEPARATING:
                return place + 1
            if not words[place][0].isalpha() or words[place][0] in self._all.grammar.finite:
                break
        return at

    def _name_at(self, words: list[tuple[str, int]], at: int) -> tuple[str, int]:
        """Return the name that begins with a capital at word `at`, with small words inside it, and where it ends."""
        if not words[at][0][0].isupper():
            return "", at
        grammar = self._all.grammar
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS:
            word = words[end][0]
            following = words[end + 1][0] if end + 1 < len(words) else "."
            inside = word.isalpha() and word.lower() not in grammar.finite and word.lower() not in grammar.connectors
            if word[0].isupper() or word[0].isdigit() or (inside and following[0].isupper() and len(word) > 1):
                end += 1
            elif inside and word.lower() not in grammar.prepositions and self._closes(following):
                end += 1
                break
            else:
                break
        end = max(end, self._phrase_end(words, at))
        first, last = words[at][1], words[end - 1][1] + len(words[end - 1][0])
        spaced = " ".join(word for word, _ in words[at:end])
        return (spaced, end) if last - first == len(spaced) else (words[at][0], at + 1)

    def _phrase_end(self, words: list[tuple[str, int]], at: int) -> int:
        """Return where a name ends that is an everyday phrase: "Ett steg i taget", "Tidigt och nära"."""
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS and words[end][0].isalpha() and words[end][0].islower():
            if words[end][0] in self._all.grammar.finite:
                break
            end += 1
        small = self._all.grammar.prepositions | self._all.grammar.connectors
        joined = [place for place in range(at + 1, end) if words[place][0] in small]
        if end - at < _PAIR or (end < len(words) and words[end][0] not in (".", ",", *self._all.grammar.finite)):
            return at
        together = words[at + 1][0] == "och" and end == at + _PAIR
        inside = len(joined) == 1 and joined[0] == end - 2 and joined[0] > at + 1
        return end if together or inside or not joined else at

    def _closes(self, word: str) -> bool:
        grammar = self._all.grammar
        if not word[0].isalnum() or word in grammar.prepositions or word in grammar.connectors:
            return True
        return word in grammar.finite


_SHORT_NAME = 6
_LEAST_BEFORE = 2
_PAIR = 3
_ADJECTIVE = re.compile(r"[a-zåäö](?:al|ad|iv|isk|ell|ande|ig)$")
_SEPARATORS = re.compile(r",? ?(?:och|eller|samt)? ?")
_NEAR = 3
_SEPARATING = (",", "och", "samt", "eller")
_PLURALS = ("er", "erna", "sätten", "verktygen")
_DESCRIBING = frozenset(("som", "där", "vilket", "vilken"))
_COMMAS = (",", "-", "–")
_GENITIVE = re.compile(r"[A-ZÅÄÖ][\w-]{2,}s")
_OPENING = frozenset("\"”“»'(:•")
_CLOSING = frozenset("\"”“»'")
