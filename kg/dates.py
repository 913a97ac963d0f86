"""Printed dates and periods to days, by the rules of `kg.values`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kg.values import ValueProblem, tidy, with_hyphens

MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sv": tuple("januari februari mars april maj juni juli augusti september oktober november december".split()),
        "en": tuple("January February March April May June July August September October November December".split()),
    }
)
"""The names of the months by language, as they are written in a sentence."""
MONTH_NUMBERS: Mapping[str, int] = MappingProxyType(
    {
        form: number
        for names in MONTHS.values()
        for number, name in enumerate(map(str.casefold, names), start=1)
        for form in (name, name[:3])
    }
    | {"sept": 9}
)
"""The number of a month by its name in small letters, whole or cut to three letters as on calendars."""
_IN_LISTS = {
    **MONTH_NUMBERS,
    **{
        name: number
        for number, names in enumerate(
            (
                "januar jänner tammikuu tammikuuta stycznia styczeń janvier enero gennaio",
                "februar helmikuu helmikuuta lutego luty février febrero febbraio",
                "märz marts maaliskuu maaliskuuta marca marzec marzo maart",
                "huhtikuu huhtikuuta kwietnia kwiecień avril abril aprile",
                "mai toukokuu toukokuuta maja mayo maggio mei",
                "kesäkuu kesäkuuta czerwca czerwiec juin junio giugno",
                "heinäkuu heinäkuuta lipca lipiec juillet julio luglio",
                "elokuu elokuuta sierpnia sierpień août agosto augustus",
                "syyskuu syyskuuta września wrzesień septembre septiembre settembre",
                "lokakuu lokakuuta października październik octobre octubre ottobre",
                "marraskuu marraskuuta listopada listopad novembre noviembre",
                "dezember dez joulukuu joulukuuta grudnia grudzień décembre diciembre dicembre",
            ),
            start=1,
        )
        for name in names.split()
    },
}
"""Those of Swedish and English, and of the other languages of lists of operations."""
EARLIEST_YEAR, LATEST_YEAR = 1995, 2060
"""Projects of the European Social Fund in Sweden began with the membership in 1995."""


def _calendar_day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueProblem("impossible-date", f"there is no day {year:04d}-{month:02d}-{day:02d}") from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueProblem("implausible-date", f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return found


_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = r"(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})" + _TIME
_COMPACT = r"(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})"
_DAY_FIRST = r"(?P<d3>\d{1,2})(?P<s3>[-/.])(?P<m3>\d{1,2})(?P=s3)(?P<y3>\d{4})" + _TIME
_MONTH = r"[^\W\d_]{3,12}"
_WORDS = (
    rf"(?:den |le )?(?P<d4>\d{{1,2}})[.:]?(?:a|e|er|st|nd|rd|th)?(?: de)? (?P<m4>{_MONTH})[.,]?(?: de)? (?P<y4>\d{{4}})"
)
_WORDS_MONTH_FIRST = rf"(?P<m5>{_MONTH})\.? (?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>\d{{4}})"
_DATE = re.compile(
    rf"(?<![\d/])(?:{_YEAR_FIRST}|{_COMPACT}|{_DAY_FIRST}|{_WORDS}|{_WORDS_MONTH_FIRST})(?!\d)", re.IGNORECASE
)

_DIGIT_GROUPS = (("y1", "m1", "d1"), ("y2", "m2", "d2"), ("y3", "m3", "d3"))


def _matched_day(match: re.Match[str]) -> date:
    for year, month, day in _DIGIT_GROUPS:
        if match[year]:
            return _calendar_day(int(match[year]), int(match[month]), int(match[day]))
    month, day, year = (match[f"{part}4"] or match[f"{part}5"] for part in "mdy")
    number = _IN_LISTS.get(month.casefold())
    if number is None:
        raise ValueProblem("not-a-date", f"{month!r} is not the name of a month")
    return _calendar_day(int(year), number, int(day))


def parse_date(text: str) -> date:
    """Return the day that `text` prints, day first where the year stands last.

    >>> parse_date("2023-08-01"), parse_date("20230801"), parse_date("01/08/2023"), parse_date("den 1 augusti 2023")
    (datetime.date(2023, 8, 1), datetime.date(2023, 8, 1), datetime.date(2023, 8, 1), datetime.date(2023, 8, 1))
    """
    match = _DATE.fullmatch(with_hyphens(tidy(text)))
    if not match:
        raise ValueProblem("not-a-date", "a date is printed as 2023-08-31, 20230831, 31/08/2023 or 31 augusti 2023")
    return _matched_day(match)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a project; either may be missing in print."""

    start: date | None
    end: date | None


_PERIOD_GAP = re.compile(r"\s*(?:-{1,3}|till|til|to|tom|t\.? ?o\.? ?m\.?|until)\s*", re.IGNORECASE)


def parse_period(text: str) -> Period:
    """Return the two days of a printed period.

    >>> parse_period("2016-10-01-2018-09-30").end
    datetime.date(2018, 9, 30)
    >>> parse_period("2010-08-02 till 2012-01-31").start
    datetime.date(2010, 8, 2)
    """
    plain = with_hyphens(tidy(text))
    first = _DATE.match(plain)
    if first:
        gap = _PERIOD_GAP.match(plain, first.end())
        if gap and gap.end() == len(plain):
            return Period(_matched_day(first), None)
        second = _DATE.fullmatch(plain, gap.end()) if gap else None
        if second:
            return Period(_matched_day(first), _matched_day(second))
    gap = _PERIOD_GAP.match(plain)
    if gap and gap.end() and (only := _DATE.fullmatch(plain, gap.end())):
        return Period(None, _matched_day(only))
    raise ValueProblem("not-a-period", "a period is printed as two dates such as 2017-09-01 - 2020-10-31")
