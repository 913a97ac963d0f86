"""The projects most like a project, or like an idea written in a few sentences, each with its reasons.

The score is a weighted sum of likenesses between 0 and 1; sides of which nothing is known are left out, and the
weights of the others fill their place. Nothing is random: the same graph and question give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kg import ontology
from kg.errors import UsageError
from kg.network.features import word_counts
from kg.network.matrices import EVERYTHING, Choice, chosen_projects
from kg.network.reading import Facts, Node, Use
from kg.network.reuse import copied_shares, passages, shingles
from kg.network.sides import WEIGHTS, Question, Sides
from kg.vocabulary import project_key

if TYPE_CHECKING:
    from kg.network.matrices import Floats

COPIED_TEXT_COUNTS = 0.5
"""What the copied part of a text counts: word-for-word passages are weak evidence of like thinking."""
_CANDIDATES = 15
"""How many of the best are looked at for copied passages, beyond those asked for."""
_WORDS_SHOWN = 6
_LEAST_PART = 0.005


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two projects are alike on one side: its part of the score, a sentence, and the quotes that prove it."""

    side: str
    part: float
    text: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Similar:
    """A project, how like it is (0–1), why, and its owners: whom to contact."""

    project: Node
    score: float
    reasons: tuple[Reason, ...]
    owners: tuple[Node, ...]


class Likeness:
    """Compares projects; made once for a graph and the descriptions in it, then asked any number of times."""

    def __init__(self, facts: Facts, texts: Mapping[str, str]) -> None:
        self._facts = facts
        self._sides = Sides(facts, texts)

    def to_project(self, project: str, *, top: int = 5, choice: Choice = EVERYTHING) -> list[Similar]:
        """Return the `top` projects most like one, named by key or diary number, the most like first.

        Raises:
            UsageError: the graph has no such project, or the choice names a region or fund that is not there.
        """
        node = f"project:{project_key(project)}"
        if node not in self._sides.places:
            raise UsageError(f"the graph has no project {project!r}")
        return self._answer(self._sides.question(node), top, choice)

    def to_text(self, text: str, uses: Iterable[Use] = (), *, region: str | None = None, top: int = 5) -> list[Similar]:
        """Return the `top` projects most like an idea: a text, the methods found in it, and a region's key.

        Raises:
            UsageError: no project has the region.
        """
        if region is not None:
            chosen_projects(self._facts, Choice(region=region))
        things = {"region": frozenset((f"region:{region}",))} if region else {}
        return self._answer(Question(word_counts("", text), tuple(uses), things, None, text), top, EVERYTHING)

    def _answer(self, question: Question, top: int, choice: Choice) -> list[Similar]:
        import numpy as np

        found = dict(self._sides.likenesses(question))
        known = sum(WEIGHTS[name] for name in found) or 1.0
        weighted = {name: WEIGHTS[name] / known * likeness for name, likeness in found.items()}
        total = np.sum(list(weighted.values()), axis=0) if weighted else np.zeros(len(self._sides.projects))
        best = self._best(total, question, top + _CANDIDATES, choice)
        parts = {place: {name: float(part[place]) for name, part in weighted.items()} for place in best}
        copied = self._copied(question, best)
        for place, share in copied.items():
            parts[place]["text"] *= 1 - (1 - COPIED_TEXT_COUNTS) * share
        ranked = sorted(best, key=lambda place: (-round(sum(parts[place].values()), 9), place))
        return [self._similar(question, place, parts[place], copied.get(place, 0.0)) for place in ranked[:top]]

    def _best(self, total: Floats, question: Question, number: int, choice: Choice) -> list[int]:
        """Return the places of the best projects that are allowed, without the one asked about."""
        import numpy as np

        scores = total.copy()
        if question.project:
            scores[self._sides.places[question.project]] = -1
        if choice != EVERYTHING:
            allowed = chosen_projects(self._facts, choice)
            scores[[project not in allowed for project in self._sides.projects]] = -1
        # Equal scores are told apart by place, so that a cut among them is always the same.
        scores = np.round(scores, 9)
        last = len(scores) - min(number, len(scores))
        least = np.partition(scores, last)[last] if len(scores) else 0.0
        places = np.flatnonzero(scores >= max(least, 0.0))
        return [int(place) for place in places[np.argsort(-scores[places], kind="stable")[:number]]]

    def _copied(self, question: Question, places: Sequence[int]) -> dict[int, float]:
        """Return how much of the shorter text is copied, for the projects at `places` that share passages."""
        ours = frozenset(shingles(question.text))
        found = {}
        for place in places:
            key = self._sides.projects[place]
            theirs = self._sides.texts.get(key, "")
            # Most texts share nothing, which is quickly seen.
            if not ours.isdisjoint(shingles(theirs)):
                pair = {"": question.text, key: theirs}
                found[place] = copied_shares(passages(pair), pair)["", key]
        return found

    def _similar(self, question: Question, place: int, parts: Mapping[str, float], copied: float) -> Similar:
        project = self._sides.projects[place]
        reasons = [
            self._reason(name, part, question, project, copied)
            for name, part in sorted(parts.items(), key=lambda item: (-item[1], item[0]))
            if part >= _LEAST_PART
        ]
        nodes = self._facts.nodes
        owners = tuple(nodes[owner] for owner in sorted(self._sides.things["owner"].get(project, ())))
        return Similar(nodes[project], sum(parts.values()), tuple(reasons), owners)

    def _reason(self, name: str, part: float, question: Question, project: str, copied: float) -> Reason:
        if name == "text":
            words = ", ".join(self._common_words(question, project))
            more = f"; {copied:.0%} of the shorter text is copied, which counts half" if copied else ""
            return Reason(name, part, f"words in common: {words}{more}")
        if name == "methods":
            return self._methods_reason(part, question, project)
        if name == "period":
            attributes = self._facts.nodes[project].attributes
            years = (str(attributes.get(day, ""))[:4] for day in ("startDate", "endDate"))
            return Reason(name, part, f"near in time: {'–'.join(year for year in dict.fromkeys(years) if year)}")
        shared = sorted(question.things[name] & self._sides.things[name].get(project, frozenset()))
        return Reason(name, part, f"same {name}: {', '.join(self._label(thing) for thing in shared)}")

    def _label(self, thing: str) -> str:
        # A type of owner is no node of the network.
        return self._facts.nodes[thing].label if thing in self._facts.nodes else _owner_types().get(thing, thing)

    def _common_words(self, question: Question, project: str) -> list[str]:
        """Return the words that add most to the likeness of two texts, in order."""
        words = self._sides.words
        adding = words.parts(words.vector(question.words), self._sides.places[project])
        return sorted((word for word in adding if adding[word] > 0), key=lambda word: (-adding[word], word))[
            :_WORDS_SHOWN
        ]

    def _methods_reason(self, part: float, question: Question, project: str) -> Reason:
        ours, theirs = _by_method(question.uses), _by_method(self._sides.uses.get(project, ()))
        texts, quotes = [], []
        for method in (method for method in ours if method in theirs):
            roles = [" and ".join(use.role for use in uses) for uses in (ours[method], theirs[method])]
            copied = {use.quote for use in ours[method]} & {use.quote for use in theirs[method]}
            shown = roles[0] if roles[0] == roles[1] else " / ".join(roles)
            texts.append(f"{self._label(method)} ({shown}{', in the same words' if copied else ''})")
            quotes.append(theirs[method][0].quote)
        return Reason("methods", part, f"methods in common: {', '.join(texts)}", tuple(quotes))


@lru_cache(maxsize=1)
def _owner_types() -> Mapping[str, str]:
    """Return the names of the types of owners by their keys."""
    return {concept.id: concept.pref["sv"] for concept in ontology.load().concepts("owner-types")}


def _by_method(uses: Iterable[Use]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        found.setdefault(use.method, []).append(use)
    return found
