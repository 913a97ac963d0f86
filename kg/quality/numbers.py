"""Reads the numbers of a Swedish or English text as what they claim: exactly, at least, at most, about, from and to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
_ANCHOR = re.compile(
    rf"\d|e(?:tt|n)(?={_SPACE}?t?(?:hundra|usen)|\s+(?:\d{{2,4}}-?|(?:{_TOKEN})+)tal)|"
    + "|".join(sorted(_WORDS.keys() - {"en", "ett", "ettusen"}))
)
"""Where a number may begin in small letters: looked for first, because the patterns of whole numbers are slow."""
_FROM, _TO = r"(?<![\w§/:.,+-])", r"(?![\w/]|[.,:]\d|-\d)"
_BETWEEN = re.compile(rf"(?P<low>{_NUMBER})\s+(?:och|and)\s+(?P<high>{_NUMBER}){_TO}", re.IGNORECASE)
_SOME = re.compile(rf"(?P<some>hundra|tusen){_TO}", re.IGNORECASE)
_ONE = re.compile(
    rf"(?:(?P<times>\d{{1,3}})\s?[x×*]\s?(?P<each>{_DIGITS})"
    rf"|(?P<low>{_NUMBER})\s*(?:[-–—]|till|à|to)\s*(?P<high>{_NUMBER})"
    rf"|(?:ett|en)\s+(?P<group>(?:{_TOKEN})+|\d{{2,4}}(?=-?tal))-?tal|(?P<some>tio|hundra|tusen)tals|(?P<one>{_NUMBER})){_TO}",
    re.IGNORECASE,
)
_QUALIFIERS = {
    "least": r"minst|åtminstone|lägst|minimum|at least|no fewer than|över|mer än|fler än|more than|over",
    "most": r"högst|färre än|mindre än|fewer than|less than|max(?:imalt|\.|imum)?|upp till|som mest|up to|at most",
    "about": r"ca\.?|cirka|c:a|circa|omkring|runt|ungefär|uppskattningsvis|drygt|knappt|närmare|nära|uppemot|"
    r"around|about|approximately|roughly|nearly|almost",
}
_BEFORE = re.compile(
    rf"{_FROM}(?:(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _QUALIFIERS.items())})\s+)?"
    r"(?:(?P<between>mellan|between)\s+|(?P<pair>ett\s+par)\s+|(?P<several>några|flera)\s+)?\Z",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 40
_NOT_A_COUNT = re.compile(
    rf"{_SPACE}?(?:%|‰|€|procent|per cent|percent|kr\b|kronor|[mt]kr|mnkr|m?sek\b|eur|miljon|miljard|million|"
    r"år\b|års|årig|åring|year|månad|month|veck|week|dag(?:ar|en)?\b|days?\b|tim|hours?\b|minut|km\b|mil\b|h\b|-tal)",
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
    low = text.lower()
    end = 0
    for anchor in _ANCHOR.finditer(low if len(low) == len(text) else text):
        if anchor.start() < end:
            continue
        before, match = _at(text, anchor.start(), end)
        if match:
            end = match.end()
            if found := _quantity(text, before, match):
                yield found


def _at(text: str, place: int, after: int) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Return what is said before a number that begins at a place, and the number; None where there is none."""
    before = _BEFORE.search(text, max(after, place - _LONGEST_BEFORE), place)
    if not before:
        return None, None
    pattern = _BETWEEN if before["between"] else _SOME if before["pair"] or before["several"] else _ONE
    match = pattern.match(text, place)
    # Words that do not fit the number belong to something else.
    return (before, match) if match or pattern is _ONE else (None, _ONE.match(text, place))


def _quantity(text: str, before: re.Match[str] | None, match: re.Match[str]) -> Quantity | None:
    parts = match.groupdict()
    one = parts.get("one")
    if (one and one.casefold() in ("en", "ett", "noll")) or _NOT_A_COUNT.match(text, match.end()):
        return None
    start = before.start() if before else match.start()
    if _is_year(text, start, parts, least=bool(before and before["least"])):
        return None
    value, low, high = _bounds(parts, before)
    if high is not None and low > high:
        return None
    return Quantity(start, match.end(), text[start : match.end()], value, low, high)


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


def _bounds(parts: Mapping[str, str | None], before: re.Match[str] | None) -> tuple[int, int, int | None]:
    """Return a number, and from which to which other it may be meant."""
    said = {name for name, words in before.groupdict().items() if words} if before else set()
    if low := parts.get("low"):
        high = number(parts["high"] or "")
        return high, number(low), high
    if some := parts.get("some"):
        value = number(some)
        most = {"pair": 3, "several": 10}.get(next(iter(said & {"pair", "several"}), ""))
        return value, value * 3 // 2, most and most * value
    if group := parts.get("group"):
        value = number(group)
        return value, *_near(value, _GROUP)
    times = parts.get("times")
    value = number(times) * number(parts["each"] or "") if times else number(parts["one"] or "")
    if "least" in said:
        return value, value, None
    if "most" in said:
        return value, 0, value
    return value, *(_near(value, _ABOUT) if "about" in said else (value, value))


def _near(value: int, share: float) -> tuple[int, int]:
    return floor(value * (1 - share)), ceil(value * (1 + share))


def _is_year(text: str, start: int, parts: Mapping[str, str | None], *, least: bool) -> bool:
    printed = parts.get("one") or parts.get("high") or ""
    if not _YEAR.match(printed):
        return False
    if low := parts.get("low"):
        return bool(_YEAR.match(low))
    return not least and bool(_BEFORE_YEAR.search(text, max(0, start - 16), start))
