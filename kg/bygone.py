"""Tells what a sentence says of the past, and of a project that is over."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.project_names import NAME_START
from kg.relation_signs import signs

# "VIDGA, ett utvecklingsprojekt", "Bron och Navet, våra båda tidigare ESF-projekt".
WHAT_IT_IS = re.compile(
    r", (?:som (?:var|är|blev) )?"
    r"(?:ett|en|det|den|vårt|våra|vår|två|båda|samtliga|tidigare|föregående|förra|avslutade) (?:[\w-]+ ){0,3}?"
    r"(?:[\w-]*projekt(?:et|en)?|förstudien?)\b|, (?:projektet|förstudien)(?= som)"
)
_CLAUSE_STOPS = re.compile(r", (?!och |samt )(?=[a-zåäö])|;")
# What came before is told of in the past tense.
_PAST = (
    r"\w{2,}(?:ade|ades|dde|ddes|rde|rdes|tte|ttes|kte|ktes|ldes)|kartla\w*|har (?:tidigare )?\w{2,}(?:at|ats|it|its)"
    r"|har (?:tidigare|redan|tillsammans|sammanlagt) \w{3,}t"
    r"|summeras?"
)


class Past(NamedTuple):
    """Verbs of the past; what stands before and after the name of a project that came to its end; what was
    then, with it and in it."""

    verbs: re.Pattern[str]
    when: re.Pattern[str]
    ended: re.Pattern[str]
    which: re.Pattern[str]
    within: re.Pattern[str]
    done_in: re.Pattern[str]


@lru_cache(maxsize=1)
def past() -> Past:
    """Return the patterns, made from the verbs and ends that the ontology lists."""
    verbs = rf"(?:{_PAST}|{'|'.join(signs().past_verbs)})\b"
    ended = rf"(?:{'|'.join(map(re.escape, signs().ended))})\b"
    return Past(
        re.compile(rf"\b{verbs}"),
        re.compile(rf"\b(?:[Nn]är|[Dd]å|[Ss]edan|(?:[Ee]fter|med)(?: det)? att|där)\s+(?={NAME_START})"),
        re.compile(rf" {ended}"),
        re.compile(rf"(?:, | \(| )(?:som|vilket|då|där) (?:[\w–-]+ ){{0,4}}?(?:{ended}|{verbs}|pågick\b)"),
        re.compile(
            rf"(?:^|[.:;,] )(?:[Ii]|[Ii]nom|[Gg]enom|[Uu]nder) (?={NAME_START})"
            rf"|\b[Dd]et (?:senaste|förra|första|tidigare), (?={NAME_START})"
        ),
        re.compile(
            rf"^.*\b(?:drev|bedrev|genomförde|ledde) (?:[\w–-]+ ){{0,4}}$"
            rf"|\b{verbs}(?:(?!, (?!och |samt )[a-zåäö]|;).)*? (?:i|inom|under|genom) (?:[\w-]+ ){{0,3}}$"
        ),
    )


def tells_of_the_past(quote: str) -> bool:
    """Return whether a sentence tells of the past.

    >>> tells_of_the_past("Bron gav goda resultat."), tells_of_the_past("Bron ska ge goda resultat.")
    (True, False)
    """
    return past().verbs.search(quote) is not None


def told_then(quote: str, start: int, end: int) -> tuple[int, int]:
    """Return where in a sentence stands what was with the earlier project whose name is at `start` to `end`.

    >>> text = "Bron, som Sala kommun drev, får en uppföljare."
    >>> told_then(text, 0, 4), told_then("Allt prövades ihop med Sala kommun i Bron.", 37, 41)
    ((0, 26), (5, 41))
    """
    explained = WHAT_IT_IS.match(quote, end)
    match = past().which.match(quote, explained.end() if explained else end)
    if match:
        stop = _CLAUSE_STOPS.search(quote, match.end())
        end = stop.start() if stop else len(quote)
    before = past().done_in.search(quote[:start])
    return (before.start() if before else start), end
