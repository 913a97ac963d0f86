"""Finds in a description how many people a project means to reach or train, and leaves other people's numbers alone.

Most numbers of people in a description are not the project's own: they tell how many are unemployed in the county,
how many took part in an earlier project, how many answered a survey, or how many of the participants should find work.
So a number counts only where the words that govern it say that the project plans for these people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.mentions import mentions
from kg.quality.numbers import Quantity, quantities
from kg.quality.sentences import sentences_with

Who = Literal["participants", "staff"]
Scope = Literal["total", "unclear", "part"]

_PARTICIPANT = "deltagare|deltagarna|deltagarnas|participants?|projektdeltagare"
_PEOPLE = (
    r"personer(?:na)?|individer(?:na)?|människor|ungdomar(?:na)?|unga|kvinnor|män|tjejer|killar|pojkar|flickor|barn|"
    r"elever|studenter|studerande|vuxna|klienter|brukare|invandrare|flyktingar|migranter|ukrainare|ukrainska|romer|"
    r"föräldrar|seniorer|varslade|permitterade|nyanlända|praktikanter|målgruppsdeltagare|entreprenörer|företagare|"
    r"\w*(?:bistånds|bidrags|försörjnings)tagare|\w*(?:arbets|asyl)sökande|\w*arbetslösa|\w*sjukskrivna|\w*födda|"
    r"people|persons|individuals|women|men|youths?|youngsters|students|pupils|job-?seekers|unemployed|migrants|refugees"
)
_STAFF = (
    r"(?!projekt)\w*(?:medarbetare|anställda|personal)(?:n|na|en)?|(?!projekt)\w*ledare|\w*chefer|\w*lärare|pedagoger|"
    r"yrkesverksamma|tjänstepersoner|tjänstemän|\w*handläggare|coacher|konsulenter|nyckelpersoner|arbetstagare|"
    r"\w*sköterskor|vårdbiträden|rektorer|\w*vägledare|socialsekreterare|"
    r"employees|staff|workers|managers|teachers|professionals|caseworkers"
)
_UNIT = re.compile(rf"\b(?:(?P<strong>{_PARTICIPANT})|(?P<staff>{_STAFF})|(?P<people>{_PEOPLE}))\b", re.IGNORECASE)
_NO_MODIFIER = (
    r"i|på|av|till|för|med|som|ska|skall|att|har|är|under|från|vid|hos|om|kommuner|företag|organisationer|platser|"
    r"skolor|förskolor|arbetsplatser|projekt|delprojekt|gånger|in|of|on|for|with|who|that|are|have|at|från|varav|vilka"
)
_MODIFIERS = rf"(?:\s+(?!(?:{_NO_MODIFIER})\b)[a-zåäöéü][\w-]*,?){{0,3}}?\s+"
_AFTER_NUMBER = re.compile(rf"{_MODIFIERS}(?={_UNIT.pattern})", re.IGNORECASE)
_BEFORE_NUMBER = re.compile(rf"{_UNIT.pattern}(?:\s*[(:]\s*|\s+(?:är|blir|beräknas till|uppgår till|is)\s+)\Z", re.I)

_CUES = re.compile(
    r"\b(?:(?P<purpose>ska|skall|bör|kommer\s+att|syftar|syftet?|mål(?:et|sättning\w*)?|avser|planer\w+|beräkn\w+|"
    r"förvänt\w+|väntas|ämnar|vill|ambition\w*|erbjud(?:a|er|as|s)|omfatta(?:r|s)?|rikta\w*\s+sig|utbilda(?:r|s)?|nås?|"
    r"når|deltar?|stödj?(?:a|er|s)|stötta(?:r|s)?|genomgå\w*|engager(?:a|ar|as)|inkluder(?:a|ar|as)|berörs?|aims?|"
    r"shall|will|goal|target|plan(?:s|ned)|expect(?:s|ed)|to\s+(?:reach|train|support|involve))"
    r"|(?P<other>finns|fanns|hade|var|lever|bor|saknar|saknade|står|stod|utgör|utgjorde|inskrivna|registrerade|har|är|"
    r"deltog|fick|nådde|gav|drev|genomförde\w*|utbildade\w*|tog|tagit|blev|deltagit|omfattade|nått|visar|visade|var\s+av|"
    r"was|were|had|took|reached|live|there\s+are))\b(?!\s+(?:som|till)\s+(?:mål|syfte|ambition|avsikt))",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:enkät\w*|intervju\w*|respondent\w*|survey\w*|interview\w*|enligt|statistik\w*|tidigare|föregående|avslutade|"
    r"förra|förprojekt\w*|earlier|previous|according|invånare|inhabitants|befolkning\w*)\b",
    re.IGNORECASE,
)
_PORTION = re.compile(
    r"\b(?:per|vardera|varje|årligen|samtidigt|each|annually)\b|\bi\s+taget\b|\båt\s+gången\b", re.IGNORECASE
)
_OF_WHOM = re.compile(r"\b(?:varav|av\s+(?:dem|dessa|vilka)|of\s+whom|hälften)\b[^.;]*\Z", re.IGNORECASE)
_OUTCOME = re.compile(
    r"[^.;:]{0,30}?\b(?:(?:få|fått|får|ha|nå|uppnå|hitta|hittat|find|get)\s+(?:\w+\s+){0,4}?(?:arbete|jobb|anställning|"
    r"sysselsättning|egen|själv\w+|praktik|betyg|examen|employment|work|jobs?)|(?:gå|gått|går|vara|komma|kommit|börja|"
    r"påbörja\w*|be)\s+(?:\w+\s+){0,4}?(?:arbet\w+|jobb|anställ\w+|studera|studier|utbildning|sysselsättning|själv\w+|"
    r"praktik|employed|work|studies))\b",
    re.IGNORECASE,
)
_TOTAL_BEFORE = re.compile(
    r"\b(?:totalt|sammanlagt|sammantaget|projekt(?:et)?s|omfattar|in\s+total|altogether|the\s+project's)"
    r"(?:\s+(?:ska|är|cirka|kommer|att|deltar|nås|det))*\s*\Z",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(
    r"(?:\s+(?:i|inom|in)\s+(?:projektet|the\s+project)|\s+(?:totalt|sammanlagt|in\s+total)|\s+(?:beräknas|deltar|nås)\b)",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:med|with)\s+\Z|\b(?:företag|arbetsplats|organisation|bolag|verksamhet|arbetsgivar|compan|firm|business)\w*\b"
    r"[^,.;]{0,25}\Z",
    re.IGNORECASE,
)
"""What stands before the number of employees that a company has."""
_EMPLOYED = re.compile(r"anställda|medarbetare|employees|staff", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:de|alla|samtliga|våra|all|the|of)\s+\Z", re.IGNORECASE)
_SIGN = re.compile(
    r"\d|hundra|t(?:usen|jugo|rettio)|f(?:yr|em)tio|s(?:ex|jut)tio|åttio|nittio"
    r"|\b(?:t(?:vå|re|io)|f(?:yra|em)|s(?:ex|ju)|åtta|nio)\b"
)
"""What a sentence in small letters with a number of people holds: many times faster than letters of either size."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of people that a project plans for: of whom, of the whole or a part of it, and the sentence.

    `strong` tells that the text calls them participants; `noun` is the word that it uses.
    """

    quantity: Quantity
    who: Who
    scope: Scope
    strong: bool
    noun: str
    quote: str


def headcounts(text: str) -> tuple[Headcount, ...]:
    """Return the numbers of people that a description plans for, in the order of the text.

    >>> [(each.quantity.value, each.scope) for each in headcounts("Vi ska nå 150 unga. I länet finns 900 arbetslösa.")]
    [(150, 'unclear')]
    """
    return tuple(found for quote in sentences_with(_SIGN, text) for found in _in_sentence(quote))


def _in_sentence(quote: str) -> Iterator[Headcount]:
    if _FOREIGN.search(quote):
        return
    found = [(quantity, unit) for quantity in quantities(quote) if (unit := _unit(quote, quantity))]
    if not found or any(mention.relation == "continues" for mention in mentions(quote)):
        return
    for quantity, unit in found:
        end = max(quantity.end, unit.end())
        if _is_planned(quote, quantity.start, end, strong=bool(unit["strong"])):
            who: Who = "staff" if unit["staff"] else "participants"
            scope = _scope(quote, quantity.start, end)
            yield Headcount(quantity, who, scope, bool(unit["strong"]), unit[0].casefold(), quote)


def _unit(quote: str, quantity: Quantity) -> re.Match[str] | None:
    """Return the word for the people that a number counts."""
    after = _AFTER_NUMBER.match(quote, quantity.end)
    if after:
        return _UNIT.match(quote, after.end())
    before = _BEFORE_NUMBER.search(quote, max(0, quantity.start - 60), quantity.start)
    return _UNIT.match(quote, before.start()) if before else None


def _is_planned(quote: str, start: int, end: int, *, strong: bool) -> bool:
    """Return whether the verbs around a number say that the project plans for these people."""
    if _DEFINITE.search(quote, max(0, start - 10), start) and not strong:
        return False
    if _SIZE.search(quote, max(0, start - 50), start) and _EMPLOYED.search(quote, start, end):
        return False
    clause = re.split(r"[;.]|,\s+(?:och|men|som|vilket|varav)\s", quote[end:], maxsplit=1)[0]
    after = _CUES.search(clause)
    if after and after["other"] and after.start() < 40 and not after[0].casefold().startswith("har"):
        return False
    if after and after["purpose"] and after.start() < 60:
        return True
    before = [match.lastgroup for match in _CUES.finditer(quote, 0, start)]
    if not before:
        return strong and not (after and after["other"])
    # "Målet är att": the verb after the goal belongs to the goal.
    return (
        before[-1] == "purpose" or (strong and "purpose" in before) or (before[-1] == "other" and _goal(quote[:start]))
    )


def _goal(before: str) -> bool:
    return bool(re.search(r"\b(?:mål\w*|syfte\w*|ambition\w*|goal|aim)\b[^,;]{0,40}\Z", before, re.IGNORECASE))


def _scope(quote: str, start: int, end: int) -> Scope:
    before, after = quote[:start], quote[end:]
    if _TOTAL_BEFORE.search(before) or _TOTAL_AFTER.match(after):
        return "total"
    if _PORTION.search(quote) or _OF_WHOM.search(before) or _OUTCOME.match(after):
        return "part"
    # Numbers in brackets after a number divide it.
    return "part" if re.search(r"\d[^()]*\([^()]*\Z", before) else "unclear"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A number in a text that is not the planned one; `sure` tells that it stands for the whole project."""

    count: Headcount
    sure: bool


def disagreement(planned: Sequence[int], counts: Sequence[Headcount]) -> Disagreement | None:
    """Return the number in the text that contradicts the planned ones, if there is one; None planned asks for any.

    A number agrees by itself or as a sum with others. A part may be smaller than the whole and never larger, so that a
    smaller number counts only where the text says that it is the whole.
    """
    usable = [count for count in counts if count.scope != "part"]
    if not usable:
        return None
    if not planned:
        return _best([count for count in usable if count.strong or count.scope == "total"])
    if any(_agrees(number, usable) for number in planned):
        return None
    most = max(planned)
    larger = [count for count in usable if count.quantity.low > most and _credible(count, most)]
    if larger:
        return _best(larger)
    whole = [count for count in usable if count.scope == "total" or (count.strong and len(usable) == 1)]
    people = [count for count in whole if count.who == "participants"]
    return _best(people or ([] if any(count.who == "participants" for count in counts) else whole))


def _agrees(planned: int, counts: Sequence[Headcount]) -> bool:
    if any(count.quantity.allows(planned) for count in counts):
        return True
    groups = [counts, *([count for count in counts if count.who == who] for who in ("participants", "staff"))]
    sums = {sum(count.quantity.value for count in group) for group in groups if group}
    # Women and men of one sentence make a whole that the text need not spell out.
    for quote in {count.quote for count in counts}:
        sums.add(sum(count.quantity.value for count in counts if count.quote == quote))
    return planned in sums


def _credible(count: Headcount, planned: int) -> bool:
    """Return whether a number that is larger than planned can be the project's at all, and is no population."""
    if count.strong or count.scope == "total":
        return True
    return planned > 0 and count.quantity.value <= 20 * planned


def _best(counts: Sequence[Headcount]) -> Disagreement | None:
    if not counts:
        return None
    ordered = sorted(counts, key=lambda count: (count.scope == "total", count.strong, count.quantity.value))
    return Disagreement(ordered[-1], ordered[-1].scope == "total" or ordered[-1].strong)
