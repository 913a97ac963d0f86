"""Finds in a project's text the earlier projects that it builds on and the organisations that take part in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

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


_WORD = r"[A-ZÅÄÖ#][\w&'’#.-]*\w"
_NUMBER = r"\d{2}-\d{3}-S\d{1,4}|\d{4}/\d{5}"
_QUOTED = r"[\"'”“‘’»]#?(?P<quoted>[^\"'”“‘’«»\n]{2,60})[\"'”“‘’«]"
# A name goes on over small words only where a word of its own follows ("Bron i Skåne"), or up to where the sentence or
# its clause clearly goes on ("Unga på väg", "Grön ingång som"); a small word that looks like a verb ends it.
_SMALL = r"(?:(?:på|mot|till) )?[a-zåäö]+(?<!r)(?<!ade)(?<!dde)(?<!rde)(?<!tte)(?<!s)"
_NAME_ENDS = r"(?=[,.;:)]|$| \(| (?:som|och|är|har|var|ska|kan|fick|där|i|med|under|[a-zåäö]+(?:ar|er|ade|dde|rde))\b)"
_CAPITALISED = (
    rf"(?P<name>{_WORD}(?:[ -](?:{_WORD}|(?:i|på|för|till|mot|och) (?:{_WORD})|\d+|[IVX]+))*"
    rf"(?: (?!(?:som|och|ska|med|under|i|att)\b){_SMALL}(?: {_SMALL})?{_NAME_ENDS})?)"
)
_PROJECT = (
    r"(?:\b(?:[Gg]enomförande|[Pp]ilot|[Ff]ör|[Ss]ocialfonds|ESF-?|EU-?|[Ii]nterreg-?)?[Pp]rojekt(?:et|en\b)"
    r"|\b[Ff]örstudien|\b[Ff]örprojekteringen)"
)
_REFERENCE = rf"(?:{_PROJECT},?\s+(?:{_QUOTED}|{_CAPITALISED}|(?P<number>{_NUMBER})))"
_ANY = rf"(?:{_QUOTED}|{_CAPITALISED}|(?P<number>{_NUMBER}))"
# What leads to an earlier project: with a word such as "projektet" before its name, or by itself.
_LEADS = (
    r"(?:bygg(?:er|a|s)\s+(?:vidare\s+)?på|utgår\s+från|[Vv]idareutveckl\w+|steg \w+ efter"
    r"|(?:togs|arbetades) fram i|(?:utvecklades|prövades|byggdes|skapades) i"
    r"|etapp(?:en)?\s+(?:av|i)|avstamp\s+i|[Gg]rund(?:en|as?|ar sig)?\s+(?:lades\s+)?(?:i|på)"
    r"|(?:föddes|utvecklades|prövades|växte fram)\s+(?:i|ur|inom ramen för)|ursprung\s+i|sprunget\s+ur|[Ee]fter"
    r"|(?:fas(?:en)?|följd)\s+av|(?:kommer|hämtas|springer)\s+(?:från|ur)|(?:förlänger|fördjupar|breddar|skalar upp)"
    r"|(?:[Ll]ärdom\w*|[Ee]rfarenhet\w*|[Rr]esultat\w*|[Kk]unskap\w*|[Ss]lutsats\w*|[Ii]nsikt\w*)\s+(?:från|ur|av|i))"
    r"\s+(?:[\w-]+\s+){0,4}?"
)
_SURELY_LEADS = (
    r"(?:fortsätter|fortsättning(?:en)?\s+(?:på|av)|uppföljning(?:en)?\s+(?:av|till)|(?:efterföljare|uppföljare|arvtagare)n?\s+till|drar\s+lärdom\w*\s+(?:av|från)"
    r"|vidareutveckling(?:en)?\s+av|tar\s+vid\s+(?:efter|där))"
    r"\s+(?:(?:det|den|de|tidigare|avslutade|föregående|erfarenheter(?:na)?\s+från)\s+){0,3}"
)
_LED_TO = re.compile(rf"{_LEADS}{_REFERENCE}")
# "Sedan fortsätter kommunen att …" tells who goes on, not from what.
_SURELY_LED_TO = re.compile(rf"{_SURELY_LEADS}(?:{_PROJECT}\s+)?(?>{_ANY})(?! (?:att|med|sitt|sin|arbetet)\b)")
_PART = re.compile(r"[A-ZÅÄÖ#](?:(?!,| och | samt ).)*")
_ITS_NUMBER = re.compile(rf" \((?:dnr |diarienummer )?(?P<number>{_NUMBER})\)")
# A study or project that came before is told of in the past tense.
_EARLIER = re.compile(
    rf"(?:\b[Ff]örstudien|\b[Ff]örprojektet|\b[Ff]örprojekteringen|\b[Ff]örstudie(?=,)|\b(?:[Tt]idigare|[Ff]öregående|[Aa]vslutade)\s+projektet|\b(?:[Uu]nder|[Ii])\s+projektet),?\s+(?:{_QUOTED}|{_CAPITALISED})"
)
# Every reference by name, quoted or not, and by number after "projektet" and its like; a quick look before slow ones.
_REFERS = re.compile(r"(?:rojekte[tn]|örstudien?|örprojekteringen),?\s+[\"'”“‘’»A-ZÅÄÖ#\d]")
_DIARY_NUMBER = re.compile(_NUMBER)
_PAST = re.compile(
    r"\b(?:visade|kartla\w+|\w{3,}des|konstaterade\w*|pekade|ledde|resulterade|gav|avslutades|identifierade\w*"
    r"|summera\w*|låg\s+till\s+grund)\b"
)
_CAME_BEFORE = re.compile(r"(?:tidigare|föregående|avslutade) projekt")
_NUMBERED = re.compile(
    rf"\b\w*[Pp]rojekte?t?\w*(?:\s+\S+){{0,5}}?[ ,(]+(?:(?:dnr|diarienummer|diarienr)\.?\s+)?(?P<number>{_NUMBER})"
)
_GOES_ON = re.compile(
    r"förs?\s+(?:\w+\s+)?vidare|vidareutveckl|fortsätt|bygger\s+(?:vidare\s+)?på|etapp|tas\s+tillvara|till\s+vara"
)
_FROM_LIST = re.compile(r"kommer\s+ur\s+(?:\w+\s+)?(?:förprojekt\w*|förstudier\w*|projekt\w*),\s+(?P<list>[^.;:\n]+)")
# Beside the signs of partners that need no second look.
_TAKES_PART = re.compile(
    r"\b\w*parter\b|medfinansi|ihop med|står bakom|delta(?:r|gande)\b|ingår i (?:projekt|styrgrupp|partnerskap)"
    r"|tillsammans\b|gemensamt av|^med är"
)
_ELSEWHERE = re.compile(
    r"\b(?:enligt|rapport\w*|statistik\w*|anvisa\w*|remiss\w*|inte|ingen|inget|inga|utlysning\w*|saknas)\b",
)
# What was taken is never given back: no shorter list of places is followed by what must follow one.
_PLACES = r"[A-ZÅÄÖ][\w-]++(?:(?:, | och | samt )[A-ZÅÄÖ][\w-]++)*+"
_MUNICIPALITIES = re.compile(
    rf"\b[Kk]ommunerna(?: i [A-ZÅÄÖ]\w+)?[;:,]? (?P<after>{_PLACES})|(?P<before>{_PLACES}) kommun(?:er)?\b"
)
# Names of places one after another, also with the county in capitals before them: "NORRBOTTEN Arjeplog, Arvidsjaur".
_PLACE_LIST = re.compile(
    r"(?<![\w-])(?=[A-ZÅÄÖ])(?<!\bi )(?<!\bfrån )(?<!\btill )(?<!\bvid )(?<!\bhos )"
    r"(?:[A-ZÅÄÖ]{4,} )?[A-ZÅÄÖ][a-zåäö]+(?:(?:, | och | samt | [A-ZÅÄÖ]{4,} )[A-ZÅÄÖ][a-zåäö]+)+"
    r"(?![\w-]| kommun| stad)"
)
_SHORTEST_PLACE_LIST = 3
_BESIDE = re.compile(rf"(?:tillämpas|genomförs|bedrivs|drivs|pågår) i (?P<before>{_PLACES}) kommun(?:er)?\b")
_BODY = re.compile(rf"{_WORD}(?: (?:{_WORD}|i(?= [A-ZÅÄÖ])|län|kommun|stad|\w*universitet|\w*högskola))*")
_LISTED = re.compile(r"[A-ZÅÄÖ](?:(?!, | och ).)+")
_PLACE = re.compile(r"[A-ZÅÄÖ][\w-]*[a-zåäö][\w-]*")


def mentions(text: str) -> tuple[TextMention, ...]:
    """Return what a text says of earlier projects and of organisations that take part, in the order of the text.

    >>> [(found.relation, found.name) for found in mentions("Projektet bygger på projektet Bron med Sala kommun.")]
    [('continues', 'Bron')]
    """
    folded = _folded(text)
    found: dict[tuple[int, str], TextMention] = {}
    for start, end, kinds in _sentences(text, _finder().signs(folded)):
        for each in _of(text, folded, (start, end), kinds):
            # The first rule that names a place is the surest.
            found.setdefault((each.start, each.relation), each)
    return tuple(found[key] for key in sorted(found))


# What the patterns cannot do without, looked for as plain text first and all at once: the patterns themselves took most
# of the time, and most sentences hold none of these. Kinds of signs are bits, so that a sentence has one number.
_SURE, _POSSIBLE, _REFERENCE_SIGN, _JOINT, _PERHAPS_JOINT, _DONE_IN = (1 << place for place in range(6))
_BREAK = 0
_SIGNS = (
    (
        _SURE,
        "fortsätt|drar lärdom|uppföljning|uppföljare|vidareutveckl|efterföljare|arvtagare|tar vid|förprojekt|kommer ur",
    ),
    # A possible sign of an earlier project counts beside a sign of a reference.
    (_POSSIBLE, "bygger|byggs|bygga på|lärdom|erfarenhet|resultat|kunskap|slutsats|insikt|etapp|avstamp|utgår från"),
    (_POSSIBLE, "förstudie|s vidare|tidigare projekt|togs fram i|arbetades fram i|ades i |byggdes i|nder projektet"),
    (_POSSIBLE, "i projektet| efter |efter projekt|efter förstud|föddes|ursprung i|sprunget|grund"),
    (
        _POSSIBLE,
        "efter de|fas av|fasen av|följd av|kommer från|kommer ur|hämtas|springer ur|förlänger|fördjupar|breddar",
    ),
    (_POSSIBLE, "inom ramen|föregående projekt"),
    (_REFERENCE_SIGN, "projekt|förstudi|förprojekt"),
    (_JOINT, "samverka|samarbet|partner|medverka|delprojekt|medsökande"),
    (_PERHAPS_JOINT, "parter|medfinansi|ihop med|står bakom|deltar|deltagande|tillsammans|ingår|gemensamt|med är"),
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
        for kind, signs in _SIGNS:
            for sign in signs.split("|"):
                kinds[sign] = kinds.get(sign, 0) | kind
        self._kinds = tuple(kinds.values())
        self._automaton = AhoCorasick(list(kinds), implementation=Implementation.DFA)

    def signs(self, folded: str) -> list[tuple[int, int]]:
        """Return where signs begin, and their kinds, in the order of the text."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return sorted((start, self._kinds[number]) for number, start, _ in found)


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
            if kinds & ~_POSSIBLE & ~_REFERENCE_SIGN or (kinds & _POSSIBLE and kinds & _REFERENCE_SIGN):
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
    goes_on = kinds & _SURE or (kinds & _POSSIBLE and kinds & _REFERENCE_SIGN)
    for relation, first, last, rule in (
        *(_earlier(quote) if goes_on else ()),
        *(_partners(quote, small, kinds) if kinds & (_JOINT | _PERHAPS_JOINT | _DONE_IN) else ()),
    ):
        yield TextMention(relation, quote[first:last], quote, start + first, start + last, rule)


def _earlier(quote: str) -> Iterator[tuple[Relation, int, int, str]]:
    refers = _REFERS.search(quote)
    for match in (*_SURELY_LED_TO.finditer(quote), *(_LED_TO.finditer(quote) if refers else ())):
        group = next(name for name in ("quoted", "number", "name") if match[name])
        start, end = match.span(group)
        # "Projekten Kugghjulet och Navet" are two, "projektet Bo och bygg" is one.
        for part in _PART.finditer(quote, start, end) if group == "name" and "rojekten " in match[0] else ():
            yield "continues", *part.span(), "continues-name"
            start = part.end()
        if start < end:
            yield "continues", start, end, f"continues-{group}"
        yield from _number_beside(quote, match.end())
    if refers and (_PAST.search(quote) or _CAME_BEFORE.search(quote)):
        for match in _EARLIER.finditer(quote):
            yield "continues", *match.span("quoted" if match["quoted"] else "name"), "earlier-project"
            yield from _number_beside(quote, match.end())
    if _DIARY_NUMBER.search(quote) and _GOES_ON.search(quote) and "tlysning" not in quote:
        for match in _NUMBERED.finditer(quote):
            yield "continues", *match.span("number"), "continues-number"
    for match in _FROM_LIST.finditer(quote):
        offset = match.start("list")
        for part in _LISTED.finditer(match["list"]):
            yield "continues", offset + part.start(), offset + part.end(), "comes-from"


def _number_beside(quote: str, end: int) -> Iterator[tuple[Relation, int, int, str]]:
    """Yield the diary number in brackets after a name that ends at `end`: "förstudien A (2019/00345)"."""
    number = _ITS_NUMBER.match(quote, end)
    if number:
        yield "continues", *number.span("number"), "continues-number"


def _partners(quote: str, small: str, kinds: int) -> Iterator[tuple[Relation, int, int, str]]:
    if kinds & _DONE_IN:
        for match in _BESIDE.finditer(quote):
            yield from _places(match, "before", "beside-owner")
    if not (kinds & _JOINT or _TAKES_PART.search(small)) or _ELSEWHERE.search(small):
        return
    if "kommun" in small:
        for match in _MUNICIPALITIES.finditer(quote):
            if match["after"]:
                yield from _places(match, "after", "municipality")
                continue
            # "Försäkringskassan, Arbetsförmedlingen och Vara kommun" are no three municipalities.
            places = _places(match, "before", "municipality")
            yield from (place for place in places if _municipality(quote[place[1] : place[2]]))
    for match in _PLACE_LIST.finditer(quote):
        listed = tuple(_places(match, 0, "municipality"))
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
