"""Gives a role to a name in its sentence, by the cues, denials and defaults of the rule file, and by its clues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import starmap
from operator import or_
from typing import NamedTuple

from kg.methods.clues import LIST, Clues, Weights
from kg.methods.document import Document, Spot
from kg.methods.negation import denials, denied_list
from kg.methods.phrases import Found
from kg.methods.reading import Place, Reading
from kg.methods.rules import BARRIER, FINITE, LIGHT, PREPOSITION, VERB, Boilerplate, Cue, Rules
from kg.model import Role

_WORDS_PER_STRENGTH = 4
_VERB_PENALTY = 4.0
_ANYWHERE_PENALTY = 1.0
_LEAST_SCORE = 1.0
_RELATIVE = "som"
_LIGHT_KINDS = bytes(kind for kind in range(256) if kind & LIGHT)


class Asked(NamedTuple):
    """A name of `method` in a document; `objective` is the code of the project's specific objective."""

    document: Document
    spot: Spot
    method: str
    objective: str | None


class Ruling(NamedTuple):
    """The role of a name, the rule that gave it, and how sure it is."""

    role: Role
    rule: str
    confidence: float


class Told(NamedTuple):
    """What the rules say of a name, before the clues are asked."""

    role: Role
    rule: str


class _Spoken(NamedTuple):
    """A cue with what rules most cues out: how strongly it speaks at most, and on which side of the name it stands.

    `stops` are the kinds of words over which it does not reach.
    """

    strength: float
    before: bool
    after: bool
    stops: int
    cue: Cue


def _spoken(cue: Cue) -> _Spoken:
    before, after = cue.at.side == "before", cue.at.side == "after"
    strict = 0 if cue.at.loose else VERB | (PREPOSITION if before else 0)
    return _Spoken(cue.strength, before, after, BARRIER | strict, cue)


class Roles:
    """The cues of the rule file by the number of their phrase, and the clues."""

    def __init__(self, rules: Rules, weights: Weights) -> None:
        self._rules = rules
        self._clues = Clues(weights, rules)
        self._cues: dict[int, list[_Spoken]] = {}
        for cue in rules.cues:
            self._cues.setdefault(cue.at.number, []).append(_spoken(cue))
        self._denying = rules.negation.clause | rules.negation.short | rules.negation.after
        self._learning_heads = (*rules.training_heads, *rules.course_heads)

    def rulings(self, asked: Sequence[Asked]) -> list[Ruling]:
        """Return the role of each name: the one for which the clues speak most, among them the rule that speaks."""
        told = self.told(asked)
        shares = self._clues.shares([(one.document, one.spot, said) for one, said in zip(asked, told, strict=True)])
        return [*map(self._ruling, told, shares)]

    def told(self, asked: Sequence[Asked]) -> list[Told]:
        """Return what the rules alone say of each name."""
        return [*starmap(self._told_by_rules, asked)]

    def _ruling(self, told: Told, shares: Mapping[Role, float]) -> Ruling:
        clues = self._rules.clues
        role = clues.role(shares, told.role, told.rule.removeprefix(LIST))
        return Ruling(role, told.rule if role == told.role else "clues", clues.confidence(shares[role]))

    def _told_by_rules(self, document: Document, spot: Spot, method: str, objective: str | None) -> Told:
        denying = spot.reading.holds_any(self._denying)
        count = denials(spot.reading, spot.place, self._rules) if denying else 0
        if count % 2:
            return Told("negated", "negation")
        boilerplate = self._boilerplate(document, spot, method)
        cue = self._best(spot.reading, spot.place, objective, boilerplate)
        if (cue is None or cue.strength < _STRONG) and self._is_training(document, spot, objective):
            return Told("trains", "training-compound")
        if count:
            role = cue.role if cue and cue.role != "mentions" else "uses"
            return Told(role, "double-negation")
        lead = document.lead(spot)
        if cue and (cue.strength > _WEAK or not lead):
            return Told(cue.role, cue.name)
        return (lead and self._from_lead(lead, objective, boilerplate)) or self._default(
            document, spot, cue, boilerplate
        )

    def _is_training(self, document: Document, spot: Spot, objective: str | None) -> bool:
        """Tell whether the name stands in a compound such as "MI-utbildning", for staff."""
        head = document.head(spot)
        itself = spot.match.names[0].written.lower() in self._rules.training_names
        if not itself and not head.startswith(self._learning_heads):
            return False
        here = Found(-1, spot.place.first, spot.place.last)
        alone = "-" in spot.matched and head.startswith(self._rules.training_heads)
        known = itself or alone or spot.reading.of(self._rules.grammar.staff)
        return bool(known) and self._staff_learn(spot.reading, here, objective)

    def _boilerplate(self, document: Document, spot: Spot, method: str) -> Boilerplate | None:
        """Return the rule that makes the name a mere mention: not where it is a verb or called a method."""
        rule = self._rules.boilerplate.get(method)
        name = spot.match.names[0]
        if rule is None or name.verb or (rule.labels and name.written.lower() not in rule.labels):
            return None
        return None if document.framed(spot) else rule

    def _from_lead(self, lead: Reading, objective: str | None, boilerplate: Boilerplate | None) -> Told | None:
        """Return the role that the line gives which introduces the list."""
        if denied_list(lead, self._rules):
            return Told("negated", "negated-list")
        cue = self._best(lead, Place(len(lead.words), len(lead.words)), objective, boilerplate)
        if cue:
            return Told(cue.role, f"{LIST}{cue.name}")
        return None

    def _default(self, document: Document, spot: Spot, cue: Cue | None, boilerplate: Boilerplate | None) -> Told:
        if boilerplate:
            return Told("mentions", "boilerplate")
        if cue:
            return Told(cue.role, cue.name)
        if document.framed(spot):
            return Told("uses", "heading")
        heading = document.heading(spot)
        if heading and heading.of(self._rules.grammar.background):
            return Told("mentions", "background-section")
        return Told("uses", "default")

    def _best(
        self, reading: Reading, place: Place, objective: str | None, boilerplate: Boilerplate | None
    ) -> Cue | None:
        best: Cue | None = None
        strongest, cues = 0.0, self._cues
        first, last = place
        for found in reading.found:
            number, begin, end = found
            if number not in cues:
                continue
            for spoken in cues[number]:
                strength, before, after, _, cue = spoken
                # No cue speaks more strongly than its strength: most are ruled out before they are weighed.
                if strength <= strongest or (before and end > first) or (after and begin < last):
                    continue
                if boilerplate and not _says_enough(cue, boilerplate):
                    continue
                score = self._score(reading, place, found, spoken)
                if score is None or score < _LEAST_SCORE or score <= strongest:
                    continue
                if cue.learners and not self._staff_learn(reading, found, objective):
                    continue
                best, strongest = cue, score
        return best

    def _score(self, reading: Reading, place: Place, found: Found, spoken: _Spoken) -> float | None:
        """Return how strongly a cue on its side of a name speaks for it, None where it does not reach it."""
        strength, before, after, stops, _ = spoken
        if not (before or after):
            ends = (found.last, place.first) if found.last <= place.first else (_told_from(reading, place), found.first)
            return strength - _ANYWHERE_PENALTY if reading.borders.isdisjoint(range(*ends)) else None
        first, last = (found.last, place.first) if before else (place.last, found.first)
        if after and reading.other_subject(place, found.first):
            return None
        if first == last:
            return strength
        between = reading.kinds[first:last]
        together = reduce(or_, between, 0)
        if together & stops or not _goes_on(reading, range(first, last), together, before=before):
            return None
        if before and spoken.cue.role == "mentions" and not reading.borders.isdisjoint(range(first, last)):
            return None
        heavy = len(between.translate(None, _LIGHT_KINDS))
        said_beside = after and reading.words[place.last] == _RELATIVE
        past_verbs = _VERB_PENALTY if together & VERB and not said_beside else 0.0
        return strength - heavy / _WORDS_PER_STRENGTH - past_verbs

    def _staff_learn(self, reading: Reading, found: Found, objective: str | None) -> bool:
        """Tell whether those who learn are staff; in a project for staff the participants are staff too."""
        if objective in self._rules.staff_objectives:
            return True
        staff = self._nearest(reading, self._rules.grammar.staff, found)
        participants = self._nearest(reading, self._rules.grammar.participants, found)
        return participants is None or (staff is not None and staff <= participants)

    def _nearest(self, reading: Reading, number: int, found: Found) -> float | None:
        """Return how far from a cue the nearest word of a list stands; one before it counts as nearer."""
        distances = [
            float(found.first - other.last) if other.last <= found.first else 4.0 + other.first - found.last
            for other in reading.of(number)
            if other.first not in reading.name_words and not _met_by(reading, other)
        ]
        return min(distances, default=None)


def _goes_on(reading: Reading, apart: range, kinds: int, *, before: bool) -> bool:
    """Tell whether nothing new is said in the words between a cue and a name, in which `kinds` occur."""
    if reading.joints.isdisjoint(apart):
        return True
    if kinds & FINITE and not reading.clauses.isdisjoint(apart):
        return False
    return reading.new_tasks.isdisjoint(apart) and (reading.breaks if before else reading.fresh_starts).isdisjoint(
        apart
    )


def _told_from(reading: Reading, place: Place) -> int:
    """Return where that begins which is said of a name: "X, som …" goes on with it."""
    at = place.last + (reading.words[place.last : place.last + 1] == [","])
    return at + 1 if reading.words[at : at + 1] == [_RELATIVE] else place.last


def _met_by(reading: Reading, other: Found) -> bool:
    """Tell whether people are only those whom others meet: "personal som möter ungdomar"."""
    return other.first > 1 and bool(reading.kinds[other.first - 1] & VERB) and reading.words[other.first - 2] == "som"


def _says_enough(cue: Cue, boilerplate: Boilerplate) -> bool:
    """Tell whether a cue counts for a method that every text names: it says what is done, or that nothing is."""
    return cue.role == "mentions" or (cue.doing and cue.role in boilerplate.lifted_by)


_WEAK = 4.5
_STRONG = 7.5
