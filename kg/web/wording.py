"""Words, numbers and days as the pages write them, in Swedish and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from kg.dates import MONTHS
from kg.errors import InputError
from kg.web.answers import LANGUAGES, Language

_FILE = Path(__file__).with_name("words.toml")
_NARROW, _NO_BREAK = "\u202f", "\u00a0"


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Return every message by its name, such as ``search.button``: Swedish, then English.

    Raises:
        InputError: a message of the file is not a pair of texts.
    """
    sections = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = {}
    for section, messages in sections.items():
        for name, texts in messages.items():
            if not isinstance(texts, list) or len(texts) != len(LANGUAGES):
                raise InputError(f"{_FILE.name}: {section}.{name} is not a pair of a Swedish and an English text")
            found[f"{section}.{name}"] = (str(texts[0]), str(texts[1]))
    return found


class Wording:
    """The messages of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = LANGUAGES.index(language)

    def __call__(self, name: str, **values: object) -> str:
        """Return a message with values in the places of their names in braces; numbers are written as numbers.

        Raises:
            InputError: there is no such message.
        """
        try:
            text = catalogue()[name][self._place]
        except KeyError:
            raise InputError(f"words.toml has no message {name!r}") from None
        shown = {key: self.number(value) if isinstance(value, int) else value for key, value in values.items()}
        return text.format(**shown) if values else text

    def has(self, name: str) -> bool:
        """Return whether there is a message of that name."""
        return name in catalogue()

    def count(self, number: int, name: str) -> str:
        """Return a number with its noun: `name` is that of a message ``one | many``."""
        one, _, many = self(name).partition(" | ")
        return f"{self.number(number)}{_NO_BREAK}{one if number == 1 else many}"

    def number(self, value: float | Decimal | str) -> str:
        """Return a number with its thousands apart: ``15 935 467`` or ``15,935,467``.

        >>> Wording("en").number(15935467), Wording("en").number("0.5"), Wording("sv").number("0.5")
        ('15,935,467', '0.5', '0,5')
        """
        return _number(value, self.language)

    def money(self, value: float | str, currency: str | None) -> str:
        """Return an amount with its currency; kronor are ``kr`` in Swedish."""
        amount = self.number(value)
        if self.language == "sv":
            return f"{amount}{_NO_BREAK}{'kr' if currency == 'SEK' else currency or ''}".rstrip(_NO_BREAK)
        return f"{currency or ''}{_NO_BREAK}{amount}".lstrip(_NO_BREAK)

    def short_money(self, value: float, currency: str | None) -> str:
        """Return an amount in millions, for where there is little room.

        >>> Wording("en").short_money(15935467, "SEK").replace(_NO_BREAK, " ")
        'SEK 15.9 million'
        """
        if value < 1_000_000:
            return self.money(round(value), currency)
        millions = self.number(round(Decimal(value) / 1_000_000, 1 if value < 100_000_000 else 0))
        if self.language == "sv":
            unit = "kr" if currency == "SEK" else currency or ""
            return f"{millions}{_NO_BREAK}mn{_NO_BREAK}{unit}".rstrip(_NO_BREAK)
        return f"{currency or ''}{_NO_BREAK}{millions}{_NO_BREAK}million".lstrip(_NO_BREAK)

    def share(self, value: float | str) -> str:
        """Return a share between 0 and 1 as a percentage.

        >>> Wording("en").share("0.4")
        '40%'
        """
        try:
            percent = self.number((Decimal(str(value)) * 100).quantize(Decimal("0.1")))
        except InvalidOperation:
            return str(value)
        return f"{percent}{_NO_BREAK}%" if self.language == "sv" else f"{percent}%"

    def day(self, text: str | None) -> str:
        """Return an ISO 8601 day in words; what is none is returned as it stands.

        >>> Wording("en").day("2023-03-31"), Wording("sv").day("2023-03-31")
        ('31 March 2023', '31 mars 2023')
        """
        try:
            found = date.fromisoformat(text or "")
        except ValueError:
            return text or ""
        return f"{found.day} {MONTHS[self.language][found.month - 1]} {found.year}"

    def period(self, start: str | None, end: str | None) -> str:
        """Return a period by its months: ``mars 2023 – december 2024``."""
        return " – ".join(filter(None, (self._month(start), self._month(end))))

    def years(self, start: str | None, end: str | None) -> str:
        """Return a period by its years.

        >>> Wording("sv").years("2023-03-01", "2024-12-31"), Wording("sv").years("2023-03-01", None)
        ('2023–2024', '2023')
        """
        return "–".join(dict.fromkeys(day[:4] for day in (start, end) if day))

    def _month(self, text: str | None) -> str:
        return _month(text or "", self.language)


# The same few counts and months stand on every page.
@lru_cache(maxsize=4096)
def _number(value: float | Decimal | str, language: Language) -> str:
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{exact.normalize():,f}"
    return text if language == "en" else text.replace(",", _NARROW).replace(".", ",")


@lru_cache(maxsize=2048)
def _month(text: str, language: Language) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{MONTHS[language][found.month - 1]} {found.year}"
