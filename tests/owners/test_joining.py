"""One organisation is one owner, and two are two; every name that was joined says by which rule."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg import ontology
from kg.model import OwnerMention
from kg.owners import Owner, OwnerIndex, join_owners, name_key, ordinary_capitals, type_teller
from kg.owners.reading import read_owner
from kg.owners.reviewed import Reviewed, read


def _mention(name: str | None, number: str | None = None) -> OwnerMention:
    return OwnerMention(name, name and ordinary_capitals(name), None, number, (name,) if name else (), 1)


def _printed(*owners: str) -> list[OwnerMention]:
    mentions = [read_owner(owner, None).mention for owner in owners]
    return [mention for mention in mentions if mention]


def _reviewed(tmp_path: Path, text: str) -> Reviewed:
    path = tmp_path / "owners.toml"
    path.write_text(text, encoding="utf-8")
    return read([path], installed=False)


def _rules(index: OwnerIndex) -> set[tuple[str, str, str]]:
    return {(owner.key, match.name, match.rule) for owner in index.all() for match in owner.matches}


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
    assert [(doubt.rule, doubt.value) for doubt in index.doubts] == [("one-name-two-numbers", "activa")]


def test_owners_with_one_slug_keep_apart() -> None:
    index = join_owners([_mention("Håvo byalag"), _mention("Havo byalag")])

    assert [owner.key for owner in index.all()] == ["havo-byalag", "havo-byalag-2"]


def test_a_public_organisation_gets_its_number_and_the_rule_is_kept() -> None:
    index = join_owners([_mention("LINKÖPING KOMMUN"), _mention("Motala stad")])
    linkoping, motala = index.all()

    assert (linkoping.key, linkoping.label, linkoping.printed_number) == ("2120000449", "Linköpings kommun", False)
    assert (motala.key, motala.number, motala.label) == ("motala-kommun", None, "Motala kommun")
    assert _rules(index) == {
        ("2120000449", "LINKÖPING KOMMUN", "public-organisation"),
        ("motala-kommun", "Motala stad", "equal-name"),
    }


def test_another_number_beats_the_list_of_public_organisations() -> None:
    index = join_owners([_mention("Skolverket", "2220002485"), _mention("Skolverket")])

    assert [owner.key for owner in index.all()] == ["2220002485"]


def test_a_form_that_a_source_states_is_the_same_organisation() -> None:
    index = join_owners(_printed("MFL, Myndigheten för lärande", "MFL", "Myndigheten för lärande (MFL)"))

    assert [owner.key for owner in index.all()] == ["myndigheten-for-larande"]
    assert ("myndigheten-for-larande", "MFL", "stated-form") in _rules(index)


def test_an_abbreviation_that_two_organisations_state_means_neither() -> None:
    index = join_owners(_printed("MFL, Myndigheten för lärande", "MFL, Modellen för livet", "MFL"))

    assert [owner.key for owner in index.all()] == ["mfl", "modellen-for-livet", "myndigheten-for-larande"]


def test_a_short_name_stated_by_several_local_bodies_joins_none_of_them() -> None:
    index = join_owners(_printed("KFUM, KFUM Skövde", "KFUM, KFUM Umeå", "KFUM Umeå", "KFUM"))

    assert [owner.label for owner in index.all()] == ["KFUM", "KFUM Skövde", "KFUM Umeå"]


def test_a_stated_form_may_join_an_owner_with_a_number() -> None:
    mentions = [_mention("STIFTELSEN ACTIVA", "8024788948"), *_printed("Stiftelsen Activa i Ekby, Stiftelsen Activa")]

    assert [owner.key for owner in join_owners(mentions).all()] == ["8024788948"]


def test_what_people_have_settled_joins_parts_and_renames(tmp_path: Path) -> None:
    reviewed = _reviewed(
        tmp_path,
        """
        [[same]]
        owners = ["Coompanion Norr", "7164603867"]
        reason = "Its own site."
        [[different]]
        owners = ["Stiftelsen Ek", "Stiftelsen Ek i Ekby"]
        reason = "Two foundations."
        [[renamed]]
        from = "Gamla förbundet"
        to = "Nya förbundet"
        date = "2019-11"
        reason = "Decided by its congress."
        [[unclear]]
        owners = ["Skolverket"]
        reason = "For this test."
        """,
    )
    mentions = [
        _mention("Coompanion - Kooperativ Utveckling", "7164603867"),
        _mention("Coompanion Norr"),
        _mention("Stiftelsen Ek"),
        *_printed("Stiftelsen Ek i Ekby, Stiftelsen Ek"),
        _mention("GAMLA FÖRBUNDET"),
        _mention("Skolverket"),
    ]
    index = join_owners(mentions, reviewed)

    assert [owner.key for owner in index.all()] == [
        "7164603867",
        "nya-forbundet",
        "skolverket",
        "stiftelsen-ek",
        "stiftelsen-ek-i-ekby",
    ]
    assert index.named("Gamla förbundet") == index.named("Nya förbundet") or index.named("Nya förbundet") is None
    assert {(match.rule, match.date) for owner in index.all() for match in owner.matches} == {
        ("reviewed-same", ""),
        ("renamed", "2019-11"),
    }


def test_the_installed_decisions_join_the_renamed_association() -> None:
    mentions = _printed(
        "SKL, Sveriges kommuner och landsting", "Sveriges Kommuner och Regioner, Avdelningen för lärande"
    )
    index = join_owners([*mentions, *_printed("SKL", "Gotlands kommun", "Region Gotland")], read())

    assert [owner.label for owner in index.all()] == ["Gotlands kommun", "Sveriges Kommuner och Regioner"]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Stockholms läns landsting, Hållbar utveckling", "2321000016"),
        ("Landstinget i Uppsala län", "2321000024"),
        ("Region Gotland, Socialförvaltningen", "2120000803"),
        ("Arbetsförmedlingen Region Nord", "2021002114"),
        ("Kungl. Tekniska högskolan, KTH", "2021003054"),
    ],
)
def test_another_name_of_a_public_body_finds_its_number(printed: str, number: str) -> None:
    index = join_owners([*_printed(printed), _mention("GOTLANDS KOMMUN", "2120000803")], read())

    (mention,) = _printed(printed)
    owner = index.owner_of(mention)
    assert owner
    assert owner.number == number


def test_a_by_name_before_or_behind_an_association_is_not_another_owner() -> None:
    index = join_owners(
        _printed("BALANS, Samordningsförbundet Norra Ekby", "Samordningsförbundet Norra Ekby (BALANS)", "BALANS")
    )

    assert [owner.label for owner in index.all()] == ["Balans", "Samordningsförbundet Norra Ekby"]


def test_an_agency_and_a_body_that_only_begins_like_it_are_two() -> None:
    index = join_owners(_printed("Skolverket", "Skolverket Väst", "Skolverket Konsult AB"))

    assert [owner.label for owner in index.all()] == ["Skolverket", "Skolverket Konsult AB"]


def test_names_that_share_no_word_under_one_number_are_reported() -> None:
    index = join_owners([_mention("Lunds kommun", "2220002485"), _mention("Ekbygdens ridklubb", "2220002485")])

    assert [(doubt.rule, doubt.value) for doubt in index.doubts] == [("one-number-two-names", "2220002485")]


def test_the_order_of_the_mentions_changes_nothing() -> None:
    mentions = [
        *_printed(
            "SKL, Sveriges kommuner och landsting", "KFUM, KFUM Umeå", "KFUM", "Sala kommun, Kultur", "Skolverket"
        ),
        _mention("SALA KOMMUN", "2120003005"),
        _mention("Luleå kommun"),
        _mention("LULEÅ KOMMUN", "2120002742"),
    ]
    expected = join_owners(mentions, read()).all()
    for seed in range(20):
        shuffled = list(mentions)
        random.Random(seed).shuffle(shuffled)
        assert join_owners(shuffled, read()).all() == expected


def test_every_mention_finds_the_owner_that_it_was_joined_to() -> None:
    mentions = [*_printed("KFUM, KFUM Umeå", "KFUM", "Nynäshamn kommun", "MFL, Myndigheten för lärande", "MFL")]
    index = join_owners(mentions)

    for mention in mentions:
        owner = index.owner_of(mention)
        assert owner is not None
        assert set(mention.spellings) <= {*owner.spellings}
    assert index.named("Myndigheten för lärande") == index.owner_of(mentions[-1])
    assert index.named("nynäshamns KOMMUN") is not None
    assert name_key("KFUM") in index.by_name


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

    assert type_teller(ontology.load().owner_types)(owner) == expected


def test_names_of_other_countries_join_within_their_country_and_never_across_a_border() -> None:
    """Two towns of one name in two countries, and a Swedish municipality, are three bodies."""
    names = [("Nordby kommune", "DNK"), ("NORDBY KOMMUNE", "DNK"), ("Nordby kommune", "NOR"), ("Nordby kommune", "")]
    names += [("Malmö stad", "FIN"), ("Malmö stad", "")]
    mentions = [OwnerMention(name, ordinary_capitals(name), None, None, (name,), 1, country) for name, country in names]
    index = join_owners(mentions)
    keys = [owner.key if (owner := index.owner_of(mention)) else "" for mention in mentions]

    assert keys == [
        *("dnk-nordby-kommune", "dnk-nordby-kommune", "nor-nordby-kommune", "nordby-kommune"),
        *("fin-malmo-stad", "malmo-kommun"),
    ]
    assert [owner.label for owner in index.all() if owner.key == "fin-malmo-stad"] == ["Malmö stad"]


@pytest.mark.parametrize(
    "owners",
    [
        ("Medborgarskolan Stockholmsregionen, Medborgarskolan", "Medborgarskolan"),
        ("KFUM, KFUM Skövde", "KFUM"),
        ("Umeå universitet Holding AB, Umeå universitet", "Umeå universitet"),
        ("Rädda Barnen Region Syd, Rädda Barnen", "Rädda Barnen"),
    ],
)
def test_a_wider_name_printed_beside_a_name_is_no_form_of_it(owners: tuple[str, str]) -> None:
    assert len(join_owners(_printed(*owners)).all()) == 2


def test_a_municipality_is_called_as_it_is_though_a_page_prints_its_name_awry() -> None:
    index = join_owners([_mention("KALMAR KOMMUN", "2120000746"), _mention("Kalmars kommun")])

    assert [owner.label for owner in index.all()] == ["Kalmar kommun"]


def test_the_official_name_is_preferred_where_a_source_prints_it() -> None:
    index = join_owners(
        [_mention("VÄSTRA GÖTALANDS LÄNS LANDSTING", "2321000131"), _mention("Västra Götalandsregionen")]
    )

    assert [owner.label for owner in index.all()] == ["Västra Götalandsregionen"]
