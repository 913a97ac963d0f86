"""Cuts the endings off Swedish words, so that the forms of a word, compounds included, have one stem in common.

A dictionary of lemmas was tried first: it knows few of the compounds that these texts are full of, takes 1.4 s to load,
and found fewer of the right pairs of forms on real pages. Stems are only compared with each other and never shown.
"""

from __future__ import annotations

from functools import lru_cache

_VOWELS = frozenset("aeiouyåäö")
_ENDINGS = sorted(
    """a an ans ad ade ades ande andes anden ar aren arens are arna arnas arne as ast aste at e ena enas en ens
    er erna ernas erns ern es et ets het heten hetens heter heterna na nas or orna ornas""".split(),
    key=lambda ending: (-len(ending), ending),
)
_AFTER = {"s": "bcdfghjklmnoprtv", "t": "dgklmnrv", "n": "iöå", "na": "aeiouyåäögr", "nas": "aeiouyåäögr"}
"""Endings that are only cut off after one of these letters, since they else belong to the word."""
_DERIVED = (("löst", "lös"), ("lig", ""), ("els", ""), ("ig", ""))
_DOUBLED = ("dd", "gd", "nn", "dt", "gt", "kt", "tt")
_SHORTEST = 4
"""Letters that are left when further endings are cut off: ``arbet-e`` must not become ``arb-et``."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a word in lower case.

    >>> [stem(word) for word in ("deltagarnas", "deltagare", "jobbcoacher", "lokalt", "hälsan", "arbetet", "mi")]
    ['deltag', 'deltag', 'jobbcoach', 'lokal', 'häls', 'arbet', 'mi']
    """
    least = _least(word)
    found = word
    for shortest in (least, *[max(least, _SHORTEST)] * 2):
        found = _cut(found, shortest)
    if found[-2:] in _DOUBLED and len(found) > least:
        found = found[:-1]
    for ending, instead in _DERIVED:
        if found.endswith(ending) and len(found) - len(ending) >= max(least, 3):
            return found[: -len(ending)] + instead
    return found


def _least(word: str) -> int:
    """Return how many letters are never cut: up to the first consonant after a vowel, and three at least."""
    for place in range(1, len(word)):
        if word[place] not in _VOWELS and word[place - 1] in _VOWELS:
            return max(place + 1, 3)
    return len(word)


def _cut(word: str, least: int) -> str:
    """Return a word without its longest ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and _stands(word, ending):
            return word[: -len(ending)]
    for ending in ("s", "t", "n"):
        if word.endswith(ending) and len(word) > least and _stands(word, ending):
            return word[:-1]
    return word


def _stands(word: str, ending: str) -> bool:
    """Return whether an ending can stand after the letter before it."""
    return ending not in _AFTER or word[-len(ending) - 1] in _AFTER[ending]
