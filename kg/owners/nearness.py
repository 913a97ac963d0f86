"""How near two names are: words in common by their rarity, words but for one letter, and what rules a pair out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.owners.known import known
from kg.owners.names import words_of

_SMALL = frozenset("i och för av på till vid med den det de".split())
_LEGAL = frozenset(
    """ab hb kb aktiebolag aktiebolaget ekonomisk ideell ideella förening föreningen ek ideburen svb publ
    stiftelsen stiftelse""".split()
)
_LEGAL_WEIGHT = 0.3
_DIRECTIONS = frozenset(
    """norra södra östra västra norr söder öster väster nord syd öst väst nordöstra nordvästra sydöstra sydvästra
    mellersta centrala inre yttre övre nedre mitt mellan stor""".split()
)
_KINDS = {
    "kommun": "municipality", "kommuns": "municipality", "stad": "municipality", "stads": "municipality",
    "region": "region", "regionen": "region", "landsting": "region", "landstinget": "region",
    "länsstyrelsen": "county administrative board", "samordningsförbundet": "coordination association",
    "universitet": "university", "universitetet": "university", "högskola": "university college",
    "högskolan": "university college", "folkhögskola": "folk high school", "folkhögskolan": "folk high school",
    "kommunförbundet": "association of municipalities", "pastorat": "parish", "församling": "parish",
    "ab": "company", "aktiebolag": "company", "aktiebolaget": "company",
    "stadsmission": "city mission", "stadsmissionen": "city mission",
}  # fmt: skip
_TELLING_LITTLE = _SMALL | _LEGAL | _DIRECTIONS | frozenset(_KINDS)
_CONTAINED = 0.75
"""The least score where all words of one name stand in the other."""
_BEGINNING = 0.85
"""The least score where one name breaks off in the middle of the other."""
_NUMBERS = re.compile(r"\d+|[ivx]{2,4}|en|ett|två|tre|fyra|fem")


def content_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell something, folded, without the genitive -s of the word before kommun.

    >>> content_words("Samordningsförbundet i Norra Örebro")
    ('samordningsförbundet', 'norra', 'örebro')
    """
    return tuple(dict.fromkeys(word for word in words_of(name) if word not in _SMALL))


def shortenings(word: str) -> set[str]:
    """Return the word and all its forms with one letter less, under which words but for one letter meet."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def differs_by_a_letter(one: str, two: str) -> bool:
    """Return whether two words differ in one letter: another one, one more, or two swapped.

    >>> differs_by_a_letter("balans", "ballans"), differs_by_a_letter("balans", "blaans"), differs_by_a_letter("a", "b")
    (True, True, True)
    """
    if abs(len(one) - len(two)) > 1 or one == two:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    first, second = one[start:], two[start:]
    return (
        first[1:] == second[1:]
        or first == second[1:]
        or first[1:] == second
        or (first[:2] == second[1::-1] and first[2:] == second[2:] and len(first) > 1)
    )


@dataclass(frozen=True, slots=True)
class Nearness:
    """Compares names with the weights of their words."""

    weights: Mapping[str, float]

    def _weight(self, word: str) -> float:
        return _LEGAL_WEIGHT if word in _LEGAL else self.weights.get(word, 1.0)

    def best(self, one: Iterable[Sequence[str]], two: Iterable[Sequence[str]]) -> tuple[float, tuple[str, ...]]:
        """Return the score of the nearest pair of names, and the reasons."""
        others = list(two)
        return max((self._compare(first, second) for first in one for second in others), default=(0.0, ()))

    def _compare(self, one: Sequence[str], two: Sequence[str]) -> tuple[float, tuple[str, ...]]:
        if not one or not two:
            return 0.0, ()
        left, right = set(one), set(two)
        shared = dict.fromkeys(left & right, 1.0)
        reasons = []
        for word in sorted(left - right):
            for other in sorted(right - left):
                closeness, reason = _like(word, other)
                if closeness:
                    shared[word] = shared[other] = closeness
                    reasons.append(reason)
        total = sum(map(self._weight, one)) + sum(map(self._weight, two))
        common = sum(share * self._weight(word) * (2 if word in left & right else 1) for word, share in shared.items())
        score = common / total
        if left <= right or right <= left:
            only = sorted(left ^ right)
            reasons.append(f"only one has: {', '.join(only)}" if only else "the same words")
            score = max(score, _CONTAINED if (left & right) - _TELLING_LITTLE else 0.0)
        elif _is_cut(*sorted((one, two), key=len)):
            reasons.append("one name is the beginning of the other")
            score = max(score, _BEGINNING)
        return min(1.0, score), tuple(reasons)


def _is_cut(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Return whether a name of several words is another one that ends in the middle of a word."""
    *whole, last = shorter
    return len(whole) > 1 and list(longer[: len(whole)]) == whole and longer[len(whole)].startswith(last)


def _like(word: str, other: str) -> tuple[float, str]:
    if word.removesuffix("s") == other.removesuffix("s"):
        return 1.0, f"genitive: {word}, {other}"
    if min(len(word), len(other)) >= 5 and differs_by_a_letter(word, other):
        return 0.9, f"one letter: {word}, {other}"
    shorter, longer = sorted((word.removesuffix("s"), other.removesuffix("s")), key=len)
    if len(shorter) >= 6 and longer.startswith(shorter):
        return 0.6, f"one begins with the other: {shorter}, {longer}"
    return 0.0, ""


def objections(one: Iterable[str], two: Iterable[str]) -> tuple[tuple[str, ...], bool, float]:
    """Return what speaks against two sets of names being one owner, whether it rules it out, and what it costs.

    Differing directions, places, numbers or kinds of public bodies rule it out; a word of these on one side only costs.

    >>> objections(["Samordningsförbundet Västra Östergötland"], ["Samordningsförbundet Östra Östergötland"])[1]
    True
    """
    first = {word for name in one for word in words_of(name)}
    second = {word for name in two for word in words_of(name)}
    found: list[str] = []
    veto, cost = False, 0.0
    for what, pick in (("direction", _directions), ("place", _places), ("number", _numbers), ("kind", _kinds)):
        left, right = pick(first), pick(second)
        if left and right and not (left <= right or right <= left):
            found.append(f"another {what}: {', '.join(sorted(left - right))} / {', '.join(sorted(right - left))}")
            veto = True
        elif left != right:
            found.append(f"a {what} in one only: {', '.join(sorted(left ^ right))}")
            cost += 0.1
    return tuple(found), veto, cost


def _directions(words: set[str]) -> set[str]:
    return words & _DIRECTIONS


def _places(words: set[str]) -> set[str]:
    places = known().places
    return {word.removesuffix("s") for word in words if word in places}


def _numbers(words: set[str]) -> set[str]:
    return {word for word in words if _NUMBERS.fullmatch(word)}


def _kinds(words: set[str]) -> set[str]:
    return {_KINDS[word] for word in words if word in _KINDS}
