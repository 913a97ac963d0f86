"""The words and prefixes of the owner types tell real kinds of names apart."""

from __future__ import annotations

import pytest

from kg import ontology
from kg.owners import Owner, type_teller


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("Samordningsförbundet Centrala Östergötland", "2220002485", "coordination-association"),
        ("Kommunförbundet Kalmar län", "8025185011", "municipal-association"),
        ("Göteborgsregionens kommunalförbund", None, "municipal-association"),
        ("Sveriges kommuner och landsting", None, "municipal-association"),
        ("Stockholms kommun", "2120000142", "municipality"),
        ("Borås stad", None, "municipality"),
        ("Region Uppsala", "2321000024", "region"),
        ("Västra Götalandsregionen", None, "region"),
        ("Västerbottens läns landsting", None, "region"),
        ("Länsstyrelsen i Västmanland", None, "state-agency"),
        ("Myndigheten för yrkeshögskolan", None, "state-agency"),
        ("Universitets- och högskolerådet", "2021006487", "state-agency"),
        ("Malmö universitet", "2021004920", "university"),
        ("Högskolan i Borås", None, "university"),
        ("Fridhems folkhögskola", None, "folk-high-school"),
        ("Lindholmen Science Park AB", None, "company"),
        ("Visit Sweden", "5565007621", "company"),
        ("Insamlingsstiftelsen Exempel", None, "foundation"),
        ("Idéburen Välfärd Ekonomisk Förening", None, "economic-association"),
        ("KFUK-KFUM Stockholm Gotland", None, "association"),
        ("Carl Johans pastorat", "2520048980", "religious-community"),
        ("Riksteatern", "8020061365", None),
        ("Learning & Teaching", None, None),
    ],
)
def test_an_owner_has_the_type_that_its_name_or_number_shows(
    name: str, number: str | None, expected: str | None
) -> None:
    assert type_teller(ontology.load().owner_types)(Owner(number or "x", name, number, (name,))) == expected
