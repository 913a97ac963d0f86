"""The screen never leaves out a node that the judge would find something about, and lists few others."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import assume, given, settings
from rdflib import SH
from rdflib.term import URIRef

from kg import generations
from kg.errors import InputError
from kg.store.embedded import STORE
from kg.validation import check_files, judge, own_shapes, read_shapes
from kg.validation.facts import Facts
from kg.validation.files import ill_typed_literals_allowed, read_text
from kg.validation.loading import loaded, loaded_files, scratch_store, size_of, too_large_for_memory
from kg.validation.screen import Screen
from kg.validation.shapegraph import ShapesGraph
from kg.validation.sparql_constraints import sparql_body
from tests.shapes.cases import INVALID, surrounded
from tests.validation import random_graphs
from tests.validation.graphs import parsed, project
from tests.validation.same import both, in_memory

FAULTS = {
    3: 'kg:totalBudget 100.5 ; kg:grantedSupport 250.5 ; kg:currency "SEK"',
    5: 'kg:beneficiaryPostcode "582 20"',
    8: 'dcterms:description "Ring 070-123 45 67"@sv',
    13: "kg:owner <id/fund/ESF>",
    21: 'kg:startDate "2020-01-01"^^xsd:date ; kg:endDate "2019-01-01"^^xsd:date',
}
"""What is wrong with some of many projects, by number."""


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))


def shapes(turtle: str) -> rdflib.Graph:
    return read_text((random_graphs.HEAD + turtle).encode(), Path("shapes.ttl"))


def facts(turtle: str) -> Facts:
    return loaded(quads(turtle), ox.Store())


@settings(max_examples=150, deadline=None)
@given(random_graphs.data, random_graphs.shapes)
def test_screened_results_are_those_of_the_judge_alone(data: str, turtle: str) -> None:
    try:
        alone, screened, _ = both(quads(data), read_text(turtle.encode(), Path("shapes.ttl")))
    except InputError:
        assume(False)

    assert screened == alone


@settings(max_examples=100, deadline=None)
@given(random_graphs.data)
def test_facts_hold_every_literal_as_it_was_written(data: str) -> None:
    with ill_typed_literals_allowed():
        found, expected = in_memory(facts(data)), set(read_text(data.encode(), Path("data.ttl")))
        kinds = {(p, o) for _, p, o in expected if not isinstance(o, rdflib.BNode)}

    assert {(p, o) for _, p, o in found if not isinstance(o, rdflib.BNode)} == kinds
    assert len(found) == len(expected)


def test_all_cases_of_our_shapes_together_give_the_same_results() -> None:
    everything = rdflib.Graph()
    for path in INVALID[::2]:
        everything += surrounded(rdflib.Graph().parse(path))
    alone, screened, left = both(quads(everything.serialize(format="turtle")), own_shapes().graph)

    assert sum(alone.values()) > 80
    assert screened == alone
    assert left.unscreened == ()


def test_only_the_nodes_at_fault_are_judged() -> None:
    graph = parsed(*(project(number, FAULTS.get(number, "")) for number in range(60)))
    turtle = graph.serialize(format="turtle")
    alone, screened, _ = both(quads(turtle), own_shapes().graph)
    left = Screen(facts(turtle), ShapesGraph(own_shapes().graph)).screened(samples=False)

    assert screened == alone
    assert sum(alone.values()) == len(FAULTS)
    assert sum(len(nodes) for nodes in left.nodes.values()) == len(FAULTS)


def test_nothing_in_a_right_build_is_judged(seeds: Path) -> None:
    store = ox.Store.read_only(str(generations.current(seeds) / STORE))
    left = Screen(Facts(store), ShapesGraph(own_shapes().graph)).screened(samples=False)
    judged = {str(shape).rpartition("/")[2]: len(nodes) for shape, nodes in left.nodes.items() if nodes}

    assert judged == {"Project-owed-cost": 4, "Concept-confirmed": 2}
    assert left.unscreened == ()
    assert left.left == frozenset()


def test_a_node_is_judged_once_for_each_way_it_is_reached() -> None:
    """As pySHACL does, which gives the same result twice."""
    alone, screened, _ = both(
        quads(random_graphs.HEAD + "ex:a ex:p ex:c . ex:b ex:p ex:c . ex:c ex:q 1 ."),
        shapes(
            "ex:S a sh:NodeShape ; sh:targetNode ex:a, ex:b, ex:c ; sh:property ex:P ."
            "ex:T a sh:NodeShape ; sh:targetNode ex:c ; sh:property ex:Q ."
            "ex:P a sh:PropertyShape ; sh:path ex:p ; sh:property ex:Q ."
            "ex:Q a sh:PropertyShape ; sh:path ex:q ; sh:minCount 2 ."
        ),
    )

    assert list(alone.values()) == [3]
    assert screened == alone


def test_results_in_portions_are_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(parsed(*(project(n, 'kg:beneficiaryPostcode "x"') for n in range(7))).serialize(), encoding="utf-8")
    whole = check_files([path], own_shapes())
    monkeypatch.setattr(judge, "PORTION", 2)
    portions = check_files([path], own_shapes())

    assert len(whole.findings) == 7
    assert portions.findings == whole.findings
    assert portions.turtle() == whole.turtle()


def test_large_files_are_loaded_on_disk_and_leave_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kg.validation.loading._LARGE", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "data.ttl"
    path.write_text("<http://e/a> <http://e/p> 1 .")
    with scratch_store(on_disk=too_large_for_memory(size_of([path]))) as (store, _):
        loaded_files([path], None, store)
        assert len(store) == 1
        assert len(list(tmp_path.iterdir())) == 2

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$this ex:p ?v . FILTER (?v > 1)", "?f ex:p ?v . FILTER (COALESCE((?v > 1), true))"),
        (
            "?this $PATH ?v . FILTER REGEX(?v, '[(]x')",
            "?f <http://e/p> ?v . FILTER (COALESCE(REGEX(?v, '[(]x'), true))",
        ),
        ("$this ex:p ?v . FILTER NOT EXISTS { ?v ex:q ?w }", "?f ex:p ?v . MINUS { ?v ex:q ?w . }"),
        ("$this ex:p ?v . FILTER NOT EXISTS { ?v ex:q+ ?w }", "?f ex:p ?v . FILTER NOT EXISTS { ?v ex:q+ ?w }"),
        ("$this ex:p ?v . FILTER NOT EXISTS { ?u ex:q ?w }", "?f ex:p ?v . FILTER NOT EXISTS { ?u ex:q ?w }"),
        (
            "$this ex:p ?v . FILTER EXISTS { ?v ex:q ?w }",
            "?f ex:p ?v . { SELECT DISTINCT ?v WHERE { ?v ex:q ?w . } }",
        ),
        (
            "$this ex:p ?v . FILTER NOT EXISTS { $this ex:q ?u . ?u ex:r ?v . ?u a ex:A }",
            "?f ex:p ?v . MINUS { { SELECT * WHERE { ?f ex:p ?v } } { SELECT * WHERE { ?f ex:q ?u } } "
            "{ SELECT * WHERE { ?u ex:r ?v } } { SELECT * WHERE { ?u a ex:A } } }",
        ),
        (
            "$this $PATH ?v . FILTER NOT EXISTS { $this ex:q ?u . ?u ex:r ?w . FILTER (?w > ?v) }",
            "?f <http://e/p> ?v . MINUS { { SELECT * WHERE { ?f <http://e/p> ?v } } { SELECT * WHERE { ?f ex:q ?u } } "
            "{ SELECT * WHERE { ?u ex:r ?w } } FILTER (?w > ?v) }",
        ),
        ("{ $this ex:p ?v } UNION { $this ex:q ?v }", None),
        ("$this ex:p ?v . OPTIONAL { $this ex:q ?w }", None),
        ("?v ex:p $this .", None),
        ("$this ex:p ?v . FILTER REGEX(?v, '(?i)x')", None),
        ("$this ex:p ?v . FILTER EXISTS { ?v ex:q ?w . FILTER (?w > 1) }", None),
        ("$this ex:p ?v . FILTER (COALESCE(?v, 1) > 1)", None),
        ("$this ex:p ?f7 .", None),
    ],
)
def test_sparql_constraints_are_screened_only_where_that_surely_means_the_same(
    query: str, expected: str | None
) -> None:
    graph = shapes(
        f'ex:S sh:path <http://e/p> ; sh:sparql ex:Q . ex:Q sh:select """SELECT $this WHERE {{ {query} }}""" .'
    )
    known = ShapesGraph(graph)
    shape = known.shape(URIRef("http://example.org/S"))
    body = sparql_body(facts(""), known, shape, URIRef("http://example.org/Q"), "?f")

    assert (body and " ".join(body.whole.split())) == expected


def test_a_join_that_is_compared_with_what_stands_outside_is_answered_for_all_at_once() -> None:
    """Looked up anew for each focus node, the time grew with the square of the graph."""
    graph = shapes("""ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:prefixes ex: ; sh:select '''
        SELECT $this ?v WHERE {
            $this <http://example.org/p> ?v .
            FILTER (?v != 7)
            FILTER NOT EXISTS {
                $this <http://example.org/q> ?u . ?u <http://example.org/r> ?w . FILTER (?w > ?v)
            }
        }''' ] .""")
    things = "".join(
        f"ex:a{number} ex:p {number % 9} , {number % 7} ; ex:q ex:b{number % 5} . ex:b{number % 5} ex:r {number % 5} ."
        for number in range(40)
    )
    alone, screened, left = both(quads(random_graphs.HEAD + things), graph)

    assert 0 < sum(alone.values()) < 80
    assert screened == alone
    assert left.queried == 1


def test_patterns_that_are_joined_at_once_mean_what_pyshacl_looks_up_one_by_one() -> None:
    conditions = (
        "$this ex:p ?v . $this ex:p ?w . FILTER (?v < ?w)",
        "$this ex:p ?v . ?u ex:q $this . ?u ex:p ?v .",
        "$this ex:p ?v . FILTER EXISTS { $this ex:q ?u . ?u ex:p ?v }",
        "$this ex:p ?v . FILTER NOT EXISTS { $this ex:q ?u . ?u ex:p ?v }",
        "$this ex:p ?v . FILTER NOT EXISTS { $this ex:q ?u }",
        "$this ex:p ?v . FILTER NOT EXISTS { ?u ex:p ?v . ?u ex:q $this }",
        "$this ex:q ?u . FILTER NOT EXISTS { ?u ex:q ?v . ?v a ex:A } FILTER EXISTS { ?u ex:p ?any }",
        "$this ex:q ?u . FILTER NOT EXISTS { ?other ex:q ?u . ?other ex:p ?v . FILTER (?v > 4) }",
        "$this ex:p ?v . $this ex:q ?u . FILTER NOT EXISTS { ?u ex:p ?w . FILTER (?w = ?v) }",
        "$this ex:p ?v . FILTER NOT EXISTS { ex:a1 ex:q ?any . FILTER (?v > 3) }",
    )
    text = "".join(
        f"ex:S{n} a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql "
        f"[ sh:prefixes ex:O ; sh:select '''SELECT $this ?v WHERE {{ {condition} }}''' ] . "
        for n, condition in enumerate(conditions)
    )
    things = "".join(
        f"ex:a{n} a ex:{'AB'[n % 2]} ; ex:p {n % 7} , {n % 5} {f'; ex:q ex:a{n * 3 % 19}, ex:a{n // 2}' * (n % 3 > 0)} ."
        for n in range(20)
    )
    declared = "ex:O sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://example.org/'^^xsd:anyURI ] . "
    alone, screened, left = both(quads(random_graphs.HEAD + things), shapes(declared + text))

    assert sum(alone.values()) > 100
    assert screened == alone
    assert (left.queried, left.unscreened) == (len(conditions), ())


def test_shapes_are_tried_even_where_nothing_may_be_wrong(tmp_path: Path) -> None:
    """A fault in the shapes must show as soon as anything is a target."""
    data, path = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<http://e/a> <http://e/p> 1 .")
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ;"
        ' sh:sparql [ sh:select "SELECT $this { $this <http://e/p> ?v . FILTER (foo:bar(?v)) }" ] .'
    )

    with pytest.raises(InputError, match="shape <http://e/S>: its sh:select: the query is not legal"):
        check_files([data], read_shapes(path))


def test_the_closing_list_of_a_closed_shape_may_be_empty() -> None:
    """To Oxigraph nothing is outside of an empty list."""
    alone, screened, _ = both(
        quads(random_graphs.HEAD + "ex:a ex:p 1 ."),
        shapes("ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:closed true ."),
    )

    assert sum(alone.values()) == 1
    assert screened == alone


def test_the_severity_of_a_result_is_that_of_its_shape() -> None:
    graph = shapes("ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:severity sh:Info .")
    _, screened, _ = both(quads(random_graphs.HEAD + "ex:a ex:p 1 ."), graph)
    ((result, times),) = screened.items()

    assert times == 1
    assert ((str(SH.resultSeverity), SH.Info.n3()), 1) in set(result)  # type: ignore[call-overload]
