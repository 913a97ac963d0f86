"""Printed codes and names to the concepts of the ontology: regions, funds, programmes and countries.

Also tells what a page leaves unsaid but its diary number or period proves: the programme, and with it the fund.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from kg.ontology import Concept, Ontology
from kg.values import ValueProblem
from kg.vocabulary import slug

_MOST_KEPT = 20_000
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
_COUNTRY_TABLE = """
ALA AX sv Åland|Åland Islands
AUT AT de Österrike|Austria|Österreich
BEL BE - Belgien|Belgium|België|Belgique
BGR BG bg Bulgarien|Bulgaria|България
CYP CY el Cypern|Cyprus|Κύπρος
CZE CZ cs Tjeckien|Czechia|Czech Republic|Česko|Česká republika
DEU DE de Tyskland|Germany|Deutschland
DNK DK da Danmark|Denmark
ESP ES es Spanien|Spain|España
EST EE et Estland|Estonia|Eesti
FIN FI fi Finland|Suomi
FRA FR fr Frankrike|France
GBR GB en Storbritannien|United Kingdom|UK
GRC GR el Grekland|Greece|EL|Ελλάδα
HRV HR hr Kroatien|Croatia|Hrvatska
HUN HU hu Ungern|Hungary|Magyarország
IRL IE en Irland|Ireland|Éire
ITA IT it Italien|Italy|Italia
LTU LT lt Litauen|Lithuania|Lietuva
LUX LU fr Luxemburg|Luxembourg
LVA LV lv Lettland|Latvia|Latvija
MLT MT en Malta
NLD NL nl Nederländerna|Netherlands|The Netherlands|Nederland
NOR NO no Norge|Norway
POL PL pl Polen|Poland|Polska
PRT PT pt Portugal
ROU RO ro Rumänien|Romania|România
SVK SK sk Slovakien|Slovakia|Slovensko
SVN SI sl Slovenien|Slovenia|Slovenija
SWE SE sv Sverige|Sweden
"""
"""Code of the Publications Office, ISO 3166 code of two letters, language of the programme (``-``: several), names."""


def _country_rows() -> list[tuple[str, str, str, list[str]]]:
    rows = (line.split(" ", 3) for line in _COUNTRY_TABLE.strip().splitlines())
    return [(code, short, language, names.split("|")) for code, short, language, names in rows]


_COUNTRIES = {
    spelling.casefold(): code for code, short, _, names in _country_rows() for spelling in (code, short, *names)
}
_LANGUAGES = {code: "und" if language == "-" else language for code, _, language, _ in _country_rows()}

CODE_SCHEMES = {
    "programmeArea": "programme-areas",
    "specificObjective": "specific-objectives",
    "interventionField": "intervention-fields",
}
"""The properties that hold codes of a programme, with the scheme of each."""


_CODE = re.compile(
    r"(?:(?i:programområde|priority|area|mål)\s+)?"
    r"(?P<code>ESO\d\.\d{1,2}|[A-Z]\d?[A-Z]?|\d{1,2}(?:\.\d+)?)(?=$|[\s:–-])"
)
NUTS_CODE = re.compile(r"\bSE ?(\d{1,3})\b", re.IGNORECASE)
"""A NUTS code of Sweden as it is printed."""
_GENITIVE = re.compile(r"s? (lan|kommun)$")
_FIELD_CODE = re.compile(r"(\d{3})(?:\.0+)?(?!\d)")


def printed_code(name: str, text: str) -> str:
    """Return the code that a printed value begins with; a word without code is its own code.

    >>> printed_code("specificObjective", "ESO4.7 - Lifelong learning"), printed_code("interventionField", "117.0")
    ('ESO4.7', '117')
    """
    if name == "interventionField":
        match = _FIELD_CODE.match(text)
        if not match:
            raise ValueProblem("not-a-code", "an intervention field has three digits")
        return match[1]
    match = _CODE.match(text)
    return match["code"] if match else text


def iri_safe(identity: str) -> str:
    """Return the id of a concept as it may stand in an IRI.

    >>> iri_safe("2021SE05SFPR-A1A"), iri_safe("2014SE05M9OP001-Vård & omsorg")
    ('2021SE05SFPR-A1A', '2014se05m9op001-vard-omsorg')
    """
    plain = identity.replace("-", "").replace(".", "").replace("_", "")
    return identity if plain.isalnum() and identity.isascii() else slug(identity)


_AND = re.compile(r"\bo\b")


def _folded(text: str) -> str:
    plain = text.casefold().replace("&", " och ").replace("/", " och ")
    return " ".join(re.sub(r"[^\w+ ]", " ", plain).split())


def _index(concepts: tuple[Concept, ...]) -> dict[str, str]:
    """Map every label and notation of the concepts, folded, to the id; the first concept keeps a shared label."""
    index: dict[str, str] = {}
    for concept in concepts:
        for label in (concept.id, *concept.spellings()):
            index.setdefault(_folded(label), concept.id)
    return index


def _loose(folded: str) -> str:
    """Return a name without accents, spaces and the genitive -s before `län` or `kommun`, `o` for `och`."""
    bare = folded
    if not folded.isascii():
        bare = "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))
    return _GENITIVE.sub(r" \1", _AND.sub("och", bare)).replace(" ", "")


def _loose_index(index: Mapping[str, str]) -> dict[str, str]:
    """Map the loose forms of names to the ids; what two names share (Habo, Håbo) means neither."""
    found: dict[str, set[str]] = {}
    for name, identity in index.items():
        found.setdefault(_loose(name), set()).add(identity)
    return {form: next(iter(ids)) for form, ids in found.items() if len(ids) == 1}


class Codes:
    """The code lists of one ontology, ready to be looked up."""

    def __init__(self, ontology: Ontology) -> None:
        self._regions = _index(ontology.concepts("regions"))
        self._loose_regions = _loose_index(self._regions)
        self._above = {each.id: each.broader[0] for each in ontology.concepts("regions") if each.broader}
        self._funds = _index(ontology.concepts("funds"))
        self._programmes = _index(ontology.concepts("programmes"))
        self._known = {
            scheme: {concept.id: concept for concept in ontology.concepts(scheme)} for scheme in CODE_SCHEMES.values()
        }
        self._programme_rules = ontology.programmes
        # Cells with several regions ask for each piece of them, and the same ones come again and again.
        self._named_kept = lru_cache(maxsize=_MOST_KEPT)(self._named_region)

    def region(self, text: str) -> str:
        """Return the key of a region (a NUTS code, `SE` for the whole country) printed as a name or a code."""
        found = self.named_region(text)
        printed = set(NUTS_CODE.findall(text))
        if found is None and len(printed) > 1:
            raise ValueProblem("several-regions", "the codes are those of several regions")
        if found is None and printed:
            # A code and a name beside each other; the name may be in other words, but not that of another region.
            found = self._regions.get(f"se{printed.pop()}")
            other = self.named_region(NUTS_CODE.sub(" ", text).strip(" ()-–:,"))
            if found and other and other != found:
                raise ValueProblem("region-contradiction", "the code and the name are those of two regions")
        if found is None:
            raise self.unknown_region()
        return found

    @staticmethod
    def unknown_region() -> ValueProblem:
        """Return what is wrong with a text that names no region."""
        return ValueProblem("unknown-region", "the ontology has no region of this name or code")

    def within(self, region: str, outer: str) -> bool:
        """Return whether a region is another one or lies inside it."""
        while region != outer and region in self._above:
            region = self._above[region]
        return region == outer

    def named_region(self, text: str) -> str | None:
        """Return the key of the region whose name or code a text is, None where it is none."""
        return self._named_kept(text)

    def _named_region(self, text: str) -> str | None:
        plain = _folded(text)
        for form in dict.fromkeys((plain, plain.removeprefix("region "), plain.removeprefix("esf "))):
            if found := self._regions.get(form) or self._loose_regions.get(_loose(form)):
                return found
        return None

    def fund(self, text: str) -> str:
        """Return the key of a fund printed as a name or a code."""
        return self._lookup(self._funds, text, "fund")

    def programme(self, text: str) -> str:
        """Return the key of a programme printed as its CCI number, with or without the last three digits."""
        return self._lookup(self._programmes, text, "programme")

    @staticmethod
    def _lookup(index: dict[str, str], text: str, what: str) -> str:
        try:
            return index[_folded(text)]
        except KeyError:
            raise ValueProblem(f"unknown-{what}", f"the ontology has no {what} of this name or code") from None

    @staticmethod
    def country(text: str) -> str:
        """Return the code of a country in the authority list of the Publications Office (`SWE`)."""
        try:
            return _COUNTRIES[text.casefold()]
        except KeyError:
            message = "the country is in none of the lists of the European Union and its neighbours"
            raise ValueProblem("unknown-country", message) from None

    @staticmethod
    def language(country: str) -> str:
        """Return the language in which a country's programmes write, ``und`` where it has several or is unknown.

        >>> Codes.language("SWE"), Codes.language("BEL")
        ('sv', 'und')
        """
        return _LANGUAGES.get(country, "und")

    def programme_of(self, identifier: str | None, start: date | None) -> str | None:
        """Return the programme that a diary number, or without one the first day, proves; None where neither does."""
        for rule in self._programme_rules:
            if identifier and rule.diary_number_pattern and re.fullmatch(rule.diary_number_pattern, identifier):
                return rule.id
        if identifier or not start:
            return None
        unnumbered = (rule for rule in self._programme_rules if not rule.diary_number_pattern)
        return next((rule.id for rule in unnumbered if rule.start <= start <= rule.end), None)

    def fund_of(self, programme: str) -> str | None:
        """Return the only fund of a programme; None where the programme has several or none is known."""
        funds = next((rule.funds for rule in self._programme_rules if rule.id == programme), ())
        return funds[0] if len(funds) == 1 else None

    def concept_id(self, scheme: str, programme: str | None, notation: str) -> str:
        """Return the id of the concept that `notation` means in a programme, whether or not the scheme holds it."""
        if scheme == "intervention-fields" or notation in self._known[scheme]:
            return notation
        return f"{programme or 'unknown'}-{notation}"

    def knows(self, scheme: str, identity: str) -> bool:
        """Return whether the scheme holds the concept."""
        return identity in self._known[scheme]
