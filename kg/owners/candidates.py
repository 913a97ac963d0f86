"""Finds owners whose names are near but not equal, for a person to settle: pair, score, reasons, what speaks against.

Nothing is joined here. Pairs are looked for only among owners that share a rare word, a word but for one letter, or an
abbreviation, so that the work grows with the number of owners and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

from kg.owners.known import known
from kg.owners.names import abbreviates, name_key
from kg.owners.nearness import Nearness, content_words, objections, shortenings
from kg.owners.reviewed import Reviewed

THRESHOLD = 0.6
"""Pairs that score less are not shown; 1 is all words in common."""
_LARGEST_BLOCK = 24
_RARE = 3


@dataclass(frozen=True, slots=True)
class NamedOwner:
    """An owner with every spelling of its name; `places` are where its projects have their seat; `public` owners come
    from the list of public organisations and own no project here."""

    key: str
    label: str
    number: str | None
    names: tuple[str, ...]
    places: frozenset[str] = frozenset()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two owners that may be one; `veto` tells that something rules it out; `score` is between 0 and 1."""

    first: NamedOwner
    second: NamedOwner
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    veto: bool


def public_owners(owners: Iterable[NamedOwner]) -> list[NamedOwner]:
    """Return the public organisations that none of `owners` is already."""
    taken = {owner.number for owner in owners}
    return [
        NamedOwner(f"public:{each.number}", each.name, each.number, (each.name,), public=True)
        for each in known().by_number.values()
        if each.number not in taken
    ]


def candidates(
    owners: Sequence[NamedOwner], reviewed: Reviewed | None = None, threshold: float = THRESHOLD
) -> list[Candidate]:
    """Return the pairs of owners that are near, best first; pairs that people have parted are left out."""
    words = [[content_words(name) for name in owner.names] for owner in owners]
    weights = _weights(words)
    nearness, parted = Nearness(weights), _parted(reviewed or Reviewed())
    found = []
    for first, second in _pairs(owners, words):
        one, two = owners[first], owners[second]
        if (one.public and two.public) or _settled(one, two, parted):
            continue
        near = _near(one, two, nearness.best(words[first], words[second]))
        # Objections only lower the score, and most pairs need none.
        if near[0] >= threshold and (candidate := _candidate(one, two, near)).score >= threshold:
            found.append(candidate)
    return sorted(found, key=lambda each: (each.veto, -each.score, each.first.label, each.second.label))


def _weights(words: Sequence[Sequence[Sequence[str]]]) -> Mapping[str, float]:
    """Return how much each word tells: the rarer, the more."""
    counts = Counter(word for names in words for word in {word for name in names for word in name})
    return {word: log(1 + len(words) / count) for word, count in counts.items()}


def _parted(reviewed: Reviewed) -> set[frozenset[str]]:
    pairs = (combinations(decision.compared(), 2) for decision in reviewed.of("different"))
    return {frozenset(pair) for found in pairs for pair in found}


def _settled(one: NamedOwner, two: NamedOwner, parted: set[frozenset[str]]) -> bool:
    if not parted:
        return False
    first = {*map(name_key, one.names), one.number or ""}
    second = {*map(name_key, two.names), two.number or ""}
    return any(frozenset((left, right)) in parted for left in first for right in second)


def _pairs(owners: Sequence[NamedOwner], words: Sequence[Sequence[Sequence[str]]]) -> Iterator[tuple[int, int]]:
    """Yield each pair of owners that share something rare, once."""
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    counts = Counter(word for names in words for word in {word for name in names for word in name})
    for place, names in enumerate(words):
        for block in _blocks(owners[place], names, counts):
            blocks[block].append(place)
    seen: set[tuple[int, int]] = set()
    for block in sorted(blocks):
        if 1 < len(blocks[block]) <= _LARGEST_BLOCK:
            seen.update(combinations(blocks[block], 2))
    yield from sorted(seen)


def _blocks(owner: NamedOwner, names: Sequence[Sequence[str]], counts: Mapping[str, int]) -> set[str]:
    found: set[str] = set()
    for name in names:
        rarest = sorted(name, key=lambda word: (counts[word], word))[:3]
        found.update(rarest)
        # Two neighbouring words together are rarer than either.
        found.update(f"{one} {two}" for one, two in combinations(sorted(name), 2) if len(name) <= 6)
        for word in rarest:
            if counts[word] <= _RARE and len(word) >= 5:
                found.update(f"~{form}" for form in shortenings(word))
    found.update(f"^{short}" for text in owner.names for short in _abbreviations(text))
    return found


def _abbreviations(name: str) -> set[str]:
    if name.isupper() and name.isalpha() and 2 <= len(name) <= 6:
        return {name.casefold()}
    words = [word for word in name_key(name).split() if word not in ("i", "för", "av", "på")]
    without_and = [word for word in words if word != "och"]
    return {"".join(word[0] for word in some) for some in (words, without_and) if 2 <= len(some) <= 6}


def _near(one: NamedOwner, two: NamedOwner, near: tuple[float, tuple[str, ...]]) -> tuple[float, tuple[str, ...]]:
    score, reasons = near
    short = next((text for text in (*one.names, *two.names) if len(text) <= 6 and text.isupper()), "")
    if short and any(_is_short_for(short, other) for other in (one, two)):
        return max(score, 0.75), (f"{short} may stand for the other name", *reasons)
    return near


def _candidate(one: NamedOwner, two: NamedOwner, near: tuple[float, tuple[str, ...]]) -> Candidate:
    score, reasons = near
    against, veto, cost = objections(one.names, two.names)
    if one.number and two.number and one.number != two.number:
        against, veto = (f"two organisation numbers: {one.number}, {two.number}", *against), True
    shared = sorted(one.places & two.places)
    if shared:
        reasons = (*reasons, f"both have their seat in {shared[0]}")
    elif one.places and two.places:
        against, cost = (*against, f"seats in {min(one.places)} and {min(two.places)}"), cost + 0.1
    return Candidate(one, two, round(max(0.0, score - cost), 2), reasons, against, veto)


def _is_short_for(short: str, owner: NamedOwner) -> bool:
    return short not in owner.names and any(
        len(name.split()) >= 2 and abbreviates(short, name) and short.casefold() in _abbreviations(name)
        for name in owner.names
    )
