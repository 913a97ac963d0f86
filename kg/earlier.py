"""Finds the earlier projects that a sentence names and from which, as it says, its project goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg import resources
from kg.errors import InputError
from kg.toml import read_toml

FILE = "relation-signs.toml"

WORD = r"[A-ZÅÄÖ#][\w&'’#.-]*\w"
NUMBER = r"\d{2}-\d{3}-S\d{1,4}|\d{4}/\d{5}"


class Named(NamedTuple):
    """A name or diary number of an earlier project: its place in the sentence, and the rule that found it."""

    start: int
    end: int
    rule: str


_QUOTED = r"[\"'”“‘’»]#?(?P<quoted>[^\"'”“‘’«»\n]{2,60})[\"'”“‘’«]"
# A name goes on over small words only where a word of its own follows ("Bron i Skåne"), or up to where the sentence or
# its clause clearly goes on ("Unga på väg", "Grön ingång som"); a small word that looks like a verb ends it.
_NO_VERB = r"[a-zåäö]+(?<!r)(?<!ade)(?<!dde)(?<!rde)(?<!tte)(?<!s)"
_SMALL = (
    r"(?:(?:på|mot|till|för|i|med) )?(?!(?:som|och|ska|med|under|att|vars|har|är|var|där|inom|samma|hela|samverkan"
    rf"|samarbete|syfte|länet|[a-zåäö]+(?:ningen|nerna|skapet))\b){_NO_VERB}"
)
_NAME_ENDS = (
    r"(?=[,.;:)!?]|$| \(| (?:som|och|är|har|var|ska|kan|fick|drev|tog|där|i|med|under|vars|mellan|samt|kommer|vill"
    r"|[a-zåäö]+(?:ar|er|ir|ade|dde|rde|tte|des|ades|ts|as))\b)"
)
_CAPITALISED = (
    rf"(?P<name>{WORD}(?:[ -](?:{WORD}|(?:i|på|för|till|mot|och|av) {WORD}|\d[\d.]*(?<!\.)|[IVX]+))*"
    rf"(?: {_SMALL}(?: {_SMALL}){{0,2}}?"
    rf"(?: (?:i|på) (?:{WORD}|norr|söder|väst|öst))?{_NAME_ENDS})?)"
)
_ANY = rf"(?:{_QUOTED}|{_CAPITALISED}|(?P<number>{NUMBER}))"
# The words before a name that say that it is a project's: "projektet", "ESF-projekten", "förstudien".
PROJECT = (
    r"(?:(?<![\w-])(?![Dd]elprojekt|[Ff]orskningsprojekt)(?:[\w-]*[a-zåäöA-ZÅÄÖ-])?[Pp]rojekte[tn]\b"
    r"(?: med (?:diarienummer|dnr))?"
    r"|\b[Ff]örstudie(?:n|rna|rapporten)\b|\b[Ff]örprojekteringen\b)"
)
_NAMED = (
    rf"(?:{PROJECT},?\s+"
    r"|\b\w*[Pp]rojekt(?:en|ering)?,? (?:som|såsom) (?:hette |kallades )?"
    r"|\b(?:ESF-|[Ss]ocialfonds)?projekt (?=[A-ZÅÄÖ]{3}|[\"'”“‘’»]|\d)"
    r"|(?:bar namnet|gick under namnet|vid namn|som hette|som kallades|med namnet) )"
    rf"{_ANY}"
)
REFERENCE = re.compile(_NAMED)
# "FINNA VÄGAR (2017/00214)", "X, ett projekt (2022/00033)", "X, ESF-projekt 22-018-S04": the number says what X is.
_WITH_NUMBER = re.compile(
    rf"{_CAPITALISED},?(?: ett (?:\w+ )?\w*projekt| en (?:\w+ )?förstudie| \w*-?projekt)? ?\(?(?:dnr |diarienummer )?"
    rf"(?P<number>{NUMBER})"
)
# "VIDGA, ett utvecklingsprojekt", "Det pilotprojekt, Sysslan, som".
_EXPLAINED = re.compile(rf"(?:{_QUOTED}|{_CAPITALISED}), (?:ett|en) (?:\w+ ){{0,2}}?(?:[\w-]*projekt|förstudie)\b")
_BETWEEN_COMMAS = re.compile(rf"\b\w*projekt, {_ANY},")
# What leads to an earlier project although no word calls it one.
_SURELY_LEADS = (
    r"(?:fortsätter|fortsättning(?:en)?\s+(?:på|av)|uppföljning(?:en)?\s+(?:av|till)"
    r"|(?:efterföljare|uppföljare|arvtagare)n?\s+till|drar\s+lärdom\w*\s+(?:av|från)|[Ff]öregångaren?|förlängning(?:en)?\s+av"
    r"|vidareutveckling(?:en)?\s+av|tar\s+vid\s+(?:efter|där)|arbete\w*\s+som\s+(?:startade|inleddes|påbörjades|gjordes)\s+(?:i|inom)"
    r"|(?:strukturer|nätverk|verktyg|metodmaterial|arbetssätt|metoder)\s+från|(?:ram|ramen)\s+för)"
    r"\s+(?:(?:det|den|de|tidigare|avslutade|föregående|erfarenheter(?:na)?\s+från)\s+){0,3}"
)
# "Sedan fortsätter kommunen att …" tells who goes on, not from what.
_SURELY_LED_TO = re.compile(rf"{_SURELY_LEADS}(?:{PROJECT}\s+)?(?>{_ANY})(?! (?:att|med|sitt|sin|arbetet)\b)")
_PART = re.compile(r"[A-ZÅÄÖ#](?:(?!,| och | samt ).)*")
_MORE = re.compile(rf"(?:,| och| samt) {_ANY}")
# What came before is told of in the past tense.
_PAST = re.compile(
    r"\b(?:\w{2,}(?:ade|ades|dde|ddes|rde|rdes|tte|ttes|kte|ktes|ldes)|drevs?|var|blev|gav|gavs|fick|togs?|gick|hade|knöts|låg"
    r"|kartla\w*|har (?:tidigare )?\w{2,}(?:at|ats|it|its)|summeras?)\b"
)
_NUMBERED = re.compile(
    rf"\b\w*(?:[Pp]rojekt|[Ff]örstudie)\w*(?:\s+\S+){{0,5}}?[ ,(]+(?:(?:dnr|diarienummer|diarienr)\.?\s+)?"
    rf"(?P<number>{NUMBER})"
)
# "Projektet Bron utgår från …" speaks of itself, "Projektet Bron avslutades …" of an earlier project.
_OF_THE_PAST = re.compile(r",| \(| som | (?:\w{3,}(?:de|des|ts)|blev|gick|har \w+t)\b")
_OPENINGS = ("", "Genom ", "Med ", "I och med ", "I ", "Under ", "Inom ")
_NO_NAME = re.compile(r"[Pp]rojekt|^Förstudien?$|^Ansökan$")
_ITS_NUMBER = re.compile(rf" \((?:dnr |diarienummer )?(?P<number>{NUMBER})\)")
_ON_FROM_NUMBER = re.compile(rf"[Ff]ortsätt\w+(?:\s+\S+){{0,8}}?\s+(?P<number>{NUMBER})")
_FROM_LIST = re.compile(r"kommer\s+ur\s+(?:\w+\s+)?(?:förprojekt\w*|förstudier\w*|projekt\w*),\s+(?P<list>[^.;:\n]+)")
_LISTED = re.compile(r"[A-ZÅÄÖ](?:(?!, | och ).)+")


# A quick look before slow ones: each begins with letters that are found fast.
_NEXT = r"[\"'”“‘’»A-ZÅÄÖ#\d]"
_REFERS = tuple(
    map(
        re.compile,
        (
            rf"rojekt(?:e[tn])?,?\s+(?:som\s|såsom\s|med\s|{_NEXT})",
            rf"örstudie(?:n|rna|rapporten)?,?\s+(?:\(|{_NEXT})",
            rf"örprojektering(?:en)?,?\s+(?:som|{_NEXT})",
            rf"namnet {_NEXT}",
            "vid namn ",
            r", e(?:tt|n) [\w -]*?(?:projekt|förstudie)",
            r"/\d{5}(?<=[ (]\d{4}/\d{5})",
            r"-S\d(?<=[ (]\d\d-\d{3}-S\d)",
        ),
    )
)


class Signs(NamedTuple):
    """What the file lists: signs of going on from a project, of standing beside it, of taking part, and of not."""

    goes_on: tuple[str, ...]
    stands_beside: tuple[str, ...]
    takes_part: tuple[str, ...]
    not_part: tuple[str, ...]


@lru_cache(maxsize=1)
def signs() -> Signs:
    """Return the signs that the ontology lists.

    Raises:
        InputError: the file of the ontology is missing, is not TOML, or lacks one of the lists.
    """
    _, table = read_toml(resources.folder("ontology") / FILE)
    lists = [table.get(name) for name in Signs._fields]
    if not all(isinstance(one, list) and all(isinstance(sign, str) for sign in one) for one in lists):
        raise InputError(f"{FILE} must hold the lists {', '.join(Signs._fields)}")
    return Signs(*(tuple(one or ()) for one in lists))


def references(text: str) -> Iterator[int]:
    """Yield where a text may name a project, or its number; "som hette X" and the like are not among them."""
    for pattern in _REFERS:
        for match in pattern.finditer(text):
            yield match.start()


def earlier(quote: str, *, goes_on: bool) -> Iterator[Named]:
    """Yield the names and numbers of projects in a sentence from which its own goes on.

    `goes_on` tells whether the sentence holds a sign of that; else only what it tells in the past tense counts.

    >>> text = "Vi bygger vidare på projektet Bron."
    >>> [text[one.start : one.end] for one in earlier(text, goes_on=True)]
    ['Bron']
    """
    # Slow patterns are tried only where what they cannot do without is there.
    numbered = "/" in quote or "-S" in quote
    for match in _SURELY_LED_TO.finditer(quote):
        yield from _of(match, quote, "continues")
    if goes_on:
        explained = ", ett " in quote or ", en " in quote
        between = "projekt, " in quote
        wanted = (True, REFERENCE), (between, _BETWEEN_COMMAS), (explained, _EXPLAINED), (numbered, _WITH_NUMBER)
        for pattern in (pattern for needed, pattern in wanted if needed):
            for match in pattern.finditer(quote):
                yield from _of(match, quote, "continues")
        for match in (*_NUMBERED.finditer(quote), *_ON_FROM_NUMBER.finditer(quote)) if numbered else ():
            yield Named(*match.span("number"), "continues-number")
    elif _PAST.search(quote):
        for match in (*REFERENCE.finditer(quote), *(_WITH_NUMBER.finditer(quote) if numbered else ())):
            yield from _of(match, quote, "earlier-project")
    if "kommer ur" in quote:
        yield from _from_list(quote)


def _from_list(quote: str) -> Iterator[Named]:
    """Yield the names after "kommer ur tre förstudier, A, B och C"."""
    for match in _FROM_LIST.finditer(quote):
        offset = match.start("list")
        for part in _LISTED.finditer(match["list"]):
            yield Named(offset + part.start(), offset + part.end(), "comes-from")


def _of(match: re.Match[str], quote: str, rule: str) -> Iterator[Named]:
    """Yield the names and numbers of a match, and of the list that it begins: "projekten Bron, Navet och Vägen"."""
    if (
        match[0].startswith(("Projektet ", "projektet "))
        and quote[: match.start()] in _OPENINGS
        and not _OF_THE_PAST.match(quote, match.end())
    ):
        return
    groups = [group for group in ("quoted", "name", "number") if match.groupdict().get(group)]
    if "number" in groups and "name" in groups and _NO_NAME.search(match["name"]):
        groups.remove("name")
    for group in groups:
        yield from _parts(quote, *match.span(group), f"{rule}-{group}" if rule == "continues" else rule, match[0])
    if number := _ITS_NUMBER.match(quote, match.end()):
        yield Named(*number.span("number"), "continues-number")
    if "rojekten " in match[0] or "projekt som" in match[0] or "förstudierna" in match[0]:
        end = match.end()
        while more := _MORE.match(quote, end):
            group = next(group for group in ("quoted", "name", "number") if more[group])
            yield from _parts(quote, *more.span(group), f"continues-{group}", "rojekten ")
            end = more.end()


def _parts(quote: str, start: int, end: int, rule: str, led: str) -> Iterator[Named]:
    """Yield the names in a stretch: "projekten Kugghjulet och Navet" are two, "projektet Bo och bygg" is one."""
    if rule.endswith("name") and ("rojekten " in led or "projekt som" in led):
        for part in _PART.finditer(quote, start, end):
            yield Named(*part.span(), rule)
    else:
        yield Named(start, end, rule)
