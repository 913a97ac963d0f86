"""Real clients against the served endpoint: SPARQLWrapper, rdflib's SPARQLStore and our own remote store."""

from __future__ import annotations

import rdflib
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kg.store import RemoteStore
from tests.sparql.serving import BASE, SMALL, Served

PROJECT = rdflib.URIRef(f"{BASE}id/project/7")


def _ask(site: Served, query: str, form: str, method: str = "GET") -> object:
    wrapper = SPARQLWrapper(site.address)
    wrapper.setQuery(query)
    wrapper.setReturnFormat(form)
    wrapper.setMethod(method)
    return wrapper.queryAndConvert()


def test_sparqlwrapper_reads_rows(site: Served) -> None:
    rows = _ask(site, SMALL, JSON)
    posted = _ask(site, SMALL, JSON, POST)
    document = _ask(site, SMALL, XML)
    table = _ask(site, SMALL, CSV)

    assert isinstance(rows, dict)
    assert rows["results"]["bindings"][0]["title"]["value"] == "Projekt 1"
    assert posted == rows
    assert "Projekt 1" in getattr(document, "toxml")()  # noqa: B009  # of a library without types
    assert table == b"title\r\nProjekt 1\r\n"


def test_sparqlwrapper_reads_graphs_and_errors(site: Served) -> None:
    turtle = _ask(site, f"DESCRIBE <{PROJECT}>", TURTLE)
    constructed = _ask(site, f"CONSTRUCT WHERE {{ <{PROJECT}> ?p ?o }}", TURTLE, POST)

    assert isinstance(turtle, bytes)
    assert isinstance(constructed, bytes)
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert len(graph) == 4
    assert isomorphic(graph, rdflib.Graph().parse(data=constructed, format="turtle"))
    try:
        _ask(site, "SELECT {", JSON)
    except QueryBadFormed as error:
        assert "not legal SPARQL" in str(error)
    else:
        raise AssertionError("an illegal query was answered")


def test_rdflib_reads_the_endpoint_as_a_graph(site: Served) -> None:
    graph = rdflib.Graph(SPARQLStore(site.address))

    assert graph.value(PROJECT, rdflib.DCTERMS.title) == rdflib.Literal("Projekt 7", lang="sv")
    assert len(list(graph.triples((PROJECT, None, None)))) == 4
    assert [str(row["title"]) for row in graph.query(SMALL) if isinstance(row, ResultRow)] == ["Projekt 1"]
    assert bool(graph.query("ASK { ?s a kg:Project }"))
    assert len(graph.query(f"DESCRIBE <{PROJECT}>").graph or ()) == 4


def test_our_own_remote_store_reads_the_endpoint(site: Served) -> None:
    with RemoteStore(site.address, base=BASE) as store:
        answer = store.select("SELECT (COUNT(*) AS ?n) { ?s a kg:Project }")

    assert answer.records() == [{"n": 2000}]
