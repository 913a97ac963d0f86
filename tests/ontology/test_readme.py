"""The README of the ontology names every file, and its examples are lines that work."""

from __future__ import annotations

import re

import pyoxigraph
import pytest

from tests.ontology.files import BASE, FOLDER, NAMES, SHAPES, statements

README = (FOLDER / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```turtle\n(.*?)```", README, re.DOTALL)
HEAD = "".join(
    dict.fromkeys(
        line
        for name in ("kg.ttl", "methods.ttl")
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines(keepends=True)
        if line.startswith(("BASE ", "PREFIX "))
    )
)


def test_the_table_names_every_turtle_file_of_the_folder() -> None:
    assert set(re.findall(r"^\| `([a-z-]+\.ttl)` \|", README, re.MULTILINE)) == {*NAMES, SHAPES}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_turtle_in_the_form_of_the_files(example: str) -> None:
    block = example if example.startswith("<") else f"<id/x>\n{example}.\n"
    quads = list(pyoxigraph.parse((HEAD + block).encode(), format=pyoxigraph.RdfFormat.TURTLE))

    assert len(quads) == len([line for line in example.splitlines() if line.startswith("    ")])
    assert all(re.fullmatch(r" {4}\S+ .+ ;|<.+>|\.", line) for line in example.splitlines())


def test_the_base_and_the_shape_of_the_example_are_those_of_the_files() -> None:
    assert BASE in README
    assert "<id/method/employer-engagement>" in statements(FOLDER / "methods.ttl")
