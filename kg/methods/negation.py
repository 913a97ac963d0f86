"""Tells whether a name stands in the scope of a denial: "inte", "varken … eller", "i stället för", "utan" and so on."""

from __future__ import annotations

from collections.abc import Sequence

from kg.methods.phrases import Found
from kg.methods.reading import Place, Reading
from kg.methods.rules import BARRIER, FINITE, LIGHT, NegationRules, Rules

_WITHOUT = "utan"
_AND = "och"
_PLAIN = frozenset(("inte", "ej", "icke", "aldrig", "not", "ikke"))
_DENYING = _PLAIN | {"ingen", "inget", "inga", "varken"}
_SUBORDINATE = frozenset(("som", "att", ","))


def denials(reading: Reading, place: Place, rules: Rules) -> int:
    """Return how many denials the name at `place` stands in; an even number above nought denies nothing."""
    negation = rules.negation
    far, near, behind = (reading.any_of(numbers) for numbers in (negation.clause, negation.short, negation.after))
    if not (far or near or behind):
        return 0
    harmless = {at for found in reading.any_of(negation.harmless) for at in range(found.first, found.last)}
    far = [found for found in far if not _denies_result(reading, found, rules) and _outside(found, harmless)]
    near = [found for found in near if _outside(found, harmless)]
    behind = [found for found in behind if _outside(found, harmless)]
    every = [one for one in (*far, *near) if not any(_within(one, other) for other in (*far, *near))]
    before = [found for found in every if found.last <= place.first and not _turned(reading, found, every)]
    reaching = {found.first for found in before if found in far and _reaches(reading, found, place, negation)}
    reaching |= {found.first for found in before if found in near and _reaches_nearby(reading, found, place, negation)}
    return len(reaching) + any(_denies_before(reading, found, place) for found in behind)


def denied_list(lead: Reading, rules: Rules) -> bool:
    """Tell whether an introducing line denies the list that follows ("Följande används inte:")."""
    end = Place(len(lead.words), len(lead.words))
    return bool(lead.any_of(rules.negation.after)) or denials(lead, end, rules) % 2 == 1


def _within(one: Found, other: Found) -> bool:
    """Tell whether one denial is part of a longer one: "vare sig" of "utan vare sig"."""
    return one != other and other.first <= one.first and one.last <= other.last


def _outside(found: Found, harmless: set[int]) -> bool:
    return harmless.isdisjoint(range(found.first, found.last))


def _denies_result(reading: Reading, found: Found, rules: Rules) -> bool:
    """Tell whether "inte" denies a result or what a person manages, which says nothing of the use of a method."""
    if reading.words[found.first] not in _PLAIN:
        return False
    around = (found.first - 2, found.first - 1, found.last)
    return any(reading.words[at] in rules.grammar.outcome for at in around if 0 <= at < len(reading.words))


def _turned(reading: Reading, found: Found, every: Sequence[Found]) -> bool:
    """Tell whether another denial turns "utan": "inte … utan", "ingen … utan", and "Utan … inga"."""
    if reading.words[found.first] != _WITHOUT:
        return False
    later = found.first == 0 and any(other.first > found.last for other in every)
    return later or any(word in _DENYING for word in reading.words[: found.first])


def _reaches(reading: Reading, found: Found, place: Place, negation: NegationRules) -> bool:
    """Tell whether a denial reaches the name: up to a verb with something new, or a word that turns the sentence."""
    for at in range(found.last, place.first):
        if reading.words[at] in negation.enders or at in reading.breaks:
            return False
        if not reading.kinds[at] & FINITE:
            continue
        # A verb right after "inte" is the one that is denied: "eftersom vi inte använder …".
        right_after = at == found.last or (at == found.last + 1 and reading.words[found.last] not in _SUBORDINATE)
        if not right_after or reading.words[found.first] not in _DENYING:
            return False
    return True


def _reaches_nearby(reading: Reading, found: Found, place: Place, negation: NegationRules) -> bool:
    """Tell whether "utan" or "ingen" reaches the name: a few words, no preposition, and of verbs only its own."""
    subject = reading.words[found.first] in negation.subjects and found.first == 0
    verbs = heavy = 0
    for at in range(found.last, place.first):
        word, kind = reading.words[at], reading.kinds[at]
        if word in negation.enders or (word in negation.short_enders and not (subject and not verbs)):
            return False
        verbs += bool(kind & FINITE)
        heavy += not kind & LIGHT
    return verbs <= subject and heavy <= negation.short_words + subject


def _denies_before(reading: Reading, found: Found, place: Place) -> bool:
    """Tell whether a phrase such as "används inte" denies the name before it."""
    if found.first < place.last:
        return False
    if reading.other_subject(place, found.first):
        return False
    between = reading.kinds[place.last : found.first]
    # "KBT ges av regionen och ingår inte": the name that opens the sentence is what the second verb speaks of as well.
    again = reading.words[found.first - 1] == _AND and place in reading.opening
    return not any(kind & (BARRIER if again else BARRIER | FINITE) for kind in between)
