"""Finds in a project's text the earlier projects that it builds on and the organisations that take part in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from kg.earlier import WORD, earlier, references, signs
from kg.owners.known import known

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


_WORD = WORD
# What was taken is never given back: no shorter list of places is followed by what must follow one.
_PLACES = r"[A-ZÅÄÖ][\w-]++(?:(?:, | och | samt )[A-ZÅÄÖ][\w-]++)*+"
_MUNICIPALITIES = re.compile(
    rf"\b\w*[Kk]ommunerna(?: i [A-ZÅÄÖ]\w+)?[;:,]? (?P<after>{_PLACES})"
    rf"|(?P<before>{_PLACES}) kommun(?:er)?\b"
)
# Names of places one after another, also with the county in capitals before them: "NORRBOTTEN Arjeplog, Arvidsjaur".
_PLACE_LIST = re.compile(
    r"(?<![\w-])(?=[A-ZÅÄÖ])(?<!, )(?<!\bi )(?<!\bfrån )(?<!\btill )(?<!\bvid )(?<!\bhos )"
    r"(?P<list>(?:[A-ZÅÄÖ]{4,} )?[A-ZÅÄÖ][a-zåäö]+(?:(?:, | och | samt | [A-ZÅÄÖ]{4,} )[A-ZÅÄÖ][a-zåäö]+)+)"
    r"(?![\w-]| kommun| stad)"
)
_SHORTEST_PLACE_LIST = 3
_LOCAL_PROJECTS = re.compile(rf"(?:[Dd]elprojekt\w*|[Ll]okala projekt)(?: \w+){{0,2}} i (?P<list>{_PLACES})")
_BESIDE = re.compile(rf"(?:tillämpas|genomförs|bedrivs|drivs|pågår) i (?P<before>{_PLACES}) kommun(?:er)?\b")
_BODY = re.compile(rf"{_WORD}(?: (?:{_WORD}|i(?= [A-ZÅÄÖ])|län|tekniska|kommun|stad|\w*universitet|\w*högskola))*")
_PLACE = re.compile(r"[A-ZÅÄÖ][\w-]*[a-zåäö][\w-]*")


def mentions(text: str) -> tuple[TextMention, ...]:
    """Return what a text says of earlier projects and of organisations that take part, in the order of the text.

    >>> [(found.relation, found.name) for found in mentions("Projektet bygger på projektet Bron med Sala kommun.")]
    [('continues', 'Bron')]
    """
    folded = _folded(text)
    found: dict[tuple[int, str], TextMention] = {}
    for start, end, kinds in _sentences(text, _finder().signs(text, folded)):
        for each in _of(text, folded, (start, end), kinds):
            # The first rule that names a place is the surest.
            found.setdefault((each.start, each.relation), each)
    return tuple(found[key] for key in sorted(found))


# What the patterns cannot do without, looked for as plain text first and all at once: the patterns themselves took most
# of the time, and most sentences hold none of these. Kinds of signs are bits, so that a sentence has one number.
_SURE, _REFERENCE_SIGN, _JOINT, _DONE_IN, _GOES_ON, _ELSEWHERE, _NOT_PART = (1 << place for place in range(7))
_ENOUGH = _SURE | _REFERENCE_SIGN | _JOINT | _DONE_IN
_BREAK = 0
_SIGNS = (
    (
        _SURE,
        "fortsätt|förstudien|drar lärdom|uppföljning|uppföljare|vidareutveckl|efterföljare|arvtagare|tar vid|förprojekt"
        "|kommer ur"
        "|förlängning|föregångare|arbete som|arbetet som|strukturer från|nätverk från|verktyg från|metodmaterial från",
    ),
    # Beside these the words that the ontology lists count, and the past tense.
    (_REFERENCE_SIGN, "hette |kallades |ramen för "),
    (_DONE_IN, "tillämpas i|genomförs i|bedrivs i|drivs i|pågår i"),
    # What may end a sentence is found in the same pass.
    (_BREAK, ".|!|?|\n"),
)


class _Finder:
    """Finds all signs and all ends of sentences in one pass."""

    def __init__(self) -> None:
        # Imported here: most commands do without it.
        from ahocorasick_rs import AhoCorasick, Implementation

        kinds: dict[str, int] = {}
        written = ((kind, group.split("|")) for kind, group in _SIGNS)
        listed = zip((_GOES_ON, _ELSEWHERE, _JOINT, _NOT_PART), signs(), strict=True)
        for kind, known_signs in (*listed, *written):
            for sign in known_signs:
                kinds[sign] = kinds.get(sign, 0) | kind
        self._kinds = tuple(kinds.values())
        self._automaton = AhoCorasick(list(kinds), implementation=Implementation.DFA)

    def signs(self, text: str, folded: str) -> list[tuple[int, int]]:
        """Return where signs begin, and their kinds, in the order of the text."""
        kinds = self._kinds
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        signs = [(start, kinds[number]) for number, start, _ in found]
        signs += [(start, _REFERENCE_SIGN) for start in references(text)]
        signs.sort()
        return signs


@lru_cache(maxsize=1)
def _finder() -> _Finder:
    return _Finder()


def _sentences(text: str, signs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and kinds of signs of the sentences in which the patterns may find anything.

    A sentence ends with its line, or with a full stop and the like before white space.
    """
    start = kinds = 0
    # No sign holds a full stop or a line break, so none reaches over the end of a sentence.
    for place, kind in (*signs, (len(text), _BREAK)):
        if kind != _BREAK:
            kinds |= kind
        elif _ends_sentence(text[place : place + 2]):
            if kinds & _ENOUGH:
                yield start, place + 1, kinds
            start, kinds = place + 1, 0


def _ends_sentence(stop: str) -> bool:
    """Return whether a line break or a stop, given with the sign after it, is the last of a sentence."""
    return len(stop) < 2 or stop[0] == "\n" or stop[1].isspace()


# Words that open a sentence and are no name by themselves.
_NO_NAMES = frozenset(
    """Projektet Vi Det Den De Detta Dessa En Ett Genom Vidare Som Att För Med Under På Inom Här Alla Målet Syftet
    Arbetet Deltagarna Insatsen Insatserna Efter När Om Till Där Samtliga Nya Resultatet Metoden""".split()
)


def _folded(text: str) -> str:
    """Return the text in small letters, each at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _of(text: str, folded: str, span: tuple[int, int], kinds: int) -> Iterator[TextMention]:
    """Yield what one sentence says; `kinds` are those of its signs."""
    start, end = span
    while text[start] in ".!?":
        start += 1
    while text[start].isspace():
        start += 1
    quote = text[start:end].rstrip()
    small = folded[start : start + len(quote)]
    named = not kinds & _ELSEWHERE and kinds & (_SURE | _REFERENCE_SIGN)
    found: Iterable[tuple[Relation, int, int, str]] = (
        *(("continues", *each) for each in (earlier(quote, goes_on=bool(kinds & _GOES_ON)) if named else ())),
        *(_partners(quote, small, kinds) if kinds & (_JOINT | _DONE_IN) else ()),
    )
    for relation, first, last, rule in found:
        yield TextMention(relation, quote[first:last], quote, start + first, start + last, rule)


def _partners(quote: str, small: str, kinds: int) -> Iterator[tuple[Relation, int, int, str]]:
    if kinds & _DONE_IN:
        for match in _BESIDE.finditer(quote):
            yield from _places(match, "before", "beside-owner")
    if not kinds & _JOINT or kinds & _NOT_PART:
        return
    if "kommun" in small:
        for match in _MUNICIPALITIES.finditer(quote):
            # "Försäkringskassan, Arbetsförmedlingen och Vara kommun" are no three municipalities.
            places = _places(match, "after" if match["after"] else "before", "municipality")
            yield from (place for place in places if _municipality(quote[place[1] : place[2]]))
    for match in (*_PLACE_LIST.finditer(quote), *_LOCAL_PROJECTS.finditer(quote)):
        listed = tuple(_places(match, "list", "municipality"))
        if len(listed) >= _SHORTEST_PLACE_LIST and all(_municipality(quote[place[1] : place[2]]) for place in listed):
            yield from listed
    for match in _BODY.finditer(quote):
        if not match[0].endswith("kommun") and match[0] not in _NO_NAMES:
            yield "partner", *match.span(), "named"


def _places(match: re.Match[str], group: str | int, rule: str) -> Iterator[tuple[Relation, int, int, str]]:
    start = match.start(group)
    for place in _PLACE.finditer(match[group]):
        yield "partner", start + place.start(), start + place.end(), rule


def _municipality(name: str) -> bool:
    return known().named(f"{name} kommun") is not None
