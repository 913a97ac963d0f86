"""The scheme of methods: adding to it, keeping it sound, and names that are no longer used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import ontology, resources
from kg.cli import app
from kg.errors import UsageError
from kg.methods import Extractor, adding
from kg.methods.integrity import Fault, faults
from kg.methods.scheme import current

ROOT = Path(__file__).parents[2]
GREEN = adding.NewMethod(
    label="Gröna spåret",
    label_en="Green track",
    definition='Stegvis väg till "gröna" jobb.',
    definition_en="A way to green jobs by steps.",
    broader="employer-engagement",
    spellings=("Gröna spår-modellen",),
    source="https://example.org/green",
)
OLD = """
<id/method/old-method>
    a kg:Method ;
    a skos:Concept ;
    skos:prefLabel "Old method"@en ;
    skos:prefLabel "Urmetoden"@sv ;
    skos:definition "What was used before."@en ;
    skos:definition "Det som användes förr."@sv ;
    skos:broader <id/method/counselling-and-coaching> ;
    skos:inScheme <id/scheme/methods> ;
    <http://www.w3.org/2002/07/owl#deprecated> true ;
    dcterms:isReplacedBy <id/method/mi> ;
.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.folder("ontology"), tmp_path / "ontology"))


def _changed(folder: Path, before: str, after: str) -> tuple[Fault, ...]:
    path = folder / "methods.ttl"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return faults(folder)


def test_an_added_method_is_one_block_at_its_place_and_is_found_in_texts(folder: Path) -> None:
    written = adding.add(folder / "methods.ttl", GREEN, ontology.load())
    text = (folder / "methods.ttl").read_text("utf-8")
    known = ontology.load(folder=folder)
    found = Extractor(known).extract("Projektet använder Gröna spår-modellen.").uses

    assert text.count(written) == 1
    assert text.replace(f"{written}\n", "") == (resources.folder("ontology") / "methods.ttl").read_text("utf-8")
    assert (
        text.index("<id/method/gender-mainstreaming>") < text.index(written) < text.index("<id/method/housing-first>")
    )
    assert [(use.method, use.role) for use in found] == [("grona-sparet", "uses")]
    assert faults(folder) == ()


def test_a_method_may_be_added_at_the_end(folder: Path) -> None:
    last = adding.NewMethod("Ö-modellen", "Island model", "En modell.", "A model.", "mi", id="zz-last")
    adding.add(folder / "methods.ttl", last, ontology.load())

    concept = ontology.load(folder=folder).concept("methods", "zz-last")
    assert concept is not None
    assert concept.broader == ("mi",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"label": "Motiverande samtal", "id": "other"}, "belongs to mi"),
        ({"spellings": ("SE-metoden",)}, "belongs to supported-employment"),
        ({"spellings": ("gröna  spåret",)}, "given twice"),
        ({"id": "mi"}, "is taken"),
        ({"id": "Green Track"}, "small letters"),
        ({"broader": "nothing"}, "no group or method 'nothing'"),
        ({"definition_en": " "}, "definition_en"),
        ({"source": "example.org/a b"}, "not a web address"),
        ({"label": "!!!", "id": "marks"}, "no letter or digit"),
    ],
)
def test_what_is_not_fit_is_refused_by_name(change: dict[str, object], problem: str) -> None:
    facts = {name: getattr(GREEN, name) for name in GREEN.__slots__} | change
    with pytest.raises(UsageError, match=problem):
        adding.block(adding.NewMethod(**facts), ontology.load())


def test_a_copy_of_the_scheme_is_asked_what_it_holds_already(tmp_path: Path) -> None:
    copy = tmp_path / "mine.ttl"
    shutil.copy(resources.folder("ontology") / "methods.ttl", copy)
    adding.add(copy, GREEN, ontology.load())
    once = copy.read_text("utf-8")
    other = {name: getattr(GREEN, name) for name in GREEN.__slots__} | {
        "id": "other",
        "label": "Annat",
        "label_en": "Another",
    }

    with pytest.raises(UsageError, match="the id 'grona-sparet' is taken, by 'Green track'"):
        adding.add(copy, GREEN, ontology.load())
    with pytest.raises(UsageError, match="'gröna spår-modellen' belongs to grona-sparet"):
        adding.add(copy, adding.NewMethod(**other), ontology.load())
    assert copy.read_text("utf-8") == once


def test_the_next_build_links_a_method_that_was_added(tmp_path: Path) -> None:
    """In a copy of the project, with the commands that a person would give."""
    for name in ("kg", "ontology", "queries", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def kg(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "kg", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    page = next((tmp_path / "seeds").glob("000_*.txt"))
    page.write_text(page.read_text("utf-8") + "\nProjektet arbetar enligt Gröna spåret.\n", encoding="utf-8")
    options = ["--broader", "employer-engagement", "--definition", "En modell.", "--definition-en", "A model."]
    kg("methods", "add", "Gröna spåret", *options)
    kg("build", str(page), "--workers", "1")
    rows = json.loads(kg("query", "method-evidence", "--param", "method=Gröna spåret", "--format", "json"))

    assert "grona-sparet" in json.dumps(rows)
    assert "Projektet arbetar enligt Gröna spåret." in json.dumps(rows, ensure_ascii=False)


def test_the_published_scheme_keeps_its_rules() -> None:
    assert faults(resources.folder("ontology")) == ()


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('    skos:prefLabel "Motiverande samtal"@sv ;\n', "", "one skos:prefLabel"),
        (
            'skos:prefLabel "4R-metoden"@sv ;',
            'skos:prefLabel "4R-metoden"@sv ; skos:prefLabel "4R"@sv ;',
            "one skos:pref",
        ),
        ('skos:altLabel "AWP-FK"@sv ;', 'skos:altLabel "MI-samtal"@sv ;', "shares the label 'mi-samtal' with"),
        ("skos:broader <id/method/supported-placement> ;", "skos:broader <id/method/gone> ;", "not in the scheme"),
        ("    skos:broader <id/method/collaboration-models> ;\n", "", "neither a broader concept nor"),
        ('skos:altLabel "3R-metoden"@sv ;', 'skos:altLabel "4R"@sv ; skos:hiddenLabel "4R"@sv ;', "more than once"),
    ],
)
def test_a_breach_of_a_rule_of_the_scheme_is_found(folder: Path, before: str, after: str, problem: str) -> None:
    assert problem in " ".join(fault.problem for fault in _changed(folder, before, after))


@pytest.mark.parametrize(
    ("added", "rule", "problem"),
    [
        ('skos:altLabel "mi-grejen"', "labels and definitions", "has 'mi-grejen' in the language '', not in one of en"),
        (
            'skos:altLabel " mi-grej"@sv',
            "labels and definitions",
            "has ' mi-grej' with a space at its beginning or end",
        ),
        ('skos:altLabel ""@sv', "labels and definitions", "has an empty label or definition"),
        ('skos:altLabl "mi-grej"@sv', "a known concept", "has skos:altLabl, which the scheme does not use: misspelt?"),
        ("skos:exactMatch <http://example.org/mi>", "a known concept", "has skos:exactMatch, which"),
        ('rdfs:seeAlso "https://example.org"', "a known concept", "which is a text and not an address in <>"),
        ("skos:topConceptOf <id/scheme/methods>", "hierarchy", "needs both skos:topConceptOf here and"),
        ("skos:related <id/method/gone>", "related", "is skos:related to 'gone', which is not in the scheme"),
        ("skos:related <id/method/counselling-and-coaching>", "related", "which is itself, above it or below it"),
        (
            'skos:editorialNote "Shared label: KBT"@en',
            "shared label",
            "declares that it shares the label 'kbt', and does",
        ),
        ('skos:editorialNote "Shared label: Zz"@en', "shared label", "the label 'zz', which no method has"),
    ],
)
def test_a_fault_names_line_concept_and_rule(folder: Path, added: str, rule: str, problem: str) -> None:
    first = "<id/method/mi>\n    a kg:Method ;\n"
    found = _changed(folder, first, f"{first}    {added} ;\n")
    lines = (folder / "methods.ttl").read_text("utf-8").split("\n")
    told = [fault for fault in found if problem in fault.problem]
    assert [(fault.file, fault.id, fault.rule) for fault in told] == [("methods.ttl", "mi", rule)]
    at = lines.index("<id/method/mi>") + 1
    assert told[0].line in (at, at + 2), (told, lines[told[0].line - 1])


def test_what_has_two_blocks_or_no_type_or_is_left_out_of_the_scheme_is_found(folder: Path) -> None:
    text = (folder / "methods.ttl").read_text("utf-8")
    start = text.index("<id/method/mi>")
    block = text[start : text.index("\n.\n", start) + 3]
    (folder / "methods.ttl").write_text(f"{text}\n{block}", encoding="utf-8")
    assert any(fault.rule == "one block" and "already" in fault.problem for fault in faults(folder))
    bare = block.replace("    a kg:Method ;\n    a skos:Concept ;\n", "").replace(
        "    skos:inScheme <id/scheme/methods> ;\n", ""
    )
    (folder / "methods.ttl").write_text(text.replace(block, bare), encoding="utf-8")
    problems = " ".join(f"{fault.file} {fault.problem}" for fault in faults(folder) if fault.id == "mi")
    for part in (
        "not said to be a kg:Method",
        "not said to be a skos:Concept",
        "not skos:inScheme",
        "alignment.ttl is linked",
    ):
        assert part in problems


def test_links_to_other_vocabularies_say_no_more_than_close(folder: Path) -> None:
    path = folder / "alignment.ttl"
    path.write_text(
        path.read_text("utf-8").replace("skos:closeMatch jobtech:", "skos:exactMatch jobtech:", 1), encoding="utf-8"
    )
    (fault,) = faults(folder)
    assert (fault.file, fault.rule) == ("alignment.ttl", "alignment")
    assert "skos:exactMatch jobtech:" in path.read_text("utf-8").split("\n")[fault.line - 1]


def test_a_circle_of_broader_concepts_is_found(folder: Path) -> None:
    one, other = (f"<id/method/{key}>\n    a kg:Method ;" for key in ("wri", "yrkes-sfi"))
    _changed(folder, one, f"{one}\n    skos:broader <id/method/yrkes-sfi> ;")
    found = _changed(folder, other, f"{other}\n    skos:broader <id/method/wri> ;")
    assert {fault.id for fault in found if "its own broader" in fault.problem} == {"wri", "yrkes-sfi"}


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("dcterms:isReplacedBy <id/method/mi> ;", "", "needs one dcterms:isReplacedBy, and has 0"),
        ("<id/method/mi> ;\n.", "<id/method/gone> ;\n.", "replaced by 'gone'"),
        ("    <http://www.w3.org/2002/07/owl#deprecated> true ;\n", "", "is not owl:deprecated"),
    ],
)
def test_a_breach_of_the_rules_of_succession_is_found(folder: Path, before: str, after: str, problem: str) -> None:
    with (folder / "methods.ttl").open("a", encoding="utf-8") as file:
        file.write(OLD)
    assert faults(folder) == ()
    assert problem in " ".join(fault.problem for fault in _changed(folder, before, after))


def test_a_name_that_is_no_longer_used_means_what_has_taken_its_place(folder: Path) -> None:
    with (folder / "methods.ttl").open("a", encoding="utf-8") as file:
        file.write(OLD)
    known = ontology.load(folder=folder)
    found = Extractor(known).extract("Deltagarna får stöd enligt Urmetoden.").uses

    assert [(use.method, use.matched) for use in found] == [("mi", "Urmetoden")]
    assert {one.id for name in ("old-method", "urmetoden", "MI") if (one := current(known, name))} == {"mi"}
    assert current(known, "ACT") is None


def test_check_tells_people_and_programs_what_is_wrong(folder: Path) -> None:
    _changed(folder, '    skos:prefLabel "Motiverande samtal"@sv ;\n', "")
    sound = CliRunner().invoke(app, ["methods", "check"])
    broken = CliRunner().invoke(app, ["methods", "check", str(folder), "--json"])

    assert (sound.exit_code, broken.exit_code) == (0, 1)
    assert [fault["id"] for fault in json.loads(broken.stdout)] == ["mi"]


def test_show_of_an_old_id_shows_what_has_taken_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "methods.ttl").open("a", encoding="utf-8") as file:
        file.write(OLD)
    known = ontology.load(folder=folder)
    monkeypatch.setattr(ontology, "load", lambda: known)
    shown = CliRunner().invoke(app, ["methods", "show", "old-method", "--json"])
    listed = CliRunner().invoke(app, ["methods", "list", "--json"])

    assert json.loads(shown.stdout)["id"] == "mi"
    assert "old-method is no longer used; mi has taken its place" in shown.output
    assert "old-method" not in {row["id"] for row in json.loads(listed.stdout)}


def test_add_prints_the_block_and_changes_nothing_where_asked(folder: Path) -> None:
    before = (folder / "methods.ttl").read_text("utf-8")
    texts = ["--broader", "mi", "--definition", "En sak.", "--definition-en", "A thing."]
    arguments = ["methods", "add", "Gröna spåret", *texts, "--file", str(folder / "methods.ttl")]
    printed = CliRunner().invoke(app, [*arguments, "--print"])
    assert (folder / "methods.ttl").read_text("utf-8") == before
    added = CliRunner().invoke(app, arguments)

    assert printed.stdout == added.stdout
    assert printed.stdout.startswith("<id/method/grona-sparet>\n")
    assert printed.stdout in (folder / "methods.ttl").read_text("utf-8")
