"""What a text proves about the owner of its project: who is said to own it, and other forms of the owner's name."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.owners.known import known
from kg.owners.names import abbreviates, name_key, tidy_name, words_of

_WORD = r"[A-ZÅÄÖÉ][\w&'’+-]*"
_LOWER = (
    r"(?:kommun|stad|län|läns|landsting|universitet|högskola|folkhögskola|pastorat|församling|förening|ideell|ideella|"
    r"ekonomisk|samordningsförbund|kommunförbund|kommunalförbund|stiftelse|gymnasium|studieförbund|länsförbund)"
)
_LINK = r"(?:i|och|för|av|på|&|till|vid|de)"
PHRASE = rf"{_WORD}(?:\s+(?:{_LINK}\s+){{0,2}}(?:{_WORD}|{_LOWER}(?![\w-])))*"
"""A name of an organisation as texts write it: capitalised words, with the small words that names hold."""
_OWNS = (
    r"\s+(?:äger(?:\s+och\s+driver)?\s+(?:projektet|insatsen|förstudien)|är\s+(?:projektägare|projektets\s+ägare)"
    r"|står\s+som\s+(?:projekt)?ägare)"
)
_OWNER_IS = r"(?:[Pp]rojektägare(?:n)?|[Ää]gare\s+(?:av|till)\s+projektet)\s*(?:är|blir|:)\s+"
_OWNED_BY = r"(?:[Pp]rojektet|[Ff]örstudien|[Ii]nsatsen)\s+ägs\s+av\s+"
_OWNERSHIP = re.compile(rf"(?P<a>{PHRASE}){_OWNS}|{_OWNER_IS}(?P<b>{PHRASE})|{_OWNED_BY}(?P<c>{PHRASE})")
# The pattern above tries names at every capital, which took a third of the time of reading a page. Every form of a
# statement holds one of these words and one of these turns of phrase, most texts hold none.
_OWNERSHIP_SIGNS = ("äger", "ägare", "Ägare", "ägs")
_OWNERSHIP_TURN = re.compile(rf"{_OWNS}|{_OWNER_IS}|{_OWNED_BY}")
_BRACKETED = re.compile(r"\([A-ZÅÄÖ]{2,6}\)")
_ORGANISATION_WORD = re.compile(
    r"(?:kommuns?|stad|region|regionen|ab|aktiebolag|förening|föreningen|förbund|förbundet|stiftelse|stiftelsen|"
    r"universitet|universitetet|högskola|högskolan|folkhögskola|landsting|landstinget|länsstyrelsen|myndigheten|"
    r"verket|kyrkan|församling|pastorat|förmedlingen|kassan|akademi|akademin|rådet|institutet|bolaget)$"
)
_LAST_WORDS = re.compile(r"\b(?:län|kommuner|sverige|sweden|svb|i \w{4,}|[12]\d{3})$", re.IGNORECASE)
_MENTIONED_BODY = re.compile(r"[A-ZÅÄÖ][\w-]*(?: [A-ZÅÄÖ][\w-]*)? (?:kommun|[Ss]tad)(?=s?\b)")
_CONTINUES = re.compile(rf"(?:\s+(?:{_LINK}\s+){{0,2}}(?:{_WORD}|{_LOWER}(?![\w-])))*")


def stated_owner(text: str) -> str:
    """Return the organisation that a text states as the owner of its project; empty where it states none or several.

    >>> stated_owner("Målen är höga. Samordningsförbundet RAR Sörmland äger projektet.")
    'Samordningsförbundet RAR Sörmland'
    """
    if not any(sign in text for sign in _OWNERSHIP_SIGNS) or not _OWNERSHIP_TURN.search(text):
        return ""
    found = {tidy_name(match["a"] or match["b"] or match["c"]) for match in _OWNERSHIP.finditer(text)}
    named = {name_key(each): each for each in found if len(each) > 3}
    return next(iter(named.values())) if len(named) == 1 else ""


def other_names(name: str, text: str) -> tuple[str, ...]:
    """Return other forms of an owner's name that the text proves: a bracketed abbreviation, a name said to own it.

    >>> other_names("Myndigheten för ungdomsfrågor", "Myndigheten för ungdomsfrågor (MUF) leder arbetet.")
    ('MUF',)
    """
    if not text:
        return ()
    found: list[str] = []
    if _BRACKETED.search(text):
        for match in re.finditer(rf"{_spaced(name)}s?\s*\(([A-ZÅÄÖ]{{2,6}})\)", text, re.IGNORECASE):
            if match[1].isupper() and abbreviates(match[1], name):
                found.append(match[1])
    stated = stated_owner(text)
    if stated and _one_in_other(stated, name):
        found.append(stated)
    return tuple(found)


def _one_in_other(one: str, other: str) -> bool:
    """Return whether the words of one name, the small ones aside, all stand in the other, at least two of them."""
    first, second = (_content(name) for name in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= 2 and shorter <= longer


def _content(name: str) -> set[str]:
    return {word.removesuffix("s") for word in words_of(name) if word not in _SMALL}


_SMALL = frozenset("i och för av på till vid de den det".split())


def completed(name: str, text: str) -> str:
    """Return a cut name as the text has it whole; the name itself where the text has just that; empty where neither.

    >>> completed("FÖRBUNDET FÖR VÄLFÄRD I SÖDRA ROS", "Här är Förbundet för välfärd i södra Roslagen med.")
    'Förbundet för välfärd i södra Roslagen'
    """
    match = re.search(rf"(?<!\w){_spaced(name)}[\w-]*", text, re.IGNORECASE) if name else None
    if not match:
        return ""
    rest = _CONTINUES.match(text, match.end())
    return tidy_name(text[match.start() : rest.end() if rest else match.end()])


def ends_like_a_name(name: str) -> bool:
    """Return whether the last word is one with which names of organisations end, so that nothing need be missing."""
    words = words_of(name)
    return bool(words) and (
        bool(_ORGANISATION_WORD.search(words[-1]) or _LAST_WORDS.search(name.casefold())) or words[-1] in known().places
    )


def has_organisation_word(name: str) -> bool:
    """Return whether a name holds a word that only organisations have.

    >>> has_organisation_word("Akademi Norr"), has_organisation_word("Vägen till arbete")
    (True, False)
    """
    return any(_ORGANISATION_WORD.search(word) for word in words_of(name))


def body_of_unit(unit: str, text: str, municipality: str) -> str:
    """Return the municipality to which a unit belongs, where the text joins the two or two witnesses agree.

    The text joins them as `Arbetsmarknadsenheten i Sala kommun` or `Sala kommuns arbetsmarknadsenhet`; the two
    witnesses are the only municipality that the text names and the one where the postcode lies.

    >>> body_of_unit("Arbetsmarknadsenheten", "Sala kommuns arbetsmarknadsenhet söker stöd.", "")
    'Sala kommun'
    """
    stem = re.sub(r"(?:en|et)$", "", unit.partition(",")[0].strip())
    named = {name_key(match[0]): match[0] for match in _MENTIONED_BODY.finditer(text)}
    bodies = {key: _tail(found) for key, found in named.items()}
    for found in bodies.values():
        body, inflected = _spaced(found), rf"{_spaced(stem)}(?:en|et)?"
        joined = rf"{body}s\s+{inflected}|{inflected},?\s+(?:(?:i|vid|på|inom)\s+)?{body}"
        if re.search(joined, text, re.IGNORECASE):
            return found
    only = {name_key(found) for found in bodies.values()}
    return next(iter(bodies.values())) if municipality and only == {name_key(municipality)} else ""


def _tail(found: str) -> str:
    """Drop a capitalised word before the municipality that is not part of its name (`Projektet Sala kommun`)."""
    whole = known().named(found)
    shorter = found.split(" ", 1)[1]
    return found if whole or not known().named(shorter) else shorter


@lru_cache(maxsize=4096)
def _spaced(name: str) -> str:
    """Return a pattern of the name that allows any white space between its words."""
    return r"\s+".join(re.escape(word) for word in name.split())
