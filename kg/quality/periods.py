"""Finds in a description when its project starts and ends, and how that differs from the printed period."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.quality.numbers import number
from kg.quality.sentences import sentences_with

_MONTHS = {
    month: place
    for names in (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
    )
    for place, month in enumerate(names.split(), start=1)
}
_YEAR = r"(?:19|20)\d\d"
_ORDINALS = {"första": 1, "förste": 1, "sista": 31, "siste": 31, "first": 1, "last": 31}
_DATE = (
    rf"(?:(?P<y{{0}}>{_YEAR})-(?P<m{{0}}>[01]\d)(?:-(?P<d{{0}}>[0-3]\d))?|"
    rf"(?:(?:den\s+)?(?P<day{{0}}>\d{{{{1,2}}}}(?::[ae]|\.)?|{'|'.join(_ORDINALS)})\s+(?:of\s+|dagen\s+i\s+)?)?"
    rf"(?P<month{{0}}>{'|'.join(_MONTHS)})(?:,?\s+(?P<year{{0}}>{_YEAR}))?)"
)
_TO = (
    r"\s*(?:--?|–|—|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|till|fram\s+till|to|until|through|och\s+slut\w*|and\s+ends?)\s*"
)
_RANGE = re.compile(rf"(?<![\w-]){_DATE.format(1)}{_TO}(?:den\s+)?{_DATE.format(2)}(?![\w-])", re.IGNORECASE)
_STARTS = re.compile(
    rf"\b(?:start(?:ar|ade|as|ades|datum)?|påbörja\w*|inled(?:s|des|er)|starts|begins|start)\b\s*:?\s+"
    rf"(?:(?:i|den|från|med|på|in|on)\s+)*{_DATE.format(1)}(?![\w-])",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:slut(?:ar|ade|datum)?|avsluta(?:s|des|t)|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|fram\s+till|ends|until)\b\s*:?\s+"
    rf"(?:(?:i|den|på|in|on)\s+)*{_DATE.format(1)}(?![\w-])",
    re.IGNORECASE,
)
_OF_PROJECT = re.compile(
    r"\bprojekt(?:tid|period|start|slut)\w*|\bperioden\b|\A(?:start|slut|projekt)\w*\b|"
    r"\b(?:projektet|insatsen|satsningen|delprojekten|förstudien|the project)\b.{0,120}?"
    r"\b(?:genomför\w*|bedriv\w*|pågå\w*|löper|driv(?:s|er)|start\w*|inled\w*|avsluta\w*|slutar|sträcker|runs?|lasts?|ends)\b"
    r"|\b(?:bedrivs|bedrivas|genomförs|pågår|löper)\b",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"\b(?:drivs|pågår|genomförs|bedrivs|löper|startar|startade|inleds|avslutas|runs?|starts|ends)\b", re.I
)
_WORD = re.compile(r"\w+")
_SIGN = re.compile("|".join((r"\d", *_MONTHS, "år", "månad", "year", "month")))
"""Without any of these, in small letters, a sentence says nothing of time; looked for first because that is fast."""
_OF_OTHERS = re.compile(
    r"\b(?:delrapport|slutrapport|rapport|utvärder\w+|förprojekt\w*|tidigare|föregående|utlysning\w*|sedan|konferens\w*|"
    r"kick-?off|lag(?:en)?|direktiv\w*|enligt|statistik\w*|drev|drevs|pågick|bedrevs|\w+fas(?:en)?|fas|etapp\w*|"
    r"förläng\w+|previous|earlier|since|report)\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?P<adjective>två|tre|fyra|fem|ett)årigt?\s+(?:\w+\s+)?projekt|"
    r"\b(?:projektet|projekttiden|the project)\s+(?:\w+\s+){0,3}?(?:pågår|löper|är|sträcker\s+sig|bedrivs|genomförs|"
    r"lasts?|runs?)\s+(?:(?:i|under|över|på|for|totalt)\s+)*(?P<number>\d{1,2}|två|tre|fyra|fem|sex|åtta|nio|tio|tolv|arton|"
    r"tjugofyra|trettiosex)"
    r"\s+(?P<unit>år|månader|years?|months)\b",
    re.IGNORECASE,
)
_FOR_MONTHS = 12
_MONTH_DAYS = 30.44
_LENIENT = 4
"""By how many months a length may differ: most projects are prolonged, or granted time to begin and to report."""

End = Literal["startDate", "endDate", "length"]


@dataclass(frozen=True, slots=True)
class TextDate:
    """A day or a month as a text names it; `day` is None for a month."""

    year: int
    month: int
    day: int | None
    printed: str

    def days_from(self, other: date) -> int:
        """Return by how many days another day lies outside of what the text says; 0 for a day inside it.

        >>> TextDate(2023, 3, None, "mars 2023").days_from(date(2023, 3, 31))
        0
        """
        last = monthrange(self.year, self.month)[1]
        first_day = date(self.year, self.month, min(self.day or 1, last))
        last_day = date(self.year, self.month, min(self.day or last, last))
        return max((first_day - other).days, (other - last_day).days, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """What a sentence says of the time of the project: a start, an end, or a length in months."""

    end: End
    when: TextDate | None
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
    for quote in sentences_with(_SIGN, text):
        if _of_project(quote, title) and not _OF_OTHERS.search(quote):
            found.extend(_dates(quote))
            found.extend(_lengths(quote))
    return tuple(found)


def _of_project(quote: str, title: str) -> bool:
    if _OF_PROJECT.search(quote):
        return True
    return bool(title) and bool(_RUNS.search(quote)) and _letters(title) in _letters(quote)


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
        second = _date(match, "2", None)
        first = _date(match, "1", second.year if second else None)
        if first and second:
            yield Span("startDate", first, None, first.printed, quote)
            yield Span("endDate", second, None, second.printed, quote)
            return
    ends: tuple[tuple[End, re.Pattern[str]], ...] = (("startDate", _STARTS), ("endDate", _ENDS))
    for end, pattern in ends:
        match_ = pattern.search(quote)
        when = _date(match_, "1", None) if match_ else None
        if when:
            yield Span(end, when, None, when.printed, quote)


def _date(match: re.Match[str], which: str, year: int | None) -> TextDate | None:
    parts = match.groupdict()
    names = [name for name in (f"{part}{which}" for part in ("y", "m", "d", "day", "month", "year")) if parts[name]]
    printed = match.string[min(match.start(name) for name in names) : max(match.end(name) for name in names)]
    if parts[f"y{which}"]:
        found_year, month = int(parts[f"y{which}"]), int(parts[f"m{which}"])
        day = int(parts[f"d{which}"]) if parts[f"d{which}"] else None
    else:
        stated = parts[f"year{which}"]
        if not stated and not year:
            return None
        found_year, month = int(stated or year or 0), _MONTHS[parts[f"month{which}"].casefold()]
        word = parts[f"day{which}"]
        day = None if not word else _ORDINALS.get(word.casefold()) or int(re.sub(r"\D", "", word))
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return TextDate(found_year, month, day, printed)


def _lengths(quote: str) -> Iterator[Span]:
    for match in _LASTS.finditer(quote):
        if match["adjective"]:
            months = number(match["adjective"]) * _FOR_MONTHS
        else:
            in_years = match["unit"].casefold() in ("år", "year", "years")
            months = number(match["number"]) * (_FOR_MONTHS if in_years else 1)
        yield Span("length", None, months, match[0], quote)
