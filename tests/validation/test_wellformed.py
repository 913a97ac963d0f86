"""Shapes with mistakes are refused with shape, line and rule; so are recursion and circular imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.resources import folder
from kg.validation import read_shapes
from kg.validation.files import read_graph
from kg.validation.wellformed import problems, unknown_terms

HEAD = """PREFIX ex: <http://e/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
# ex:S and sh:minCount in a comment
"""
DATA = '<http://e/a> <http://e/p> "x" ; <http://e/q> <http://e/b> . <http://e/b> <http://e/q> <http://e/a> .'
GOOD = "ex:Fine\n    a sh:NodeShape ;\n    sh:property [ sh:path ex:p ; sh:minCount 1 ] .\n"
"""Three lines, 7 to 9; what follows begins on line 10."""


def run(path: Path, shapes: str) -> Result:
    (path / "shapes.ttl").write_text(HEAD + GOOD + shapes, encoding="utf-8")
    (path / "data.ttl").write_text(DATA)
    return CliRunner().invoke(app, ["check", str(path / "data.ttl"), "--shapes", str(path / "shapes.ttl")])


CASES = [
    ("sh:property [ sh:path ex:p ;\n sh:minCount 1 ;\n sh:maxCount 'x' ]", 13, 'of sh:maxCount, "x", is not a whole'),
    ("sh:property [ sh:path ex:p ;\n sh:minCount -1 ]", 12, "of sh:minCount"),
    ('sh:property [ sh:path ex:p ;\n sh:pattern "(" ]', 12, 'sh:pattern "(" is no regular expression'),
    ("sh:property\n [ sh:minCount 1 ]", 11, "a property shape needs a sh:path"),
    ("sh:minCount 1", 11, "sh:minCount stands in a shape without sh:path"),
    ('sh:property [ sh:path ex:p ;\n sh:in "x" ]', 12, "the value of sh:in is no list"),
    ("sh:in _:l .\n_:l rdf:first 1 ; rdf:rest _:l", 11, "the value of sh:in is no list"),
    ('sh:languageIn ( "sv" 1 )', 11, "a member of sh:languageIn is no text"),
    ("sh:or ( ex:Fine 'x' )", 11, "a member of sh:or is a literal"),
    ("sh:property [ sh:path [ ex:foo ex:p ] ]", 11, "the value of sh:path is no property path"),
    ("sh:property [ sh:path ( ex:p 'x' ) ]", 11, "the value of sh:path is no property path"),
    ("sh:property [ sh:path ex:p ; sh:nodeKind sh:IIRI ]", 11, "sh:nodeKind, <http://www.w3.org/ns/shacl#IIRI>"),
    ("sh:property [ sh:path ex:p ; sh:datatype 'string' ]", 11, 'sh:datatype, "string", is not an IRI'),
    ("sh:datatype xsd:string, xsd:integer", 11, "sh:datatype stands there more than once"),
    ("sh:node 'x'", 11, 'sh:node, "x", is not a shape'),
    ("sh:severity 'bad'", 11, 'sh:severity, "bad", is not an IRI'),
    ("sh:closed 'maybe'", 11, 'sh:closed, "maybe", is not true or false'),
    ("sh:sparql [ sh:message 'x' ]", 11, "a SPARQL constraint needs one sh:select"),
    ("sh:sparql [\n sh:select 'SELEC $this' ]", 12, "its sh:select: the query is not legal SPARQL"),
    (
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape ex:Fine ]",
        11,
        "sh:qualifiedValueShape needs sh:qualifiedMin",
    ),
    ("sh:property [ sh:path ex:q ;\n sh:node ex:S ]", 11, "the shape refers to itself by way of sh:property"),
    ("sh:not ex:T .\nex:T sh:or ( ex:Fine ex:S )", 11, "the shape refers to itself by way of sh:not"),
]


@pytest.mark.parametrize(("mistake", "line", "says"), CASES)
def test_a_mistake_is_told_with_file_line_shape_and_rule(tmp_path: Path, mistake: str, line: int, says: str) -> None:
    result = run(tmp_path, f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ;\n{mistake} .\n")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"kg: {tmp_path / 'shapes.ttl'}:{line}: "), result.stderr
    assert "shape <http://e/S>" in result.stderr
    assert says in result.stderr
    assert result.stderr.count("\n") == 1 or "SPARQL" in says


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, "ex:S a sh:NodeShape\n sh:node ex:Fine .\n")

    assert result.exit_code == 3
    assert "shapes.ttl is not Turtle: Parser error at line 11" in result.stderr


def test_a_misspelt_term_is_remarked_and_the_rest_is_checked(tmp_path: Path) -> None:
    result = run(tmp_path, "ex:S sh:targetSubjectsOf ex:p ; sh:nodeKind sh:Literal ; sh:minCuont 1 .\n")

    assert result.exit_code == 1
    remark = "shapes.ttl: sh:minCuont is no term of SHACL and is ignored; do you mean sh:minCount?"
    assert result.stderr == f"kg: {tmp_path}/{remark}\n"


def test_shapes_that_are_right_are_not_refused(tmp_path: Path) -> None:
    for path in (folder("ontology") / "shapes.ttl", *Path(__file__).parent.parent.joinpath("shapes").rglob("*.ttl")):
        graph = read_graph(path)
        assert list(problems(graph)) == []
        assert list(unknown_terms(graph)) == []


def test_imports_beside_the_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "more shapes.ttl").write_text(HEAD + "_:x sh:path ex:p ; sh:minLength 9 .\nex:S sh:property _:x .\n")
    result = run(tmp_path, "<> owl:imports <more%20shapes.ttl> . ex:S sh:targetSubjectsOf ex:p .\n_:x ex:p 1 .\n")

    assert result.exit_code == 1
    assert "http://e/a" in result.stdout


def test_circular_imports_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<> <http://www.w3.org/2002/07/owl#imports> <two.ttl> .")
    (tmp_path / "two.ttl").write_text("<> <http://www.w3.org/2002/07/owl#imports> <shapes.ttl> .")
    result = run(tmp_path, "<> owl:imports <one.ttl> .\n")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        "kg: circular owl:imports: shapes.ttl imports one.ttl imports two.ttl imports shapes.ttl\n"
    )


def test_an_import_that_two_files_share_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<> <http://www.w3.org/2002/07/owl#imports> <two.ttl> .")
    (tmp_path / "two.ttl").write_text("<http://e/a> <http://e/b> 1 .")

    assert run(tmp_path, "<> owl:imports <one.ttl>, <two.ttl> .\n").exit_code == 0
    assert len(read_shapes(tmp_path / "shapes.ttl").graph) > 6


def test_imports_that_are_missing_or_far_away_are_told(tmp_path: Path) -> None:
    missing = run(tmp_path, "<> owl:imports <nowhere.ttl> .\n")
    far = run(tmp_path, "<> owl:imports <http://127.0.0.1:9/x> .\n")

    assert missing.exit_code == 3
    assert "nowhere.ttl cannot be read: No such file" in missing.stderr
    assert far.exit_code == 0
    assert far.stderr == "kg: shapes.ttl imports <http://127.0.0.1:9/x>, which is not read: nothing is fetched\n"
