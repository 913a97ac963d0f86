"""Finds in a project's text the earlier projects that it builds on and the organisations that take part in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from kg.bygone import tells_of_the_past, told_then
from kg.earlier import Lead, earlier
from kg.partners import Taking, beside_owner, opens_with_name, taking_part, with_owner
from kg.project_names import NAME_START
from kg.relation_signs import phrase, plain_start, signs
from kg.stages import earlier_stages

Relation = Literal["continues", "partner"]


class TextMention(NamedTuple):
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


def mentions(text: str) -> tuple[TextMention, ...]:
    """Return what a text says of earlier projects and of organisations that take part, in the order of the text.

    >>> [(found.relation, found.name) for found in mentions("Projektet bygger på projektet Bron med Sala kommun.")]
    [('continues', 'Bron')]
    """
    folded = _folded(text)
    found: dict[tuple[int, str], TextMention] = {}
    signs_found = _finder().signs(text, folded)
    before = _Sentence(0, 0, 0)
    for place in _sentences(text, folded, signs_found):
        if place.kinds & _JOINT and before.kinds & _TOGETHER and _ALL_OF_THEM.match(text, place.start):
            # "Vara kommun och Skara kommun får en ny skola. Båda är medsökande."
            for each in _of(text, folded, before._replace(kinds=_JOINT)):
                found[each.start, each.relation] = each
        before = place
        for each in _of(text, folded, place):
            # The first rule that names a place is the surest.
            found.setdefault((each.start, each.relation), each)
    for start, end in earlier_stages(text, [place for place, kind in signs_found if kind & _STAGE]):
        if (start, "continues") not in found and (quote := _telling(text, folded, start, text[start:end])):
            found[start, "continues"] = TextMention("continues", text[start:end], quote, start, end, "earlier-stage")
    return tuple(found[key] for key in sorted(found))


class _Sentence(NamedTuple):
    """A sentence in which the patterns may find anything: its place, the kinds of its signs, what leads to names."""

    start: int
    end: int
    kinds: int
    leads: tuple[Lead, ...] = ()


# What the patterns cannot do without, looked for as plain text first and all at once: the patterns themselves took most
# of the time, and most sentences hold none of these. Kinds of signs are bits, so that a sentence has one number.
_BITS = 10
_LED, _REFERENCE, _JOINT, _DONE_IN, _GOES_ON, _ELSEWHERE, _NOT_PART, _TOGETHER, _STAGE, _MAY_LEAD = (
    1 << bit for bit in range(_BITS)
)
_ALL = (1 << _BITS) - 1
_ENOUGH = _LED | _REFERENCE | _JOINT | _DONE_IN | _TOGETHER
_WITH_NAMES = _JOINT | _TOGETHER
_WORTHWHILE = _ENOUGH | _GOES_ON | _MAY_LEAD
_BREAK = 0
_SIGNS = (
    (
        _REFERENCE,
        "hette |kallades |vid namn|namnet |såsom |däribland |exempelvis |satsning, |insats, |initiativ, |samarbete, "
        "|drev 20|drevs 20|bedrev 20|ledde 20|genomförde 20|genomfördes 20|drev mellan|genomförde mellan",
    ),
    (_DONE_IN, "tillämpas i|genomförs i|bedrivs i|drivs i|pågår i"),
    (
        _TOGETHER,
        " kommun, | kommun och | kommun samt | kommuner| stad, | stad och |universitet och |universitet, "
        "|ansvarar för|svarar för|står för|sköter",
    ),
    (_STAGE, " 2| 3| 4| ii| iv"),
    # What may end a sentence is found in the same pass.
    (_BREAK, ".|!|?|\n"),
)


# A quick look before slow patterns: each begins with letters that are found fast.
_NEXT = r"[\"'”“‘’»A-ZÅÄÖ#\d]"
_REFERS = tuple(
    map(
        re.compile,
        (
            rf"rojekt(?:e[tn])?(?:,|:| –)?\s+(?:som\s|såsom\s|bland a|med\s|{_NEXT})",
            rf"örstudie(?:n|r|rna|rapporten)?,?\s+(?:\(|{_NEXT})",
            rf"örprojektering(?:en|ar|arna)?,?\s+(?:som|{_NEXT})",
            r", (?:som (?:var|är|blev) )?(?:e(?:tt|n)|det|den|vårt|våra) [\w -]*?(?:projekt|förstudie)",
            r"/\d{5}(?<=[ (]\d{4}/\d{5})",
            r"-S\d(?<=[ (]\d\d-\d{3}-S\d)",
        ),
    )
)
# From the words that lead to a name to the name: "fortsättning på | det arbete vi gjorde i | Bron".
_TO_NAME = re.compile(
    r"[:,]?\s+(?:(?:[a-zåäö]+\s+){0,4}?"
    r"(?:det|den|de|dess|vårt|vår|våra|sitt|sin|sina|ett|en|tidigare|förra|föregående|avslutade|framgångsrika|lyckade"
    r"|numera|nu|båda|två|tre|i|inom|från|av|ur|efter|[\w-]*projekte[tn]|förstudie(?:n|rna))\s+)?"
    rf"(?={NAME_START})"
)
_CAPITAL = re.compile("[A-ZÅÄÖ]")
_OPENING = 3
"""How far into a sentence a capital says nothing of names, after a blank, a bullet or a quotation mark."""
_ALL_OF_THEM = re.compile(
    r"\s*(?:Alla|Samtliga|Båda|Bägge|Dessa|De)(?: (?:två|tre|fyra|fem|sex|sju))?"
    r"(?: (?:kommuner(?:na)?|parter(?:na)?|organisationer(?:na)?|aktörer(?:na)?))? (?=[a-zåäö])"
)
_THE_SAME = re.compile(r"\b[Ss]amma (?:två |tre |fyra |fem )?(?:parter|kommuner|aktörer|organisationer|partner)")
_STOPS = re.compile(r"[.!?](?=\s)\s*|\n\s*")
# Where something may have been done in a project that no word calls one.
_WITHIN = re.compile(r"\b(?:[Ii]|[Ii]nom|[Gg]enom|[Uu]nder|[Dd]et \w+,) [\"'”“‘’A-ZÅÄÖ#]")


class _Phrase(NamedTuple):
    """What leads to a name: the phrase as listed, the pattern of what ends it, and whether only a project follows."""

    listed: str
    end: str
    sure: bool


class _Finder:
    """Finds all signs and all ends of sentences in one pass."""

    def __init__(self) -> None:
        # Imported here: most commands do without it.
        from ahocorasick_rs import AhoCorasick, Implementation

        kinds: dict[str, int] = {}
        told = signs()
        listed = (
            (_GOES_ON, told.goes_on),
            (_ELSEWHERE, told.stands_beside),
            (_JOINT, told.takes_part),
            (_NOT_PART, told.not_part),
            (_REFERENCE, told.ended),
            *((kind, tuple(group.split("|"))) for kind, group in _SIGNS),
        )
        for kind, known_signs in listed:
            for sign in known_signs:
                kinds[sign] = kinds.get(sign, 0) | kind
        leading: dict[str, list[_Phrase]] = {}
        for sure, phrases, end in (
            (True, told.leads_to, ""),
            (False, told.may_lead_to, ""),
            (False, told.made_in, r"(?: [a-zåäö]+)? (?:från|av|ur|i|inom|under|efter|med|genom|kring)"),
        ):
            # The longest first: of "föregångaren var" the shorter one would leave "var" to the name.
            for each in sorted(phrases, key=len, reverse=True):
                leading.setdefault(plain_start(each), []).append(_Phrase(each, end, sure))
        words = list(dict.fromkeys((*kinds, *leading)))
        # A word that may lead to a name carries its number above the bits of the kinds.
        self._kinds = tuple(
            kinds.get(word, 0) | ((number << _BITS) + _MAY_LEAD if word in leading else 0)
            for number, word in enumerate(words)
        )
        self._leading = tuple(tuple(leading.get(word, ())) for word in words)
        self._automaton = AhoCorasick(words, implementation=Implementation.DFA)

    def signs(self, text: str, folded: str) -> list[tuple[int, int]]:
        """Return where signs begin, and their kinds, in the order of the text."""
        kinds = self._kinds
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        signs = [(start, kinds[number]) for number, start, _ in found]
        signs += [(match.start(), _REFERENCE) for pattern in _REFERS for match in pattern.finditer(text)]
        signs.sort()
        return signs

    def leads(self, text: str, folded: str, hits: Iterable[tuple[int, int]]) -> Iterator[Lead]:
        """Yield what leads to names; `hits` are signs of it: where they begin, and their kinds."""
        for start, kind in hits:
            for listed, end, sure in self._leading[kind >> _BITS]:
                match = phrase(listed, end).match(folded, start)
                # The text was matched in small letters; a name stands in none of the words that lead to it.
                name = _TO_NAME.match(text, match.end()) if match and text[start + 1 : match.end()].islower() else None
                if name:
                    yield Lead(start, name.end(), sure)
                    break


@lru_cache(maxsize=1)
def _finder() -> _Finder:
    return _Finder()


def _sentences(text: str, folded: str, signs: Iterable[tuple[int, int]]) -> Iterator[_Sentence]:
    """Yield the sentences in which the patterns may find anything.

    A sentence ends with its line, or with a full stop and the like before white space.
    """
    start = kinds = 0
    hits: list[tuple[int, int]] = []
    # No sign holds a full stop or a line break, so none reaches over the end of a sentence.
    for place, kind in (*signs, (len(text), _BREAK)):
        if kind:
            kinds |= kind
            if kind & _MAY_LEAD:
                hits.append((place, kind))
        elif _ends_sentence(text[place : place + 2]):
            if kinds & _WORTHWHILE:
                sentence = _sentence(text, folded, _Sentence(start, place, kinds & _ALL), hits)
                if sentence.kinds & _ENOUGH:
                    yield sentence
            start, kinds = place + 1, 0
            hits = []


def _sentence(text: str, folded: str, place: _Sentence, hits: Sequence[tuple[int, int]]) -> _Sentence:
    """Return a sentence with what leads to names in it, and only with the kinds of signs that can come to something."""
    start, end, kinds, _ = place
    inside = _CAPITAL.search(text, start + _OPENING, end) is not None or kinds & _REFERENCE
    if kinds & _WITH_NAMES and not (inside or opens_with_name(text, start, end) or _ALL_OF_THEM.match(text, start)):
        kinds &= ~_WITH_NAMES
    if not inside:
        return _Sentence(start, end + 1, kinds)
    if kinds & _GOES_ON and not kinds & _REFERENCE and _WITHIN.search(text, start, end):
        kinds |= _REFERENCE
    leads = tuple(_finder().leads(text, folded, hits)) if hits else ()
    return _Sentence(start, end + 1, kinds | _LED if leads else kinds, leads)


def _ends_sentence(stop: str) -> bool:
    """Return whether a line break or a stop, given with the sign after it, is the last of a sentence."""
    return len(stop) < 2 or stop[0] == "\n" or stop[1].isspace()


def _folded(text: str) -> str:
    """Return the text in small letters, each at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _of(text: str, folded: str, place: _Sentence) -> Iterator[TextMention]:
    """Yield what one sentence says."""
    start, end, kinds, leads = place
    while text[start] in ".!?":
        start += 1
    while text[start].isspace():
        start += 1
    quote = text[start:end].rstrip()
    small = folded[start : start + len(quote)]
    led = [Lead(lead.start - start, lead.name - start, lead.sure) for lead in leads]
    found: list[tuple[Relation, tuple[int, int, str]]] = []
    partners: list[Taking] = []
    if kinds & (_LED | _REFERENCE):
        goes_on, beside = bool(kinds & _GOES_ON), bool(kinds & _ELSEWHERE)
        found += (("continues", each) for each in earlier(quote, led, goes_on=goes_on, beside=beside))
    if kinds & _DONE_IN:
        partners += beside_owner(quote)
    if kinds & _JOINT:
        partners += taking_part(quote, small, doubted=bool(kinds & _NOT_PART))
    elif kinds & _TOGETHER and not kinds & _NOT_PART:
        partners += with_owner(quote, small)
    # Who took part in what was before need not take part in what follows.
    then = [told_then(quote, *each[:2]) for _, each in found] if partners else []
    if any(first < last for first, last in then) and _THE_SAME.search(text):
        then = []
    found += (("partner", each) for each in partners if not any(first <= each.start < last for first, last in then))
    for relation, (first, last, rule) in found:
        yield TextMention(relation, quote[first:last], quote, start + first, start + last, rule)


def _telling(text: str, folded: str, place: int, name: str) -> str:
    """Return the sentence around a place if it tells of going on or of the past, else an empty text."""
    start = max((match.end() for match in _STOPS.finditer(text, 0, place)), default=0)
    stop = _STOPS.search(text, place)
    quote = text[start : stop.start() + 1 if stop else len(text)].strip()
    small = folded[start : start + len(quote)]
    both = re.search(rf"{re.escape(name)} (?:\d|[IV]{{2}})", quote)
    return quote if both or tells_of_the_past(quote) or any(sign in small for sign in signs().goes_on) else ""
