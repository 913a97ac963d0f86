"""A printed owner is taken apart into organisation and unit, and spellings of one name are equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.owners import name_key, ordinary_capitals, split_owner
from kg.owners.known import known


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
        ("Eva Ek, Eva Ek", None, None, "person-as-owner"),
        ("Kommunledningskontoret, Kommunledningskontoret", None, "Kommunledningskontoret", "unit-only"),
        ("Jobbtorg Ekby, Sala kommun", "Sala kommun", "Jobbtorg Ekby", "unit-comma-organisation"),
        ("LNU, Linnéuniversitetet", "Linnéuniversitetet", None, "abbreviation-first"),
        ("LU, Lungsjukas", "LU", "Lungsjukas", "organisation-comma-unit"),
        ("SV Ekby, Studieförbundet Vuxenskolan Ekby", "Studieförbundet Vuxenskolan Ekby", None, "abbreviation-first"),
        ("Göteborgs Stad Angered, Göteborgs Stad Angered", "Göteborgs Stad", "Angered", "name-twice"),
        ("Ek Eva, Ek Consulting AB", "Ek Consulting AB", None, "person-before-organisation"),
        ("BALANS, Samordningsförbundet Norra Ekby", "Samordningsförbundet Norra Ekby", None, "by-name-first"),
        ("KFUK-KFUM Skövde, KFUK-KFUM Skövde", "KFUK-KFUM Skövde", None, "name-twice"),
        ("Myndigheten för lärande (MFL)", "Myndigheten för lärande", None, "abbreviation-in-brackets"),
        ("MFL (Myndigheten för lärande)", "Myndigheten för lärande", None, "abbreviation-in-brackets"),
        ("MFL - Myndigheten för lärande", "Myndigheten för lärande", None, "abbreviation-first"),
        ("Myndigheten för lärande, MFL", "Myndigheten för lärande", None, "abbreviation-last"),
        ("ABF, Norra Storstockholm", "ABF", "Norra Storstockholm", "organisation-comma-unit"),
        ("Arbetsmarknadsenheten, Sala kommun", "Sala kommun", "Arbetsmarknadsenheten", "unit-comma-organisation"),
        ("Arbetsmarknadsenheten i Sala kommun", "Sala kommun", "Arbetsmarknadsenheten", "unit-before-organisation"),
        ("Sala kommuns arbetsmarknadsenhet", "Sala kommun", "Arbetsmarknadsenhet", "organisation-before-unit"),
        ("Malmö stad Arbetsmarknad och socialtjänst", "Malmö stad", "Arbetsmarknad och socialtjänst", "organisation-before-unit"),
        ("LILLA EDETS KOMMUN SOCIALFÖRVALTNINGEN", "LILLA EDETS KOMMUN", "SOCIALFÖRVALTNINGEN", "organisation-before-unit"),
        ("Socialförvaltningen, Arbetsmarknadsenheten", None, "Socialförvaltningen, Arbetsmarknadsenheten", "unit-only"),
        ("Kommunledningskontoret", None, "Kommunledningskontoret", "unit-only"),
        ("Coompanion Skåne, ekonomisk förening", "Coompanion Skåne ekonomisk förening", None, "legal-form-after-comma"),
        ("Trollhättans Stad/Arbetsmarknad", "Trollhättans Stad", "Arbetsmarknad", "organisation-dash-unit"),
        ("Umeå kommun - Viva Resurs", "Umeå kommun", "Viva Resurs", "organisation-dash-unit"),
        ("Malmö Stadsmission", "Malmö Stadsmission", None, "name"),
        ("Stockholms Stads Parkerings AB", "Stockholms Stads Parkerings AB", None, "name"),
        ("Folkets Hus Ek, Ek Utbildning", "Folkets Hus Ek", "Ek Utbildning", "organisation-comma-unit"),
        ("Maria Skolförening", "Maria Skolförening", None, "name"),
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
        ("Länsstyrelsen i Västmanlands län", "Länsstyrelsen Västmanland"),
        ("Länsstyrelsen i Västra Götalands län", "LÄNSSTYRELSEN I VÄSTRA GÖTALAND"),
        ("Idéburna ek. för.", "Idéburna ekonomisk förening"),
        ("Lilla Edets kommun", "Lilla Edet kommun"),
        ("Västerås stad", "VÄSTERÅS KOMMUN"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Håbo kommun", "Habo kommun"),
        ("Stockholms stad", "Region Stockholm"),
        ("Länsstyrelsen i Stockholms län", "Stockholms län"),
        ("Malmö stad", "Malmö Stadsmission"),
        ("Coompanion Skåne", "Coompanion Skåne ekonomisk förening"),
        ("Lunds kommun", "Lunds universitet"),
    ],
)
def test_names_of_two_bodies_are_not_equal(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.sampled_from(sorted(known().by_name)), st.booleans(), st.booleans())
def test_case_and_spaces_never_change_what_a_name_means(key: str, capitals: bool, spaced: bool) -> None:
    name = known().by_name[key].name
    shown = name.upper() if capitals else name
    assert name_key(f"  {shown.replace(' ', '  ')} " if spaced else shown) == name_key(name)


def test_no_two_municipalities_have_one_normal_form() -> None:
    regions = [region for region in ontology.load().concepts("regions") if not region.id.startswith("SE")]
    keys = {name_key(region.pref["sv"]) for region in regions}

    assert len(keys) == len(regions) == 290
