"""The command `kg methods`, as people and programs use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import resources
from kg.cli import app

HERE = Path(__file__).parent
PAGES = HERE.parent / "pages"
KEYS = ["method", "role", "quote", "start", "end", "matched", "rule", "confidence"]
TEXT = "Personalen får utbildning i MI (motiverande samtal), men vi arbetar inte med KBT. Programområdet är PO1 och SE."


def run(*arguments: str, text: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["methods", *arguments], input=text)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


def test_extract_reads_standard_input_and_gives_json() -> None:
    uses = json.loads(run("extract", "-", "--json", text=TEXT))
    assert all(list(use) == KEYS for use in uses)
    assert [(use["method"], use["role"]) for use in uses] == [("mi", "trains"), ("mi", "trains"), ("cbt", "negated")]
    assert all(TEXT[use["start"] : use["end"]] == use["matched"] and use["quote"] in TEXT for use in uses)


def test_extract_of_a_page_searches_the_description_and_counts_from_the_start_of_the_file() -> None:
    page = PAGES / "2021_00384.txt"
    (use,) = json.loads(run("extract", str(page), "--json"))
    assert (use["method"], use["role"]) == ("osa-dialogen", "trains")
    assert page.read_text("utf-8")[use["start"] : use["end"]] == use["matched"] == "OSA-dialogen"


def test_extract_of_lines_answers_line_by_line() -> None:
    lines = [{"id": "a", "text": TEXT}, {"id": 2, "text": "Inget här."}]
    answers = [
        json.loads(line) for line in run("extract", "--jsonl", "-", text="\n".join(map(json.dumps, lines))).splitlines()
    ]
    assert [answer["id"] for answer in answers] == ["a", 2]
    assert list(answers[0]["uses"][0]) == KEYS
    assert answers[1]["uses"] == []


def test_the_objective_of_a_line_tells_who_learns() -> None:
    text = "Deltagarna utbildas i lågaffektivt bemötande."
    lines = [{"id": code, "text": text, "objective": code} for code in ("1.1", "A2A")]
    answers = [
        json.loads(line) for line in run("extract", "--jsonl", "-", text="\n".join(map(json.dumps, lines))).splitlines()
    ]
    assert [answer["uses"][0]["role"] for answer in answers] == ["trains", "uses"]


def test_explain_shows_matches_rules_and_what_was_rejected() -> None:
    shown = run("extract", "-", "--explain", text=TEXT)
    assert "i [1: MI] ([2: motiverande samtal])" in shown
    assert "[x: SE]" in shown
    assert "1. 'MI' is mi: trains, by rule defined+training" in shown
    assert "x. 'SE' (supported-employment) was rejected: " in shown
    assert "No name of a method" in run("extract", "-", "--explain", text="Inget här.")


def test_extract_prints_a_table_for_people() -> None:
    assert "motiverande samtal" in run("extract", "-", text=TEXT)


def test_candidates_are_looked_for_in_any_text(tmp_path: Path) -> None:
    text = "Metoden Trampolinen prövas i länet."
    (tmp_path / "notes.txt").write_text(text, encoding="utf-8")
    (in_file,) = json.loads(run("candidates", str(tmp_path / "notes.txt"), "--json"))
    (piped,) = json.loads(run("candidates", "-", "--json", text=text))
    assert (in_file["name"], in_file["projects"]) == ("Trampolinen", ["notes.txt"])
    assert (piped["name"], piped["projects"]) == ("Trampolinen", ["standard input"])


def test_of_a_web_page_what_it_shows_is_searched(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><p>Vi använder <b>motiverande</b>&nbsp;samtal och metoden <i>Tramp&ouml;linen</i>.<!-- KBT -->",
        encoding="utf-8",
    )
    (use,) = json.loads(run("extract", str(page), "--json"))
    assert (use["method"], use["quote"]) == ("mi", "Vi använder motiverande samtal och metoden Trampölinen.")
    assert [one["name"] for one in json.loads(run("candidates", str(page), "--json"))] == ["Trampölinen"]


def test_evaluate_prints_figures_kinds_and_mistakes(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    wrong = {"method": "cbt", "role": "uses"}
    cases = [
        {"id": 1, "tests": "role", "text": "Vi arbetar med KBT.", "expected": [{"method": "cbt", "role": "uses"}]},
        {"id": 2, "tests": "negation", "text": "Vi arbetar inte med KBT.", "expected": [wrong]},
        {"id": 3, "tests": "generic", "text": "Vi arbetar med språkstöd.", "expected": [wrong]},
    ]
    gold.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    shown = run("evaluate", str(gold))
    assert all(word in shown for word in ("other role", "false alarm", "missed", "language-support", "negation"))
    result = json.loads(run("evaluate", str(gold), "--json"))
    assert result["strict"][0]["counts"] == {"right": 2, "false": 1, "missed": 1}
    assert result["strict"][1]["counts"] == {"right": 1, "false": 2, "missed": 2}
    assert [kind[0] for kind in result["kinds"]] == ["generic", "negation", "role"]
    low, high = result["strict"][0]["f1"]
    assert 0 <= low < 2 / 3 < high <= 1


def test_evaluate_names_the_id_that_was_meant(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    case = {"id": 1, "text": "Vi arbetar med KBT.", "expected": [{"method": "supported-employmnt", "role": "uses"}]}
    gold.write_text(json.dumps(case), encoding="utf-8")
    line = next(line for line in run("evaluate", str(gold)).splitlines() if "supported-employmnt" in line)
    assert line.split() == ["1", "supported-employmnt", "uses", "supported-employment"]


def test_evaluate_reads_facts_of_pages_and_lists_what_the_scheme_lacks() -> None:
    result = json.loads(run("evaluate", str(PAGES / "facts.json"), "--json"))
    assert result["cases"] == 39
    names = [name for _, name, _ in result["outside"]]
    assert "Klusterutvärdering" in names
    assert "Arbetsträning" not in names
    seeds = run("evaluate", str(PAGES / "seed-facts.json"), "--pages", str(resources.folder("seeds")))
    assert "Datadriven" not in seeds


def test_list_and_show_give_the_scheme() -> None:
    listed = json.loads(run("list", "--json"))
    assert {
        "id": "mi",
        "label": "Motiverande samtal",
        "group": "Samtals-, vägledande och samordnande metoder",
    } in listed
    shown = json.loads(run("show", "MI-metodik", "--json"))
    assert shown["id"] == "mi"
    assert any("heart attack" in reason for reason in shown["rules"])
    assert "definition" in run("show", "mi")


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("show", "nothing"), 2, "no method 'nothing'"),
        (("extract", "missing.txt"), 3, "missing.txt cannot be read"),
        (("evaluate", "missing.json"), 3, "missing.json cannot be read"),
        (("extract", "--jsonl", "-"), 3, "line 1 of -"),
        (("extract", "--jsonl", "missing.jsonl"), 3, "missing.jsonl cannot be read"),
    ],
)
def test_mistakes_of_the_caller_are_one_line_and_a_code(arguments: tuple[str, ...], code: int, problem: str) -> None:
    assert problem in run(*arguments, text="[1]", code=code)


def test_candidates_proposes_names_that_the_scheme_lacks(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "22-999-S01 - Steget\n\nNamn:\nSteget\nRegion:\nStockholm\n\n"
        "Personalen utbildas i metoden Raka Vägen. Raka Vägen är en metod för samtal. Metoden MI (motiverande samtal) finns.\n",
        encoding="utf-8",
    )
    found = json.loads(run("candidates", str(page), "--json"))
    assert [one["name"] for one in found] == ["Raka Vägen"]
    assert found[0]["times"] == 2
    assert "Raka Vägen" in run("candidates", str(page))
