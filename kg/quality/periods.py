"""Finds in a description when its project starts and ends, and how that differs from the printed period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.quality.moments import MOMENT, YEAR, Moment, moment
from kg.quality.numbers import number
from kg.quality.sentences import COUNT, sentences_with

_TO = (
    r"\s*(?:--?|–|—|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|fram\s+till|till|to|until|through|och\s+slut\w*|and\s+ends?)\s*"
)
_RANGE = re.compile(
    rf"(?<![\w-])(?:(?:mellan|between)\s+(?:den\s+)?{MOMENT.format(1)}\s+(?:och|and)\s+(?:den\s+)?{MOMENT.format(2)}"
    rf"|{MOMENT.format(3)}{_TO}(?:(?:den|i|in)\s+)?{MOMENT.format(4)})(?![\w-])",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:\b(?:åren|perioden|tiden|period|years|under|mellan|från|between)|"
    r"\b(?:pågår|pågå|genomförs|bedrivs|löper|drivs|är|runs|projekttid(?:en)?|projektperiod(?:en)?)|[:(])\s*\Z",
    re.IGNORECASE,
)
"""What stands before two bare years that are a period, and no programme, law or report."""
_SMALL = (
    r"(?:(?:i|den|från|med|på|in|on|under|vid|är|blir|sker|planeras|till|redan|senast|tidigast|omkring|kring|ungefär|"
    r"is|was|in|during)\s+)*"
)
_STARTS = re.compile(
    rf"\b(?:(?:projekt)?start(?:ar|ade|as|ades|datum|en)?|påbörja\w*|inled(?:s|des|er)|börja(?:r|de)|"
    rf"(?:drar|drog|kör|sätter)s?\s+i\s?gång|starts|begins|started|began)\b\s*:?\s*{_SMALL}{MOMENT.format(1)}(?![\w-])",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:(?:projekt)?slut(?:ar|ade|datum|et)?|avsluta(?:s|des|t)|upphör|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|fram\s+till|"
    rf"(?:pågår|löper|drivs)\s+(?:\w+\s+)?till|ends|ended|until)\b\s*:?\s*{_SMALL}{MOMENT.format(1)}(?![\w-])",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"\b{MOMENT.format(1)}\s+(?:(?P<starts>startar|startade|inleds|inleddes|påbörjas|påbörjades|börjar|(?:drar|drog)\s+i\s?gång)"
    rf"|avslutas|avslutades|slutar)\s+(?:genomförande|samverkans)?(?:projektet|förstudien|satsningen|insatsen)\b",
    re.IGNORECASE,
)
"""The date before the verb, as Swedish likes to begin a sentence."""
_OF_PROJECT = re.compile(
    r"\bprojekt(?:tid|period|start|slut)\w*|\bperioden\b|\A(?:start|slut|projekt|(?:genomförande|tids)?(?:tid|period))\w*\b|"
    r"\bmed\s+start\b(?=.*\b(?:projektet|vi)\b)|"
    r"\b(?:projektet|insatsen|satsningen|delprojekten|förstudien|the project)\b.{0,120}?"
    r"\b(?:genomför\w*|bedriv\w*|pågå\w*|löper|driv(?:s|er)|start\w*|inled\w*|påbörja\w*|börja\w*|i\s?gång|avsluta\w*|slutar|"
    r"sträcker|runs?|lasts?|ends)\b"
    r"|\b(?:bedrivs|bedrivas|genomförs|pågår|löper)\b|\bär\s+ett\s+[\w,-]+\s?årigt\s+\w*projekt\b|\b(?:start\w*|inled\w*|påbörja\w*|avsluta\w*)\s+\w*projektet\b",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"\b(?:drivs|pågår|genomförs|bedrivs|löper|startar|startade|inleds|avslutas|runs?|starts|ends)\b", re.I
)
_SIGNS_OF_PROJECT = "projekt period start slut tid insats satsning förstud bedriv genomförs pågår löper project".split()
_SIGNS_OF_RUNNING = "drivs pågår genomförs löper start inleds avslutas run ends".split()
"""Without any of these the patterns of the same names find nothing; plain text is looked for much faster."""
_WORD = re.compile(r"\w+")
_SIGN = re.compile(r"\d{4}|[HhVv][Tt][ -]?\d\d|årig|år\b|månader|years?\b|months")
"""Without any of these a sentence says nothing of time; looked for first because that is fast."""
_OF_OTHERS = re.compile(
    r"\b(?:delrapport|slutrapport|rapport|utvärder\w+|förprojekt\w*|tidigare|föregående|utlysning\w*|sedan|konferens\w*|"
    r"kick-?off|lag(?:en)?|direktiv\w*|enligt|statistik\w*|drev|drevs|pågick|bedrevs|\w+fas(?:en)?|fas|etapp\w*|"
    r"program(?:met|mets|period\w*)?|\w+programmet|strategi\w*|\w+strategi\w*|avtal\w*|prognos\w*|mål(?:år|en)|"
    r"förläng\w+|previous|earlier|since|report|programme|strategy)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:,()]|\s(?:och|men|samt|medan|varefter|and|but|while)\s", re.IGNORECASE)
_NAMES_PROJECT = re.compile(r"\bprojekt(?:et|tid|period|start|slut)\w*|\bthe project\b", re.IGNORECASE)
_OTHER_SUBJECT = re.compile(
    r"\b(?!(?:projekt|delprojekt|insats|satsning|arbete|verksamhet|genomförande|förstudie|det|den)\w*\s)\w{3,}(?:en|et|na)\s+\Z",
    re.IGNORECASE,
)
"""A definite noun before the verb that is not the project: the course, the school, the recruitment."""
_OVER = re.compile(r"(?:startade|inleddes|påbörjades|började|avslutades?)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\bsom\s+\Z", re.IGNORECASE)
_NUMBER = (
    r"(?:\d{1,2}(?:,5)?|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|femton|arton|tjugofyra|tjugo|trettiosex|"
    r"trettio)"
)
_LASTS = re.compile(
    rf"\b(?P<adjective>{_NUMBER})(?P<half1>\s?(?:och\s+ett?\s+)?halv)?-?\s?årigt?\s+(?:\w+\s+)?(?:\w*(?<!pilot)(?<!för)projekt)\b|"
    rf"\b(?:projektet|projekttiden|projektperioden|förstudien|the\s+project)\s+(?:\w+\s+){{0,3}}?(?:pågår|pågå|löper|är|"
    rf"sträcker\s+sig|bedrivs|genomförs|lasts?|runs?|ska|kommer\s+att)\s+(?:(?:i|under|över|på|for|totalt|ca|cirka)\s+)*"
    rf"(?P<number>{_NUMBER})(?P<half2>\s+och\s+ett\s+halvt)?\s+(?P<unit>år|månader|years?|months)\b"
    rf"(?!\s+(?:per|för|i\s+taget|sedan|lång|av\b))",
    re.IGNORECASE,
)
_FOR_MONTHS = 12
_MONTH_DAYS = 30.44
_LENIENT = 4
"""By how many months a length may differ: most projects are prolonged, or granted time to begin and to report."""

End = Literal["startDate", "endDate", "length"]


@dataclass(frozen=True, slots=True)
class Span:
    """What a sentence says of the time of the project: a start, an end, or a length in months."""

    end: End
    when: Moment | None
    months: int | None
    printed: str
    quote: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A span that contradicts the period of the project, and by how many days."""

    span: Span
    days: int


def spans(text: str, title: str = "") -> tuple[Span, ...]:
    """Return what a description says of the time of its project, in the order of the text.

    A sentence is about the time of the project if its words say so, or if it names the project and says that it runs.

    >>> [(each.end, each.printed) for each in spans("Projektet pågår mars 2023 till den 31 december 2024.")]
    [('startDate', 'mars 2023'), ('endDate', '31 december 2024')]
    """
    found: list[Span] = []
    for quote in sentences_with(COUNT, text):
        if _SIGN.search(quote) and _of_project(quote, title):
            found.extend(_dates(quote))
            found.extend(_lengths(quote))
    return tuple(found)


def _of_project(quote: str, title: str) -> bool:
    small = quote.lower()
    if _holds(small, _SIGNS_OF_PROJECT) and _OF_PROJECT.search(quote):
        return True
    runs = bool(title) and _holds(small, _SIGNS_OF_RUNNING) and bool(_RUNS.search(quote))
    return runs and _letters(title) in _letters(quote)


def _holds(small: str, signs: Iterable[str]) -> bool:
    return any(sign in small for sign in signs)


def _letters(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def differences(found: Sequence[Span], starts: Sequence[date], ends: Sequence[date]) -> Iterator[Difference]:
    """Yield the spans that none of the given starts and ends agrees with; what is not given contradicts nothing."""
    for kind, days in (("startDate", starts), ("endDate", ends)):
        named = [span for span in found if span.end == kind and span.when]
        pairs = [(span, min(span.when.days_from(day) for day in days)) for span in named if span.when and days]
        # One span that agrees settles it: the others are of phases.
        if pairs and all(off for _, off in pairs):
            span, off = min(pairs, key=lambda pair: pair[1])
            yield Difference(span, off)
    if starts and ends and not any(span.when for span in found):
        length = round((max(ends) - min(starts)).days / _MONTH_DAYS)
        for span in found:
            if span.months and abs(span.months - length) > _LENIENT:
                yield Difference(span, round(abs(span.months - length) * _MONTH_DAYS))
                return


def _dates(quote: str) -> Iterator[Span]:
    for match in _RANGE.finditer(quote):
        one, two = ("1", "2") if _has(match, "2") else ("3", "4")
        second = moment(match, two)
        first = moment(match, one, second)
        if first and second and _is_period(match, first, second) and _about_project(match):
            yield Span("startDate", first, None, first.printed, quote)
            yield Span("endDate", second, None, second.printed, quote)
            return
    turned = _TURNED.search(quote)
    if turned and (when := moment(turned)) and _about_project(turned):
        yield Span("startDate" if turned["starts"] else "endDate", when, None, when.printed, quote)
    ends: tuple[tuple[End, re.Pattern[str]], ...] = (("startDate", _STARTS), ("endDate", _ENDS))
    for end, pattern in ends:
        match_ = pattern.search(quote)
        when = moment(match_) if match_ else None
        subject = match_ and _of_another(match_)
        if match_ and when and not subject and _about_project(match_):
            yield Span(end, when, None, when.printed, quote)


def _of_another(match: re.Match[str]) -> bool:
    """Return whether the verb of a date has another subject: another thing, or a project that is told of and over."""
    before = max(0, match.start() - 40)
    told = _OVER.match(match[0]) and _RELATIVE.search(match.string, before, match.start())
    return bool(told or _OTHER_SUBJECT.search(match.string, before, match.start()))


def _has(match: re.Match[str], which: str) -> bool:
    return any(value for name, value in match.groupdict().items() if name.endswith(which))


def _is_period(match: re.Match[str], first: Moment, second: Moment) -> bool:
    """Return whether two moments are a period; two bare years only where words say so."""
    if first.first > second.last:
        return False
    bare = re.fullmatch(YEAR, first.printed) and re.fullmatch(YEAR, second.printed)
    return not bare or bool(_LEAD.search(match.string, 0, match.start()))


def _about_project(match: re.Match[str]) -> bool:
    """Return whether a date is the project's, and not that of a report, a phase, a law or an earlier project.

    A sentence that speaks of such things may still name the project in the clause with the date.
    """
    quote = match.string
    if not _OF_OTHERS.search(quote):
        return True
    before = [found.end() for found in _CLAUSE.finditer(quote, 0, match.start())]
    after = _CLAUSE.search(quote, match.end())
    clause = quote[before[-1] if before else 0 : after.start() if after else len(quote)]
    return not _OF_OTHERS.search(clause) and bool(_NAMES_PROJECT.search(clause))


def _lengths(quote: str) -> Iterator[Span]:
    if _OF_OTHERS.search(quote):
        return
    for match in _LASTS.finditer(quote):
        half = 0.5 if match["half1"] or match["half2"] else 0.0
        in_years = match["adjective"] or match["unit"].casefold() in ("år", "year", "years")
        value = _value(match["adjective"] or match["number"]) + half
        yield Span("length", None, round(value * (_FOR_MONTHS if in_years else 1)), match[0], quote)


def _value(printed: str) -> float:
    return float(printed.replace(",", ".")) if printed[0].isdecimal() else float(number(printed))
