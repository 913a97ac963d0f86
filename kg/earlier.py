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
    r"(?:(?:på|mot|till|för|i|med) )?(?!(?:som|och|ska|med|under|att|vars|har|är|var|där|inom|samverkan|samarbete|syfte"
    rf"|länet|[a-zåäö]+(?:ningen|nerna|skapet))\b){_NO_VERB}"
)
_NAME_ENDS = (
    r"(?=[,.;:)!?]|$| \(| (?:som|och|är|har|var|ska|kan|fick|drev|tog|där|i|med|under|vars|mellan|samt|kommer|vill"
    r"|[a-zåäö]+(?:ar|er|ir|ade|dde|rde|tte|des|ades|ts|as))\b)"
)
_CAPITALISED = (
    rf"(?P<name>{WORD}(?:[ -](?:{WORD}|(?:i|på|för|till|mot|och|av|med) {WORD}|\d[\d.]*(?<!\.)|[IVX]+))*"
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
_EXPLAINED = re.compile(rf"(?:{_QUOTED}|{_CAPITALISED}), (?:ett|en) (?:\w+ ){{0,2}}?(?:\w*projekt|förstudie)\b")
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
# A study that came before is told of in the past tense.
_STUDY = re.compile(rf"(?:\b[Ff]örstudien|\b[Ff]örprojektet|\b[Ff]örprojekteringen|\b[Ff]örstudie(?=,)),?\s+{_ANY}")
_PAST = re.compile(
    r"\b(?:visade|kartla\w+|\w{3,}des|konstaterade\w*|pekade|ledde|resulterade|gav|avslutades|identifierade\w*"
    r"|summera\w*|låg\s+till\s+grund)\b"
)
_NUMBERED = re.compile(
    rf"\b\w*[Pp]rojekte?t?\w*(?:\s+\S+){{0,5}}?[ ,(]+(?:(?:dnr|diarienummer|diarienr)\.?\s+)?(?P<number>{NUMBER})"
)
# "Projektet Bron utgår från …" speaks of itself, "Projektet Bron avslutades …" of an earlier project.
_OF_THE_PAST = re.compile(r",| \(| som | (?:\w{3,}(?:de|des|ts)|blev|gick|har \w+t)\b")
_ON_FROM_NUMBER = re.compile(rf"[Ff]ortsätt\w+(?:\s+\S+){{0,8}}?\s+(?P<number>{NUMBER})")
_FROM_LIST = re.compile(r"kommer\s+ur\s+(?:\w+\s+)?(?:förprojekt\w*|förstudier\w*|projekt\w*),\s+(?P<list>[^.;:\n]+)")
_LISTED = re.compile(r"[A-ZÅÄÖ](?:(?!, | och ).)+")


@lru_cache(maxsize=1)
def signs() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that say that a project goes on from another, and those that say that it stands beside it.

    Raises:
        InputError: the file of the ontology is missing, is not TOML, or lacks one of the lists.
    """
    _, table = read_toml(resources.folder("ontology") / FILE)
    lists = table.get("goes_on"), table.get("stands_beside")
    if not all(isinstance(one, list) and all(isinstance(sign, str) for sign in one) for one in lists):
        raise InputError(f"{FILE} must hold the lists goes_on and stands_beside")
    first, second = lists
    return tuple(first or ()), tuple(second or ())


def earlier(quote: str, small: str) -> Iterator[Named]:
    """Yield the names and numbers in a sentence (`small` is the same in small letters) from which a project goes on.

    >>> text = "Vi bygger vidare på projektet Bron."
    >>> [text[one.start : one.end] for one in earlier(text, text.lower())]
    ['Bron']
    """
    goes_on, beside = signs()
    if any(sign in small for sign in beside):
        return
    for match in _SURELY_LED_TO.finditer(quote):
        yield from _of(match, quote, "continues")
    if any(sign in small for sign in goes_on):
        for pattern in (REFERENCE, _BETWEEN_COMMAS, _EXPLAINED, _WITH_NUMBER):
            for match in pattern.finditer(quote):
                yield from _of(match, quote, "continues")
        for match in (*_NUMBERED.finditer(quote), *_ON_FROM_NUMBER.finditer(quote)):
            yield Named(*match.span("number"), "continues-number")
    elif _PAST.search(quote):
        for match in _STUDY.finditer(quote):
            yield from _of(match, quote, "earlier-project")
    for match in _FROM_LIST.finditer(quote):
        offset = match.start("list")
        for part in _LISTED.finditer(match["list"]):
            yield Named(offset + part.start(), offset + part.end(), "comes-from")


def _of(match: re.Match[str], quote: str, rule: str) -> Iterator[Named]:
    """Yield the names and numbers of a match, and of the list that it begins: "projekten Bron, Navet och Vägen"."""
    if match.start() == 0 and match[0].startswith("Projektet ") and not _OF_THE_PAST.match(quote, match.end()):
        return
    groups = [group for group in ("quoted", "name", "number") if match.groupdict().get(group)]
    if "number" in groups and "name" in groups and "rojekt" in match["name"]:
        groups.remove("name")
    for group in groups:
        yield from _parts(quote, *match.span(group), f"{rule}-{group}" if rule == "continues" else rule, match[0])
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
