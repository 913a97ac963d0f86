"""Tells whether a name stands in the scope of a denial: "inte", "varken … eller", "i stället för", "utan" and so on."""

from __future__ import annotations

from collections.abc import Iterator

from kg.methods.phrases import Found
from kg.methods.reading import Place, Reading
from kg.methods.rules import Rules

_ADVERSATIVE = "utan"


def denials(reading: Reading, place: Place, rules: Rules) -> int:
    """Return how many denials the name at `place` stands in; an even number above nought denies nothing."""
    negation = rules.negation
    harmless = {
        word for number in negation.harmless for found in reading.of(number) for word in range(found.first, found.last)
    }
    active = [found for found in reading.any_of(negation.clause) if not _is_harmless(reading, found, harmless, rules)]
    short = [found for found in reading.any_of(negation.short) if found.first not in harmless]
    count = sum(1 for found in active if _clause_reaches(reading, found, place, rules))
    count += sum(1 for found in short if _short_reaches(reading, found, place, rules, [*active, *short]))
    count += sum(1 for found in _after(reading, place, rules, harmless))
    return count


def denied_list(lead: Reading, rules: Rules) -> bool:
    """Tell whether an introducing line denies the list that follows ("Följande används inte:")."""
    end = Place(len(lead.words), len(lead.words))
    harmless = {
        word
        for number in rules.negation.harmless
        for found in lead.of(number)
        for word in range(found.first, found.last)
    }
    after = any(found.first not in harmless for found in lead.any_of(rules.negation.after))
    return after or denials(lead, end, rules) % 2 == 1


def _harmless(reading: Reading, rules: Rules) -> set[int]:
    """Return the words of phrases that hold a denial and deny nothing."""
    return {at for found in reading.any_of(rules.negation.harmless) for at in range(found.first, found.last)}


def _is_harmless(reading: Reading, found: Found, harmless: set[int], rules: Rules) -> bool:
    """Tell whether a denial is none ("inte bara"), or denies a result or what a person manages, not a use."""
    if not harmless.isdisjoint(range(found.first, found.last)):
        return True
    around = (found.first - 1, found.last, found.first - 2)
    words = [reading.words[at] for at in around if 0 <= at < len(reading.words)]
    return reading.words[found.first] in _PLAIN and any(word in rules.grammar.outcome for word in words)


_PLAIN = frozenset(("inte", "ej", "icke", "aldrig", "not", "ikke"))


def _clause_reaches(reading: Reading, found: Found, place: Place, rules: Rules) -> bool:
    """Tell whether a denial reaches the name: up to a verb with something new, or a word that turns the sentence."""
    if found.last > place.first:
        return False
    for at in range(found.last, place.first):
        word = reading.words[at]
        if word in rules.negation.enders:
            return False
        # A verb right after the denial is the one that is denied ("eftersom vi inte använder …").
        if word in rules.grammar.finite and at > found.last + 1 and at not in reading.name_words:
            return False
        if word in rules.grammar.finite and at == found.last + 1 and reading.words[found.last] in ("som", "att", ","):
            return False
    return True


def _short_reaches(reading: Reading, found: Found, place: Place, rules: Rules, all_denials: list[Found]) -> bool:
    """Tell whether "utan" or "ingen" reaches the name, within a few words and not past a preposition."""
    if found.last > place.first:
        return False
    if reading.words[found.first] == _ADVERSATIVE and _turned(reading, found, all_denials):
        return False
    counted = 0
    for at in range(found.last, place.first):
        word = reading.words[at]
        if at in reading.name_words or word in rules.grammar.connectors:
            continue
        if word in rules.negation.enders or word in rules.grammar.finite or word in rules.negation.short_enders:
            return False
        counted += 1
    return counted <= rules.negation.short_words


def _turned(reading: Reading, found: Found, all_denials: list[Found]) -> bool:
    """Tell whether another denial turns "utan": "inte … utan", "ingen … utan", and "Utan … inga"."""
    harmless_before = any(word in _DENYING for word in reading.words[: found.first])
    later = found.first == 0 and any(other.first > found.last for other in all_denials)
    return harmless_before or later


_DENYING = frozenset("inte ej icke aldrig ingen inget inga varken ikke not".split())


def _after(reading: Reading, place: Place, rules: Rules, harmless: set[int]) -> Iterator[Found]:
    """Yield at most one phrase after the name that denies it ("… används inte")."""
    for found in reading.any_of(rules.negation.after):
        if found.first < place.last or not harmless.isdisjoint(range(found.first, found.last)):
            continue
        between = range(place.last, found.first)
        if not any(
            reading.words[at] in rules.grammar.barriers
            or (reading.words[at] in rules.grammar.finite and at not in reading.name_words)
            for at in between
        ):
            yield found
            return
