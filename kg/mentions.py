"""Finds in a project's text the earlier projects that it builds on and the organisations that take part in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Relation = Literal["continues", "partner"]


@dataclass(frozen=True, slots=True)
class TextMention:
    """A name or diary number in a text, and how it belongs to the project.

    `start` and `end` are offsets of the name, so that ``text[start:end] == name``; `quote` is the sentence; `rule` is
    the name of the rule that found it.
    """

    relation: Relation
    name: str
    quote: str
    start: int
    end: int
    rule: str


_WORD = r"[A-ZÅÄÖ#][\w&'’#.-]*\w"
_QUOTED = r"[\"'”“‘’»]#?(?P<quoted>[^\"'”“‘’«»\n]{2,60})[\"'”“‘’«]"
_NUMBER = r"(?P<number>\d{2}-\d{3}-S\d{1,4}|\d{4}/\d{5})"
_CAPITALISED = rf"(?P<name>{_WORD}(?:[ -](?:{_WORD}|i|på|för|till|mot|och(?= [A-ZÅÄÖ])|\d+|[IVX]+))*)"
_PROJECT = r"(?:(?:ESF-?|EU-?|pilot|för|socialfonds)?projektet|förstudien|förprojekteringen)"
_CUE = (
    r"(?:fortsätter|(?:är\s+)?(?:en\s+)?(?:direkt\s+)?fortsättning(?:en)?\s+(?:på|av)|bygger\s+(?:vidare\s+)?på|"
    r"uppföljning(?:en)?\s+(?:av|till)|vidareutveckling(?:en)?\s+av|efterföljare\s+till|tar\s+vid\s+efter)"
)
_CONTINUES = re.compile(
    rf"{_CUE}\s+(?:(?:det|den|de)\s+)?(?:(?:tidigare|avslutade|föregående)\s+)?(?:erfarenheter(?:na)?\s+från\s+)?"
    rf"(?:{_QUOTED}|{_PROJECT}\s+(?:{_QUOTED.replace('quoted', 'quoted2')}|{_NUMBER.replace('number', 'number2')}"
    rf"|{_CAPITALISED})|{_NUMBER})"
)
_BEFORE = re.compile(rf"\b[Ff]örprojektet\s+{_CAPITALISED}")
_FROM_LIST = re.compile(r"kommer\s+ur\s+(?:\w+\s+)?(?:förprojekt\w*|förstudier\w*|projekt\w*),\s+(?P<list>[^.;:\n]+)")
_TAKES_PART = re.compile(
    r"samverka|samarbet|partner|deltar|medverka|tillsammans med|ingår i projekt|delprojekt|medsökande", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"\b(?:enligt|rapport\w*|statistik\w*|anvisa\w*|remiss\w*|inte|utlysning\w*)\b", re.IGNORECASE)
_PLACES = r"[A-ZÅÄÖ][\w-]+(?:(?:, | och | samt )[A-ZÅÄÖ][\w-]+)*"
_MUNICIPALITIES = re.compile(
    rf"\bkommunerna(?: i [A-ZÅÄÖ]\w+)?[;:,]? (?P<after>{_PLACES})|(?P<before>{_PLACES}) kommun(?:er)?\b"
)
_BODY = re.compile(rf"{_WORD}(?: (?:{_WORD}|i|län|kommun|stad|universitet|högskola))*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?")


def mentions(text: str) -> tuple[TextMention, ...]:
    """Return what a text says of earlier projects and of organisations that take part, in the order of the text.

    >>> [(found.relation, found.name) for found in mentions("Projektet bygger på projektet Bron med Sala kommun.")]
    [('continues', 'Bron')]
    """
    signs = _signs_in(text, (*_EARLIER_SIGNS, *_PARTNER_SIGNS))
    if not signs:
        return ()
    found: dict[tuple[int, str], TextMention] = {}
    for sentence in _SENTENCE.finditer(text):
        for each in _of(text, sentence, _signs_in(sentence[0], signs)):
            # The first rule that names a place is the surest.
            found.setdefault((each.start, each.relation), each)
    return tuple(found[key] for key in sorted(found))


# What the patterns cannot do without, looked for as plain text first: the patterns themselves took a quarter of the
# time of reading a page, and most sentences hold none of these.
_EARLIER_SIGNS = "fortsätt bygger uppföljning vidareutveckling efterföljare tar förprojektet kommer".split()
_PARTNER_SIGNS = "samverka samarbet partner deltar medverka tillsammans ingår delprojekt medsökande".split()


def _signs_in(text: str, signs: Sequence[str]) -> tuple[str, ...]:
    folded = text.casefold()
    return tuple(sign for sign in signs if sign in folded)


def _of(text: str, sentence: re.Match[str], signs: Sequence[str]) -> Iterator[TextMention]:
    if not signs:
        return
    start, end = sentence.span()
    while start < end and text[start].isspace():
        start += 1
    quote = text[start:end].rstrip()
    for relation, first, last, rule in (*_earlier(quote), *_partners(quote)):
        yield TextMention(relation, quote[first:last], quote, start + first, start + last, rule)


def _earlier(quote: str) -> Iterator[tuple[Relation, int, int, str]]:
    for match in _CONTINUES.finditer(quote):
        group = next(name for name in ("quoted", "quoted2", "number", "number2", "name") if match[name])
        yield "continues", *match.span(group), f"continues-{group.rstrip('2')}"
    for match in _BEFORE.finditer(quote):
        yield "continues", *match.span("name"), "earlier-project"
    for match in _FROM_LIST.finditer(quote):
        offset = match.start("list")
        for part in re.finditer(r"[A-ZÅÄÖ](?:(?!, | och ).)+", match["list"]):
            yield "continues", offset + part.start(), offset + part.end(), "comes-from"


def _partners(quote: str) -> Iterator[tuple[Relation, int, int, str]]:
    if not _TAKES_PART.search(quote) or _ELSEWHERE.search(quote):
        return
    for match in _MUNICIPALITIES.finditer(quote):
        group = "after" if match["after"] else "before"
        for place in re.finditer(r"[A-ZÅÄÖ][\w-]+", match[group]):
            yield "partner", match.start(group) + place.start(), match.start(group) + place.end(), "municipality"
    for match in _BODY.finditer(quote):
        if not match[0].endswith(("kommun", "stad")):
            yield "partner", *match.span(), "named"
