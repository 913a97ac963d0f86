"""Recognises the headings of a list by the field labels of the ontology, whatever their case, spacing and language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import and_

from kg.ontology import Field
from kg.sources import table_languages

CURRENCIES = frozenset(
    "BGN CHF CZK DKK EUR GBP HUF ISK NOK PLN RON SEK USD".split()
)  # ISO 4217 codes of the Union's members, past and present, and their neighbours
_SIGNS = {
    "KR": "SEK",
    "KRONOR": "SEK",
    "€": "EUR",
    "EURO": "EUR",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "FT": "HUF",
    "£": "GBP",
    "LEI": "RON",
}
_CURRENCY = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(sorted(CURRENCIES))}|kr|kronor|euro|zł|kč|ft|lei)(?![^\W_])|[€£]", re.IGNORECASE
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ENUMERATION = re.compile(r"^\s*(?:\(?[a-z0-9]{1,2}[).]|\d{1,2}\s)\s*", re.IGNORECASE)
_JOINS = re.compile(r"\s*/\s+|\s+/\s*|\s*[\r\n|]+\s*")
_LOOSE_JOINS = re.compile(r"\s*[/;]\s*")
_AND = re.compile(r"[/|;,&+\r\n–—-]|\b(?:and|och|und|og|ja|et|y|e|en|i|oraz|to|till|bis)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"\b(?:tkr|tsek|ksek|msek|mkr|tusental|tusen|thousands?|miljoner|millions?|mln|tys)\b", re.I)

_WORD = re.compile(r"[^\W_]+")
_STROKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_SMALL_WORDS = frozenset(
    """a al alla an as av d da das de del dell della dell den der des det di die do dos du ein el en et för fur het i il
    in l la las le les lo los of o os på s the till to van vom von vum w z zu zum zur zur""".split()
)
_SHORTEST = 4
_WHOLE_SUM = {"totalBudget", "totalCost"}
_FEWEST_IN_LANGUAGE = 3
_LOOKED_AT = 40
_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = {
    **dict.fromkeys("cs hr hu pl ro sk sl".split(), "cp1250"),
    **dict.fromkeys("et lt lv".split(), "cp1257"),
    "bg": "cp1251",
    "el": "cp1253",
}
_MOST_KEPT = 10_000
_FROM = frozenset("från from fra von vom od du alkaen".split())
_UNTIL = frozenset("till to til bis do au asti tom slut".split())


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means; `currency` (ISO 4217) is the one that it names, None where it names none.

    `unknown` are those of its parts, in a heading of several parts, that mean nothing.
    """

    field: Field
    currency: str | None
    unknown: tuple[str, ...] = ()


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


def loosened(heading: str) -> str:
    """Return a heading in the form in which wordings meet: without accents, articles, prepositions and footnote marks.

    Empty where too little is left to tell anything.

    >>> loosened("Código Operación"), loosened("Código de la operación 1)"), loosened("Data di inizio*")
    ('codigooperacion', 'codigooperacion', 'datainizio')
    """
    plain = unicodedata.normalize("NFKD", heading.casefold().translate(_STROKED))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = [word for word in _WORD.findall(letters) if word not in _SMALL_WORDS]
    while words and (words[-1].isdecimal() and len(words[-1]) == 1):
        words.pop()
    found = re.sub(r"(?<=[^\W\d_]{3})\d$", "", "".join(words))
    return found if len(found) >= _SHORTEST else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(_LETTERS.findall(unicodedata.normalize("NFC", text).casefold()))


def _names(text: str, words: frozenset[str]) -> bool:
    """Return whether a text has one of the words, or the beginning of one."""
    return any(word.startswith(own) for own in _words(text) if len(own) > 1 for word in words)


def _words_of(field: Field, more: Iterable[str]) -> frozenset[str]:
    """Return the words of the headings of a field."""
    return frozenset(word for label in (*field.labels, *more) for word in _words(label))


def in_thousands(text: str) -> bool:
    """Return whether a text says that amounts are in thousands or millions.

    >>> in_thousands("Budget (tkr)"), in_thousands("Budget (kr)")
    (True, False)
    """
    return bool(_THOUSANDS.search(text))


def without_currency(text: str) -> str:
    """Return an amount without the one currency that it names; as it is where it names several.

    >>> without_currency("£1,234.50"), without_currency("1 000 kr"), without_currency("5 EUR / 50 SEK")
    ('1,234.50', '1 000', '5 EUR / 50 SEK')
    """
    return _CURRENCY.sub(" ", text).strip() if currency_in(text) else text


class Headings:
    """The headings that lists may print: those that a mapping file adds, labels of the ontology, other languages'."""

    def __init__(self, fields: Sequence[Field], added: Mapping[str, Field] | None = None) -> None:
        self._known: dict[str, Field] = {}
        for heading, field in (added or {}).items():
            self._known[folded(heading)] = field
        for field in fields:
            for label in field.labels:
                self._known.setdefault(folded(label), field)
        own = frozenset(self._known)
        self._languages = {
            folded(heading): found
            for heading, found in table_languages.languages().items()
            if folded(heading) not in own
        }
        self._languages_loose: dict[str, frozenset[str]] = {}
        for heading, tongues in table_languages.languages().items():
            loose = "" if folded(heading) in own else loosened(heading)
            self._languages_loose[loose] = self._languages_loose.get(loose, frozenset()) | tongues
        by_name = {field.name: field for field in fields}
        for name, words in table_languages.headings().items():
            for heading in words:
                self._known.setdefault(folded(heading), by_name[name])
        self._loose = self._loosely(fields)
        first, last = (_words_of(by_name[name], table_languages.headings()[name]) for name in ("startDate", "endDate"))
        self._first_day, self._last_day = first - last, last - first
        self._days = by_name["startDate"], by_name["endDate"]
        self._period = next((field for field in fields if field.kind == "period"), None)
        self._found: dict[str, Heading | None] = {}

    def _loosely(self, fields: Sequence[Field]) -> dict[str, Field | None]:
        """Return the known headings in their loose form; None where headings of several fields have the same."""
        by_name = {field.name: field for field in fields}
        known = [(label, field) for field in fields for label in field.labels]
        known += [(word, by_name[name]) for name, words in table_languages.headings().items() for word in words]
        found: dict[str, Field | None] = {}
        for heading, field in known:
            loose = loosened(heading)
            found[loose] = field if found.get(loose, field) == field else None
        found[""] = None
        return found

    def find(self, printed: str) -> Heading | None:
        """Return what a heading means, None where nothing is known or its parts contradict each other."""
        if not printed.strip() or len(printed) > 300:
            return None
        # The first rows are looked at under each delimiter, and below the headings the same cells come again and again.
        if printed not in self._found:
            if len(self._found) > _MOST_KEPT:
                self._found.clear()
            self._found[printed] = self._meaning(printed)
        return self._found[printed]

    def _meaning(self, printed: str) -> Heading | None:
        field = self._one(printed)
        found = self._joined(printed) if field is None else Heading(field, None)
        if found is None or found.field.kind != "money":
            return found
        # An amount in thousands would be wrong by a factor of a thousand: better unknown than wrong.
        return None if in_thousands(printed) else replace(found, currency=currency_in(printed))

    def _one(self, printed: str) -> Field | None:
        plain = _ENUMERATION.sub("", _BRACKETS.sub(" ", printed)) or printed
        without_currency = re.sub(r"\b(?:i|in|en)[\s%]*$", "", _CURRENCY.sub(" ", plain.replace("_", " ")).strip())
        for form in (printed, plain, without_currency):
            key = folded(form)
            if key in self._known:
                return self._known[key]
            # `Project_EU_Budget_Currency` tells the currency of an amount that has a column of its own.
            amount = self._known.get(key.removesuffix("currency").removesuffix("valuta"))
            if amount is not None and amount.kind == "money" and "currency" in self._known:
                return self._known["currency"]
        twice = self._twice(folded(plain)) or self._twice(folded(without_currency))
        if twice is not None:
            return twice
        loose = (self._loose.get(loosened(form)) for form in (plain, without_currency))
        return next((field for field in loose if field is not None), None)

    def _twice(self, key: str) -> Field | None:
        """Return what a heading means that stands in two languages with no sign between them."""
        for middle in range(2, len(key) - 1):
            field = self._known.get(key[:middle])
            if field is not None and self._known.get(key[middle:]) == field:
                return field
        return None

    def _joined(self, printed: str) -> Heading | None:
        """Read `Startdatum / Start date`; without spaces round the stroke both halves must be known.

        What names the first and the last day in one (`Start / End date`) is a period.
        """
        if self._period and self._names_both_days(printed):
            return Heading(self._period, None)
        for joins, all_needed in ((_JOINS, False), (_LOOSE_JOINS, True)):
            parts = [part for part in joins.split(printed) if part.strip()]
            if len(parts) < 2:
                continue
            found = [self._one(part) for part in parts]
            known = {field.name: field for field in found if field}
            if known.keys() == _WHOLE_SUM:
                # Lists translate one by the other; what is eligible is what the budget of a project holds.
                del known["totalCost"]
            if len(known) == 1 and not (all_needed and None in found):
                unknown = (part for part, field in zip(parts, found, strict=True) if field is None)
                return Heading(next(iter(known.values())), None, tuple(" ".join(part.split()) for part in unknown))
        return None

    def _names_both_days(self, printed: str) -> bool:
        """Return whether one part of a heading names the first day and another part the last."""
        parts = [_words(part) for part in _AND.split(printed)]
        first = [bool(part & self._first_day) for part in parts]
        last = [bool(part & self._last_day) for part in parts]
        # A part with words of both is some other wording of a single day.
        return any(first) and any(last) and not any(map(and_, first, last))

    def find_under(self, group: str, printed: str) -> Heading | None:
        """Return what a heading means that only together with that of its group of columns means anything."""
        found = self.find(group)
        if found is not None and found.field == self._period:
            begins = _names(printed, self._first_day | _FROM)
            if begins != _names(printed, self._last_day | _UNTIL):
                return Heading(self._days[0 if begins else 1], None)
        return self.find(f"{group} {printed}".strip())

    def language(self, printed: Sequence[str]) -> str | None:
        """Return the language (BCP 47) of most headings of a list, None where they are those of the ontology."""
        counts: Counter[str] = Counter()
        for heading in printed:
            parts = _LOOSE_JOINS.split(_BRACKETS.sub(" ", heading))
            counts.update(frozenset[str]().union(*map(self._languages_of, parts)))
        language, count = max(counts.items(), key=lambda each: (each[1], each[0]), default=("", 0))
        return language if count >= _FEWEST_IN_LANGUAGE and 2 * count > len(printed) else None

    def _languages_of(self, part: str) -> frozenset[str]:
        without_currency = _CURRENCY.sub(" ", part)
        exact = self._languages.get(folded(without_currency))
        return self._languages_loose.get(loosened(without_currency), frozenset()) if exact is None else exact

    def fit(self, text: str, encoding: str) -> tuple[int, int]:
        """Return whether the language of the headings of a text goes with its encoding, and how many are known."""
        best, fitting = 0, 0
        for line in text.splitlines()[:_LOOKED_AT]:
            cells = max((line.split(sign) for sign in _DELIMITERS), key=self._known_in)
            count = self._known_in(cells)
            language = self.language([cell.strip('" ') for cell in cells]) if count > best else None
            if count > best:
                best, fitting = count, int(encoding == _ENCODINGS.get(language or ""))
        return fitting, best

    def _known_in(self, cells: Sequence[str]) -> int:
        return len({heading.field.name for cell in cells if (heading := self.find(cell.strip('" ')))})

    def row(self, cells: Sequence[str]) -> list[Heading | None]:
        """Return what each cell of a row means as a heading."""
        return [self.find(cell) for cell in cells]
