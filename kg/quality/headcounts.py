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
from kg.quality.people import Unit, Who, unit_of
from kg.quality.sentences import COUNT, FOREIGN, PEOPLE, sentences

Scope = Literal["total", "unclear", "part"]

_CUES = re.compile(
    r"\b(?:(?P<purpose>(?:totalt|sammanlagt)\s+(?:handlar|rör)\s+det\s+(?:sig\s+)?om|"
    r"ska|skall|bör|kommer\s+att|syftar|syftet?|mål(?:et|sättning\w*)?|avser|planer\w+|beräkn\w+|"
    r"förvänt\w+|väntas|ämnar|vill|ambition\w*|erbjud(?:a|er|as|s)|omfatta(?:r|s)?|rikta\w*\s+sig|utbilda(?:r|s)?|nås?|"
    r"når|deltar?|ingår|medverka(?:r|s)?|räkna(?:r|s)?\s+med|siktar|tas?\s+emot|plats(?:er)?\s+för|"
    r"stödj?(?:a|er|s)|stötta(?:r|s)?|genomgå\w*|engager(?:a|ar|as)|inkluder(?:a|ar|as)|berörs?|aims?|"
    r"shall|will|goal|target|plan(?:s|ned)|expect(?:s|ed)|to\s+(?:reach|train|support|involve))"
    r"|(?P<other>finns|fanns|hade|var(?!\s+och\s+en)|lever|bor|saknar|saknade|står|stod|utgör|utgjorde|inskrivna|registrerade|har|är|"
    r"deltog|fick|nådde|gav|drev|genomförde\w*|utbildade\w*|tog|tagit|blev|deltagit|omfattade|nått|visar|visade|var\s+av|"
    r"was|were|had|took|reached|live|there\s+are))\b(?!\s+(?:som|till)\s+(?:mål|syfte|ambition|avsikt))",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:enkät\w*|intervju\w*|respondent\w*|survey\w*|interview\w*|"
    r"enligt(?!\s+(?:projekt|ansökan|beslut|plan|mål|vår))|statistik\w*|föregående|avslutade|förra|förprojekt\w*|"
    r"tidigare\s+(?:\w+\s+)?(?:\w*projekt\w*|insats\w*|satsning\w*|etapp\w*|omgång\w*|förstudie\w*)|har\s+(?:\w+\s+)?tidigare|"
    r"tidigare\s+har|(?:ett|nästa|kommande|framtida|eventuellt)\s+(?:\w+\s+)?genomförandeprojekt\w*|"
    r"earlier|previous|according|invånare|inhabitants|befolkning\w*)\b",
    re.IGNORECASE,
)
_EACH = (
    r"(?:år|termin|grupp|omgång|kurs|gång|kommun|skola|ort|tillfälle|kull|utbildning|enhet|delprojekt|"
    r"year|group|course)"
)
_PORTION_AFTER = re.compile(
    rf"[^,.;:()]{{0,40}}?\b(?:(?:per|varje|each|every|a)\s+{_EACH}\w*|vardera|årligen|samtidigt|i\s+taget|åt\s+gången|om\s+året|i\s+månaden|under\s+(?:det\s+)?första\s+året|"
    r"annually|at\s+a\s+time)\b",
    re.IGNORECASE,
)
_PORTION_BEFORE = re.compile(
    rf"\b(?:(?:per|varje)\s+{_EACH}\w*\b|vardera|årligen|samtidigt|(?:första|inledande|andra|tredje)\s+(?:etapp|omgång|grupp|år|fas)\w*|"
    r"inledningsvis|ytterligare|resterande)\b[^.;:]{0,40}\Z|"
    rf"\b(?:{_EACH}(?:ar|er|or|na)?|omgångar|grupper|kurser|skolor)\s+(?:om|med|på|à|of|with)(?:\s+(?:cirka|ca|max|vardera))?\s*\Z",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(r"\b(?:varav|av\s+(?:dem|dessa|vilka)|of\s+whom|hälften)\b[^.;]*\Z", re.IGNORECASE)
_OUTCOME = re.compile(
    r"[^.;:]{0,30}?\b(?:(?:få|fått|får|ha|nå|uppnå|hitta|hittat|find|get)\s+(?:\w+\s+){0,4}?(?:arbete|jobb|anställning|"
    r"sysselsättning|egen|själv\w+|praktik|betyg|examen|(?<!supported\s)employment|work|jobs?)|(?:gå|gått|går|vara|komma|kommit|börja|"
    r"påbörja\w*|be)\s+(?:\w+\s+){0,4}?(?:arbet\w+|jobb|anställ\w+|studera|studier|utbildning|sysselsättning|själv\w+|"
    r"praktik|employed|work|studies))\b",
    re.IGNORECASE,
)
_TOTAL_BEFORE = re.compile(
    r"\b(?:totalt|sammanlagt|sammantaget|tillsammans|alltså|det\s+vill\s+säga|vilket\s+ger|projekt(?:et)?s|omfattar|in\s+total|altogether|the\s+project's)"
    r"(?:\s+(?:ska|är|cirka|kommer|att|deltar|nås|det|handlar|rör|sig|om))*\s*\Z",
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
_DEFINITE = re.compile(r"\b(?:de|alla|samtliga|våra|all|the|of|av(?:\s+\w+){0,2}s)\s+\Z", re.IGNORECASE)
_RECEIVES = re.compile(
    r"[^,.;]{0,25}?\b(?:får|ges|bereds|utbildas|coachas|skrivs\s+in|tas\s+emot|receives?)\b", re.IGNORECASE
)
"""What the project does for people, in the verb after their number; before it, the verb tells of others as well."""
_ALONE = re.compile(r"\s*(?:[.,;)]|\Z|(?:st|stycken|under|i\s+projektet|varav|fördelat)\b)", re.IGNORECASE)
"""What follows a total that leaves out whom it counts: "50 kvinnor per år, totalt 150"."""
_CLAUSE_END = re.compile(r"[;.]|,\s+(?:och|men|som|vilket|varav)\s")
_WHO = re.compile(r"\s+(?:som|vilka|who|that)\b", re.IGNORECASE)
_GOAL = re.compile(r"\b(?:mål\w*|syfte\w*|ambition\w*|plan(?:en)?|tanken|goal|aim)\b[^,;]{0,40}\Z", re.IGNORECASE)
_OF_WHOM_CLAUSE = re.compile(
    r"(?:\s+\w+){0,3},?\s+(?:varav|av\s+(?:vilka|dem|dessa)|of\s+whom)\s[^,.;]*(?:,|(?=[.;]|\Z))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of people that a project plans for: of whom, whether of all of them, the word, and the sentence."""

    quantity: Quantity
    who: Who
    scope: Scope
    noun: str
    quote: str

    @property
    def strong(self) -> bool:
        """Whether the text calls them participants."""
        return self.who == "participants"


def headcounts(text: str) -> tuple[Headcount, ...]:
    """Return the numbers of people that a description plans for, in the order of the text.

    >>> [(each.quantity.value, each.scope) for each in headcounts("Vi ska nå 150 unga. I länet finns 900 arbetslösa.")]
    [(150, 'unclear')]
    """
    marked = (each for each in sentences(text) if each.kinds & COUNT and each.kinds & PEOPLE)
    quotes = ((text[each.start : each.end], each.kinds) for each in marked)
    return tuple(found for quote, kinds in quotes for found in _in_sentence(quote, kinds))


def _in_sentence(quote: str, kinds: int) -> Iterator[Headcount]:
    if kinds & FOREIGN and _FOREIGN.search(quote):
        return
    found = _counted(quote)
    if not found or any(mention.relation == "continues" for mention in mentions(quote)):
        return
    for quantity, unit in found:
        end = max(quantity.end, unit.end)
        if _is_planned(quote, quantity.start, end, strong=unit.who == "participants"):
            yield Headcount(quantity, unit.who, _scope(quote, quantity.start, end), unit.noun, quote)


def _counted(quote: str) -> list[tuple[Quantity, Unit]]:
    """Return the numbers of a sentence that count people, with the word for them."""
    found: list[tuple[Quantity, Unit]] = []
    for quantity in quantities(quote):
        unit = unit_of(quote, quantity.start, quantity.end)
        if not unit and found and _ALONE.match(quote, quantity.end) and _TOTAL_BEFORE.search(quote, 0, quantity.start):
            unit = found[-1][1]
        if unit:
            found.append((quantity, unit))
    return found


def _is_planned(quote: str, start: int, end: int, *, strong: bool) -> bool:
    """Return whether the verbs around a number say that the project plans for these people."""
    if _DEFINITE.search(quote, max(0, start - 40), start) and not strong:
        return False
    if _SIZE.search(quote, max(0, start - 50), start) and _EMPLOYED.search(quote, start, end):
        return False
    of_whom = _OF_WHOM_CLAUSE.match(quote, end)
    clause = _CLAUSE_END.split(quote[of_whom.end() if of_whom else end :], maxsplit=1)[0]
    after = _CUES.search(clause)
    # "Unga som står långt från arbete": the verb tells who they are.
    told = after and after["other"] and after.start() < 40 and not _WHO.match(clause)
    if after and told and not after[0].casefold().startswith("har"):
        return False
    if (after and after["purpose"] and after.start() < 60) or _RECEIVES.match(clause):
        return True
    before = [match.lastgroup for match in _CUES.finditer(quote, 0, start)]
    if not before:
        return strong and not (after and after["other"])
    # "Målet är att": the verb after the goal belongs to the goal.
    return (
        before[-1] == "purpose" or (strong and "purpose" in before) or (before[-1] == "other" and _goal(quote[:start]))
    )


def _goal(before: str) -> bool:
    return bool(_GOAL.search(before))


def _scope(quote: str, start: int, end: int) -> Scope:
    before, after = quote[:start], quote[end:]
    if _TOTAL_BEFORE.search(before):
        return "total"
    if _PORTION_BEFORE.search(before) or _PORTION_AFTER.match(after):
        return "part"
    if _TOTAL_AFTER.match(after):
        return "total"
    if _OF_WHOM.search(before) or _OUTCOME.match(after):
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
    if not planned:
        return _best([count for count in usable if count.strong or count.scope == "total"])
    if any(_agrees(number, usable) for number in planned):
        return None
    most = max(planned)
    larger = [
        count
        for count in counts
        if count.quantity.low > most and (count.strong if count.scope == "part" else _credible(count, most))
    ]
    if larger:
        return _best(larger)
    whole = [count for count in usable if count.scope == "total" or (count.strong and len(usable) == 1)]
    people = [count for count in whole if count.who != "staff"]
    return _best(people or ([] if any(count.who != "staff" for count in counts) else whole))


def _agrees(planned: int, counts: Sequence[Headcount]) -> bool:
    if any(count.quantity.allows(planned) for count in counts):
        return True
    staff = [count for count in counts if count.who == "staff"]
    groups = [counts, staff, [count for count in counts if count.who != "staff"]]
    # Women and men of one sentence make a whole that the text need not spell out.
    groups += [[count for count in counts if count.quote == quote] for quote in {count.quote for count in counts}]
    return any(_sum_allows(planned, group) for group in groups if group)


def _sum_allows(planned: int, counts: Sequence[Headcount]) -> bool:
    low = sum(count.quantity.low or count.quantity.value for count in counts)
    open_ended = any(count.quantity.high is None for count in counts)
    return low <= planned and (open_ended or planned <= sum(count.quantity.high or 0 for count in counts))


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
