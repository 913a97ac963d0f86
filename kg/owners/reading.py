"""Reads a printed owner with what else the source says, and repairs a wrong one where the source proves the repair."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.model import OwnerMention
from kg.owners import evidence
from kg.owners.known import known
from kg.owners.names import name_key, ordinary_capitals, plain_word
from kg.owners.splitting import SplitOwner, is_agency, is_unit, split_owner
from kg.values import ValueProblem, parse_organisation_number

_DEFINITE = re.compile(r"\w(?:en|et)$")
_OFFICE_WORDS = frozenset(
    """region område distrikt kontor kontoret huvudkontoret norra södra östra västra nord syd öst väst mitt mellersta
    nordöstra nordvästra sydöstra sydvästra centrala inre yttre övre nedre och län läns""".split()
)
CUT_AT = 47
"""Some pages print at most so many characters of a name."""
_NUMBER = r"(?:SE ?|16|19|20)?\d{6}[ -]?\d{4}(?:01)?"
_EMAIL = re.compile(r"[<(]?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[>)]?")
_TELEPHONE = re.compile(
    r"(?:\b(?:tel(?:efon)?|mobil)\b[.:]*\s*)?(?<![\w-])(?:\+\d\d|0)[\d (]*[ /-]?[\d )]{4,}\d(?![\w-])", re.IGNORECASE
)
_CALLED = re.compile(r"[A-ZÅÄÖ]{3,7}")
_DIGITS = re.compile(r"\d{3}")
_LETTER = re.compile(r"[^\W\d_]")
_SIX_DIGITS = re.compile(r"\d{6}")
_NUMBER_IN_FIELD = re.compile(
    rf"(?:^|[\s,;:(-]+)(?:org(?:anisations)?[. -]*n(?:umme)?r[.:]*)?[\s(]*(?<!\d)(?P<number>{_NUMBER})(?!\d)[\s,;:)-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a source says besides the owner: `persons` are known from other fields, `municipality` from the postcode."""

    title: str = ""
    text: str = ""
    persons: tuple[str, ...] = ()
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A printed owner that is no name of an organisation, and what was done; `value` never holds personal data."""

    rule: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class OwnerReading:
    """What a printed owner means: a mention (None where it names nobody), problems, and persons that were left out."""

    mention: OwnerMention | None
    problems: tuple[Problem, ...] = ()
    persons: tuple[str, ...] = ()


def read_owner(printed: str, number: str | None, context: Context | None = None, line: int = 0) -> OwnerReading:
    """Return what a printed owner means.

    Args:
        printed: the field as printed; empty where there is none.
        number: the organisation number from a field of its own, ten digits.
        context: what else the source says.
        line: where the field stands, counted from 1.

    >>> read_owner("Socialförvaltningen, Sala kommun", None).mention.unit
    'Socialförvaltningen'
    >>> read_owner("212000-3005", None).mention.number
    '2120003005'
    """
    around = context or Context()
    problems: list[Problem] = []
    inside, rest = _number_in(printed, problems)
    rest = _without_contact(rest, problems)
    legal = bool(number or inside)
    split = split_owner(rest, around.persons, guess=not legal) if rest else SplitOwner(None, None, (), "no-name")
    if split.persons:
        problems.append(Problem(split.rule, "", "the owner field names a person, who was left out"))
    split = _office_of_agency(split)
    split = _repaired(split, number or inside, around, problems)
    persons = split.persons
    if not split.name and not (number or inside):
        return OwnerReading(None, tuple(problems), persons)
    mention = _mention(split, number or inside, around.text, line)
    return OwnerReading(mention, tuple(problems), persons)


def _number_in(printed: str, problems: list[Problem]) -> tuple[str | None, str]:
    """Return an organisation number that stands in the owner field, and the field without it."""
    match = _NUMBER_IN_FIELD.search(printed) if _SIX_DIGITS.search(printed) else None
    if not match:
        return None, printed
    before, after = printed[: match.start()].strip(" ,;"), printed[match.end() :].strip(" ,;")
    # The number may stand twice, as names do (`X, X`).
    after = "" if after == match["number"] else after
    rest = ", ".join(part for part in (before, after) if part)
    try:
        number = parse_organisation_number(match["number"])
    except ValueProblem as problem:
        shown = "" if problem.rule == "person-number" else match["number"]
        problems.append(Problem(problem.rule, shown, f"the owner field holds a number: {problem}"))
        return None, rest
    if not rest:
        message = "the owner field holds an organisation number and no name"
        problems.append(Problem("number-as-owner", number, message))
    return number, rest


def _without_contact(printed: str, problems: list[Problem]) -> str:
    """Return an owner field without addresses of e-mail and telephone numbers; empty where no letter is left."""
    rest = _EMAIL.sub("", printed) if "@" in printed else printed
    # The plain look first: the pattern may begin at any letter.
    rest = _TELEPHONE.sub("", rest) if _DIGITS.search(rest) else rest
    if rest == printed:
        return printed if _LETTER.search(printed) else ""
    problems.append(
        Problem("contact-as-owner", "", "the owner field holds an e-mail address or telephone number; left out")
    )
    parts = (part.strip(" ;:()<>-–") for part in rest.split(","))
    return ", ".join(part for part in parts if _LETTER.search(part))


def _mention(split: SplitOwner, number: str | None, text: str, line: int) -> OwnerMention:
    label = ordinary_capitals(split.name, text) if split.name else None
    unit = split.unit
    # A short word in capitals beside a name that is not in capitals is what a unit calls itself (`DELTA`).
    if unit and (not _CALLED.fullmatch(unit) or (split.name or "").isupper()):
        unit = ordinary_capitals(unit, text)
    return OwnerMention(split.name, label, unit, number, split.spellings, line)


def _office_of_agency(split: SplitOwner) -> SplitOwner:
    """Part an agency of the state from the office named behind it (`Arbetsförmedlingen Region Nord`)."""
    name, _, rest = (split.name or "").partition(" ")
    if not rest or not is_agency(name) or not _DEFINITE.search(name):
        return split
    words = {plain_word(word) for word in re.split(r"[\s/-]+", rest)}
    office = known().places | _OFFICE_WORDS
    if not words <= office or known().named(split.name or ""):
        return split
    unit = ", ".join(part for part in (rest, split.unit) if part)
    return replace(split, name=name, unit=unit, rule="office-of-agency", spellings=(name,))


def _repaired(split: SplitOwner, number: str | None, context: Context, problems: list[Problem]) -> SplitOwner:
    """Return the owner as the source proves it to be; what was wrong goes to `problems`."""
    if split.rule == "unit-only" and not number:
        return _unit_repaired(split, context, problems)
    if split.name and not number and _is_title(split.name, context.title):
        return _title_repaired(split, context, problems)
    if split.name and CUT_AT - 1 <= len(split.name) <= CUT_AT:
        split = _cut_repaired(split, problems, context)
    if split.name:
        also = evidence.other_names(split.name, context.text)
        return replace(split, spellings=tuple(dict.fromkeys((*split.spellings, *also)))) if also else split
    stated = "" if number else evidence.stated_owner(context.text)
    if stated:
        message = f"the owner field names no organisation; the text states {stated} as the owner"
        problems.append(Problem("owner-from-text", stated, message))
        return replace(split_owner(stated, context.persons), persons=split.persons)
    return split


def _is_title(name: str, title: str) -> bool:
    """Return whether an owner is just the title of the project, and reads like no organisation."""
    return (
        bool(title)
        and name_key(name) == name_key(title)
        and not known().named(name)
        and not evidence.has_organisation_word(name)
    )


def _title_repaired(split: SplitOwner, context: Context, problems: list[Problem]) -> SplitOwner:
    stated = evidence.stated_owner(context.text)
    proved = stated if not _is_title(stated, context.title) else ""
    done = f"the text states {proved} as the owner" if proved else "left out"
    problems.append(
        Problem("owner-is-title", split.name or "", f"the owner field holds the name of the project; {done}")
    )
    return split_owner(proved, context.persons) if proved else SplitOwner(None, None, (), "owner-is-title")


def _unit_repaired(split: SplitOwner, context: Context, problems: list[Problem]) -> SplitOwner:
    unit = split.unit or ""
    found = evidence.body_of_unit(unit, context.text, context.municipality) or evidence.stated_owner(context.text)
    body = "" if is_unit(found) else found
    done = f"its organisation is {body}, by the text" if body else "its organisation is not known"
    problems.append(Problem("owner-is-unit", unit, f"the owner field names a unit only; {done}"))
    return SplitOwner(body, unit, (body,), "unit-only") if body else split


def _cut_repaired(split: SplitOwner, problems: list[Problem], context: Context) -> SplitOwner:
    name = split.name or ""
    if known().named(name):
        return split
    beside = split.unit or ""
    if len(beside) > len(name) and beside.casefold().startswith(name.casefold()):
        message = f"the name is cut at {CUT_AT} characters; the field has it whole: {beside}"
        problems.append(Problem("owner-cut", name, message))
        return replace(split, name=beside, unit=None, spellings=tuple(dict.fromkeys((beside, *split.spellings))))
    whole = evidence.completed(name, context.text)
    if whole and name_key(whole) != name_key(name):
        message = f"the name is cut at {CUT_AT} characters; the text has it whole: {whole}"
        problems.append(Problem("owner-cut", name, message))
        return replace(split, name=whole, spellings=tuple(dict.fromkeys((whole, *split.spellings))))
    if not whole and not evidence.ends_like_a_name(name):
        message = f"the name is probably cut at {CUT_AT} characters; kept as it stands"
        problems.append(Problem("owner-cut", name, message))
    return split
