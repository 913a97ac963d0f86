"""Each file is hand-editable Turtle in one form: sorted, one statement a line, without blank nodes."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
import rdflib

from tests.ontology.files import BASE, FOLDER, NAMES, SHAPES, graph, statements

PREFIX = re.compile(r"PREFIX ([a-z]+): <([^<>]+)>")


def test_the_folder_holds_the_listed_files_and_the_shapes() -> None:
    assert sorted({path.name for path in FOLDER.glob("*.ttl")} - {SHAPES}) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_both_parsers_read_the_same_statements_and_no_blank_node(name: str) -> None:
    quads = list(pyoxigraph.parse(path=str(FOLDER / name)))
    parsed = graph(name)

    assert quads
    assert len({(str(q.subject), str(q.predicate), str(q.object)) for q in quads}) == len(parsed)
    assert not [node for triple in parsed for node in triple if isinstance(node, rdflib.BNode)]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_opens_with_the_base_and_sorted_prefixes_that_it_uses(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    prefixes = [match for line in lines if (match := PREFIX.fullmatch(line))]
    body = "\n".join(line for line in lines if line[:1] != "#" and not line.startswith(("BASE", "PREFIX")))

    assert lines[0] == f"BASE <{BASE}>"
    assert [match[1] for match in prefixes] == sorted({match[1] for match in prefixes})
    assert lines[1 : 1 + len(prefixes)] == [match[0] for match in prefixes]
    assert [match[1] for match in prefixes if f"{match[1]}:" not in body] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_stands_on_a_line_of_its_own(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    wrong = [
        line
        for line in lines
        if "\t" in line
        or line != line.rstrip()
        or (line.startswith(" ") and not re.fullmatch(r" {4}(?:# .+|\S+ .+ ;)", line))
    ]

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_subjects_are_sorted_after_the_schemes_or_the_ontology(name: str) -> None:
    found = statements(FOLDER / name)
    head = [subject for subject in found if subject.startswith("<id/scheme/") or subject == "<ontology>"]

    assert found == head + sorted(set(found) - set(head))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", NAMES)
def test_the_base_is_spelt_out_only_where_text_must_hold_it(name: str) -> None:
    lines = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if BASE in line]
    allowed = ("BASE ", "    vann:preferredNamespaceUri ", "    sh:namespace ")

    assert [line for line in lines if not line.startswith(allowed)] == []
    assert len(lines) == (3 if name == "kg.ttl" else 1)
