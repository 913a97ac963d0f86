"""Turns a printed column into typed values: each distinct cell is parsed once, the ambiguous is decided by column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from kg import dates, values
from kg.codes import Codes, printed_code
from kg.model import Scalar
from kg.owners import ordinary_capitals
from kg.sources import table_languages
from kg.sources.table_cells import SHORTENED, is_error, plain_text, unmarked
from kg.sources.table_headings import CURRENCIES, currency_in, without_currency
from kg.sources.table_rates import rate_scale, read_rate
from kg.values import ValueProblem

_EMPTY = frozenset(("-", "–", "—", ".", "..", "...", "n/a", "na", "null", "none", "nan", "saknas", "uppgift saknas"))
_MOST_KEPT = 100_000
"""Distinct values of a column that are remembered."""
_PLAIN_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,2})?", re.ASCII)
_GROUPED_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+", re.ASCII)
_PLAIN_AMOUNTS = re.compile(rf"(?:{_PLAIN_AMOUNT.pattern}\n)*+", re.ASCII)
_GROUPED_AMOUNTS = re.compile(rf"(?:{_GROUPED_AMOUNT.pattern}\n)*+", re.ASCII)
_GROUPING = re.compile("[ \u00a0]")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?", re.ASCII)
_STROKES = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4}|\d\d(?!\d))", re.ASCII)
_SHORT_YEAR = re.compile(r"^(\d{1,2}([./])\d{1,2}\2)(\d\d)$", re.ASCII)
_SPACE_AFTER_POINT = re.compile(r"(?<=\d)\.\s+(?=\d)")
_YEAR_APART = re.compile(r"^(\d{1,2}/\d{1,2})\s+(\d{4})$", re.ASCII)
_EXPONENT = re.compile(r"\d(?:\.\d{1,16})?(?:E|e\+?)\d{1,2}", re.ASCII)
"""A number as programs write it, with all its digits; spreadsheets write `1,5E+06`, and leave digits out."""
_MONTHS = 12
_SERIAL_ZERO = date(1899, 12, 30)
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_IRIS = re.compile(rf"(?:{_IRI.pattern}\n)*+")
_TAIL = re.compile(r"(\d*)([.,])(\d+)(?=\D*$)")


def decimal_sign(cells: Iterable[str]) -> str | None:
    """Return the decimal sign that a column uses, None where it shows none or both.

    >>> decimal_sign(["1234.5", "1.234"]), decimal_sign(["1.234", "5.678"]), decimal_sign(["12 345,67"])
    ('.', None, ',')
    """
    found: set[str] = set()
    for cell in cells:
        if "." not in cell and "," not in cell:
            continue
        match = _TAIL.search(cell)
        # Three digits after the sign may be a group of thousands, unless too many stand before it.
        if match and (len(match[3]) != 3 or len(match[1]) > 3 or match[1] == "0"):
            found.add(match[2])
    return found.pop() if len(found) == 1 else None


def month_comes_first(cells: Iterable[str]) -> bool:
    """Return whether a column prints days as in the United States: some can be read only so, and none the other way.

    >>> month_comes_first(["03/01/2023", "03/31/2023"]), month_comes_first(["03/01/2023", "31/03/2023"])
    (True, False)
    """
    pairs = [(int(match[1]), int(match[2])) for cell in set(cells) if (match := _STROKES.match(cell))]
    return any(second > _MONTHS for _, second in pairs) and not any(first > _MONTHS for first, _ in pairs)


def date_parser(sample: Iterable[str]) -> Callable[[str], Scalar]:
    """Return the parser of a column of days."""
    if not month_comes_first(sample):
        return read_date
    return lambda text: read_date(_STROKES.sub(r"\2/\1/\3", text))


def read_date(text: str) -> date:
    """Return a day in any of the printed forms, or as the serial number of a spreadsheet.

    >>> read_date("45139"), read_date("1. 8. 23"), read_date("2023.08.01.")
    (datetime.date(2023, 8, 1), datetime.date(2023, 8, 1), datetime.date(2023, 8, 1))
    >>> read_date("1/8 2023")
    datetime.date(2023, 8, 1)
    """
    text = _YEAR_APART.sub(r"\1/\2", _SPACE_AFTER_POINT.sub(".", text)).removesuffix(".")
    if _SERIAL.fullmatch(text):
        return dates.parse_date((_SERIAL_ZERO + timedelta(days=int(float(text)))).isoformat())
    # Funds of the Union are not older than the century.
    return dates.parse_date(_SHORT_YEAR.sub(r"\g<1>20\g<3>", text))


def period_parser(which: int) -> Callable[[str], Scalar]:
    """Return the parser of the first (0) or last (1) day of a printed period."""

    def day(text: str) -> Scalar:
        period = dates.parse_period(text)
        found = (period.start, period.end)[which]
        if found is None:
            raise ValueProblem("open-period", f"the period has no {('first', 'last')[which]} day")
        return found

    return day


def read_currency(text: str) -> str:
    """Return a currency as an ISO 4217 code.

    >>> read_currency("sek"), read_currency("€")
    ('SEK', 'EUR')
    """
    found = text.upper() if text.upper() in CURRENCIES else currency_in(text)
    if found is None:
        raise ValueProblem("unknown-currency", "a currency is printed as its code, such as SEK or PLN, or as its sign")
    return found


def read_iri(text: str) -> str:
    """Return a web address that can stand as an IRI."""
    if not _IRI.fullmatch(text):
        raise ValueProblem("not-an-address", "a web address begins with https:// and holds no spaces")
    return text


class TypedCells(dict[str, Scalar | None]):
    """The typed value of each printed cell of a column, parsed when first asked for; `failed` holds what was wrong."""

    def __init__(self, parse: Callable[[str], Scalar | None]) -> None:
        super().__init__()
        self._parse = parse
        self.failed: dict[str, ValueProblem] = {}

    def __missing__(self, printed: str) -> Scalar | None:
        text = values.tidy(unmarked(unicodedata.normalize("NFC", printed)))
        value: Scalar | None = None
        if text and text.casefold() not in _EMPTY:
            try:
                if is_error(text):
                    raise ValueProblem("spreadsheet-error", "the spreadsheet could not compute this cell")
                value = self._value(printed, text)
            except ValueProblem as problem:
                self.failed[printed] = problem
        self[printed] = value
        return value

    def _value(self, _: str, text: str) -> Scalar | None:
        """Return the value of a cell, given as printed and without needless white space."""
        return self._parse(text)

    def all_plain(self) -> bool:
        """Return whether that is so for every cell that has been read."""
        return not self.failed

    def forget_many(self) -> None:
        """Forget everything where that is much."""
        if len(self) > _MOST_KEPT:
            self._forget()

    def _forget(self) -> None:
        """Forget everything."""
        self.clear()
        self.failed.clear()

    def column(self, printed: Sequence[str]) -> list[Scalar | None]:
        """Return the typed values of some cells."""
        self.forget_many()
        return list(map(self.__getitem__, printed))


class Addresses(TypedCells):
    """The web addresses of a column, each another: those that are printed as such are not remembered."""

    def __init__(self) -> None:
        super().__init__(read_iri)

    def column(self, printed: Sequence[str]) -> list[Scalar | None]:
        """Return the typed values of some cells."""
        together = "\n".join(printed) + "\n"
        whole = together.count("\n") == len(printed) and _IRIS.fullmatch(together)
        return list(printed) if whole and unicodedata.is_normalized("NFC", together) else super().column(printed)


class Amounts(TypedCells):
    """The amounts of a column, which hardly ever repeat: what is printed plainly is not remembered."""

    def __missing__(self, printed: str) -> Scalar | None:
        if not self.zero_is_nothing:
            if _PLAIN_AMOUNT.fullmatch(printed):
                return Decimal(printed)
            if _GROUPED_AMOUNT.fullmatch(printed):
                return Decimal(printed.replace(" ", "").replace("\u00a0", ""))
        return super().__missing__(printed)

    def __init__(self, name: str, sample: Iterable[str]) -> None:
        super().__init__(amount_parser(name, sample))
        self.zero_is_nothing = name == "totalCost"

    def column(self, printed: Sequence[str]) -> list[Scalar | None]:
        """Return the typed values of some cells; a column that is printed plainly throughout is read as a whole."""
        if not self.zero_is_nothing:
            together = "\n".join(printed) + "\n"
            if together.count("\n") == len(printed):
                if _PLAIN_AMOUNTS.fullmatch(together):
                    return list(map(Decimal, printed))
                if _GROUPED_AMOUNTS.fullmatch(together):
                    return list(map(Decimal, _GROUPING.sub("", together).split()))
        return super().column(printed)


def parser(kind: str, name: str, codes: Codes, sample: Sequence[str]) -> Callable[[str], Scalar]:
    """Return the parser of a column of the kind; `sample` are cells of the column, which decide what is ambiguous."""
    match kind:
        case "count":
            return count_parser(sample)
        case "date":
            return date_parser(sample)
        case "rate":
            scale = rate_scale(sample)
            return lambda text: read_rate(text, scale)
        case "code":
            return lambda text: printed_code(name, text)
        case "region" | "nuts-code":
            return codes.region
        case "country" | "fund":
            return codes.country if kind == "country" else lambda text: codes.fund(table_languages.fund(text))
    return _PARSERS[kind]


def count_parser(sample: Iterable[str]) -> Callable[[str], Scalar]:
    """Return the parser of a column of numbers of persons."""
    spelt_out = _spelling(decimal_sign(sample))
    return lambda text: values.parse_count(spelt_out(text))


def amount_parser(name: str, sample: Iterable[str]) -> Callable[[str], Scalar]:
    """Return the parser of a column of amounts of money, whatever their currency."""
    spelt_out = _spelling(decimal_sign(sample))

    def amount(text: str) -> Decimal:
        plain = without_currency(text)
        if SHORTENED.fullmatch(plain):
            raise ValueProblem("shortened-number", "a spreadsheet has shortened this number: digits may be lost")
        if _EXPONENT.fullmatch(plain):
            plain = format(Decimal(plain).normalize(), "f")
        found = Decimal(plain) if _PLAIN_AMOUNT.fullmatch(plain) else values.parse_money(spelt_out(plain)).amount
        if name == "totalCost" and not found:
            raise ValueProblem("zero-means-unreported", "0 stands for costs that were not reported; left out")
        return found

    return amount


def _spelling(sign: str | None) -> Callable[[str], str]:
    """Return what makes a number of a column with the decimal sign `sign` plain to a reader that sees it alone."""

    def spelt_out(text: str) -> str:
        # A nought after three decimals keeps them from being read as thousands.
        return _TAIL.sub(r"\1\2\g<3>0", text) if sign and sign in text and _three_after(text, sign) else text

    return spelt_out


def _three_after(text: str, sign: str) -> bool:
    match = _TAIL.search(text)
    return bool(match and match[2] == sign and len(match[3]) == 3 and text.count(sign) == 1)


_PARSERS: dict[str, Callable[[str], Scalar]] = {
    "boolean": values.parse_boolean,
    "postcode": values.parse_postcode,
    "place": lambda text: ordinary_capitals(values.parse_town(plain_text(text))),
    "phrase": plain_text,
    "address": plain_text,
    "iri": read_iri,
}
