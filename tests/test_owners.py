"""One organisation is one owner, and two are two."""

from __future__ import annotations

import pytest

from kg import ontology
from kg.model import OwnerMention
from kg.owners import Owner, join_owners, name_key, ordinary_capitals, owner_type, split_owner


@pytest.mark.parametrize(
    ("printed", "name", "unit", "rule"),
    [
        ("Linköpings kommun, Socia´l- och omsorgsförvaltningen", "Linköpings kommun", "Social- och omsorgsförvaltningen", "organisation-comma-unit"),
        ("Höörs kommun, Kultur, arbete och folkhälsa", "Höörs kommun", "Kultur, arbete och folkhälsa", "organisation-comma-unit"),
        ("Akademi Norr, Akademi Norr", "Akademi Norr", None, "name-twice"),
        ("Nynäshamn kommun, Nynäshamns kommun", "Nynäshamn kommun", None, "name-twice"),
        ("Länsstyrelsen i Stockholms län, Länsstyrelsen i Stockholm", "Länsstyrelsen i Stockholms län", None, "name-twice"),
        ("Stiftelsen Actìva i Örebro län, Stiftelsen Activa", "Stiftelsen Activa i Örebro län", None, "name-twice"),
        ("Fridhems folkhögskola, Fridhems folkhögskola i Svalöv", "Fridhems folkhögskola", None, "name-twice"),
        ("SKL, Sveriges kommuner och landsting", "Sveriges kommuner och landsting", None, "abbreviation-first"),
        ("Arbetsmarknadsförvaltningen - Stockholms stad", "Stockholms stad", "Arbetsmarknadsförvaltningen", "unit-dash-organisation"),
        ("Coompanion - Kooperativ Utveckling Västernorrland", "Coompanion - Kooperativ Utveckling Västernorrland", None, "name"),
        ("Eva Ek, Eks Utvärdering", "Eks Utvärdering", None, "person-before-organisation"),
        ("Eva Ek", None, None, "person-as-owner"),
    ],
)  # fmt: skip
def test_a_printed_owner_is_taken_apart(printed: str, name: str | None, unit: str | None, rule: str) -> None:
    split = split_owner(printed, ["Eva Ek"])

    assert (split.name, split.unit, split.rule) == (name, unit, rule)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Köpings Kommun", "KÖPINGS KOMMUN"),
        ("Nynäshamns kommun", "Nynäshamn kommun"),
        ("Göteborgs stad", "GÖTEBORGS KOMMUN"),
        ("Stiftelsen Actìva", "Stiftelsen Activa"),
        ("Idéburen Välfärd", "Ide\u0301buren  välfärd"),
        ("Mat & Odling", "Mat och odling"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_that_differ_in_a_direction_or_letter_stay_apart() -> None:
    names = ["Västra", "Östra", "Centrala", "Norra"]

    assert len({name_key(f"Samordningsförbundet {name} Östergötland") for name in names}) == 4
    assert name_key("Håbo kommun") != name_key("Habo kommun")


@pytest.mark.parametrize(
    ("printed", "text", "expected"),
    [
        ("SAMORDNINGSFÖRBUNDET RAR I SÖRMLAND", "", "Samordningsförbundet RAR i Sörmland"),
        ("MEDBORGARSKOLAN VÄRMLAND-ÖREBRO LÄN", "", "Medborgarskolan Värmland-Örebro län"),
        ("CARL JOHANS PASTORAT", "", "Carl Johans pastorat"),
        ("LINDHOLMEN SCIENCE PARK AB", "", "Lindholmen Science Park AB"),
        ("FÖRENINGEN ELSA", "Vi i föreningen ELSA och Elsas", "Föreningen ELSA"),
        ("Luleå kommun", "LULEÅ KOMMUN", "Luleå kommun"),
    ],
)
def test_capitals_become_ordinary_writing(printed: str, text: str, expected: str) -> None:
    assert ordinary_capitals(printed, text) == expected


def _mention(name: str | None, number: str | None = None) -> OwnerMention:
    return OwnerMention(name, name and ordinary_capitals(name), None, number, (name,) if name else (), 1)


def test_the_number_decides_and_a_name_follows_its_only_number() -> None:
    index = join_owners(
        [
            _mention("STOCKHOLMS KOMMUN", "2120000142"),
            _mention("Stockholms stad"),
            _mention("Luleå kommun"),
            _mention("Activa", "8024788948"),
            _mention("Activa", "7164603867"),
            _mention("Activa"),
        ]
    )

    assert [owner.key for owner in index.all()] == ["2120000142", "7164603867", "8024788948", "activa", "lulea-kommun"]
    assert index.owner_of(_mention("Stockholm stad")) == index.by_number["2120000142"]
    assert index.by_number["2120000142"].spellings == ("STOCKHOLMS KOMMUN", "Stockholms stad")
    assert index.owner_of(_mention(None)) is None


def test_owners_with_one_slug_keep_apart() -> None:
    index = join_owners([_mention("Håbo kommun"), _mention("Habo kommun")])

    assert [owner.key for owner in index.all()] == ["habo-kommun", "habo-kommun-2"]


@pytest.mark.parametrize(
    ("label", "number", "expected"),
    [
        ("Luleå kommun", "2120002742", "municipality"),
        ("Stockholms stad", None, "municipality"),
        ("Samordningsförbundet Östra Södertörn", "2220002162", "coordination-association"),
        ("Malmö universitet", "2021004920", "university"),
        ("Stiftelsen Botildenborg", "8024788948", "foundation"),
        ("Lindholmen Science Park AB", None, "company"),
        ("Learning &Teaching", None, None),
    ],
)
def test_the_type_of_an_owner_follows_from_number_and_name(
    label: str, number: str | None, expected: str | None
) -> None:
    owner = Owner(number or "x", label, number, (label,))

    assert owner_type(owner, ontology.load().owner_types) == expected
