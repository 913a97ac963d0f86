"""Splits a printed value that names several: regions, and codes of objectives or intervention fields.

Names and labels hold commas and the word "and" themselves, so that a sign between two values splits only where what
stands on both sides of it is known, or is a code. What is left over is a problem with its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.codes import NUTS_CODE, Codes, printed_code
from kg.model import Scalar
from kg.values import ValueProblem, tidy

_AND = r"(?<!\w)(?:&|och|samt|and|und|og|ja|oraz)(?!\w)"
_BETWEEN = re.compile(rf"[;|,/+•·()\n]|{_AND}", re.IGNORECASE)
_SURELY_BETWEEN = frozenset(";|\n•")
# Between digits a comma may be a decimal sign, but for codes of three digits.
_BETWEEN_CODES = re.compile(rf"[;|\n•/+]|,(?!\d)|(?<=\d\d\d),(?=\d\d\d(?!\d))|{_AND}", re.IGNORECASE)
_LONGEST_NAME = 4
"""Pieces between signs that one name may hold: `Småland, Öland och Gotland`."""
_EDGES = " \t()[]-–:.,;|/&+•·\n"
_SIGNS = " \t,;|/+•\n"
_FIELD = r"\d{3}(?:\.0+)?(?!\d)"
_OBJECTIVE = (
    r"(?:(?i:programområde|priority|area|mål)\s+)?"
    r"(?:ESO\d\.\d{1,2}|[A-Z]\d[A-Z]?|\d{1,2}\.\d+|(?:[A-Z]|\d{1,2})(?=\W*$|\s*[:–-]\s))(?!\w)"
)
_CODES = {"interventionField": re.compile(_FIELD), "specificObjective": re.compile(_OBJECTIVE)}
WITH_SEVERAL_CODES = frozenset(_CODES)
"""The properties of which an operation may have several codes."""
_LABEL = re.compile(r"\s*[:–-]|\s*$")
_SHARED = re.compile(r"\b(län|kommun)(?:er)?\W*$", re.IGNORECASE)
_LIKE_A_CODE = re.compile(r"\w{0,3}\d")


class Part(NamedTuple):
    """One value with the words that print it."""

    value: Scalar
    printed: str


@dataclass(frozen=True, slots=True)
class Several:
    """The different values that a text names, in its order, and what in it cannot be read, each with its words."""

    parts: tuple[Part, ...]
    problems: tuple[tuple[ValueProblem, str], ...] = ()


class _Piece(NamedTuple):
    """A piece of a text: the region of its code, or of its name, or neither, and then perhaps why."""

    text: str
    code: str | None = None
    name: str | None = None
    problem: ValueProblem | None = None


def regions(text: str, codes: Codes) -> Several:
    """Return the regions that a text names by codes or names, or by both.

    Raises:
        ValueProblem: it names none, or codes and names contradict each other.
    """
    spans = list(_spans(text))
    if len(spans) < 2 and len(set(NUTS_CODE.findall(text))) < 2:
        return Several((Part(codes.region(text), text),))
    if whole := codes.named_region(text):
        return Several((Part(whole, text),))
    pieces = list(_pieces(text, spans, codes))
    by_code = [each for each in pieces if each.code]
    by_name = [each for each in pieces if each.name]
    problems = [(each.problem, each.text) for each in pieces if each.problem]
    if not by_code and not by_name:
        raise problems[0][0] if len(problems) == 1 else codes.unknown_region()
    if by_code:
        _check(by_code, by_name, codes)
        words = [each for each in problems if not NUTS_CODE.search(each[1])]
        if not by_name and len(words) <= len(by_code) and not _SURELY_BETWEEN.intersection(text):
            # Names beside codes may be in other words, as where there is but one of each.
            problems = [each for each in problems if each not in words]
        by_name = [each for each in by_name if not any(codes.within(str(one.code), str(each.name)) for one in by_code)]
    found = {each.code or each.name or "": each.text for each in pieces if each in by_code or each in by_name}
    return Several(tuple(Part(*each) for each in found.items()), tuple(problems))


def _check(by_code: Sequence[_Piece], by_name: Sequence[_Piece], codes: Codes) -> None:
    for name in by_name:
        pairs = [(str(each.code), str(name.name)) for each in by_code]
        if not any(codes.within(one, other) or codes.within(other, one) for one, other in pairs):
            raise ValueProblem("region-contradiction", "the codes and the names are those of different regions")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the pieces of a text begin and end that signs or words for "and" separate."""
    start = 0
    for end, following in (*(match.span() for match in _BETWEEN.finditer(text)), (len(text), len(text))):
        if text[start:end].strip(_EDGES):
            yield start, end
        start = following


def _pieces(text: str, spans: Sequence[tuple[int, int]], codes: Codes) -> Iterator[_Piece]:
    """Yield the pieces of a text, several together where they are one name."""
    place = 0
    while place < len(spans):
        longest = min(place + _LONGEST_NAME, len(spans))
        for last in range(longest, place, -1):
            piece = text[spans[place][0] : spans[last - 1][1]].strip(_EDGES)
            name = codes.named_region(piece)
            if name:
                yield _Piece(piece, code=name) if NUTS_CODE.fullmatch(piece) else _Piece(piece, name=name)
                place = last
                break
        else:
            piece = text[slice(*spans[place])].strip(_EDGES)
            shared = _SHARED.search(text)
            # "Östergötlands och Kalmar län" are two counties.
            name = codes.named_region(f"{_SHARED.sub('', piece)} {shared[1]}") if shared else None
            yield from (_Piece(piece, name=name),) if name else _coded(piece, codes)
            place += 1


def _coded(piece: str, codes: Codes) -> Iterator[_Piece]:
    """Yield what a piece says that is no name: a code with other words, or several codes."""
    printed = [match[0] for match in NUTS_CODE.finditer(piece)]
    for each in [piece] if len(printed) < 2 else printed:
        try:
            yield _Piece(each, code=codes.region(each))
        except ValueProblem as problem:
            yield _Piece(each, problem=problem)


def places(text: str, codes: Codes) -> Several:
    """Return the municipalities or other regions of a text that names several places, nothing where it names one.

    A comma alone does not tell several places: it also stands between a street and a town, or a place and its county.
    """
    if _SURELY_BETWEEN.intersection(text):
        try:
            found = regions(text, codes)
        except ValueProblem:
            return Several(())
        if len(found.parts) > 1:
            return found
    return Several(())


def printed_codes(name: str, text: str) -> Several:
    """Return the codes of a property that a text prints, with or without their labels.

    Raises:
        ValueProblem: the property has codes of a fixed form, and it prints none.

    >>> [part.value for part in printed_codes("interventionField", "141.0; 142 - Women, work, and pay").parts]
    ['141', '142']
    >>> [part.value for part in printed_codes("specificObjective", "ESO4.7 - Learning, in particular of skills").parts]
    ['ESO4.7']
    """
    code = _CODES.get(name)
    pieces = list(_code_pieces(text, code)) if code else []
    if len(pieces) < 2 or code is None:
        return Several((Part(printed_code(name, text), text),))
    found: dict[Scalar, str] = {}
    problems: list[tuple[ValueProblem, str]] = []
    for each in pieces:
        if code.match(each):
            found.setdefault(printed_code(name, each), tidy(each))
        else:
            problems.append((ValueProblem("not-a-code", "beside codes this part is none; it was left out"), each))
    return Several(tuple(Part(*each) for each in found.items()), tuple(problems))


def _code_pieces(text: str, code: re.Pattern[str]) -> Iterator[str]:
    """Yield the pieces of a text that begin with a code or look like one; words behind a code are its label."""
    start = 0
    for match in _BETWEEN_CODES.finditer(text):
        until, following = match.span()
        piece = text[following:].lstrip()
        found = code.match(piece)
        sure = match[0] in _SURELY_BETWEEN
        rest = piece[found.end() :].lstrip() if found else ""
        begins = found and (sure or _LABEL.match(rest) or _BETWEEN_CODES.match(rest))
        if begins or (sure and _LIKE_A_CODE.match(piece)):
            yield text[start:until].strip(_SIGNS)
            start = following
    yield text[start:].strip(_SIGNS)
