"""Printed values to typed values: money, rates, counts, booleans, postcodes, organisation numbers; dates: `kg.dates`.

Every parser takes the printed text and returns the typed value or raises `ValueProblem`, which carries the rule
that the text breaks; the reader turns it into a notice with file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
"""Every kind of dash as a plain hyphen, for `str.translate`."""


class ValueProblem(ValueError):
    """A printed value breaks a rule; `rule` is its short stable name, the text says why."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def tidy(text: str) -> str:
    """Return `text` with every run of white space as one space and without it at the ends.

    >>> tidy("  15\\u00a0935  467 ")
    '15 935 467'
    """
    if not text.isascii():
        # Both take no room in print, and `str.split` does not know them as white space.
        text = text.replace("\u200b", " ").replace("\ufeff", " ")
    return " ".join(text.split())


def with_hyphens(text: str) -> str:
    """Return `text` with every kind of dash as a plain hyphen.

    >>> with_hyphens("2017–2020")
    '2017-2020'
    """
    return text if text.isascii() else text.translate(DASHES)


_PLAIN = re.compile(r"\d{1,3}(?: \d{3})*|\d+", re.ASCII)
"""How nearly every amount is printed: digits, or groups of three with spaces between them."""
_GROUPED = re.compile(r"\d+(?:[ .,']\d+)*", re.ASCII)
_LONGEST_NUMBER = 25
_GROUP_SIGN = re.compile(r"[ .,']")


def parse_number(text: str) -> Decimal:
    """Return a number printed with spaces, points or commas between its groups, and either as decimal sign.

    A single point or comma before exactly three digits separates thousands; any other separates decimals.

    >>> parse_number("15 935 467"), parse_number("1.234.567,50"), parse_number("1,234.5"), parse_number("40,5")
    (Decimal('15935467'), Decimal('1234567.50'), Decimal('1234.5'), Decimal('40.5'))
    >>> parse_number("0,675"), parse_number("4’973’906.50")
    (Decimal('0.675'), Decimal('4973906.50'))
    """
    plain = with_hyphens(tidy(text)).replace("’", "'")
    negative = plain.startswith("-")
    plain = plain.lstrip("+-").strip()
    if len(plain) > _LONGEST_NUMBER:
        raise ValueProblem("not-a-number", f"a number has at most {_LONGEST_NUMBER} signs")
    if _PLAIN.fullmatch(plain):
        number = Decimal(plain.replace(" ", ""))
        return -number if negative else number
    if not _GROUPED.fullmatch(plain):
        raise ValueProblem("not-a-number", "a number is printed as 15 935 467 or 12,5")
    whole, fraction = plain, ""
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0:
        sign, other = plain[last], "," if plain[last] == "." else "."
        after = plain[last + 1 :]
        # No group of thousands stands behind a nought alone.
        may_group = other not in plain and " " not in plain[:last] and plain[:last] != "0"
        is_group = len(after) == 3 and (plain.count(sign) > 1 or may_group)
        if plain.count(sign) > 1 and not is_group:
            raise ValueProblem("not-a-number", f"the sign {sign!r} cannot separate both thousands and decimals")
        if not is_group:
            whole, fraction = plain[:last], after.replace(" ", "")
    groups = _GROUP_SIGN.split(whole)
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        raise ValueProblem("not-a-number", "groups of thousands have three digits")
    number = Decimal("".join(groups) + (f".{fraction}" if fraction else ""))
    return -number if negative else number


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its currency as an ISO 4217 code."""

    amount: Decimal
    currency: str


_CURRENCIES = {"kr": "SEK", "kronor": "SEK", "sek": "SEK", ":-": "SEK", "eur": "EUR", "euro": "EUR", "€": "EUR"}
_MONEY = re.compile(
    r"(?P<before>SEK|EUR|€|kr)?\.? ?(?P<number>[-+\u2212\u2013]? ?\d[\d .,'’]*?)"
    r"(?:,-| ?(?P<after>kr|kronor|SEK|EUR|euro|€|:-)\.?)?",
    re.IGNORECASE,
)


def parse_money(text: str, default_currency: str = "SEK") -> Money:
    """Return an amount of money; without a sign of currency it is in `default_currency`.

    >>> parse_money("7 528 536"), parse_money("608 440 kr").currency, parse_money("1 000,50 EUR").currency
    (Money(amount=Decimal('7528536'), currency='SEK'), 'SEK', 'EUR')
    """
    plain = tidy(text)
    if _PLAIN.fullmatch(plain):
        return Money(parse_number(plain), default_currency)
    match = _MONEY.fullmatch(plain)
    if not match:
        raise ValueProblem("not-an-amount", "an amount is printed as 15 935 467 or 15 935 467 kr")
    amount = parse_number(match["number"])
    if amount < 0:
        raise ValueProblem("negative-amount", "an amount of money cannot be below zero")
    sign = (match["after"] or match["before"] or "").casefold()
    return Money(amount, _CURRENCIES.get(sign, default_currency))


_PER_CENT = re.compile(r" ?(?:%|procent|percent)$", re.IGNORECASE)


def parse_rate(text: str) -> Decimal:
    """Return a rate as a fraction of one: 40 %, 40.0 and 0.4 all give 0.4.

    >>> parse_rate("40%"), parse_rate("40.0"), parse_rate("0,4"), parse_rate("100 procent")
    (Decimal('0.4'), Decimal('0.4'), Decimal('0.4'), Decimal('1'))
    """
    plain = tidy(text)
    bare = _PER_CENT.sub("", plain)
    number = parse_number(bare)
    fraction = number if bare == plain and number <= 1 else number / 100
    if not 0 <= fraction <= 1:
        raise ValueProblem("impossible-rate", "a rate lies between 0 and 100 per cent")
    return fraction.normalize() if fraction % 1 else fraction.quantize(Decimal(1))


_PERSONS = re.compile(r" ?(?:st|personer|deltagare|pers)\.?$", re.IGNORECASE)


def parse_count(text: str) -> int:
    """Return a whole number of persons; a unit such as `personer` may follow it.

    >>> parse_count("1 000"), parse_count("0"), parse_count("450.0")
    (1000, 0, 450)
    """
    number = parse_number(_PERSONS.sub("", tidy(text)))
    if number < 0:
        raise ValueProblem("negative-count", "a number of persons cannot be below zero")
    if number % 1:
        raise ValueProblem("not-a-count", "a number of persons is a whole number")
    return int(number)


_TRUE = frozenset("ja yes true sant j y 1 x".split())
_FALSE = frozenset("nej no false falskt n 0".split())


def parse_boolean(text: str) -> bool:
    """Return True for `Ja`, False for `Nej`, and for their English forms.

    >>> parse_boolean("Ja"), parse_boolean("Nej")
    (True, False)
    """
    word = tidy(text).casefold().rstrip(".")
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueProblem("not-a-boolean", "the answer is printed as Ja or Nej")


_POSTCODE_SIGNS = re.compile(r"^(?:SE|S)[- ]?|[ -]", re.IGNORECASE)
_POSTCODE = re.compile(r"[1-9]\d{4}", re.ASCII)


_IN_ADDRESS = re.compile(
    r"(?:[^,]+,\s*)*(?:SE?[- ])?(?P<first>[1-9]\d\d) ?(?P<last>\d\d)(?:\.0|[\s,]+(?P<town>[^\d,]+))?", re.ASCII
)


def parse_town(text: str) -> str:
    """Return the town of an address, and any other text as it is.

    >>> parse_town("Box 33, 221 00 LUND"), parse_town("LUND")
    ('LUND', 'LUND')
    """
    match = _IN_ADDRESS.fullmatch(tidy(text))
    return (match["town"] or text).strip() if match else text


def parse_postcode(text: str) -> str:
    """Return a Swedish postcode, alone or in an address, as five digits.

    >>> parse_postcode("SE-582 20"), parse_postcode("Box 1234, 221 00 Lund")
    ('58220', '22100')
    """
    digits = _POSTCODE_SIGNS.sub("", with_hyphens(tidy(text)))
    if not _POSTCODE.fullmatch(digits):
        if match := _IN_ADDRESS.fullmatch(tidy(text)):
            return match["first"] + match["last"]
        raise ValueProblem("wrong-postcode", "a Swedish postcode has five digits and does not begin with 0")
    return digits


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others (ISO/IEC 7812, as Swedish numbers use it).

    >>> passes_luhn("2220002485"), passes_luhn("2220002486")
    (True, False)
    """
    # Lists hold hundreds of thousands of numbers, so this has no loop of its own.
    return (sum(map(int, digits[::-2])) + sum(map(_DOUBLED.__getitem__, map(int, digits[-2::-2])))) % 10 == 0


_DOUBLED = tuple(2 * digit - 9 * (digit > 4) for digit in range(10))


_TEN_DIGITS = re.compile(r"[0-9]{10}")


def parse_organisation_number(text: str) -> str:
    """Return a Swedish organisation number as ten digits.

    Accepts ``212000-3005``, the value-added-tax form ``SE212000300501``, the form with the prefix 16, and the
    ``.0`` that programs write behind whole numbers.

    Raises:
        ValueProblem: `not-an-organisation-number`, `wrong-check-digit`, or `person-number` for the number of a
            natural person (third digit below 2), which is never published.

    >>> parse_organisation_number("SE212000300501")
    '2120003005'
    """
    plain = text.removesuffix(".0").replace("-", "")
    if not _TEN_DIGITS.fullmatch(plain):
        plain = re.sub(r"[\s.+-]", "", with_hyphens(tidy(text))).upper()
    if _TEN_DIGITS.fullmatch(plain):
        digits = plain
    elif match := re.fullmatch(r"SE(\d{10})(?:\d{2})?", plain) or re.fullmatch(r"16(\d{10})", plain):
        digits = match[1]
    elif re.fullmatch(r"(?:19|20)\d{10}", plain):
        raise ValueProblem("person-number", "the number of a natural person is not published")
    else:
        raise ValueProblem("not-an-organisation-number", "an organisation number has ten digits")
    if digits.startswith("000000"):
        raise ValueProblem("not-an-organisation-number", "zeros stand for a number that is not known")
    if digits[2] in "01":
        raise ValueProblem("person-number", "the number of a natural person is not published")
    if not passes_luhn(digits):
        raise ValueProblem("wrong-check-digit", "the last digit does not agree with the others (Luhn)")
    return digits
