"""What holds for a folder on disk and for a server alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from rdflib import Literal, URIRef, Variable
from rdflib.namespace import XSD

from kg.errors import UsageError
from kg.store import EmbeddedStore, RemoteStore, Store
from tests.store.graphs import BASE, KG, NASTY, PREFIXES


def test_a_triple_of_two_sources_counts_once(store: Store) -> None:
    answer = store.select(PREFIXES + "SELECT (SUM(?n) AS ?all) { ?p kg:plannedParticipants ?n }")

    assert answer.columns == ("all",)
    assert answer.rows == ((Literal(12),),)


def test_each_source_keeps_its_own_statement(store: Store) -> None:
    answer = store.select(PREFIXES + "SELECT ?g ?b { GRAPH ?g { id:project\\/1 kg:totalBudget ?b } } ORDER BY ?g")

    assert answer.records() == [
        {"g": f"{BASE}id/source/one", "b": Decimal("1000.5")},
        {"g": f"{BASE}id/source/two", "b": Decimal("1200")},
    ]


def test_terms_come_as_the_same_rdflib_terms(store: Store) -> None:
    answer = store.select(
        PREFIXES
        + """SELECT ?p ?title ?n ?b ?i ?s ?place ?none {
            ?p dcterms:title ?title ; kg:plannedParticipants ?n ; kg:totalBudget ?b ; kg:strategicImportance ?i ;
               kg:startDate ?s ; kg:beneficiaryPlace ?place OPTIONAL { ?p kg:partner ?none }
        } ORDER BY ?b LIMIT 1"""
    )

    assert answer.rows == (
        (
            URIRef(f"{BASE}id/project/1"),
            Literal("Första projektet", lang="sv"),
            Literal("5", datatype=XSD.integer),
            Literal("1000.5", datatype=XSD.decimal),
            Literal("false", datatype=XSD.boolean),
            Literal("2024-06-01", datatype=XSD.date),
            Literal("Linköping"),
            None,
        ),
    )
    assert [row["s"] and row["s"].toPython() for row in answer] == [date(2024, 6, 1)]


def test_rows_are_mappings_from_column_to_term(store: Store) -> None:
    (row,) = store.select(PREFIXES + "SELECT ?n ?x { id:project\\/2 kg:plannedParticipants ?n }")

    assert dict(row) == {"n": Literal(7), "x": None}
    with pytest.raises(KeyError):
        row["y"]


def test_an_ask_has_a_truth_and_no_rows(store: Store) -> None:
    assert store.select(PREFIXES + "ASK { ?p a kg:Project }").truth is True
    assert store.select(PREFIXES + "ASK { ?p kg:partner ?q }").truth is False


def test_text_survives_whatever_it_holds(store: Store) -> None:
    (row,) = store.select(PREFIXES + "SELECT ?t { ?p dcterms:description ?t }")

    assert row["t"] == Literal(NASTY, lang="sv")


def test_texts_are_the_bare_terms(store: Store) -> None:
    rows = list(store.texts(PREFIXES + "SELECT ?p ?t ?x { ?p dcterms:title ?t }"))

    assert rows == [(f"{BASE}id/project/1", "Första projektet", None)]


def test_construct_gives_a_graph_with_our_prefix(store: Store) -> None:
    graph = store.construct(PREFIXES + "CONSTRUCT { ?p dcterms:title ?t } WHERE { ?p dcterms:title ?t }")

    assert set(graph) == {
        (
            URIRef(f"{BASE}id/project/1"),
            URIRef("http://purl.org/dc/terms/title"),
            Literal("Första projektet", lang="sv"),
        )
    }
    assert dict(graph.namespaces())["kg"] == URIRef(KG)


def test_describe_gives_a_graph(store: Store) -> None:
    assert len(store.construct(PREFIXES + "DESCRIBE id:project\\/2")) == 2


@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE <http://example.org/>"])
def test_rows_of_a_graph_query_are_refused(store: Store, query: str) -> None:
    with pytest.raises(UsageError, match="the query makes a graph"):
        store.select(query)


def test_the_graph_of_a_row_query_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="the query gives rows"):
        store.construct("SELECT ?s { ?s ?p ?o }")


def test_an_illegal_query_is_refused_with_its_place(store: Store) -> None:
    with pytest.raises(UsageError, match=r"not legal SPARQL at line 2, column \d+: 'BROKEN'"):
        store.select("SELECT ?s {\nBROKEN")


def test_a_long_query_is_answered(store: Store) -> None:
    many = " ".join(f"<{BASE}id/project/{number}>" for number in range(2000))
    answer = store.select(PREFIXES + f"SELECT ?p {{ VALUES ?p {{ {many} }} ?p a kg:Project }} ORDER BY ?p")

    assert [str(row["p"]) for row in answer] == [f"{BASE}id/project/1", f"{BASE}id/project/2"]


def test_both_give_the_same_statements(embedded: EmbeddedStore, remote: RemoteStore) -> None:
    # Oxigraph keeps every whole number as xsd:integer and decimals in their shortest form; the file has them as written.
    as_kept = {"nonNegativeInteger": "integer", "1000.50": "1000.5", '"1200.0"': '"1200"'}
    lines = []
    for line in embedded.nquads():
        text = line.decode()
        for written, kept in as_kept.items():
            text = text.replace(written, kept)
        lines.append(text)

    assert sorted(line.decode() for line in remote.nquads()) == sorted(lines)


def test_the_dataset_is_the_union_with_named_graphs(store: Store) -> None:
    dataset, project = store.dataset, URIRef(f"{BASE}id/project/1")
    participants = URIRef(f"{KG}plannedParticipants")

    assert list(dataset.triples((project, participants, None))) == [(project, participants, Literal(5))]
    assert len(dataset.graph(URIRef(f"{BASE}id/source/two"))) == 5
    sums = dataset.query("SELECT (SUM(?v) AS ?n) { ?p kg:plannedParticipants ?v }")
    assert [binding[Variable("n")] for binding in sums.bindings] == [Literal(12)]
    assert str(dataset.value(project, URIRef("http://purl.org/dc/terms/title"))) == "Första projektet"


def test_the_dataset_names_the_graphs_that_state_a_triple(store: Store) -> None:
    project, participants = URIRef(f"{BASE}id/project/1"), URIRef(f"{KG}plannedParticipants")
    stated = {quad[3] for quad in store.dataset.quads((project, participants, None, None))}

    assert stated == {URIRef(f"{BASE}id/source/one"), URIRef(f"{BASE}id/source/two")}
    assert {graph.identifier for graph in store.dataset.graphs()} >= stated
