"""Reads when a text says that something is: days, months, school terms, seasons and years, in Swedish and English."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kg.dates import EARLIEST_YEAR, LATEST_YEAR, MONTH_NUMBERS

YEAR = r"(?:19|20)\d\d"
_MONTH = rf"(?:{'|'.join(sorted(MONTH_NUMBERS, key=lambda name: (-len(name), name)))})"
_ORDINALS = {"första": 1, "förste": 1, "sista": 31, "siste": 31, "first": 1, "last": 31}
_TERMS = {
    r"höst(?:en|terminen)?|ht|autumn|fall": (7, 12),
    r"vår(?:en|terminen)?|vt|spring": (1, 6),
    r"sommar(?:en)?|summer": (5, 8),
    r"(?:första|1:a)\s+halvåret(?:\s+(?:av|under))?|halvårsskiftet": (1, 7),
    r"andra\s+halvåret(?:\s+(?:av|under))?": (7, 12),
    r"(?:första\s+kvartalet(?:\s+(?:av|under))?|kvartal\s+(?:1|ett)|q1)": (1, 3),
    r"(?:andra\s+kvartalet(?:\s+(?:av|under))?|kvartal\s+(?:2|två)|q2)": (4, 6),
    r"(?:tredje\s+kvartalet(?:\s+(?:av|under))?|kvartal\s+(?:3|tre)|q3)": (7, 9),
    r"(?:fjärde|sista)\s+kvartalet(?:\s+(?:av|under))?|kvartal\s+(?:4|fyra)|q4": (10, 12),
    r"(?:början|inledningen)\s+(?:av|på)(?:\s+år(?:et)?)?|(?:the\s+)?(?:beginning|start)\s+of": (1, 4),
    r"mitten\s+(?:av|på)(?:\s+år(?:et)?)?|(?:the\s+)?middle\s+of": (4, 9),
    r"(?:slutet|utgången)\s+(?:av|på)(?:\s+år(?:et)?)?|(?:the\s+)?end\s+of": (9, 12),
}
"""What stands before a year, and the first and last month that it means."""
_WINTERS = r"vinter(?:n)?|årsskiftet|winter"
_TERM = "|".join((*_TERMS, _WINTERS))
MOMENT = (
    rf"(?:(?P<iso{{0}}>{YEAR}-[01]\d(?:-[0-3]\d)?)(?!\d)|(?P<digits{{0}}>(?:20)?\d\d[01]\d[0-3]\d)(?!\d)"
    rf"|(?P<slash{{0}}>[0-3]?\d/[01]?\d[- ]{YEAR})"
    rf"|(?:(?:början|mitten|slutet)\s+(?:av|på|i)\s+)?"
    rf"(?:(?:den\s+)?(?P<day{{0}}>\d{{{{1,2}}}}(?::[ae]|\.)?|{'|'.join(_ORDINALS)})\s+(?:of\s+|dagen\s+i\s+|i\s+)?)?"
    rf"(?P<month{{0}}>{_MONTH})\b\.?(?:,?\s+(?:år\s+)?(?P<year{{0}}>{YEAR}))?"
    rf"|(?P<term{{0}}>{_TERM})(?:\s*-?(?P<termyear{{0}}>{YEAR}|\d\d)(?:[/–-](?P<termend{{0}}>(?:20)?\d\d))?)?\b"
    rf"|(?P<only{{0}}>{YEAR})(?![-/]\d))"
)
"""A moment as a pattern whose groups end in the number that takes the place of ``{0}``."""
_GROUPS = ("iso", "digits", "slash", "day", "month", "year", "term", "termyear", "termend", "only")
_LOOSE = 62
"""By how many days a season or a bare year is stretched: nobody counts the days of a term."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is, as a text says it: on a day from `first` to `last`; `vague` is true of seasons and years."""

    first: date
    last: date
    printed: str
    vague: bool = False

    def days_from(self, other: date) -> int:
        """Return by how many days another day lies outside of what the text says; 0 for a day inside it.

        >>> march = Moment(date(2023, 3, 1), date(2023, 3, 31), "mars 2023")
        >>> march.days_from(date(2023, 3, 31)), march.days_from(date(2023, 4, 2))
        (0, 2)
        """
        apart = max((self.first - other).days, (other - self.last).days, 0)
        return 0 if self.vague and apart <= _LOOSE else apart


def moment(match: re.Match[str], which: str = "1", before: Moment | None = None) -> Moment | None:
    """Return the moment of a match of `MOMENT`, None where it lacks a year or is none.

    A month or term without a year is the last one that begins before the moment `before`.
    """
    parts = {name: match[f"{name}{which}"] for name in _GROUPS}
    there = [f"{name}{which}" for name in _GROUPS if parts[name]]
    printed = match.string[min(map(match.start, there)) : max(map(match.end, there))]
    days = _days_of_digits(parts) or _days_of_words(parts)
    if isinstance(days, tuple):
        return _moment(days, printed, vague=bool(parts["only"] or parts["term"]))
    if days is None or before is None:
        return None
    this = _moment(days(before.last.year), printed, vague=bool(parts["term"]))
    later = this is not None and this.first > before.last
    return _moment(days(before.last.year - 1), printed, vague=bool(parts["term"])) if later else this


_Days = tuple[tuple[int, int, int], tuple[int, int, int]]
"""First and last day as year, month and day; a day of 31 stands for the last of any month."""


def _moment(days: _Days, printed: str, *, vague: bool) -> Moment | None:
    (first, last) = (_day(*each) for each in days)
    return Moment(first, last, printed, vague) if first and last else None


def _day(year: int, month: int, day: int) -> date | None:
    if not (EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return date(year, month, min(day, monthrange(year, month)[1]))


def _days_of_digits(parts: dict[str, str | None]) -> _Days | None:
    if parts["iso"]:
        year, month, *day = map(int, parts["iso"].split("-"))
        return (year, month, day[0] if day else 1), (year, month, day[0] if day else 31)
    if parts["digits"]:
        year, month, only = int(parts["digits"][:-4]), int(parts["digits"][-4:-2]), int(parts["digits"][-2:])
        return ((_century(year), month, only),) * 2
    if parts["slash"]:
        only, month, year = map(int, re.split("[/ -]", parts["slash"]))
        return ((year, month, only),) * 2
    return ((int(parts["only"]), 1, 1), (int(parts["only"]), 12, 31)) if parts["only"] else None


def _days_of_words(parts: dict[str, str | None]) -> _Days | Callable[[int], _Days] | None:
    """Return the days of a month or a term, or how to find them for a year where the text gives none."""
    if parts["month"]:
        number, word = MONTH_NUMBERS[parts["month"].casefold()], (parts["day"] or "").casefold()
        day = _ORDINALS.get(word) or (int(re.sub(r"\D", "", word)) if word else None)

        def of_month(year: int) -> _Days:
            return (year, number, day or 1), (year, number, day or 31)

        return of_month(int(parts["year"])) if parts["year"] else of_month
    term = (parts["term"] or "").casefold()
    if re.fullmatch(_WINTERS, term):
        return _winter(term, parts)
    months = next((months for words, months in _TERMS.items() if re.fullmatch(words, term)), None)
    if months is None:
        return None
    first, last = months

    def of_term(year: int) -> _Days:
        return (year, first, 1), (year, last, 31)

    return of_term(_century(int(parts["termyear"]))) if parts["termyear"] else of_term


def _winter(term: str, parts: dict[str, str | None]) -> _Days | None:
    """Return the days of a winter, which belongs to two years; of one year alone it may be the first or the last."""
    if not parts["termyear"]:
        return None
    year, edge = _century(int(parts["termyear"])), 12 if term.startswith("år") else 11
    return (year if parts["termend"] else year - 1, edge, 1), (year + 1, 1 if edge == 12 else 3, 31)


def _century(year: int) -> int:
    return year if year >= 100 else 2000 + year
