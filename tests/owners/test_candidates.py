"""Names that are near but not equal are shown with reasons and objections, and nothing is joined by it."""

from __future__ import annotations

import random
import string
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.build import build
from kg.cli import owners as command
from kg.errors import UsageError
from kg.owners.candidates import Candidate, NamedOwner, candidates, public_owners
from kg.owners.nearness import Nearness, differs_by_a_letter, objections, shortenings
from kg.owners.reviewed import read

Near = tuple[float, tuple[str, ...]]


def _owner(name: str, number: str | None = None, *places: str) -> NamedOwner:
    return NamedOwner(number or name, name, number, (name,), frozenset(places))


def _pair(one: str | NamedOwner, two: str | NamedOwner) -> Candidate:
    owners = [owner if isinstance(owner, NamedOwner) else _owner(owner) for owner in (one, two)]
    (found,) = candidates(owners, threshold=0)
    return found


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        ("Samordningsförbundet RAR i Ekby", "Samordningsförbundet RAR Ekby", "the same words"),
        ("Förbundet Norra Ekby Alby Nordm", "Förbundet Norra Ekby Alby Nordmala Tuna", "the beginning of the other"),
        ("Coompanion Skåne", "Coompanion Skåne ekonomisk förening", "only one has: ekonomisk, förening"),
        ("Föreningen Balans", "Föreningen Ballans", "one letter: balans, ballans"),
        ("Sveriges Kommuner och Regioner", "SKR", "SKR may stand for the other name"),
        ("Insamlingsstiftelsen HOPE worldwide", "HOPE worldwide", "only one has: insamlingsstiftelsen"),
        ("Stiftelsen Activa", "Stiftelsen Activa i Örebro län", "only one has: län, örebro"),
        ("Ekbygdens utbildningar", "Ekbygds utbildningarna", "one begins with the other"),
    ],
)
def test_near_names_are_candidates_with_a_reason(one: str, two: str, reason: str) -> None:
    pair = _pair(one, two)

    assert not pair.veto
    assert pair.score >= 0.6
    assert any(reason in each for each in pair.reasons)
    assert candidates([_owner(one), _owner(two)]) == [pair]


@pytest.mark.parametrize(
    ("one", "two", "objection"),
    [
        ("Samordningsförbundet Västra Östergötland", "Samordningsförbundet Östra Östergötland", "another direction"),
        ("Samordningsförbundet Centrala Östergötland", "Samordningsförbundet Östra Östergötland", "another direction"),
        ("Folkhögskolan i Malmö", "Folkhögskolan i Lund", "another place: malmö / lund"),
        ("Förbundet Delta II", "Förbundet Delta III", "another number: ii / iii"),
        ("Karlstads kommun", "Karlstads universitet", "another kind: municipality / university"),
        ("Stockholms stad", "Region Stockholm", "another kind: municipality / region"),
    ],
)
def test_another_direction_place_number_or_kind_rules_a_pair_out(one: str, two: str, objection: str) -> None:
    pair = _pair(one, two)

    assert pair.veto
    assert any(objection in each for each in pair.against)


def test_two_organisation_numbers_rule_a_pair_out() -> None:
    pair = _pair(_owner("Coompanion Skåne", "7164603867"), _owner("Coompanion i Skåne", "8024788948"))

    assert pair.veto
    assert pair.against[0].startswith("two organisation numbers")


def test_a_place_on_one_side_only_speaks_against_but_does_not_rule_out() -> None:
    pair = _pair("KFUM", "KFUM Umeå")

    assert not pair.veto
    assert pair.against == ("a place in one only: umeå",)


def test_seats_speak_for_and_against() -> None:
    here = _pair(_owner("Stiftelsen Ek", None, "Sala kommun"), _owner("Ek Stiftelse", None, "Sala kommun"))
    there = _pair(_owner("Stiftelsen Ek", None, "Sala kommun"), _owner("Ek Stiftelse", None, "Lunds kommun"))

    assert here.reasons[-1] == "both have their seat in Sala kommun"
    assert there.against[-1] == "seats in Sala kommun and Lunds kommun"
    assert there.score < here.score


def test_pairs_that_people_have_parted_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[different]]\nowners = ["Coompanion Ek", "7164603867"]\nreason = "Two."\n', encoding="utf-8")
    owners = [_owner("COOMPANION EK"), _owner("Coompanion Ek ekonomisk förening", "7164603867")]

    assert candidates(owners)
    assert candidates(owners, read([path], installed=False)) == []


def test_public_organisations_are_compared_with_owners_and_not_with_each_other() -> None:
    owners = [_owner("Högskolan Halmstad")]
    found = candidates([*owners, *public_owners(owners)])

    assert [(pair.first.label, pair.second.label) for pair in found] == [("Högskolan Halmstad", "Högskolan i Halmstad")]
    assert not any(each.number == "2120000142" for each in public_owners([_owner("x", "2120000142")]))


WORD = st.text(st.sampled_from("abcdeå"), min_size=1, max_size=7)


@given(WORD, WORD)
def test_words_but_for_one_letter_meet_under_a_shortening(one: str, two: str) -> None:
    if differs_by_a_letter(one, two):
        assert shortenings(one) & shortenings(two)
    assert differs_by_a_letter(one, two) == differs_by_a_letter(two, one)


@given(st.lists(st.sampled_from(["Norra", "Södra", "Malmö", "Lund", "II", "kommun", "Ek", "AB"]), max_size=4))
def test_nothing_speaks_against_a_name_being_itself(words: list[str]) -> None:
    assert objections([" ".join(words)], [" ".join(reversed(words))]) == ((), False, 0.0)


def test_the_pairs_compared_grow_with_the_owners_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    words = ["".join(chance.choices(string.ascii_lowercase, k=7)) for _ in range(4_000)]
    owners = [_owner(f"Föreningen {' '.join(chance.sample(words, 2))} {place}") for place in range(1_600)]
    compared: list[int] = []
    best = Nearness.best

    def counted(self: Nearness, one: Sequence[Sequence[str]], two: Sequence[Sequence[str]]) -> Near:
        compared.append(1)
        return best(self, one, two)

    monkeypatch.setattr(Nearness, "best", counted)
    candidates(owners)

    assert 0 < len(compared) < 5 * len(owners)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("owners")
    head = "{number} - {name}\n\nNamn:\n{name}\nProjektägare:\n{owner}\nProjektnummer:\n{number}\n\nText om arbete.\n"
    owners = (
        "Coompanion Skåne",
        "Coompanion Skåne ek. för.",
        "Stockholms stad, Kultur",
        "Umeå stad",
        "Stiftelsen II Ek",
    )
    for place, owner in enumerate(owners, start=1):
        text = head.format(number=f"2017/0000{place}", name=f"Projekt {place}", owner=owner)
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    build([folder], folder / "build")
    return folder / "build"


def _run(built: Path, *arguments: str) -> str:
    app = typer.Typer()
    command.register(app)
    result = CliRunner().invoke(app, ["owners", *arguments, "--build", str(built)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_command_lists_owners_with_spellings(built: Path) -> None:
    lines = _run(built, "list", "--format", "csv").splitlines()

    assert lines[0] == "key,name,organisation number,other spellings,seat"
    assert "2120000142,Stockholms stad,2120000142,," in lines
    assert len(lines) == 6


def test_the_command_shows_why_a_name_was_joined(built: Path) -> None:
    assert "Stockholms stad (public-organisation)" in _run(built, "show", "STOCKHOLMS KOMMUN")
    assert '"rule": "equal-name"' in _run(built, "show", "umea-kommun", "--json")
    with pytest.raises(UsageError, match="no owner is called 'Ekby'"):
        _run(built, "show", "Ekby")


def test_the_command_shows_candidates_and_writes_entries_to_paste(built: Path) -> None:
    lines = _run(built, "candidates", "--format", "csv").splitlines()
    entries = tomllib.loads(_run(built, "candidates", "--format", "toml"))

    assert lines[1].startswith("0.9")
    assert "Coompanion Skåne,Coompanion Skåne ek. för." in lines[1]
    assert entries["same"][0]["owners"] == ["Coompanion Skåne", "Coompanion Skåne ek. för."]
