"""The questions of `kg network` as a user asks them."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner, Result

from kg.cli import network
from kg.errors import InputError, UsageError
from tests.network import built

QUESTIONS: dict[str, tuple[str, ...]] = {
    "similar": ("22-012-S04",),
    "communities": ("--of", "project"),
    "central": (),
    "bridges": (),
    "diffusion": ("BIP",),
    "gaps": (),
    "components": (),
    "concentration": (),
    "reuse": (),
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("build")
    built.seeds_store(place).close()
    return place


def _run(*words: str | Path, text: str | None = None) -> Result:
    app = typer.Typer()
    network.register(app)
    return CliRunner().invoke(app, [str(word) for word in ("network", *words)], input=text)


def _json(*words: str | Path, text: str | None = None) -> dict[str, Any]:
    result = _run(*words, "--json", text=text)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_table_says_how_many_rows_it_leaves_out(build: Path) -> None:
    whole = _run("reuse", "--build", build, "--limit", "0")
    some = _run("reuse", "--build", build, "--limit", "2")
    rows = len(_json("reuse", "--build", build, "--limit", "2")["results"])

    assert rows > 2
    assert f"… and {rows - 2} more; --limit 0 shows all." in some.stderr
    assert "… and" not in whole.stderr
    assert len(some.stdout) < len(whole.stdout)
    assert "… and 2 more" in _run("shared", "--build", build, "--limit", "1").stderr


def test_a_type_of_owner_is_called_by_its_name(build: Path) -> None:
    (found,) = _json("similar", "22-014-S05", "--top", "1", "--build", build)["results"]
    reasons = {reason["side"]: reason["text"] for reason in found["reasons"]}

    assert reasons["type of owner"] == "same type of owner: samordningsförbund"


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_prints_a_table_and_a_sentence(question: str, build: Path) -> None:
    result = _run(question, *QUESTIONS[question], "--build", build)

    assert result.exit_code == 0, result.output
    assert "─" in result.stdout
    assert result.stderr.strip().endswith(".")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_read_by_a_program(question: str, build: Path) -> None:
    found = _json(question, *QUESTIONS[question], "--build", build)
    rows = list(csv.reader(StringIO(_run(question, *QUESTIONS[question], "--build", build, "-f", "csv").stdout)))

    assert found["summary"].endswith(".")
    assert found["results"]
    assert len(rows) > 1
    assert all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_can_be_drawn(question: str, build: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{question}.svg"

    result = _run(question, *QUESTIONS[question], "--build", build, "--plot", file)

    assert result.exit_code == 0, result.output
    assert f"wrote {file}" in result.stderr
    root = ElementTree.parse(file).getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert root.findtext("{http://www.w3.org/2000/svg}desc")
    assert "Source: ESF-KG, 5 projects." in "".join(root.itertext())


def test_a_picture_of_communities_holds_the_labels_that_it_has_room_for(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.cli.analysis._DRAWN", 2)

    _run("communities", "--of", "method", "--through", "owner", "--build", build, "--plot", tmp_path / "few.svg")

    text = (tmp_path / "few.svg").read_text(encoding="utf-8")
    assert " others are not drawn. Source: ESF-KG, 5 projects." in text
    assert text.count("<rect") <= 1 + 2 * 2


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_takes_the_same_choices(question: str, build: Path) -> None:
    options = ("--from", "2023-01-01", "--to", "2023-12-31", "--fund", "ESF_PLUS", "--role", "uses", "--role", "trains")

    assert _run(question, *QUESTIONS[question], "--build", build, *options).exit_code == 0


def test_similar_says_why_and_whom_to_contact(build: Path) -> None:
    first = _json("similar", "22-012-S04", "--build", build, "--top", "2")["results"][0]

    assert first["project"]["label"] == "Lumena"
    assert [owner["label"] for owner in first["owners"]] == ["Samordningsförbundet Östra Södertörn"]
    assert {reason["side"] for reason in first["reasons"]} >= {"text", "methods", "owner", "region"}


def test_an_idea_can_come_from_a_file_or_standard_input(build: Path, tmp_path: Path) -> None:
    idea = "Vi vill ge personer stöd enligt Supported Employment i Stockholm."
    (tmp_path / "idea.txt").write_text(idea, encoding="utf-8")

    from_file = _json("similar", "--text", tmp_path / "idea.txt", "--build", build)
    from_input = _json("similar", "--text", "-", "--build", build, text=idea)

    assert from_file == from_input
    assert from_file["results"][0]["project"]["label"] == "Lumena"
    assert any("Supported Employment" in reason["text"] for reason in from_file["results"][0]["reasons"])


def test_owners_who_should_call_each_other_are_named(build: Path) -> None:
    found = _json("gaps", "--build", build)["results"]

    pairs = [{owner["key"] for owner in each["owners"]} for each in found if each["gap"] == "should call"]
    assert {"2220002162", "2220002485"} in pairs


def test_a_choice_leaves_other_projects_out(build: Path) -> None:
    found = _json("components", "--build", build, "--region", "SE11")["results"]

    assert [[project["label"] for project in each["projects"]] for each in found] == [["Conecto", "Lumena"]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("similar",), "name a project, or give an idea"),
        (("similar", "22-012-S04", "--text", "-"), "name a project, or give an idea"),
        (("similar", "nothing"), "no project 'nothing'"),
        (("diffusion", "trolleri"), "has the method 'trolleri'"),
        (("central", "--from", "yesterday"), "'yesterday' is not a day"),
        (("central", "--role", "likes"), "unknown role 'likes'"),
        (("central", "--region", "SE99"), "no project has the region 'SE99'"),
        (("central", "--format", "xml"), "unknown format 'xml'"),
        (("communities", "--weighting", "best"), "unknown weighting 'best'"),
        (("communities", "--of", "colour"), "no things of the kind 'colour'"),
        (("gaps", "--by", "colour"), "not by 'colour'"),
    ],
)
def test_what_means_nothing_is_a_usage_error(words: tuple[str, ...], message: str, build: Path) -> None:
    error = _run(*words, "--build", build).exception

    assert isinstance(error, UsageError)
    assert message in str(error)


def test_an_idea_that_is_no_text_is_an_input_error(build: Path, tmp_path: Path) -> None:
    (tmp_path / "idea.bin").write_bytes(b"\xff\xfe\x00")

    assert isinstance(_run("similar", "--text", tmp_path / "idea.bin", "--build", build).exception, InputError)
    assert isinstance(_run("similar", "--text", tmp_path / "none", "--build", build).exception, InputError)
