"""Mistakes in the file of rules are told by line before they act, and the steps of its README work."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kg import ontology, resources
from kg.errors import InputError
from kg.methods import Extractor, rulebook
from kg.methods.rule_check import rule_faults

README = (resources.folder("ontology") / "README-methods.md").read_text("utf-8")
TEXT = (resources.folder("ontology") / rulebook.FILE).read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(resources.folder("ontology"), tmp_path_factory.mktemp("rules") / "ontology"))


def _changed(folder: Path, before: str, after: str) -> str:
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    (folder / rulebook.FILE).write_text(text, encoding="utf-8")
    return text


def test_the_published_rules_are_sound() -> None:
    assert rule_faults(resources.folder("ontology")) == ()


@pytest.mark.parametrize(
    ("before", "after", "where", "problem"),
    [
        ('role = "builds-on"', 'role = "build-on"', "cue builds-on", "gives the role 'build-on', which is none of develops"),
        ("strength = 9.5", "strenght = 9.5", "cue design-rests-on", "has 'strenght', which is none of name, role"),
        ("strength = 9.5", 'strength = "9.5"', "cue design-rests-on", "has a 'strength' that is not a number"),
        ("strength = 9.5", "strength = 9.5\nconfidence = 0.9", "cue design-rests-on", "has 'confidence', which is none of"),
        ('"^ utifrån ~"', '"^ utifrån ~ eller ~"', "cue design-rests-on", "where one ~ may stand for the name"),
        ('"^ utifrån ~"', '""', "cue design-rests-on", "has '' among 'phrases', which is not a text"),
        ('name = "design-rests-on"', 'name = "builds-on"', "cue builds-on", "has the name of the cue at line"),
        ('[[cue]]\nname = "design', '[[cues]]\nname = "design', "cues", "is none of the tables"),
        ("[candidates]", "[candidate]", "candidates", "is missing"),
        ('methods = ["praktik"]', 'methods = ["praktikk"]', "context praktikk", "the method 'praktikk', which the scheme lacks"),
        ('labels = ["praktik"]', 'labels = ["praktikx"]', "context praktik", "'praktikx', which none of its methods has"),
        ('yes = ["Insatserna är praktik', 'yes = ["Vi dansar.", "Insatserna är praktik', "context praktik", "'Vi dansar.' under"),
        ('no = ["En samlad', 'no = ["Metoden praktik prövas.", "En samlad', "context praktik", "which names praktik"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(folder: Path, before: str, after: str, where: str, problem: str) -> None:
    lines = _changed(folder, before, after).split("\n")
    told = [fault for fault in rule_faults(folder) if fault.id == where and problem in fault.problem]
    assert told
    assert told[0].file == "method-rules.toml"
    line = lines[told[0].line - 1]
    assert (
        told[0].line == 1 or line in after or any(part in line for part in after.split("\n")) or line.startswith("[[")
    )


def test_what_is_no_toml_is_told_with_its_line(folder: Path) -> None:
    _changed(folder, '"^ utifrån ~"', '"^ utifrån ~')
    with pytest.raises(InputError, match=r"cannot be read as rules: .*line \d+"):
        rule_faults(folder)


def test_the_steps_of_the_readme_work(folder: Path) -> None:
    steps = README.partition("## Changing a rule, step by step")[2].partition("\n## ")[0]
    (sentence,) = re.findall(r"give a file\. \"(.+?)\"", steps)
    (phrase,) = re.findall(r"```toml\n\s+(.+?)\n", steps)
    start = TEXT.index("phrases = [\n", TEXT.index('name = "training"')) + len("phrases = [\n")
    (folder / rulebook.FILE).write_text(f"{TEXT[:start]}    {phrase}\n{TEXT[start:]}", encoding="utf-8")
    known = ontology.load()
    before, after = (Extractor(known, rules).extract(sentence).uses for rules in (None, folder / rulebook.FILE))
    assert [use.method for use in before] == ["mi"]
    assert before[0].rule != "label+training"
    assert [(use.method, use.role, use.rule) for use in after] == [("mi", "trains", "label+training")]
    assert rule_faults(folder) == ()
