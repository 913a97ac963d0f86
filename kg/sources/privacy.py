"""Takes personal data out of free text: e-mail addresses, telephone numbers, personal identity numbers, known names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import luhn

MARK = "[…]"
"""What stands in the text where something was taken out."""

_EMAIL = re.compile(r"[\w.+%'-]+(?:@|\s?\(at\)\s?|\[at\])[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# A leading 0 or +46, an area code, a separator and more digits, eight in all: amounts and years never look so.
# Numbers of the neighbouring countries are known by their prefix alone.
_TELEPHONE = re.compile(
    r"(?<![\d/.,+-])(?<!\d )(?:(?:\+|00)46[\s\u00a0-]?(?:\(0\)[\s\u00a0]?)?[1-9]\d{0,2}|\(?0[1-9]\d{0,2}\)?)"
    r"[\s\u00a0]?[-–/\s\u00a0][\s\u00a0]?\d{2,3}(?:[\s\u00a0-]?\d{2,3}){1,3}(?![\d/-])"
    r"|(?<![\d/.,-])(?:0|(?:\+|00)46[\s\u00a0-]?(?:\(0\))?)[1-9]\d{7,8}(?![\d/-])"
    r"|(?<![\d/.,-])\+(?:4[45789]|35[48]|298|37[012])(?:[\s\u00a0-]?\d{2,4}){3,5}(?![\d/-])"
)
# A day from 61 on is that of a coordination number.
_PERSON_NUMBER = re.compile(
    r"(?<![\d/.,-])(?P<century>19|20)?(?P<head>\d{2}(?P<month>[01]\d)(?P<day>[0-36-9]\d))(?P<sign>[-+–\s\u00a0]?)(?P<tail>\d{4})"
    r"(?![\d-]|[\s\u00a0]?(?:kr|SEK|EUR|euro|€))"
)


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text without personal data, and how many pieces were taken out."""

    text: str
    removed: int


_FEWEST_DIGITS = 8
_LONG_NUMBER = re.compile(r"\d[\d\s()/+–-]{5,}\d")
"""Every number that the patterns look for holds one such run; a text without any needs neither of them."""


def _is_telephone(match: re.Match[str]) -> bool:
    return sum(char.isdigit() for char in match[0]) >= _FEWEST_DIGITS


def _is_person_number(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)):
        return False
    # Digits in one piece or with a hyphen are sign enough: texts write amounts in groups of three. With another sign
    # between them they may be a date and something else, so the check digit must agree.
    if match["sign"] in ("-", "+", ""):
        return True
    if match["sign"].isspace() and match["tail"].startswith(("19", "20")):
        return False  # a date and a year
    return luhn.is_valid(match["head"] + match["tail"])


def may_be_personal(text: str) -> bool:
    """Return whether `scrub` could find anything in `text`; a quick look, made for many texts put together."""
    return "@" in text or "(at)" in text or "[at]" in text or bool(_LONG_NUMBER.search(text))


def scrub(text: str, names: tuple[str, ...] = ()) -> Scrubbed:
    """Return `text` with every piece of personal data replaced by `MARK`; `names` are persons known from fields.

    >>> scrub("Ring 070-123 45 67 eller skriv till a.b@example.se.").text
    'Ring […] eller skriv till […].'
    >>> scrub("Projektet 2016/00158 kostar 15 935 467 kr, 2017-09-01 - 2020-10-31.").removed
    0
    """
    removed = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal removed
        removed += 1
        return MARK

    # The pattern may begin at every letter, which costs more than all the rest; most texts hold no such sign at all.
    if "@" in text or "(at)" in text or "[at]" in text:
        text = _EMAIL.sub(replace, text)
    if _LONG_NUMBER.search(text):
        text = _TELEPHONE.sub(lambda match: replace(match) if _is_telephone(match) else match[0], text)
        text = _PERSON_NUMBER.sub(lambda match: replace(match) if _is_person_number(match) else match[0], text)
    folded = text.casefold() if names else ""
    for name in names:
        if len(name.split()) >= 2 and name.casefold() in folded:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", replace, text, flags=re.IGNORECASE)
    return Scrubbed(text, removed)
