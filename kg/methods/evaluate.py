"""Measures an extraction against what people found: precision, recall, F1, intervals, kinds, and every mistake."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.methods.extract import Extractor
from kg.methods.gold import Case, Expected
from kg.methods.normalise import normalise
from kg.methods.sentences import Sentences
from kg.model import LINKING_ROLES, MethodUse

SEED = 20_230_331
"""Seed of the bootstrap, so that the same files give the same intervals."""
RESAMPLES = 2_000
SURE = 0.9
BANDS = (0.9, 0.8, 0.7, 0.5)
"""The least confidence of each band of the table that shows whether the confidences tell the truth."""
_ABOVE_ALL = 2.0
_SHORT = 400
"""How many characters a text has at most that is shown whole where a method of no known form was missed."""
Level = Literal["ids", "ids and roles"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, found though not expected, and expected but not found."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of what was expected that was found; 1 where nothing was expected."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was expected and nothing found."""
        total = 2 * self.right + self.false + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts over all cases, with the middle 95 % of each figure over resampled cases."""

    level: str
    counts: Counts
    precision: tuple[float, float]
    recall: tuple[float, float]
    f1: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A method that was missed, found without reason, or given another role; `sentence` is where."""

    case: str
    kind: str
    what: Literal["missed", "false alarm", "other role"]
    method: str
    role: str
    expected_role: str
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Band:
    """The uses with at least the confidence `least`, and less than the band above: right and false with their role."""

    least: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that `kg methods evaluate` tells; for `lenient`, unsure expectations are neither right nor wrong."""

    cases: int
    strict: tuple[Measure, ...]
    lenient: tuple[Measure, ...]
    kinds: tuple[tuple[str, int, Counts, Counts], ...]
    mistakes: tuple[Mistake, ...]
    outside: tuple[tuple[str, str, str], ...]
    sure: Counts
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    case: Case
    uses: tuple[MethodUse, ...]


def evaluate(cases: Sequence[Case], extractor: Extractor, *, linking: bool = False) -> Evaluation:
    """Return how well the extractor does on the cases.

    With `linking`, what counts are the uses by which a graph would link the project to a method: that is what the facts
    of pages list. A mention or a denial counts where the facts have one, and is no false alarm where they do not.
    """
    outcomes = [_Outcome(case, _found(case, extractor, linking)) for case in cases]
    return Evaluation(
        cases=len(cases),
        strict=tuple(_measure(outcomes, level, _strict) for level in ("ids", "ids and roles")),
        lenient=tuple(_measure(outcomes, level, _lenient) for level in ("ids", "ids and roles")),
        kinds=tuple(_by_kind(outcomes)),
        mistakes=tuple(mistake for outcome in outcomes for mistake in _mistakes(outcome)),
        outside=tuple((case.id, one.name, one.role) for case in cases for one in case.expected if one.method is None),
        sure=_sum(_between(outcome, SURE, _ABOVE_ALL) for outcome in outcomes),
        bands=tuple(_bands(outcomes)),
    )


def _found(case: Case, extractor: Extractor, linking: bool) -> tuple[MethodUse, ...]:
    found = extractor.extract(case.text, objective=case.objective, title=case.title)
    if not linking:
        return found.best_uses()
    told = {one.method for one in case.expected if one.sure and one.role not in LINKING_ROLES}
    linked = [use for use in found.settled_uses() if use.role in LINKING_ROLES]
    beside = [use for use in found.best_uses() if use.role not in LINKING_ROLES and use.method in told]
    return (*linked, *beside)


def _keys(pairs: Iterable[tuple[str, str]], level: str) -> set[tuple[str, str]]:
    return {(method, role if level != "ids" else "") for method, role in pairs}


def _strict(outcome: _Outcome, level: str) -> Counts:
    """Count what is expected with certainty; whatever else was found is a false alarm, unsure expectations too."""
    expected = _keys(((one.method, one.role) for one in outcome.case.expected if one.method and one.sure), level)
    found = _keys(((use.method, use.role) for use in outcome.uses), level)
    return Counts(len(expected & found), len(found - expected), len(expected - found))


def _lenient(outcome: _Outcome, level: str) -> Counts:
    unsure = {one.method for one in outcome.case.expected if not one.sure}
    expected = _keys(((one.method, one.role) for one in outcome.case.expected if one.method and one.sure), level)
    found = _keys(((use.method, use.role) for use in outcome.uses if use.method not in unsure), level)
    return Counts(len(expected & found), len(found - expected), len(expected - found))


def _between(outcome: _Outcome, least: float, below: float) -> Counts:
    """Count the uses whose confidence is at least `least` and less than `below`, with their role."""
    expected = {(one.method, one.role) for one in outcome.case.expected}
    found = [use for use in outcome.uses if least <= use.confidence < below]
    right = sum((use.method, use.role) in expected for use in found)
    return Counts(right, len(found) - right, 0)


def _bands(outcomes: Sequence[_Outcome]) -> Iterable[Band]:
    for least, below in zip(BANDS, (_ABOVE_ALL, *BANDS), strict=False):
        yield Band(least, _sum(_between(outcome, least, below) for outcome in outcomes))


def _sum(counts: Iterable[Counts]) -> Counts:
    total = [0, 0, 0]
    for one in counts:
        total[0] += one.right
        total[1] += one.false
        total[2] += one.missed
    return Counts(*total)


def _measure(outcomes: Sequence[_Outcome], level: str, count: Callable[[_Outcome, str], Counts]) -> Measure:
    counts = [count(outcome, level) for outcome in outcomes]
    total = _sum(counts)
    chance = random.Random(SEED)
    samples = [_sum(chance.choices(counts, k=len(counts))) for _ in range(RESAMPLES)] if counts else [total]
    return Measure(
        level,
        total,
        _interval(sample.precision for sample in samples),
        _interval(sample.recall for sample in samples),
        _interval(sample.f1 for sample in samples),
    )


def _interval(figures: Iterable[float]) -> tuple[float, float]:
    ordered = sorted(figures)
    return ordered[int(0.025 * (len(ordered) - 1))], ordered[round(0.975 * (len(ordered) - 1))]


def _by_kind(outcomes: Sequence[_Outcome]) -> Iterable[tuple[str, int, Counts, Counts]]:
    kinds = sorted({kind for outcome in outcomes for kind in outcome.case.kinds})
    for kind in kinds:
        inside = [outcome for outcome in outcomes if kind in outcome.case.kinds]
        ids = _sum(_strict(outcome, "ids") for outcome in inside)
        yield kind, len(inside), ids, _sum(_strict(outcome, "ids and roles") for outcome in inside)


def _mistakes(outcome: _Outcome) -> Iterable[Mistake]:
    case, kind = outcome.case, ", ".join(outcome.case.kinds)
    sure = [one for one in case.expected if one.method and one.sure]
    unsure = {one.method for one in case.expected if not one.sure}
    roles: dict[str, set[str]] = {}
    for one in sure:
        roles.setdefault(str(one.method), set()).add(one.role)
    found = {use.method for use in outcome.uses}
    for one in sure:
        if one.method not in found:
            yield Mistake(case.id, kind, "missed", str(one.method), "", one.role, _sentence_with(case.text, one), "")
    for use in outcome.uses:
        expected = roles.get(use.method)
        if expected is None and use.method not in unsure:
            yield Mistake(case.id, kind, "false alarm", use.method, use.role, "", use.quote, use.rule)
        elif expected and use.role not in expected:
            wanted = ", ".join(sorted(expected))
            yield Mistake(case.id, kind, "other role", use.method, use.role, wanted, use.quote, use.rule)


def _sentence_with(text: str, one: Expected) -> str:
    """Return the sentence that has one of the forms of a method, "" where none has; of a single sentence all of it."""
    normal = normalise(text)
    sentences = Sentences(normal.text)
    places = (normal.lower.find(form.lower()) for form in (*one.forms, one.name))
    at = next((place for place in places if place >= 0), 0 if len(text) <= _SHORT else -1)
    if at < 0:
        return ""
    sentence = sentences.at(at)
    return text[slice(*normal.span(sentence.start, sentence.end))]
