"""Files of what people found: what is read from them, how a mistake in one is told, and what counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg import ontology
from kg.errors import InputError
from kg.methods import Extractor
from kg.methods.evaluate import Evaluation, evaluate
from kg.methods.gold import read_gold

SENTENCE = {"id": 7, "text": "Vi arbetar med MI.", "expected": [{"method": "mi", "role": "uses"}]}
TEXT = """Coacherna arbetar med KBT i grupp.

Motiverande samtal ges enskilt. Supported Employment ingår inte i projektet. I länet finns Bostad först sedan länge."""


def _told(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_gold(path, ontology.load())
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": 1, text}', "not JSON: Expecting property name enclosed in double quotes at column 11"),
        ("[1]", "the line must be an object, and is [1]"),
        (json.dumps({"id": 1, "expected": []}), '"text" is missing'),
        (json.dumps({**SENTENCE, "text": 5}), '"text" must be a text, and is 5'),
        (json.dumps({**SENTENCE, "expected": {"method": "mi"}}), '"expected" must be a list, and is {"method": "mi"}'),
        (json.dumps({**SENTENCE, "expected": ["mi"]}), '"expected" must be an object, and is "mi"'),
        (json.dumps({**SENTENCE, "expected": [{"method": "mi"}]}), '"role" is missing'),
        (
            json.dumps({**SENTENCE, "expected": [{"method": "mi", "role": "use"}]}),
            "the role 'use' is none of develops,",
        ),
    ],
)
def test_a_mistake_in_a_sentence_is_told_with_file_line_value_and_rule(tmp_path: Path, line: str, problem: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(f"{json.dumps(SENTENCE)}\n\n{line}\n", encoding="utf-8")
    assert f"line 3 of {gold}: {problem}" in _told(gold)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"methods": [{"canonical": "MI", "role": "used"}]}, "the role 'used' is none of"),
        (
            {"methods": [{"canonical": "MI", "role": "uses", "confidence": "hgh"}]},
            "the confidence 'hgh' is none of high",
        ),
        ({"methods": [{"role": "uses"}]}, '"canonical" is missing'),
        ({"methods": "MI"}, '"methods" must be a list, and is "MI"'),
        ({"file": "nowhere.txt"}, "the page nowhere.txt cannot be read from"),
        ({"file": None}, '"file" must be a text, and is null'),
    ],
)
def test_a_mistake_in_the_facts_of_a_page_is_told_with_the_line_where_they_begin(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    good = _page(tmp_path, [])
    gold = tmp_path / "facts.json"
    gold.write_text(f"[\n{json.dumps(good)},\n{json.dumps(good | change)}\n]", encoding="utf-8")
    assert f"line 3 of {gold}: {problem}" in _told(gold)


def test_what_is_no_json_and_what_is_empty_are_told(tmp_path: Path) -> None:
    gold = tmp_path / "facts.json"
    gold.write_text('[\n{"file": }]', encoding="utf-8")
    assert f"line 2 of {gold}: not JSON: Expecting value at column 10" in _told(gold)
    gold.write_text("\n", encoding="utf-8")
    assert "is empty" in _told(gold)


def _page(folder: Path, methods: list[dict[str, Any]]) -> dict[str, Any]:
    (folder / "page.txt").write_text(
        f"2019/00001 - Prov\n\nProjektnummer:\n2019/00001\nNamn:\nProv\nRegion:\nStockholm\n\n{TEXT}\n",
        encoding="utf-8",
    )
    return {"key": "2019/00001", "file": "page.txt", "layout": "P1", "methods": methods}


def _measured(folder: Path, *methods: tuple[str, str]) -> Evaluation:
    page = _page(folder, [{"canonical": name, "forms": [name], "role": role} for name, role in methods])
    (folder / "facts.json").write_text(json.dumps([page]), encoding="utf-8")
    known = ontology.load()
    return evaluate(read_gold(folder / "facts.json", known), Extractor(known), linking=True)


def test_mentions_and_denials_on_a_page_count_where_people_noted_them_and_are_never_false(tmp_path: Path) -> None:
    links = (("KBT", "uses"), ("Motiverande samtal", "uses"))
    bare = _measured(tmp_path, *links).strict[0].counts
    told = _measured(tmp_path, *links, ("Supported Employment", "negated")).strict[1].counts
    assert (bare.right, bare.missed) == (2, 0)
    assert (told.right, told.missed, told.false) == (3, 0, bare.false)


def test_what_was_missed_is_shown_with_its_sentence_and_not_with_its_page(tmp_path: Path) -> None:
    found = _measured(tmp_path, ("länet", "uses"), ("Coacherna", "uses"), ("mindfulness", "uses"))
    assert [name for _, name, _ in found.outside] == ["länet", "Coacherna"]
    case = read_gold(tmp_path / "facts.json", ontology.load())[0]
    assert case.expected[-1].method == "mindfulness"
    page = _page(tmp_path, [{"canonical": "Mindfulness", "forms": ["ges enskilt"], "role": "uses"}])
    (tmp_path / "facts.json").write_text(json.dumps([page]), encoding="utf-8")
    known = ontology.load()
    mistakes = evaluate(read_gold(tmp_path / "facts.json", known), Extractor(known), linking=True).mistakes
    assert [one.sentence for one in mistakes if one.what == "missed"] == ["Motiverande samtal ges enskilt."]
