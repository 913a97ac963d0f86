"""What is found without the judge is what the judge finds: for each constraint, severity and wording, as graphs."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import SH
from rdflib.compare import isomorphic

from kg.validation import check_files, read_shapes
from kg.validation.files import read_text
from tests.validation import random_graphs
from tests.validation.same import reports, results

DATA = """
ex:a a ex:A ; ex:p 1, 2.5, "x"@sv, "y"@sv, "z"@en, ex:b, "2020-06-01"^^xsd:date ; ex:q 2, ex:b ; ex:r "2019-01-01"^^xsd:date .
ex:b a ex:A , ex:B ; ex:p "xyz" ; ex:n 5 ; ex:m 7, 3 .
ex:c a ex:A ; ex:p _:blank ; ex:n 1 ; ex:m 2 . _:blank ex:q _:deeper , 7 . _:deeper ex:p "z" , ( 1 _:listed ) .
_:e a ex:A ; ex:q 1, 2 .
"""
CONSTRAINTS = {
    "MinCount": "sh:path ex:p ; sh:minCount 2",
    "MaxCount": "sh:path ex:p ; sh:maxCount 1",
    "Datatype": "sh:path ex:p ; sh:datatype xsd:integer",
    "Class": "sh:path ex:p ; sh:class ex:B",
    "NodeKind": "sh:path ex:p ; sh:nodeKind sh:IRI",
    "MinLength": "sh:path ex:p ; sh:minLength 3",
    "MaxLength": "sh:path ex:p ; sh:maxLength 2",
    "Pattern": "sh:path ex:p ; sh:pattern '^x'",
    "LanguageIn": "sh:path ex:p ; sh:languageIn ( 'en' )",
    "UniqueLang": "sh:path ex:p ; sh:uniqueLang true",
    "In": "sh:path ex:p ; sh:in ( 1 )",
    "HasValue": "sh:path ex:p ; sh:hasValue 1",
    "MinInclusive": "sh:path ex:n ; sh:minInclusive 3",
    "MinExclusive": "sh:path ex:n ; sh:minExclusive 3",
    "MaxInclusive": "sh:path ex:n ; sh:maxInclusive 3",
    "MaxExclusive": "sh:path ex:n ; sh:maxExclusive 3",
    "Not": "sh:path ex:p ; sh:not ex:IsDate",
    "And": "sh:path ex:p ; sh:and ( ex:IsDate ex:IsIri )",
    "Or": "sh:path ex:p ; sh:or ( ex:IsDate ex:IsIri )",
    "Xone": "sh:path ex:p ; sh:xone ( ex:IsDate ex:IsIri )",
    "Equals": "sh:path ex:p ; sh:equals ex:q",
    "Disjoint": "sh:path ex:p ; sh:disjoint ex:q",
    "LessThan": "sh:path ex:n ; sh:lessThan ex:m",
    "LessThanOrEquals": "sh:path ex:n ; sh:lessThanOrEquals ex:m",
    "Closed": "sh:closed true ; sh:ignoredProperties ( rdf:type )",
}
CONDITIONS = "ex:IsDate sh:datatype xsd:date . ex:IsIri sh:nodeKind sh:IRI ."
MESSAGES = {
    "both languages": 'sh:message "fel"@sv , "wrong"@en ;',
    "one language, advice": 'sh:message "fel"@sv ; sh:severity sh:Info ;',
    "pySHACL's own, warning": "sh:severity sh:Warning ;",
}
PATHS = (
    "( ex:p ex:q )",
    "[ sh:inversePath ex:p ]",
    "[ sh:alternativePath ( ex:p ex:q ) ]",
    "[ sh:zeroOrMorePath ex:p ]",
)
HEAD = random_graphs.HEAD + "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))


def shapes(turtle: str) -> rdflib.Graph:
    return read_text((HEAD + turtle).encode(), Path("shapes.ttl"))


@pytest.mark.parametrize("wording", MESSAGES)
@pytest.mark.parametrize("component", CONSTRAINTS)
def test_each_result_is_that_of_the_judge(component: str, wording: str) -> None:
    """Isomorphic reports: also what stands below blank nodes, and the messages that pySHACL words itself."""
    constraint = CONSTRAINTS[component]
    kind = "sh:PropertyShape" if "sh:path" in constraint else "sh:NodeShape"
    graph = shapes(f"ex:S a {kind} ; sh:targetClass ex:A ; {MESSAGES[wording]} {constraint} . {CONDITIONS}")
    alone, together, left, sure = reports(quads(HEAD + DATA), graph)

    assert {str(result.component) for result in sure} == {f"{SH}{component}ConstraintComponent"}
    assert sum(results(alone).values()) == len(sure) > 0
    assert isomorphic(together, alone)
    assert left.unscreened == ()


@pytest.mark.parametrize("path", PATHS)
def test_paths_are_written_as_the_judge_writes_them(path: str) -> None:
    graph = shapes(f"ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path {path} ; sh:minCount 3 ; sh:maxCount 1 .")
    alone, together, _, sure = reports(quads(HEAD + DATA), graph)

    assert len(sure) > 0
    assert isomorphic(together, alone)


def test_a_shape_under_another_is_found_once_for_each_way_to_it() -> None:
    graph = shapes(
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:property ex:Q ; sh:minCount 1 ] ."
        "ex:T a sh:NodeShape ; sh:targetNode ex:b ; sh:property ex:Q . ex:Q sh:path ex:q ; sh:minCount 1 ."
    )
    alone, together, _, sure = reports(quads(HEAD + DATA), graph)

    assert max(results(alone).values()) == 2
    assert len(sure) == sum(results(alone).values())
    assert results(together) == results(alone)


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:path ex:p ; sh:minInclusive 1e0",
        "sh:path ex:p ; sh:pattern '^x' , 'y'",
        "sh:path ex:p ; sh:or ( [ sh:minLength 9 ] [ sh:minInclusive 1e0 ] )",
        "sh:path ex:p ; sh:not [ sh:nodeKind sh:IRI ] , [ sh:nodeKind sh:Literal ]",
        "sh:path ex:p ; sh:node [ sh:nodeKind sh:IRI ]",
        "sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 2",
        "sh:path ex:p ; sh:nodeKind sh:IRI ; sh:severity sh:Info , sh:Warning",
    ],
)
def test_what_is_not_certain_is_left_to_the_judge(constraint: str) -> None:
    turtle = HEAD + DATA.replace("_:blank .", "ex:b .").replace("ex:p _:blank", "ex:p ex:b")
    graph = shapes(f"ex:S a sh:PropertyShape ; sh:targetNode ex:a ; {constraint} .")
    alone, together, _, sure = reports(quads(turtle), graph)

    assert sure == ()
    assert results(together).total() == results(alone).total() > 0


def test_a_storm_of_blank_nodes_at_fault_takes_time_in_proportion(tmp_path: Path) -> None:
    data, path = tmp_path / "data.nt", tmp_path / "shapes.ttl"
    data.write_text("".join(f'_:b{n} <http://e/p> _:b{n + 1} .\n_:b{n} <http://e/p> "x" .\n' for n in range(3000)))
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <http://e/S> sh:targetSubjectsOf <http://e/p> ;"
        ' sh:property [ sh:path <http://e/p> ; sh:nodeKind sh:IRI ; sh:message "no"@en ] .'
    )
    report = check_files([data], read_shapes(path))

    assert len(report.findings) == 6000
    assert {finding.message() for finding in report.findings} == {"no"}
