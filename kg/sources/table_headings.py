"""Recognises the headings of a list by the field labels of the ontology, whatever their case, spacing and language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.ontology import Field

CURRENCIES = frozenset(
    "BGN CHF CZK DKK EUR GBP HUF ISK NOK PLN RON SEK USD".split()
)  # ISO 4217 codes of the Union's members, past and present, and their neighbours
_SIGNS = {"KR": "SEK", "KRONOR": "SEK", "€": "EUR", "EURO": "EUR", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "£": "GBP"}
_CURRENCY = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(sorted(CURRENCIES))}|kr|kronor|euro|zł|kč|ft)(?![^\W_])|[€£]", re.IGNORECASE
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ENUMERATION = re.compile(r"^\s*(?:\(?[a-z0-9]{1,2}[).]|\d{1,2}\s)\s*", re.IGNORECASE)
_JOINS = re.compile(r"\s+/\s+|\s*[\r\n|]+\s*")
_LOOSE_JOINS = re.compile(r"\s*[/;]\s*")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"\b(?:tkr|tsek|ksek|msek|mkr|tusental|tusen|thousands?|miljoner|millions?|mln|tys)\b", re.I)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means; `currency` (ISO 4217) is the one that it names, None where it names none."""

    field: Field
    currency: str | None


def folded(heading: str) -> str:
    """Return a heading without case, spaces, underscores and punctuation, so that equal ones are equal text.

    >>> folded("Operation_Start_Date"), folded("operation start date:"), folded("Co-financing rate")
    ('operationstartdate', 'operationstartdate', 'cofinancingrate')
    """
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFC", heading).casefold())


def currency_in(text: str) -> str | None:
    """Return the one currency that a text names, as an ISO 4217 code.

    >>> currency_in("Total budget SEK"), currency_in("Kosten (€)"), currency_in("Total_Expenditure_EUR")
    ('SEK', 'EUR', 'EUR')
    """
    found = {match[0].upper() for match in _CURRENCY.finditer(text.replace("_", " "))}
    codes = {_SIGNS.get(each, each) for each in found}
    return codes.pop() if len(codes) == 1 else None


class Headings:
    """The headings that lists may print: every label of the ontology, and those that a mapping file adds."""

    def __init__(self, fields: Iterable[Field], added: Mapping[str, Field] | None = None) -> None:
        self._known: dict[str, Field] = {}
        for heading, field in (added or {}).items():
            self._known[folded(heading)] = field
        for field in fields:
            for label in field.labels:
                self._known.setdefault(folded(label), field)

    def find(self, printed: str) -> Heading | None:
        """Return what a heading means, None where nothing is known or its parts contradict each other."""
        field = self._field(printed)
        if field is None:
            return None
        if field.kind != "money":
            return Heading(field, None)
        # An amount in thousands would be wrong by a factor of a thousand: better unknown than wrong.
        return None if _THOUSANDS.search(printed) else Heading(field, currency_in(printed))

    def _field(self, printed: str) -> Field | None:
        if not printed.strip() or len(printed) > 300:
            return None
        return self._one(printed) or self._joined(printed)

    def _one(self, printed: str) -> Field | None:
        plain = _ENUMERATION.sub("", _BRACKETS.sub(" ", printed)) or printed
        without_currency = re.sub(r"\b(?:i|in|en)\s*$", "", _CURRENCY.sub(" ", plain.replace("_", " ")).strip())
        for form in (printed, plain, without_currency):
            key = folded(form)
            if key in self._known:
                return self._known[key]
            # `Project_EU_Budget_Currency` tells the currency of an amount that has a column of its own.
            amount = self._known.get(key.removesuffix("currency").removesuffix("valuta"))
            if amount is not None and amount.kind == "money" and "currency" in self._known:
                return self._known["currency"]
        return None

    def _joined(self, printed: str) -> Field | None:
        """Read `Startdatum / Start date`; without spaces round the stroke both halves must be known."""
        for joins, all_needed in ((_JOINS, False), (_LOOSE_JOINS, True)):
            parts = [part for part in joins.split(printed) if part.strip()]
            if len(parts) < 2:
                continue
            found = [self._one(part) for part in parts]
            known = {field.name: field for field in found if field}
            if len(known) == 1 and not (all_needed and None in found):
                return next(iter(known.values()))
        return None

    def row(self, cells: Sequence[str]) -> list[Heading | None]:
        """Return what each cell of a row means as a heading."""
        return [self.find(cell) for cell in cells]
