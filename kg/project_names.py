"""Reads names and diary numbers of projects where a sentence has them, and tells names of other things from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import ontology
from kg.owners.known import known
from kg.relation_signs import signs

WORD = r"[A-ZÅÄÖ#][\w&'’#.-]*\w\+?"
NUMBER = r"\d{2}-\d{3}-S\d{1,4}|\d{4}/\d{5}|\d{4}-\d{7}"
# Where a name, quoted or not, or a number may begin.
NAME_START = rf"[\"'”“‘’»]?[A-ZÅÄÖ#]|(?:{NUMBER})"

_QUOTED = r"[\"'”“‘’»]#?(?P<quoted>[^\"'”“‘’«»\n]{2,60})[\"'”“‘’«]"
_LESS = (
    r"som|och|ska|med|under|att|vars|har|är|var|där|inom|samma|hela|samverkan|samarbete|syfte|länet|till|för|från|av|hos|vid"
    r"|genom|utan|kring|om|sina|sin|sitt|dem|den|det|de|ett|en|men|eller"
)


class Item(NamedTuple):
    """A name or number: its place in the sentence, and whether it is `quoted`, a bare `name` or a `number`."""

    start: int
    end: int
    kind: str


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of an item, and the pattern of one in a list, where "och" is between items."""
    past = "|".join(signs().past_verbs)
    # A name goes on over small words only where a word of its own follows ("Bron i Skåne"), or up to where the sentence
    # or its clause clearly goes on ("Unga på väg", "Grön ingång som"); a small word that looks like a verb ends it.
    no_verb = rf"(?!(?:{past})\b)[a-zåäö]+(?<!r)(?<!ade)(?<!dde)(?<!rde)(?<!tte)(?<!s)"
    # After "Nya" and "Unga" stands what looks like a verb and is the plural of a noun.
    no_verb = rf"(?:{no_verb}|(?<=[a-zåäö]a )[a-zåäö]+[aoe]r)"
    small = rf"(?:(?:på|mot|till|för|i|med) )?(?!(?:{_LESS}|[a-zåäö]+(?:ningen|nerna|skapet))\b){no_verb}"
    ends = (
        r"(?=[,.;:)!?]|$| \(| (?:som|och|är|har|ska|kan|där|i|med|under|vars|mellan|samt|kommer|vill"
        rf"|{past}|[a-zåäö]+(?:ar|er|ir|ade|dde|rde|rte|tte|des|ades|ts|as))\b)"
    )

    # In a list a name may also be a small sentence: "Järva möter Unga och Bron".
    told = rf"{WORD}(?: (?!(?:{_LESS}|{past})\b)[a-zåäö]+){{1,2}} {WORD}(?=,? (?:och|samt) [A-ZÅÄÖ]|, [A-ZÅÄÖ])|"

    def pattern(joined: str, first: str = "") -> re.Pattern[str]:
        name = (
            rf"(?P<name>{first}{WORD}(?:[ -](?:{WORD}|(?:{joined}) {WORD}|\d[\d.]*(?<!\.)\+?|[IVX]+(?!\w)))*"
            rf"(?: {small}(?: {small}){{0,2}}?(?: (?:i|på) (?:{WORD}|norr|söder|väst|öst))?{ends})?)"
        )
        return re.compile(rf"(?:(?P<number>{NUMBER})|{_QUOTED}|{name})")

    return pattern("i|på|för|till|mot|av|om|över|utan|och"), pattern("i|på|för|till|mot|av|om|över|utan", told)


def item(quote: str, start: int, *, listed: bool) -> Item | None:
    """Return the item that begins at a place; in a list "och" parts items, elsewhere it may belong to a name."""
    match = _patterns()[listed].match(quote, start)
    if not match:
        return None
    kind = match.lastgroup or ""
    return Item(*match.span(kind), kind)


# How names of organisations begin and end.
_ORGANISATION = re.compile(
    r"^(?:Region|Länsstyrelsen?|Högskolan?|Samordningsförbundet|Kommunförbundet|Stiftelsen|Föreningen|Myndigheten"
    r"|Institutet|Statens|Universitetet|Svenska|Sveriges|Studieförbundet) "
    r"|\b(?:[Kk]ommuner(?:na)?|[Kk]ommun|[Ss]tad|\w*[Uu]niversitet\w*|\w*högskola|University|AB|HB|[Ll]än)$"
)
_LIKE_ORGANISATION = re.compile(
    r"(?:skolan?|konsthall|museum|museet|bibliotek|sjukhus|centrum|förbund(?:et)?|förening(?:en)?|myndighet(?:en)?|verket|styrelsen|nämnden|kansliet|departementet|kyrkan|regionen|kommunen|landstinget|länet)s?$"
    r"|^\w+s [a-zåäö]+$"
)
_SIDES = frozenset("norra södra östra västra inre yttre mellersta i och hela".split())


def may_be_one(name: str, *, called: bool, led: bool = False) -> bool:
    """Return whether a name may be that of a project.

    `called` ones are called so, though a place or a method is called the same; to `led` ones words lead that lead to
    projects only.

    >>> may_be_one("Bron", called=False), may_be_one("Malmö", called=False), may_be_one("Region Skåne", called=True)
    (True, False, False)
    """
    folded = name.casefold()
    plain = folded.removesuffix("s")
    if is_organisation(name) or not {folded, plain}.isdisjoint(signs().no_projects):
        return False
    if called:
        return True
    words = [word for word in folded.replace("-", " ").split() if not word.isdigit()]
    if not words or words[0] in signs().no_projects or _LIKE_ORGANISATION.search(name):
        return False
    if {folded, plain} & _methods() or all(map(_of_place, words)):
        return False
    return led or not (_is_done_elsewhere(name) or _of_method(folded, words))


def _is_done_elsewhere(name: str) -> bool:
    """Return whether a name is one of what is done somewhere: "Men's Table i Australien", "Borås med gott resultat"."""
    first, _, rest = name.partition(" ")
    _, inside, place = name.rpartition(" i ")
    where = place.casefold()
    return (_of_place(first.casefold()) and rest.islower()) or (
        bool(inside) and (_of_place(where) or where in signs().no_projects)
    )


def _of_method(folded: str, words: Sequence[str]) -> bool:
    """Return whether a name is one of a method by its ending, or goes on from that of a method: "FACT-team"."""
    return any(word.endswith(signs().like_methods) for word in words) or _beginning(folded) in _methods()


def _beginning(folded: str) -> str:
    """Return a name up to where a longer name of a method may go on: its first hyphen, or what is a method's name."""
    whole, parts = folded.split("-", 1)[0], folded.split()
    return next((begun for end in range(len(parts), 0, -1) if (begun := " ".join(parts[:end])) in _methods()), whole)


def is_organisation(name: str) -> bool:
    """Return whether a name is that of a known organisation, or one by its words; a genitive is as good.

    >>> is_organisation("Skolverkets"), is_organisation("Region Norr"), is_organisation("Bron")
    (True, True, False)
    """
    named = known().named
    return bool(_ORGANISATION.search(name) or named(name) or named(name.removesuffix("s")))


def _of_place(word: str) -> bool:
    return word in known().places or word.removesuffix("s") in known().places or word in _SIDES


@lru_cache(maxsize=1)
def _methods() -> frozenset[str]:
    methods = ontology.load().concepts("methods")
    return frozenset(spelling.casefold() for method in methods for spelling in method.spellings())


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return signs().like_projects


def looks_like_one(name: str) -> bool:
    """Return whether a bare name looks like a project's: of several words, or by its letters.

    >>> [looks_like_one(name) for name in ("Ung Kompass", "Bron 2", "Jobblyftet", "Fryshuset")]
    [True, True, True, False]
    """
    parts = name.split(" och ")
    if len(parts) > 1 and all(part[:1].isupper() for part in parts):
        return all(map(looks_like_one, parts))
    inner = any(char.isupper() for char in name[1:]) and not name.isupper()
    return " " in name or inner or any(char.isdigit() for char in name) or name.casefold().endswith(_endings())
