"""Takes a printed owner apart into organisation and unit, whichever way round they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.owners.known import known
from kg.owners.names import abbreviates, is_variant, name_key, tidy_name, without_odd_accents
from kg.owners.persons import addressee, is_person, is_person_beside_firm, is_person_in_register

_ABBREVIATION = re.compile(r"[A-ZÅÄÖ]{2,6}")
# A word in capitals that does not shorten the name is what a body calls itself (`DELTA`).
_BY_NAME = re.compile(r"[A-ZÅÄÖ]{3,12}")
_ONE_WORD = re.compile(r"[A-ZÅÄÖ][\w-]{2,11}")
_ASSOCIATION = re.compile(r"(?:samordnings|kommun|kommunal|region)förbundet \w", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(?P<name>.{2,}?)\s*\((?P<inside>[^()]{2,60})\)")
_PUBLIC_BODY = re.compile(r"\b(?:kommun|stad|region|landsting|länsstyrelsen?)\b", re.IGNORECASE)
_UNIT_WORD = (
    r"(?:förvaltning|enhet|avdelning|kontor|sektion|sekretariat|nämnd|stab|institution|fakultet)(?:en|et)?"
    r"|vuxenutbildning(?:en)?|komvux|(?:jobb|arbetsmarknads|kompetens)torg(?:et)?|socialtjänst(?:en)?|arbetsmarknadscent(?:er|rum)|jobbcent(?:er|rum)"
)
_UNIT = re.compile(rf"(?:{_UNIT_WORD})(?![\w-])", re.IGNORECASE)
_ORGANISATION_WORD = re.compile(
    r"\b(?:kommuns?|stads?|ab|aktiebolag|\w*förening(?:en)?|\w*förbund(?:et)?|\w*stiftelse[n]?|\w*universitet|"
    r"\w*högskola[n]?|landsting(?:et)?|region|\w+regionen|länsstyrelsen|myndigheten|\w+myndigheten)\b",
    re.IGNORECASE,
)
_BODY_NAME = r"[A-ZÅÄÖ][\w-]*(?: [A-ZÅÄÖ][\w-]*)?,? (?i:kommun|stad)"
_BODY = re.compile(_BODY_NAME)
_BODY_FIRST = re.compile(rf"(?P<body>{_BODY_NAME})(?P<genitive>s?) (?P<unit>\w.+)")
_BODY_LAST = re.compile(rf"(?P<unit>.+?),? (?:i|vid|på|inom|för)? ?(?P<body>{_BODY_NAME})")
_LEADING_REGION = re.compile(r"^region\s+(?=\w)", re.IGNORECASE)
_STATE = "202"
"""Numbers of the state begin so."""
_AGENCY = re.compile(r"\w+(?:myndigheten|verket)|kriminalvården|försäkringskassan|skogsstyrelsen", re.IGNORECASE)
_LEGAL_FORM = re.compile(r"ab|hb|kb|(?:ideell|ekonomisk|ek\.?|ideella)\s*(?:förening(?:en)?|för\.?)|svb", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SplitOwner:
    """A printed owner taken apart.

    `spellings` are all forms of the organisation's name that the print gives, and prove to be one; `rule` tells how it
    was taken apart; `persons` are names of persons that were left out.
    """

    name: str | None
    unit: str | None
    spellings: tuple[str, ...]
    rule: str
    persons: tuple[str, ...] = ()


def split_owner(printed: str, persons: Iterable[str] = (), *, guess: bool = True) -> SplitOwner:
    """Take a printed owner apart into organisation and unit.

    Splits at the first comma only; `X, X` is one name printed twice; an abbreviation may stand first or in brackets;
    the unit may stand first; persons, known from other fields or, with `guess`, seen by their form, are left out.

    >>> split_owner("Höörs kommun, Kultur, arbete och folkhälsa").unit
    'Kultur, arbete och folkhälsa'
    >>> split_owner("SKL, Sveriges kommuner och landsting").name
    'Sveriges kommuner och landsting'
    >>> split_owner("Arbetsmarknadsenheten, Sala kommun").name
    'Sala kommun'
    """
    whole = tidy_name(printed)
    before, person = addressee(whole) if guess else ("", "")
    if person:
        found = split_owner(before, persons)
        rest = "person-as-owner" if found.rule == "person-as-owner" or not before else "person-after-organisation"
        return replace(found, rule=rest, persons=(*found.persons, person))
    people = {name_key(person) for person in persons if person.strip()}
    if name_key(whole) in people or (guess and is_person(whole)):
        return SplitOwner(None, None, (), "person-as-owner", (whole,))
    first, comma, second = (part.strip() for part in whole.partition(","))
    if not comma:
        return _without_comma(whole, " ".join(printed.split()))
    if not first or not second:
        return _named(first or second, "name")
    raw_first = printed.split(",", 1)[0].strip()
    if guess and is_person(first) and (is_person(second) or name_key(first) == name_key(second)):
        return SplitOwner(None, None, (), "person-as-owner", tuple(dict.fromkeys((first, second))))
    if guess and is_person_in_register(first, second):
        return SplitOwner(None, None, (), "person-as-owner", (whole, f"{second} {first}"))
    if name_key(first) in people or (guess and (is_person(first) or is_person_beside_firm(first, second))):
        return SplitOwner(second, None, (second,), "person-before-organisation", (first,))
    if name_key(second) in people or (guess and is_person(second)):
        return SplitOwner(first, None, _distinct(first, raw_first), "person-after-organisation", (second,))
    return _two_halves(first, second, raw_first)


def _two_halves(first: str, second: str, raw_first: str) -> SplitOwner:
    if _is_short_for(first, second):
        return SplitOwner(second, None, _distinct(second, first), "abbreviation-first")
    if _ABBREVIATION.fullmatch(second) and len(first.split()) >= 2 and abbreviates(second, first):
        return SplitOwner(first, None, _distinct(first, raw_first, second), "abbreviation-last")
    if _LEGAL_FORM.fullmatch(second):
        return SplitOwner(f"{first} {second}", None, _distinct(f"{first} {second}", first), "legal-form-after-comma")
    if is_unit(first) and name_key(first) == name_key(second) and not _PUBLIC_BODY.search(first):
        return SplitOwner(None, first, (), "unit-only")
    if _ONE_WORD.fullmatch(first) and _ASSOCIATION.match(second):
        return SplitOwner(second, None, _distinct(second, f"{second} ({first})"), "by-name-first")
    if name_key(first) == name_key(second) and (body := _body_and_unit(first)):
        return replace(body, rule="name-twice")
    if wider := _wider_and_rest(first, second):
        return wider
    if is_variant(first, second):
        name = without_odd_accents(first, second)
        return SplitOwner(name, None, _distinct(name, raw_first, second), "name-twice")
    if is_unit(first) and not is_unit(second) and _PUBLIC_BODY.search(second):
        return SplitOwner(second, first, (second,), "unit-comma-organisation")
    if is_unit(first):
        return SplitOwner(None, f"{first}, {second}", (), "unit-only")
    name, spellings = _unbracketed(first)
    return SplitOwner(name, second, _distinct(name, raw_first, *spellings), "organisation-comma-unit")


def _wider_and_rest(first: str, second: str) -> SplitOwner | None:
    """Part a body from its own office (`Bro, Bro Väst`), or from a wider name (`Bro Öst Ö, Bro`).

    Only a public body is known to be one whole; other bodies share the beginning of a name and are several.
    """
    one, two = name_key(first).split(), name_key(second).split()
    words = second.split()
    if len(words) > len(one) < len(two) and one == two[: len(one)] and (known().named(first) or is_agency(first)):
        rest = " ".join(words[len(first.split()) :]).strip(" -–,")
        if rest and not _ORGANISATION_WORD.search(_LEADING_REGION.sub("", rest)) and not known().named(second):
            return SplitOwner(first, rest[0].upper() + rest[1:], (first,), "organisation-comma-unit")
    if len(two) == 1 and two == one[:1] and len(one) > 2 and not known().named(second):
        return SplitOwner(first, None, (first,), "wider-name-after-comma")
    return None


def is_agency(name: str) -> bool:
    """Return whether a name is that of an agency of the state, which is one body with all its offices.

    >>> is_agency("Arbetsförmedlingen"), is_agency("Kriminalvården"), is_agency("Sala kommun")
    (True, True, False)
    """
    listed = known().named(name)
    return _AGENCY.fullmatch(name) is not None or (listed is not None and (listed.number or "").startswith(_STATE))


def _is_short_for(short: str, name: str) -> bool:
    """Return whether a text shortens a name, as a whole or but for the words with which both end (`IF Metall`)."""
    head, words = short.split(), name.split()
    while len(head) > 1 and len(words) > 1 and head[-1].casefold() == words[-1].casefold():
        head, words = head[:-1], words[:-1]
    if len(head) != 1 or not _ABBREVIATION.fullmatch(head[0]) or not abbreviates(head[0], " ".join(words)):
        return False
    # A single word may begin with any letters; only of a known body is the abbreviation believed.
    return len(name.split()) >= 2 or known().named(name) is not None


def _without_comma(whole: str, raw: str) -> SplitOwner:
    for dash in (" - ", " – ", " — ", "/"):
        first, found, second = (part.strip() for part in whole.partition(dash))
        if not found:
            continue
        if _PUBLIC_BODY.search(second) and not _PUBLIC_BODY.search(first):
            return SplitOwner(second, first, (second,), "unit-dash-organisation")
        if _ABBREVIATION.fullmatch(first) and abbreviates(first, second):
            return SplitOwner(second, None, _distinct(second, first), "abbreviation-first")
        if (
            dash != "/"
            and (known().named(first) or is_agency(first))
            and not known().named(whole)
            and not _ORGANISATION_WORD.search(second)
        ):
            return SplitOwner(first, second, (first,), "organisation-dash-unit")
        if (is_unit(second) and not is_unit(first)) or (_BODY.fullmatch(first) and not _PUBLIC_BODY.search(second)):
            return SplitOwner(first, second, (first,), "organisation-dash-unit")
    if is_unit(whole) and not _BODY_LAST.fullmatch(whole) and not _BODY_FIRST.fullmatch(whole):
        return SplitOwner(None, whole, (), "unit-only")
    return _body_and_unit(whole) or _bracketed(whole, raw)


def _body_and_unit(whole: str) -> SplitOwner | None:
    """Part a municipality from the unit that stands before or after it without any sign between them."""
    if match := _BODY_FIRST.fullmatch(whole):
        may_be_unit = is_unit(match["unit"]) or (match["unit"][0].isupper() and not match["genitive"])
        if may_be_unit and not _ORGANISATION_WORD.search(match["unit"]):
            unit = match["unit"][0].upper() + match["unit"][1:]
            return SplitOwner(match["body"], unit, (match["body"],), "organisation-before-unit")
    match = _BODY_LAST.fullmatch(whole)
    if match and is_unit(match["unit"]):
        return SplitOwner(match["body"], match["unit"], (match["body"],), "unit-before-organisation")
    return None


def _bracketed(whole: str, raw: str) -> SplitOwner:
    name, spellings = _unbracketed(whole)
    if spellings:
        return SplitOwner(name, None, _distinct(name, *spellings), "abbreviation-in-brackets")
    return SplitOwner(whole or None, None, _distinct(whole, raw) if whole else (), "name")


def _unbracketed(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the full name and the abbreviation, whichever of the two stands in brackets."""
    match = _IN_BRACKETS.fullmatch(name)
    if not match:
        return name, ()
    outside, inside = match["name"], match["inside"].strip()
    if _ABBREVIATION.fullmatch(inside) and abbreviates(inside, outside):
        return outside, (inside,)
    if _ABBREVIATION.fullmatch(outside) and abbreviates(outside, inside):
        return inside, (outside,)
    if _BY_NAME.fullmatch(inside) and _ASSOCIATION.match(outside):
        return outside, (name,)
    return name, ()


def is_unit(name: str) -> bool:
    """Return whether a name is that of a unit, and of no organisation.

    >>> is_unit("Barn- och utbildningsförvaltningen"), is_unit("Sala kommun"), is_unit("Kontorsringen AB")
    (True, False, False)
    """
    return bool(_UNIT.search(name)) and not _ORGANISATION_WORD.search(name)


def _named(name: str, rule: str) -> SplitOwner:
    return SplitOwner(name or None, None, (name,) if name else (), rule)


def _distinct(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
