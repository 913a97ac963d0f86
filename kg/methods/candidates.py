"""Proposes names that texts present as methods and that the scheme lacks, with what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kg.methods.extract import Extractor
from kg.methods.normalise import Normalised, normalise
from kg.methods.rules import CandidateRules, Rules
from kg.methods.sentences import Sentences

if TYPE_CHECKING:
    from kg.ontology import Concept, Ontology

_WORD = re.compile(r"[\w-]+(?:\.\d+)?|[^\w\s]")
_QUOTED = re.compile(r"[\"”“»']([A-ZÅÄÖ][^\"”“»'\n.]{2,50})[\"”“»']")
_MOST_WORDS = 5
_ENOUGH = 1.0
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be a method: how often and in which projects, what speaks for it, and where it stands.

    `nearest` is the id of the concept with the most similar label, None where none is similar; `score` is the worth of
    the best evidence in each project, added up.
    """

    name: str
    times: int
    projects: tuple[str, ...]
    cues: tuple[str, ...]
    sentences: tuple[str, ...]
    nearest: str | None
    score: float


@dataclass(slots=True)
class _Evidence:
    """What was collected about one name."""

    spellings: dict[str, int] = field(default_factory=dict)
    projects: dict[str, dict[str, float]] = field(default_factory=dict)
    sentences: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sighting:
    name: str
    start: int
    cue: str
    worth: float


def candidates(texts: Iterable[tuple[str, str]], ontology: Ontology) -> list[Candidate]:
    """Return the candidates in `texts` (pairs of project key and text), the best first."""
    extractor = Extractor(ontology)
    finder = _Finder(extractor)
    found: dict[str, _Evidence] = {}
    for key, text in texts:
        for sighting, sentence in finder.sightings(text):
            evidence = found.setdefault(_folded(sighting.name), _Evidence())
            evidence.spellings[sighting.name] = evidence.spellings.get(sighting.name, 0) + 1
            cues = evidence.projects.setdefault(key, {})
            cues[sighting.cue] = max(cues.get(sighting.cue, 0.0), sighting.worth)
            evidence.sentences[sentence] = None
    labels = [(text.lower(), concept) for concept in ontology.concepts("methods") for text in concept.spellings()]
    proposed = (_candidate(evidence, labels, finder.rules) for evidence in found.values())
    kept = [candidate for candidate in proposed if candidate.score >= _ENOUGH]
    return sorted(kept, key=lambda one: (-one.score, -one.times, one.name))


def _candidate(evidence: _Evidence, labels: list[tuple[str, Concept]], rules: CandidateRules) -> Candidate:
    name = max(evidence.spellings, key=lambda spelling: (evidence.spellings[spelling], -len(spelling)))
    times = sum(evidence.spellings.values())
    score = sum(sum(cues.values()) for cues in evidence.projects.values())
    score += rules.repeated_worth if times > 1 else 0.0
    score += rules.long_name_worth if len(name.split()) > 1 and name[0].isupper() else 0.0
    cues = sorted({cue for cues in evidence.projects.values() for cue in cues})
    likeness, nearest = max(
        ((SequenceMatcher(None, name.lower(), label).ratio(), concept.id) for label, concept in labels),
        default=(0.0, ""),
    )
    return Candidate(
        name=name,
        times=times,
        projects=tuple(sorted(evidence.projects)),
        cues=tuple(cues),
        sentences=tuple(evidence.sentences),
        nearest=nearest if likeness >= _ALIKE else None,
        score=round(score, 2),
    )


class _Finder:
    """Finds the names in one text that something presents as a method."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._all: Rules = extractor.rules
        self.rules = extractor.rules.candidates
        self._head = re.compile(rf"[\w-]*?[\w-](?:{'|'.join(self.rules.heads)})")

    def sightings(self, text: str) -> Iterator[tuple[_Sighting, str]]:
        normal = normalise(text)
        known = [(use.start, use.end) for use in self._extractor.extract(text).uses]
        sentences = Sentences(normal.text)
        for sighting in self._all_sightings(normal):
            start, end = normal.span(sighting.start, sighting.start + len(sighting.name))
            if not self._possible(sighting.name) or any(first < end and start < last for first, last in known):
                continue
            sentence = sentences.at(sighting.start)
            quote = text[slice(*normal.span(sentence.start, sentence.end))]
            yield sighting, quote
            if any(_SEPARATORS.fullmatch(text[last:start] or text[end:first]) for first, last in known):
                yield _Sighting(sighting.name, sighting.start, "listed", self.rules.listed_worth), quote

    def _possible(self, name: str) -> bool:
        words = name.lower().split()
        if not self.rules.organisations.isdisjoint(words):
            return False
        return not any(
            words[0] == one or (one.endswith("*") and words[0].startswith(one[:-1])) for one in self.rules.generic
        )

    def _all_sightings(self, normal: Normalised) -> Iterator[_Sighting]:
        words = [(match.group(), match.start()) for match in _WORD.finditer(normal.text)]
        for at, (word, _) in enumerate(words):
            cue = self.rules.before.get(word.lower(), _ENOUGH if word.endswith(self.rules.before_endings) else None)
            if cue is not None:
                yield from self._named(words, at + 1, word.lower(), cue)
            if self._head.fullmatch(word.lower()) and len(word) > _SHORT_NAME:
                yield self._headed(words, at)
            elif word in self.rules.heads and at and _ADJECTIVE.search(words[at - 1][0]):
                yield _Sighting(f"{words[at - 1][0]} {word}", words[at - 1][1], "ending", self.rules.head_worth)
            if word.lower() in self.rules.calling and self._told(words, at):
                yield from self._named(words, at + 1, "called", self.rules.called_worth)
            name_ends = self._name_before(words, at)
            if name_ends is not None:
                yield from self._called(words, name_ends)
        for match in _QUOTED.finditer(normal.text):
            yield _Sighting(match[1].strip(), match.start(1), "quoted", self.rules.quoted_worth)

    def _told(self, words: list[tuple[str, int]], at: int) -> bool:
        """Tell whether a word such as "modellen" stands shortly before word `at`, in the same sentence."""
        for word, _ in reversed(words[max(at - _MOST_WORDS, 0) : at]):
            if word in ".!?:":
                return False
            if self.rules.before.get(word.lower(), 0.0) >= _ENOUGH:
                return True
        return False

    def _name_before(self, words: list[tuple[str, int]], at: int) -> int | None:
        """Return where the name ends that is called a method from word `at` on: "X, en metod", "X är vår metod"."""
        if not at or not self._calls(words, at):
            return None
        before = words[at - 1][0]
        if before in self.rules.owning and at > _LEAST_BEFORE and words[at - 2][0] in (",", *self.rules.equating):
            return at - 3
        return at - 2 if before == "som" and at > 1 else None

    def _headed(self, words: list[tuple[str, int]], at: int) -> _Sighting:
        """Return the word at `at`, whose ending is that of a method, with the adjective before it."""
        word, start = words[at]
        if "-" in word or (word[0].isupper() and at and words[at - 1][0] not in ".!?:•-"):
            return _Sighting(word, start, "ending", self.rules.named_head_worth)
        before, place = words[at - 1] if at else ("", 0)
        if _ADJECTIVE.search(before) and start == place + len(before) + 1:
            return _Sighting(f"{before} {word}", place, "ending", self.rules.head_worth)
        return _Sighting(word, start, "ending", self.rules.head_worth)

    def _calls(self, words: list[tuple[str, int]], at: int) -> bool:
        return at < len(words) and words[at][0].lower() in self.rules.before

    def _called(self, words: list[tuple[str, int]], at: int) -> Iterator[_Sighting]:
        """Yield the name that ends at word `at` and is called a method after it."""
        first = at
        while first and at - first < _MOST_WORDS and words[first - 1][0][0].isupper():
            first -= 1
        name = " ".join(word for word, _ in words[first : at + 1])
        if name[0].isupper() and words[at][1] + len(words[at][0]) - words[first][1] == len(name):
            yield _Sighting(name, words[first][1], "called", self.rules.called_worth)

    def _named(self, words: list[tuple[str, int]], at: int, cue: str, worth: float) -> Iterator[_Sighting]:
        """Yield the name that begins at word `at`, and those that follow it in an enumeration."""
        while at < len(words):
            if words[at][0] in _OPENING:
                at += 1
                continue
            name, after = self._name_at(words, at)
            if not name:
                return
            yield _Sighting(name, words[at][1], cue, worth)
            if after + 1 >= len(words) or words[after][0] not in (",", "och", "samt", "eller"):
                return
            at = after + 1

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
        first, last = words[at][1], words[end - 1][1] + len(words[end - 1][0])
        spaced = " ".join(word for word, _ in words[at:end])
        return (spaced, end) if last - first == len(spaced) else (words[at][0], at + 1)

    def _closes(self, word: str) -> bool:
        grammar = self._all.grammar
        if not word[0].isalnum() or word in grammar.prepositions or word in grammar.connectors:
            return True
        return word in grammar.finite


_SHORT_NAME = 6
_LEAST_BEFORE = 2
_ADJECTIVE = re.compile(r"[a-zåäö](?:al|ad|iv|isk|ell|ande|ig)$")
_SEPARATORS = re.compile(r",? ?(?:och|eller|samt)? ?")
_OPENING = frozenset("\"”“»'(:•")


def _folded(name: str) -> str:
    """Return what spellings of one name share: small letters, without a genitive or definite ending.

    >>> _folded("OSA-dialogen") == _folded("OSA-dialog"), _folded("Klusterutvärderingens")
    (True, 'klusterutvärdering')
    """
    return re.sub(r"(?:e?n|et)?s?$", "", name.lower()) if len(name) > _SHORT_NAME else name.lower()
