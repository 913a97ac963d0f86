"""Findings name project, value, rule and source in both languages, in a stable order, and agree with pySHACL."""

from __future__ import annotations

import random
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import SH
from rdflib.compare import isomorphic

from kg.build import build
from kg.errors import InputError, UsageError
from kg.resources import folder
from kg.validation import Finding, check_build, check_files, findings, own_shapes, read_shapes
from tests.shapes.cases import INVALID, surrounded
from tests.validation.graphs import HEAD, SOURCE, parsed, project

MONEY = 'kg:totalBudget 100.0 ; kg:grantedSupport 250.5 ; kg:currency "SEK"'
USERS_SHAPES = """
PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:age ; sh:datatype xsd:integer ],
    [ sh:path ( ex:knows ex:age ) ; sh:maxCount 1 ; sh:severity ex:Oddity ; sh:message "too many" ] .
"""
USERS_DATA = """
PREFIX ex: <http://example.org/>
ex:anna a ex:Person ; ex:age "old" ; ex:knows ex:bo, ex:cia .
ex:bo ex:age 7 . ex:cia ex:age 8 .
"""


def only(graph: rdflib.Graph) -> Finding:
    (finding,) = findings(graph).findings
    return finding


def test_a_line_names_project_value_and_rule() -> None:
    finding = only(parsed(project(1), project(2, MONEY)))

    assert finding.line("en") == (
        "2017/00002 Prov 2: The granted support is larger than the total budget."
        " Values: kg:grantedSupport 250.5; kg:totalBudget 100.0. [Project-grantedSupport-budget]"
    )
    assert finding.line("sv") == (
        "2017/00002 Prov 2: Beviljat stöd är större än total projektbudget."
        " Värden: kg:grantedSupport 250.5; kg:totalBudget 100.0. [Project-grantedSupport-budget]"
    )


def test_a_value_at_the_end_of_a_path_is_shown_without_source(tmp_path: Path) -> None:
    """No triple of the focus node says it."""
    data, path = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(USERS_DATA)
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <http://example.org/> ex:S sh:targetObjectsOf ex:knows ;"
        ' sh:property [ sh:path [ sh:inversePath ex:knows ] ; sh:nodeKind sh:Literal ; sh:message "no" ] .'
    )
    lines = [finding.line() for finding in check_files([data], read_shapes(path)).findings]

    assert lines == [
        f"http://example.org/{name}: no Value: http://example.org/anna. [S path]" for name in ("bo", "cia")
    ]


def test_a_finding_has_the_fields_of_the_result() -> None:
    finding = only(parsed(project(2, 'kg:beneficiaryPostcode "582 20"')))
    base = own_shapes().base

    assert (finding.severity, finding.component) == ("Violation", "Pattern")
    assert finding.focus == finding.project == f"{base}id/project/2017-00002"
    assert finding.path == f"<{base}ontology#beneficiaryPostcode>"
    assert finding.shape == f"{base}shape/Project-beneficiaryPostcode"
    assert finding.value == "582 20"
    assert sorted(finding.messages) == ["en", "sv"]
    assert finding.sources == ("page.txt",)


def test_messages_of_sparql_constraints_keep_their_language() -> None:
    """PySHACL itself drops it."""
    finding = only(parsed('<id/owner/a> a kg:Owner ; skos:prefLabel "A"@sv ; kg:organisationNumber "2120003006" .'))

    assert finding.component == "SPARQL"
    assert finding.message("sv") == "Organisationsnumrets kontrollsiffra stämmer inte."
    assert finding.message("en") == "The check digit of the organisation number is wrong."
    assert finding.message("fi") == finding.message("en")


def test_findings_of_a_use_name_its_project() -> None:
    graph = parsed(
        project(1, "kg:methodUse <id/use/x>"),
        '<id/method/m> a kg:Method ; skos:prefLabel "M"@sv ; skos:inScheme <id/scheme/methods> .',
        "<id/scheme/methods> a skos:ConceptScheme .",
        '<id/use/x> a kg:MethodUse ; kg:useOf <id/method/m> ; kg:role "mentions" ; kg:quote "Om M."@sv ; kg:quoteStart 3 ;',
        ' kg:quoteEnd 4 ; kg:matchedText "M" ; kg:matchRule "name" ; kg:confidence 2.0 .',
    )
    finding = only(graph)

    assert finding.project == f"{own_shapes().base}id/project/2017-00001"
    assert finding.line().startswith("2017/00001 Prov 1, use/x: A use has exactly one confidence")


def test_disagreeing_sources_are_named_with_their_values(tmp_path: Path) -> None:
    path = tmp_path / "data.trig"
    subject = "<id/project/2017-00001>"
    path.write_text(
        HEAD
        + SOURCE
        + SOURCE.replace("source/page", "source/other").replace("page.txt", "other.txt")
        + project(1, "prov:wasDerivedFrom <id/source/other>")
        + f'<id/source/page> {{ {subject} kg:endDate "2020-10-31"^^xsd:date }}'
        + f'<id/source/other> {{ {subject} kg:endDate "2020-11-30"^^xsd:date }}',
        encoding="utf-8",
    )
    (finding,) = (f for f in check_files([path], own_shapes()).findings if f.severity == "Violation")

    assert finding.rule == "Project-endDate-single"
    assert finding.line().endswith(
        "more than one end date. Values: 2020-10-31 (page.txt); 2020-11-30 (other.txt). [Project-endDate-single]"
    )
    assert finding.sources == ("other.txt", "page.txt")


def test_findings_come_worst_first_then_by_project_whatever_the_order_of_the_triples() -> None:
    parts = [project(number, MONEY) for number in (3, 1, 2)]
    parts += ['<id/project/p> a kg:Project ; dcterms:title "P"@sv ; prov:wasDerivedFrom <id/source/page> .']
    report = findings(parsed(*parts))

    assert [(finding.severity, finding.identifier) for finding in report.findings] == [
        ("Violation", "2017/00001"),
        ("Violation", "2017/00002"),
        ("Violation", "2017/00003"),
        ("Info", None),
        ("Info", None),
    ]
    assert dict(report.counts) == {"Violation": 3, "Warning": 0, "Info": 2}
    for seed in range(3):
        shuffled = list(parsed(*parts))
        random.Random(seed).shuffle(shuffled)
        graph = rdflib.Graph()
        for triple in shuffled:
            graph.add(triple)
        again = findings(graph)
        assert again.findings == report.findings
        assert again.turtle() == report.turtle()


def test_the_report_is_the_one_that_pyshacl_gives() -> None:
    """Isomorphic graphs, but for the languages of SPARQL messages, which are not in this case."""
    graph = parsed(project(1, MONEY), project(2, 'kg:beneficiaryPostcode "582 20" ; kg:partner <id/fund/ESF>'))
    _, expected, _ = pyshacl.validate(graph, shacl_graph=own_shapes().graph)
    report = findings(graph)

    assert len(report.findings) == 3
    assert isomorphic(report.graph, expected)
    assert isomorphic(rdflib.Graph().parse(data=report.turtle(), format="turtle"), expected)


def test_the_report_as_turtle_is_the_report() -> None:
    """Also with property paths, details of nested shapes and blank nodes in the data."""
    names = {
        "Thing-iri.NodeKind",
        "Project-programmeArea.Node",
        "MethodUse-project.MinCount",
        "Project-owed-cost.MinCount",
    }
    chosen = [path for path in INVALID if path.stem in names]
    everything = rdflib.Graph()
    for path in chosen:
        everything += surrounded(rdflib.Graph().parse(path))
    report = findings(everything)

    assert len(chosen) == len(report.findings) == 4
    assert isomorphic(rdflib.Graph().parse(data=report.turtle(), format="turtle"), report.graph)


def test_data_are_left_as_they_are() -> None:
    graph = parsed(project(1, MONEY))
    before = set(graph)
    findings(graph)

    assert set(graph) == before


def test_seeds_have_no_violations_and_the_warnings_that_are_owed(seeds: Path) -> None:
    report = check_build(seeds)
    owed = [finding for finding in report.findings if finding.severity == "Warning"]

    assert report.conforms
    assert report.counts["Violation"] == 0
    assert [finding.identifier for finding in owed] == ["22-005-S01", "22-012-S04", "22-014-S05", "22-045-S01"]
    assert {finding.rule for finding in owed} == {"Project-owed-cost"}
    assert owed[0].message("en").startswith("Article 49(3)(h)")
    assert owed[0].message("sv").startswith("Artikel 49.3 h")


def test_a_build_with_another_base_is_checked_with_shapes_of_that_base(tmp_path: Path, seeds: Path) -> None:
    build([folder("seeds")], tmp_path / "other", base="https://example.org/kg/")
    report, own = check_build(tmp_path / "other"), check_build(seeds)

    assert [finding.line() for finding in report.findings] == [finding.line() for finding in own.findings]
    assert all(finding.shape.startswith("https://example.org/kg/shape/") for finding in report.findings)
    assert str(own_shapes().base) not in report.turtle()


def test_faults_are_found_in_a_graph_with_another_base() -> None:
    other = "https://example.org/kg/"
    graph = parsed(
        project(1, MONEY), '<id/owner/a> a kg:Owner ; skos:prefLabel "A"@sv ; kg:organisationNumber "2120003006" .'
    )
    moved = rdflib.Graph().parse(data=graph.serialize(format="nt").replace(str(own_shapes().base), other), format="nt")

    rules = [finding.rule for finding in findings(moved, own_shapes(other)).findings]
    assert rules == ["Owner-organisationNumber-check-digit", "Project-grantedSupport-budget"]
    assert findings(moved).findings == ()


def test_typed_and_plain_strings_are_one_literal_in_files(tmp_path: Path) -> None:
    """To rdflib they are two, which would break sh:in and counts."""
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.ttl"
    data.write_text(
        '<http://e/a> <http://e/p> "x" .\n<http://e/a> <http://e/p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .\n'
    )
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
        " <http://e/S> a sh:NodeShape ; sh:targetNode <http://e/a> ;"
        ' sh:property [ sh:path <http://e/p> ; sh:maxCount 1 ; sh:in ( "x"^^xsd:string ) ] .'
    )

    assert check_files([data], read_shapes(shapes)).findings == ()


def test_a_users_shapes_judge_a_users_file(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(USERS_DATA)
    shapes.write_text(USERS_SHAPES)
    report = check_files([data], read_shapes(shapes))
    first, second = report.findings

    assert (first.severity, first.rule, first.component) == ("Violation", "Person http://example.org/age", "Datatype")
    assert (first.focus, first.value, first.project) == ("http://example.org/anna", "old", None)
    assert (second.severity, second.message()) == ("Oddity", "too many")
    assert second.path == "(<http://example.org/knows>/<http://example.org/age>)"
    assert dict(report.counts) == {"Violation": 1, "Warning": 0, "Info": 0, "Oddity": 1}


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("data.ttl", "<a> <b> .", "is not Turtle"),
        ("data.csv", "", "is of no RDF format"),
        ("data.nq", "nonsense", "is not N-Quads"),
        ("data.jsonld", '{"@context": "http://127.0.0.1:9/context", "a": "b"}', "is not JSON-LD"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, content: str, rule: str) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(InputError, match=rule) as error:
        check_files([path])
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.ttl cannot be read"):
        check_files([tmp_path / "nowhere.ttl"])


def test_shapes_that_are_not_legal_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <http://e/S> a sh:NodeShape ; sh:targetNode <http://e/a> ; sh:minCount 1 ."
    )

    with pytest.raises(InputError, match=r"shapes\.ttl:1: shape <http://e/S>: sh:minCount"):
        findings(rdflib.Graph(), read_shapes(path))


def test_a_base_without_a_slash_is_refused() -> None:
    with pytest.raises(UsageError, match="ends in a slash"):
        own_shapes("https://example.org")


def test_the_report_says_whether_pyshacl_found_anything() -> None:
    (conforms,) = findings(parsed(project(1, MONEY))).graph.objects(None, SH.conforms)

    assert conforms.toPython() is False  # type: ignore[attr-defined]
