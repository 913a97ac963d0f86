"""Finds the organisations that, as a sentence says, take part in its project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kg.owners.known import known
from kg.project_names import WORD
from kg.relation_signs import signs


class Taking(NamedTuple):
    """A name of an organisation or place that takes part: its place in the sentence, and the rule that found it."""

    start: int
    end: int
    rule: str


# What was taken is never given back: no shorter list of places is followed by what must follow one.
_WORD_OF_PLACE = r"[A-ZÅÄÖ](?=[\w-]*[a-zåäö])[\w-]++"
_A_PLACE = rf"{_WORD_OF_PLACE}(?: {_WORD_OF_PLACE})?+"
_PLACES = rf"{_A_PLACE}(?:(?:, | och | samt | & ){_A_PLACE})*+"
_MUNICIPALITIES = re.compile(
    rf"[Kk]ommuner(?:na(?: i [A-ZÅÄÖ]\w+)?(?:[;:,]| är)?|[;:]| är) (?P<after>{_PLACES})"
    rf"|(?P<before>{_PLACES}) kommun(?:er(?:na)?)?\b"
)
# Names of places one after another, also with the county in capitals before them: "NORRBOTTEN Arjeplog, Arvidsjaur".
_PLACE_LIST = re.compile(
    r"(?<![\w-])(?=[A-ZÅÄÖ])(?<!, )(?<!\bi )(?<!\bfrån )(?<!\btill )(?<!\bvid )(?<!\bhos )"
    rf"(?P<list>(?:[A-ZÅÄÖ]{{4,}} )?{_A_PLACE}(?:(?:, | och | samt | [A-ZÅÄÖ]{{4,}} ){_A_PLACE})+)"
    r"(?![\w-]| kommun| stad)"
)
_PLACES_AFTER_EACH_OTHER = re.compile(r"[a-zåäö](?:,| och| samt| [A-ZÅÄÖ]{4,}) [A-ZÅÄÖ][a-zåäö]")
_SHORTEST_PLACE_LIST = 3
_LOCAL_PROJECTS = re.compile(rf"(?:[Dd]elprojekt\w*|[Ll]okala projekt)(?: \w+){{0,2}} i (?P<list>{_PLACES})")
_BESIDE = re.compile(rf"(?:tillämpas|genomförs|bedrivs|drivs|pågår) i (?P<before>{_PLACES}) kommun(?:er)?\b")
_BODY = re.compile(rf"{WORD}(?: (?:{WORD}|i(?= [A-ZÅÄÖ])|län|tekniska|kommun|stad|\w*universitet|\w*högskola))*")
_PLACE = re.compile(rf"{_A_PLACE}")
_CLAUSE_END = re.compile(r"; |,? men |, medan |, vilket |, och (?=[A-ZÅÄÖ])")
_BETWEEN = re.compile(r"(?:, | och | samt | & |, och )$")
_IN = re.compile(r"\b(?:[Ii]|[Ff]rån|[Tt]ill|[Vv]id|[Ii]nom|[Uu]tanför|[Aa]v|[Ff]ör)(?: [a-zåäö]+)? $")
# "förankrat hos Arbetsförmedlingen, som också deltar"
_THAT_TAKES_PART = re.compile(r",? som (?:\w+ )?(?:deltar|medverkar|ingår|bidrar|samverkar|är med|står bakom|leder)\b")
# "Sala kommun ansvarar för ekonomin och Heby kommun för lokalerna"
_EACH_WITH_ITS_PART = ("ansvarar för", "svarar för", "står för", "sköter")
_WINDOW = 45
# Words that open a sentence and are no name by themselves.
_NO_NAMES = frozenset(
    """Projektet Projektets Projekt Vi Vår Vårt Våra Det Den De Denna Detta Dessa En Ett Genom Vidare Som Att För Med
    Under På Inom Här Alla Målet Syftet Arbetet Deltagarna Deltagare Insatsen Insatserna Efter När Om Till Där Samtliga
    Nya Resultatet Resultaten Metoden Samverkan Samarbetet Samarbete I Av Från Vid Hos Mellan Ur Utifrån Tillsammans
    Parter Parterna Kommunen Kommunerna Deltagande Verksamheten Målgruppen Utbildningen Stödet Personalen Arbetsgivare
    Företag Man Så Också Även Dock Men Och Eftersom Därför Därefter Sedan Nu Då Hur Vad Vilka Varje Många Flera Fler Två
    Tre Fyra Fem Sex Både Bland Utöver Kring Mot Över Särskilt Främst Totalt Minst Unga Ungdomar Kvinnor Personer
    Syfte Mål Styrgruppen Projektgruppen Projektledaren Projektledningen Handledare Coacher Erfarenheter
    Erfarenheterna""".split()
)
# Municipalities have patterns of their own; of "Stockholms stads arbetssätt" the way of working takes part.
_NOT_THEMSELVES = ("kommun", "kommuns", "stads")
_OPENING = re.compile(r"\w+")


def opens_with_name(text: str, start: int, end: int) -> bool:
    """Return whether a sentence opens with what may be a name."""
    opening = _OPENING.search(text, start, end)
    return opening is not None and opening[0] not in _NO_NAMES


@lru_cache(maxsize=1)
def _tails() -> Mapping[str, Sequence[str]]:
    """Return how known names go on that have small words inside ("Myndigheten" + " för yrkeshögskolan")."""
    tails: dict[str, list[str]] = {}
    for name in sorted({each.name for each in known().by_name.values()}, key=lambda name: (-len(name), name)):
        match = _BODY.match(name)
        if match and match.end() < len(name):
            tails.setdefault(match[0], []).append(name[match.end() :])
    return tails


def _bodies(quote: str) -> Iterator[Taking]:
    """Yield what may be names of organisations."""
    for match in _BODY.finditer(quote):
        if match[0] not in _NO_NAMES:
            start, end = match.span()
            tail = next((tail for tail in _tails().get(match[0], ()) if quote.startswith(tail, end)), "")
            yield Taking(start, end + len(tail), "named")


def _is_served(small: str, start: int) -> bool:
    """Return whether what stands before a name says that people come from there, or are sent there."""
    before = small[max(0, start - _WINDOW) : start].rstrip()
    return before.removesuffix(" bland annat").removesuffix(" bland andra").endswith(signs().served_by)


def beside_owner(quote: str) -> Iterator[Taking]:
    """Yield municipalities in which something is done, which count where the owner is one of them."""
    for match in _BESIDE.finditer(quote):
        yield from _places(match, "before", "beside-owner")


def with_owner(quote: str, small: str) -> Iterator[Taking]:
    """Yield organisations one after another, which count where the owner is one of them."""
    for match in _MUNICIPALITIES.finditer(quote):
        places = list(_places(match, "after" if match["after"] else "before", "beside-owner"))
        if len(places) > 1 and not _where(quote, small, places[0].start):
            yield from places
    bodies = [each._replace(rule="listed") for each in _bodies(quote)]
    if any(verb in small for verb in _EACH_WITH_ITS_PART):
        yield from bodies
    for place, (one, other) in enumerate(pairwise(bodies)):
        if _BETWEEN.match(quote[one.end : other.start]):
            follows = place > 0 and _BETWEEN.match(quote[bodies[place - 1].end : one.start])
            if follows or not _where(quote, small, one.start):
                yield from (other,) if follows else (one, other)


def _where(quote: str, small: str, start: int) -> bool:
    """Return whether what stands before a list makes it one of places or of those who serve the target group."""
    before = max(0, start - _WINDOW)
    return _IN.search(quote, before, start) is not None or _is_served(small, start)


def taking_part(quote: str, small: str, *, doubted: bool) -> Iterator[Taking]:
    """Yield the names of a sentence that has a sign of taking part; `small` is it in small letters.

    `doubted` tells that it has a sign against it as well: then only names in clauses without one count.
    """
    clauses = tuple(_clauses(quote, small)) if doubted else ()
    denied = -1
    for each in sorted(_named(quote, small)):
        if doubted and not any(start <= each.start < end for start, end in clauses):
            continue
        listed = denied >= 0 and _BETWEEN.match(quote[denied : each.start])
        served = listed or _is_served(small, each.start)
        if served and not _THAT_TAKES_PART.match(small, each.end):
            denied = each.end
        else:
            yield each


def _clauses(quote: str, small: str) -> Iterator[tuple[int, int]]:
    """Yield the clauses that have a sign of taking part, and none against it."""
    start = 0
    for end in (*(match.end() for match in _CLAUSE_END.finditer(quote)), len(quote)):
        clause = f"{small[start:end]} "
        if any(sign in clause for sign in signs().takes_part) and not any(sign in clause for sign in signs().not_part):
            yield start, end
        start = end


def _named(quote: str, small: str) -> Iterator[Taking]:
    if "kommun" in small:
        for match in _MUNICIPALITIES.finditer(quote):
            # "Försäkringskassan, Arbetsförmedlingen och Vara kommun" are no three municipalities.
            places = _places(match, "after" if match["after"] else "before", "municipality")
            yield from (place for place in places if _is_municipality(quote, place))
    lists = _PLACE_LIST.finditer(quote) if _PLACES_AFTER_EACH_OTHER.search(quote) else ()
    local = _LOCAL_PROJECTS.finditer(quote) if "projekt" in small else ()
    for match in (*lists, *local):
        listed = tuple(_places(match, "list", "municipality"))
        if len(listed) >= _SHORTEST_PLACE_LIST and all(_municipality(quote[each.start : each.end]) for each in listed):
            yield from listed
    yield from (each for each in _bodies(quote) if not quote.endswith(_NOT_THEMSELVES, each.start, each.end))


def _places(match: re.Match[str], group: str, rule: str) -> Iterator[Taking]:
    offset = match.start(group)
    for place in _PLACE.finditer(match[group]):
        start, end = place.span()
        # "Även Sala kommun" opens with a word of the sentence, "NORRBOTTEN Arjeplog" with that of the county.
        first, _, last = place[0].partition(" ")
        if last and not _municipality(place[0]) and (first.isupper() or offset + start == 0):
            start += len(first) + 1
        yield Taking(offset + start, offset + end, rule)


def _is_municipality(quote: str, place: Taking) -> bool:
    """Return whether a place is a municipality, and not the end of a name ("Högskolan i Halmstad, Varbergs kommun")."""
    if not _municipality(quote[place.start : place.end]):
        return False
    around = (each for each in _bodies(quote[: place.end]) if each.start < place.start < each.end)
    return not any(known().named(quote[each.start : each.end]) for each in around)


@lru_cache(maxsize=4096)
def _municipality(name: str) -> bool:
    return known().named(f"{name} kommun") is not None
