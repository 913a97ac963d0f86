"""Reads the numbers of a Swedish or English text as what they claim: exactly, at least, at most, about, from and to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

_SMALL = (
    "noll en två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton".split()
)
_TENS = "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio".split()
_WORDS = {
    **{word: value for value, word in enumerate(_SMALL)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{"ett": 1, "ettusen": 1000, "hundra": 100, "tusen": 1000},
}
_SPACE = "[ \u00a0\u202f\u2009]"
_DIGITS = rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)|\d{{1,3}}(?:\.\d{{3}})+(?![\d.])|\d{{1,9}}"
_TOKEN = "|".join(sorted(_WORDS, key=lambda word: (-len(word), word)))
_LARGE = "ettusen|hundra|tusen"
# "ett" and "en" alone are articles; words apart belong together only around hundreds and thousands.
_WORD = rf"(?:(?:{_TOKEN})+(?:{_SPACE}(?:{_LARGE})(?:{_TOKEN})*)?)"
_NUMBER = rf"(?:{_DIGITS}|{_WORD})"
_BETWEEN = r"\s*(?:[-–—]|till|à|to)\s*"
_QUALIFIERS = {
    "least": r"minst|åtminstone|lägst|minimum|at least|no fewer than|över|mer än|fler än|more than|over",
    "most": r"högst|färre än|mindre än|fewer than|less than|max(?:imalt|\.|imum)?|upp till|som mest|up to|at most",
    "about": r"ca\.?|cirka|c:a|circa|omkring|runt|ungefär|uppskattningsvis|drygt|knappt|närmare|nära|uppemot|"
    r"around|about|approximately|roughly|nearly|almost",
}
_QUALIFIER = "|".join(f"(?P<{name}>{words})" for name, words in _QUALIFIERS.items())
_PATTERN = re.compile(
    rf"(?<![\w§/:.,+-])(?:(?:{_QUALIFIER})\s+)?(?:(?:mellan|between)\s+(?P<from>{_NUMBER})\s+(?:och|and)\s+(?P<to>{_NUMBER})"
    rf"|(?P<low>{_NUMBER}){_BETWEEN}(?P<high>{_NUMBER})|(?:ett|en)\s+(?P<group>(?:{_TOKEN})+)tal|(?P<one>{_NUMBER}))"
    r"(?![\w/]|[.,:]\d|-\d)",
    re.IGNORECASE,
)
_NOT_A_COUNT = re.compile(
    rf"{_SPACE}?(?:%|‰|€|procent|per cent|percent|kr\b|kronor|[mt]kr|mnkr|m?sek\b|eur|miljon|miljard|million|"
    r"år\b|års|årig|åring|year|månad|month|veck|week|dag(?:ar|en)?\b|days?\b|tim|hours?\b|minut|km\b|mil\b|h\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:år|åren|under|sedan|från|till|in|since|until|våren|hösten|sommaren|vintern|början av|slutet av|året|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|maj|may|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|dec\w*|och|i|efter|före)|[,;(–-])\s*\Z",
    re.IGNORECASE,
)
_ABOUT, _GROUP, _ROUNDED = 0.15, 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a text states it.

    `printed` is ``text[start:end]`` with its qualifier; `value` is the number itself, of a range the upper end;
    a true number lies from `low` to `high`, None standing for no upper end.
    """

    start: int
    end: int
    printed: str
    value: int
    low: int
    high: int | None

    def allows(self, number: int) -> bool:
        """Return whether a number is what the text says, a number rounded to its zeros included.

        >>> [next(quantities("minst 150 personer")).allows(number) for number in (130, 150, 200)]
        [False, True, True]
        """
        if self.low <= number and (self.high is None or number <= self.high):
            return True
        zeros = len(str(self.value)) - len(str(self.value).rstrip("0")) if self.value else 0
        return zeros > 0 and abs(number - self.value) <= min(10**zeros / 2, _ROUNDED * self.value)


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the numbers of a text that may count something: no shares, years, ages, spans of time or money.

    >>> [(each.printed, each.low, each.high) for each in quantities("ca 200 av 1 650 på 3 år och tvåhundrafemtio till")]
    [('ca 200', 170, 230), ('1 650', 1650, 1650), ('tvåhundrafemtio', 250, 250)]
    """
    for match in _PATTERN.finditer(text):
        last = match["to"] or match["high"] or match["group"] or match["one"]
        if match["one"] and match["one"].casefold() in ("en", "ett", "noll"):
            continue
        if _NOT_A_COUNT.match(text, match.end()) or _is_year(text, match):
            continue
        low, high = _bounds(match)
        if high is None or low <= high:
            yield Quantity(match.start(), match.end(), match[0], number(last), low, high)


def number(printed: str) -> int:
    """Return the value of a number in digits or Swedish words.

    >>> number("1 650"), number("hundrafemtio"), number("tjugofem"), number("två tusen")
    (1650, 150, 25, 2000)
    """
    digits = re.sub(rf"{_SPACE}|\.", "", printed)
    if digits.isdecimal():
        return int(digits)
    total = current = 0
    for token in re.findall(_TOKEN, printed.casefold()):
        value = _WORDS[token]
        if value == 100:
            current = max(current, 1) * 100
        elif value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += value
    return total + current


def _bounds(match: re.Match[str]) -> tuple[int, int | None]:
    low, high = (match["from"], match["to"]) if match["from"] else (match["low"], match["high"])
    if low:
        return number(low), number(high)
    if match["group"]:
        return _near(number(match["group"]), _GROUP)
    value = number(match["one"])
    if match["least"]:
        return value, None
    if match["most"]:
        return 0, value
    return _near(value, _ABOUT) if match["about"] else (value, value)


def _near(value: int, share: float) -> tuple[int, int]:
    return floor(value * (1 - share)), ceil(value * (1 + share))


def _is_year(text: str, match: re.Match[str]) -> bool:
    printed = match["one"] or match["high"] or match["to"] or ""
    if not _YEAR.match(printed):
        return False
    if match["low"] or match["from"]:
        return bool(_YEAR.match(match["low"] or match["from"]))
    return not match["least"] and bool(_BEFORE_YEAR.search(text, max(0, match.start() - 16), match.start()))
