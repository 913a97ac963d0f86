"""Finds the earlier projects that a sentence names and from which, as it says, its project goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.bygone import WHAT_IT_IS, past, tells_of_the_past
from kg.project_names import NAME_START, NUMBER, WORD, Item, is_organisation, item, looks_like_one, may_be_one


class Named(NamedTuple):
    """A name or diary number of an earlier project: its place in the sentence, and the rule that found it."""

    start: int
    end: int
    rule: str


class Lead(NamedTuple):
    """A phrase that leads to a name: its place, where the name begins, and whether only a project can follow."""

    start: int
    name: int
    sure: bool


class _Place(NamedTuple):
    """Where a name begins: whether one of several, whether it is called a project, whether it must look like one."""

    start: int
    several: bool = False
    called: bool = True
    looks: bool = False


# The words before a name that say that it is a project's: "projektet", "ESF-projekten", "förstudien".
_PROJECT = (
    r"(?:(?<![\w-])(?![Dd]elprojekt|[Ff]orskningsprojekt)(?:[\w-]*[a-zåäöA-ZÅÄÖ-])?[Pp]rojekte[tn]\b"
    r"(?: med (?:diarienummer|dnr))?"
    r"|\b[Ff]örstudie(?:n|rna|rapporten)\b|\b[Ff]örprojektering(?:en|arna)\b)"
)
_SUCH_AS = r"(?:såsom|som|bland annat|bland andra|däribland|exempelvis|till exempel|t\.? ?ex\.?|nämligen|främst)"
# "projektet Bron", "tidigare projekt i kommunen, såsom Bron", "vårt förra projekt, Bron", "ett projekt som hette Bron".
_CALLED = re.compile(
    rf"(?:{_PROJECT}[,:]?\s+"
    rf"|\b[\w-]*[Pp]rojekt(?:en)?(?: (?:i|inom|hos|från|för|med) [\w-]+){{0,2}},? {_SUCH_AS} "
    r"|\b(?:förra|tidigare|föregående|båda|två|tre|fyra|senaste|första|avslutade) (?:[\w-]+ )?(?:[\w-]*projekt"
    r"|förstudier?|satsning|insats|initiativ|samarbete|förprojekteringar)(?:,|:| –| -)? "
    r"|\b\w*projekt(?:ering)?,? (?:som |såsom )?(?:hette |kallades |kallat )?(?=[A-ZÅÄÖ]{3}|[\"'”“‘’»]|\d)"
    r"|\b\w*projekt(?:ering)?,? som (?:hette|kallades) |\b\w*projekt, "
    r"|(?:(?:bar|under|med) (?:arbets)?namnet|vid namn|som hette|som kallades) )"
    rf"(?={NAME_START})"
)
_SEVERAL = re.compile(r"rojekten\b|örstudierna\b|teringarna\b|rojekt(?:en)?\b[^,]*,? \S+ $|(?:båda|två|tre|fyra) ")
# "ett projekt som Malmö universitet ledde" names no project.
_AS = re.compile(r"rojekt(?:en)?,? som $")
_VERB = re.compile(r" [a-zåäö]+(?:de|te|ar|er|ick|rev|og)\b")
# What governs the word for a project: what comes from one was there before, and what goes to one comes later.
_FROM = re.compile(
    r"\b(?:[Ff]rån|[Uu]r|[Ee]fter|[Uu]tifrån|[Tt]ack vare)(?: (?:det|den|de|ett|vårt|våra|dess|båda))?"
    r"(?: [a-zåäö]+){0,2} $"
)
_HYPHENATED = re.compile(r"(?<![\w-])(?P<name>[A-ZÅÄÖ]\w+)-projekt(?:et|en)\b(?! [A-ZÅÄÖ\"”])")
# "Det nya projektet, Bron, tar vid" tells of itself.
_NEW = re.compile(r"\b(?:nya|detta|det här|aktuella|nuvarande|kommande|sökta|eget|egna) $")
_ITS_KIND = re.compile(r"rojekt|örstudie")
_ONWARD = re.compile(r"(\S+ )?till (?:det |den |de )?(?:[a-zåäö]+ )?$")
_TO_WHAT_WAS = re.compile(r"fortsättning|uppfölj|efterfölj|arvtag|tillbaka |an |anknyt|kopp?l|släkt|bakåt |hän |grund ")
# "Projektet Bron utgår från …" speaks of itself, "Projektet Bron avslutades …" of an earlier project.
_OF_THE_PAST = re.compile(r",| \(| som | (?:\w{3,}(?:de|des|ts)|blev|gick|har \w+t)\b")
_OPENINGS = ("", "Genom ", "Med ", "I och med ", "I ", "Under ", "Inom ")
# The number says what "FINNA VÄGAR (2017/00214)" and "X, ESF-projekt 22-018-S04" are.
_ITS_NUMBER = re.compile(
    r"(?:,? (?:ett (?:\w+ )?\w*projekt|en (?:\w+ )?förstudie|\w*-?projekt))?(?: \(|, ?| )"
    rf"(?:(?:dnr|diarienummer|diarienr)\.? )?(?P<number>{NUMBER})\)?"
)
_NUMBERED = re.compile(
    rf"\b\w*(?:[Pp]rojekt|[Ff]örstudie)\w*(?:\s+\S+){{0,5}}?[ ,(]+(?:(?:dnr|diarienummer|diarienr)\.?\s+)?"
    rf"(?P<number>{NUMBER})"
)
_OPENS_WITH_NUMBER = re.compile(rf"(?P<number>{NUMBER})(?: {WORD}| [a-zåäö]+)")
_ON_FROM_NUMBER = re.compile(rf"[Ff]ortsätt\w+(?:\s+\S+){{0,8}}?\s+(?P<number>{NUMBER})")
_WHAT_THEY_ARE = re.compile(r", (?:våra|båda|två|tre|fyra|samtliga|alla|bägge|(?:tidigare|avslutade) [\w-]*projekt)\b")
_YEAR = re.compile(r" (?:19|20)\d\d$")
_IN_BRACKETS = re.compile(r" \(([A-ZÅÄÖ][^()\d]+)\)")
# "drev 2014–2016 Bron", "genomförde mellan 2014 och 2016 Bron"
_RAN = re.compile(
    r"\b(?:drev|bedrev|genomförde|ledde|drevs|genomfördes) (?:[a-zåäö]+ ){0,3}\d{4}(?: ?[-–] ?\d{2,4}| och \d{4})? "
    rf"(?={NAME_START})"
)
_GOVERNED = re.compile(r"\b(?:i|från|av|efter|med|på|ur|genom|till)(?: [a-zåäö]+)? $|\)$| \($")
_NEAR = 40
_NAME_PLACE = re.compile(rf"(?<![\w#-])(?={WORD})")
_NEXT = re.compile(rf"(?:, och| och| samt|,)\s+(?:(?:från|av|ur|i)\s+(?:[a-zåäö]+\s+){{0,2}})?(?={NAME_START})")
_NEXT_NUMBER = re.compile(
    rf"(?:, och| och| samt|,)\s+(?=(?:{WORD}(?: {WORD}| \d)* \()?(?:{NUMBER}))"
    rf"|(?: och| samt)\s+(?:från|ur)\s+(?:[a-zåäö]+\s+){{0,2}}(?={NAME_START})"
)
_DENIED = re.compile(r"\b(?:ingen|inget|inte|utan|varken|ej)(?: [a-zåäö]+){0,2} $")
# What may not follow a name: "Sedan fortsätter kommunen att …" tells who goes on, not from what, and "Unga in-modellen"
# is a name that goes on.
_GOES_ON_ITSELF = re.compile(r" (?:att|med|sitt|sin|arbetet|samarbetet)\b")
_AFTER = re.compile(r"-\w| \w+-\w")
_NO_NAME = re.compile(r"[Pp]rojekt|^Förstudien?$|^Ansökan$")


def earlier(quote: str, leads: Iterable[Lead], *, goes_on: bool, beside: bool) -> Iterator[Named]:
    """Yield the names and numbers of projects in a sentence from which its own goes on.

    Args:
        quote: the sentence.
        leads: the phrases in it that lead to a name.
        goes_on: whether it holds a sign of going on; else only what it tells in the past tense counts.
        beside: whether it holds a sign that the other project stands beside; then only sure leads count.

    >>> text = "Vi bygger vidare på projektet Bron."
    >>> [text[one.start : one.end] for one in earlier(text, (), goes_on=True, beside=False)]
    ['Bron']
    """
    for lead in leads:
        if (lead.sure or not beside) and not _DENIED.search(quote, max(0, lead.start - 40), lead.start):
            several = _SEVERAL.search(quote[lead.start : lead.name]) is not None
            place = _Place(lead.name, several, called=False, looks=not lead.sure)
            yield from (each for each in _names(quote, place, "continues") if not _AFTER.match(quote, each.end))
    if beside:
        return
    yield from _hyphenated(quote)
    over = goes_on or tells_of_the_past(quote)
    rule = "continues" if goes_on else "earlier-project"
    for place in _called(quote, over=over):
        yield from _names(quote, place, rule)
    if "/" in quote or "-S" in quote:
        yield from (each for each in _numbered(quote, goes_on=goes_on) if over or _governed(quote, each.start))
    if goes_on:
        yield from _told_of(quote)
    if over:
        yield from _explained(quote)
    yield from _ended(quote)


def _hyphenated(quote: str) -> Iterator[Named]:
    """Yield "TUNA" of "från TUNA-projektet"."""
    for match in _HYPHENATED.finditer(quote):
        before = quote[max(0, match.start() - 60) : match.start()]
        if _FROM.search(before) and may_be_one(match["name"], called=True):
            yield Named(*match.span("name"), "continues-name")


def _called(quote: str, *, over: bool) -> Iterator[_Place]:
    """Yield where names begin that a word calls a project's, of projects that were before."""
    for match in _CALLED.finditer(quote):
        before = quote[max(0, match.start() - 60) : match.start()]
        onward = _ONWARD.search(before)
        if _NEW.search(before) or (match[0].endswith("namnet ") and not _ITS_KIND.search(quote)):
            continue
        if not (over or _FROM.search(before)) or (onward and not _TO_WHAT_WAS.search(onward[0] + (onward[1] or ""))):
            continue
        several = _SEVERAL.search(match[0]) is not None
        first = item(quote, match.end(), listed=several)
        if first is None or (_AS.search(match[0]) and _VERB.match(quote, first.end)):
            continue
        opens = match[0].startswith(("Projektet ", "projektet ")) and quote[: match.start()] in _OPENINGS
        if opens and not _OF_THE_PAST.match(quote, first.end + (first.kind == "quoted")):
            continue
        yield _Place(match.end(), several)


def _names(quote: str, place: _Place, rule: str) -> Iterator[Named]:
    """Yield the names and numbers that begin at a place: one, or several in a list, with the numbers beside them."""
    items = tuple(_items(quote, place))
    if not items:
        return
    if not place.several and _are_two(quote, items[-1], called=place.called):
        items = tuple(_items(quote, place._replace(several=True)))
    end = items[-1].end
    told = any(pattern.match(quote, end) for pattern in (WHAT_IT_IS, past().which, past().ended))
    explained = told or any(each.kind == "number" for each in items)
    sure = not place.looks or explained or len(items) > 1
    for each in items:
        called = place.called or explained
        if each.kind != "name" or _is_one(quote, each, sure=sure, called=called, led=not place.looks):
            last = each.end if sure or each.kind != "name" else _before_year(quote, each)
            yield Named(each.start, last, f"{rule}-{each.kind}" if rule == "continues" else rule)


def _is_one(quote: str, found: Item, *, sure: bool, called: bool, led: bool) -> bool:
    """Return whether a bare name is that of a project, by its own look and by what stands after it."""
    name = quote[found.start : found.end]
    if _NO_NAME.search(name) or _AFTER.match(quote, found.end) or _of_others(quote, found.end):
        return False
    return (sure or looks_like_one(name)) and may_be_one(name, called=called, led=led)


def _before_year(quote: str, found: Item) -> int:
    """Return the end of a name without the year in which something was done there: "Lärcentra Jämtland 2019"."""
    year = _YEAR.search(quote, found.start, found.end)
    return year.start() if year and looks_like_one(quote[found.start : year.start()]) else found.end


def _of_others(quote: str, end: int) -> bool:
    """Return whether an organisation in brackets follows: "Rätt Stöd (Region Skåne)" is a project of others."""
    match = _IN_BRACKETS.match(quote, end)
    return match is not None and is_organisation(match[1])


def _are_two(quote: str, last: Item, *, called: bool) -> bool:
    """Return whether "Mera Jobb och Klara Steget" are two names, as what follows or their length says."""
    parts = quote[last.start : last.end].split(" och ")
    if last.kind != "name" or len(parts) == 1:
        return False
    long = all(" " in part and part[0].isupper() for part in parts) and not called
    return long or _WHAT_THEY_ARE.match(quote, last.end) is not None


def _items(quote: str, place: _Place) -> Iterator[Item]:
    found = item(quote, place.start, listed=place.several)
    while found:
        yield found
        end = found.end + (found.kind == "quoted")
        following = _NEXT if place.several else _NEXT_NUMBER
        if number := _ITS_NUMBER.match(quote, end) if found.kind != "number" else None:
            yield Item(*number.span("number"), "number")
            end = number.end()
        more = following.match(quote, end)
        found = item(quote, more.end(), listed=True) if more else None


def _numbered(quote: str, *, goes_on: bool) -> Iterator[Named]:
    """Yield names with a number beside them, and numbers of projects that have no name there."""
    rule = "continues-name" if goes_on else "earlier-project"
    end = 0
    for place in _NAME_PLACE.finditer(quote):
        found = item(quote, place.start(), listed=False) if place.start() >= end else None
        number = _ITS_NUMBER.match(quote, found.end) if found else None
        if found and number:
            end = number.end()
            start = found.start + len(_led_by(quote[found.start : found.end]))
            if not _NO_NAME.search(quote, start, found.end) and may_be_one(quote[start : found.end], called=True):
                yield Named(start, found.end, rule)
            yield Named(*number.span("number"), "continues-number" if goes_on else rule)
    if opening := _OPENS_WITH_NUMBER.match(quote):
        yield Named(*opening.span("number"), "continues-number" if goes_on else rule)
    for match in (*_NUMBERED.finditer(quote), *_ON_FROM_NUMBER.finditer(quote)) if goes_on else ():
        yield Named(*match.span("number"), "continues-number")


_LEADING = re.compile(r"(?:Förstudien|Förprojektet|Projektet|[\w-]*projektet) ")


def _led_by(name: str) -> str:
    match = _LEADING.match(name)
    return match[0] if match else ""


def _told_of(quote: str) -> Iterator[Named]:
    """Yield names in which something was done: "I Bron prövades ..."."""
    told = past()
    for match in told.within.finditer(quote):
        found = item(quote, match.end(), listed=False)
        if found and told.verbs.match(quote, found.end + 1):
            yield from _names(quote, _Place(match.end(), called=False, looks=True), "continues")


def _ended(quote: str) -> Iterator[Named]:
    """Yield names of projects that came to their end: "när Bron gick i mål"."""
    told = past()
    for match in told.when.finditer(quote):
        found = item(quote, match.end(), listed=False)
        if found and told.ended.match(quote, found.end):
            yield from _names(quote, _Place(match.end(), called=False), "continues")


def _explained(quote: str) -> Iterator[Named]:
    """Yield names that are explained ("VIDGA, ett projekt"), and that of what somebody ran then."""
    if "projekt" in quote or "förstudie" in quote:
        end = 0
        for place in _NAME_PLACE.finditer(quote):
            found = item(quote, place.start(), listed=False) if place.start() >= end else None
            end = found.end if found else end
            if found and WHAT_IT_IS.match(quote, found.end):
                yield from _names(quote, _Place(found.start), "continues")
    for match in _RAN.finditer(quote):
        yield from _names(quote, _Place(match.end(), called=False, looks=True), "earlier-project")


def _governed(quote: str, start: int) -> bool:
    """Return whether a word stands before a name or number that governs what was before."""
    return _GOVERNED.search(quote, max(0, start - _NEAR), start) is not None
