"""Reads the values that pages print for their fields: the properties that each gives, with their typed values."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from kg import dates, values
from kg.codes import Codes
from kg.model import Scalar
from kg.owners import ordinary_capitals
from kg.sources import several
from kg.sources.table_values import read_iri

Typed = tuple[tuple[str, Scalar], ...]
"""Names of properties with the values that a printed value gives them."""

_MOST_KEPT = 16_384


class PageValues:
    """Reads printed values with the code lists of one ontology."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        # Regions, days, rates, codes and many other values are the same on page after page.
        self._kept = lru_cache(maxsize=_MOST_KEPT)(self._typed)
        self._readers: dict[str, Callable[[str, str], Typed]] = {
            "period": _period,
            "money": _money,
            "code": lambda name, text: _each(name, several.printed_codes(name, text)),
            "region": self._region,
            "nuts-code": self._region,
            "fund": lambda name, text: ((name, codes.fund(text)),),
            "cci": lambda name, text: ((name, codes.programme(text)),),
            "country": lambda name, text: ((name, codes.country(text)),),
            "place": lambda name, text: ((name, ordinary_capitals(values.parse_town(text))),),
            **{kind: _read_by(parser) for kind, parser in _PARSERS.items()},
        }

    def typed(self, name: str, kind: str, printed: str) -> Typed:
        """Return what a value printed for the field `name` gives.

        Raises:
            ValueProblem: the value breaks a rule of its kind.
        """
        text = values.tidy(printed)
        return ((name, text),) if kind in _TEXTS else self._kept(name, kind, text)

    def _typed(self, name: str, kind: str, text: str) -> Typed:
        return self._readers[kind](name, text)

    def _region(self, _: str, text: str) -> Typed:
        return _each("region", several.regions(text, self._codes))


def _each(name: str, found: several.Several) -> Typed:
    for problem, _ in found.problems:
        raise problem
    return tuple((name, part.value) for part in found.parts)


def _read_by(parser: Callable[[str], Scalar]) -> Callable[[str, str], Typed]:
    return lambda name, text: ((name, parser(text)),)


def _period(_: str, text: str) -> Typed:
    period = dates.parse_period(text)
    days = (("startDate", period.start), ("endDate", period.end))
    return tuple((name, day) for name, day in days if day)


def _money(name: str, text: str) -> Typed:
    money = values.parse_money(text)
    if name == "totalCost" and not money.amount:
        # The bank prints 0 for "not reported" there (and only there).
        raise values.ValueProblem("zero-means-unreported", "0 stands for costs that were not reported; left out")
    return (name, money.amount), ("currency", money.currency)


_TEXTS = frozenset(("identifier", "text", "phrase", "address"))
"""Kinds of values that are kept as they stand."""
_PARSERS: dict[str, Callable[[str], Scalar]] = {
    "date": dates.parse_date,
    "rate": values.parse_rate,
    "count": values.parse_count,
    "boolean": values.parse_boolean,
    "postcode": values.parse_postcode,
    "iri": read_iri,
}
