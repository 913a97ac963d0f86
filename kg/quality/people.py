"""Knows the words for people in Swedish and English, and finds the one that a number counts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Who = Literal["participants", "staff", "people"]

_PARTICIPANTS = r"(?!konferens|seminarie|workshop)\w*deltagar(?:e|na|nas)|deltagarantal(?:et)?|participants?"
_STAFF = (
    r"(?!projekt)\w*(?:medarbetare|anställda|personal)(?:n|na|en)?|(?!projekt)\w*ledare|\w*chefer|\w*lärare|\w*pedagoger|"
    r"yrkesverksamma|tjänstepersoner|tjänstemän|\w*handläggare|\w*coacher|konsulenter|nyckelpersoner|\w*arbetare|"
    r"arbetstagare|\w*sköterskor|\w*biträden|\w*assistenter|rektorer|\w*vägledare|\w*sekreterare|förtroendevalda|"
    r"employees|staff|workers|managers|teachers|professionals|caseworkers"
)
_PEOPLE = (
    r"personer(?:na)?|individer(?:na)?|människor|ungdomar(?:na)?|unga|kvinnor|män|tjejer|killar|pojkar|flickor|barn|"
    r"elever|studenter|studerande|vuxna|klienter|brukare|invandrare|flyktingar|migranter|ukrainare|ukrainska|romer|"
    r"föräldrar|anhöriga|patienter|intagna|seniorer|varslade|permitterade|nyanlända|praktikanter|entreprenörer|företagare|"
    r"\w*(?:bistånds|bidrags|försörjnings)tagare|\w*(?:arbets|asyl)sökande|\w*arbetslösa|\w*sjukskrivna|\w*födda|"
    r"people|persons|individuals|women|men|youths?|youngsters|students|pupils|job-?seekers|unemployed|migrants|refugees"
)
_KINDS = re.compile(rf"(?:(?P<participants>{_PARTICIPANTS})|(?P<staff>{_STAFF})|(?P<people>{_PEOPLE}))\Z")
_NO_MODIFIERS = frozenset(
    """i på av till för med som ska skall att har är under från vid hos om varav vilka kommuner företag organisationer
    platser skolor förskolor arbetsplatser projekt delprojekt gånger in of on for with who that are have at""".split()
)
"""Words after a number that are not between it and the people whom it counts."""
_MOST_MODIFIERS = 3
_WORD = re.compile(r"\s+([^\W\d_][\w-]*)(,?)")
_LINK = re.compile(
    r"(?P<word>[^\W\d_][\w-]*)(?:\s+(?:i|inom|in)\s+(?:projektet|insatsen|satsningen|the\s+project))?(?:\s*[(:–]\s*|\s+(?:(?:är|blir|is)|(?:beräknas|uppskattas|planeras|uppgår|förväntas)\s+"
    r"(?:till|bli|vara|uppgå\s+till))\s+)(?:totalt\s+)?\Z",
    re.IGNORECASE,
)
_LINKS = frozenset("är blir is till bli vara totalt".split())
_LONGEST_LINK = 60


class Unit(NamedTuple):
    """The word for the people that a number counts, where it ends, and who they are."""

    end: int
    noun: str
    who: Who


@lru_cache(maxsize=65536)
def who_is(word: str) -> Who | None:
    """Return whom a word names, in the plural; of a word with a hyphen the last part decides.

    >>> who_is("kursdeltagare"), who_is("SFI-lärare"), who_is("unga"), who_is("företag")
    ('participants', 'staff', 'people', None)
    """
    folded = word.casefold()
    for form in dict.fromkeys((folded, folded.rpartition("-")[2])):
        if match := _KINDS.match(form):
            return "participants" if match["participants"] else "staff" if match["staff"] else "people"
    return None


def unit_of(quote: str, start: int, end: int) -> Unit | None:
    """Return the word for the people that the number from `start` to `end` counts.

    >>> unit_of("minst 100 unga kvinnor deltar", 6, 9)
    Unit(end=14, noun='unga', who='people')
    """
    place = end
    for _ in range(_MOST_MODIFIERS + 1):
        match = _WORD.match(quote, place)
        if not match:
            break
        if who := who_is(match[1]):
            return Unit(match.end(1), match[1].casefold(), who)
        if match[1].casefold() in _NO_MODIFIERS:
            break
        place = match.end()
    return _before(quote, start)


def _before(quote: str, start: int) -> Unit | None:
    tail = quote[max(0, start - _LONGEST_LINK) : start].rstrip()
    if tail[-1:] not in ("(", ":", "–") and tail.rpartition(" ")[2].casefold() not in _LINKS:
        return None
    match = _LINK.search(quote, max(0, start - _LONGEST_LINK), start)
    who = who_is(match["word"]) if match else None
    return Unit(match.end("word"), match["word"].casefold(), who) if match and who else None
