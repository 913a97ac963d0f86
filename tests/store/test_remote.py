from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import EndpointError, InputError, UsageError
from kg.store import RemoteStore
from kg.store.push import PushReport, push
from tests.servers import Reply, free_port, oxigraph_server, replying
from tests.store import graphs

JSON = "application/sparql-results+json"
ASK = "ASK { ?s ?p ?o }"


def remote_at(address: str) -> RemoteStore:
    return RemoteStore(f"{address}/query", base=graphs.BASE, update_endpoint=f"{address}/update")


def quads() -> list[bytes]:
    return [f"{line}\n".encode() for line in graphs.lines()]


def counts(store: RemoteStore) -> tuple[str | None, str | None]:
    """Return how many triples the default graph shows and how many the named graphs hold."""
    ((union,),) = store.texts("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    ((named,),) = store.texts("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    return union, named


def test_nobody_listening_is_an_endpoint_error_that_names_the_address() -> None:
    address = f"http://127.0.0.1:{free_port()}/sparql"

    with pytest.raises(EndpointError, match=rf"^{address} cannot be reached: .*refused"):
        RemoteStore(address, base=graphs.BASE).select(ASK)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(404, "text/plain", b"no such page"), "answers 404: no such page"),
        (Reply(401, "text/plain", b"who are you"), "answers 401: who are you"),
        (Reply(500, "text/plain", b"engine\nfell over"), "answers 500: engine fell over"),
        (Reply(503, "text/plain", b"later"), "answers 503 Service Unavailable"),
        (Reply(400, "text/plain", b"I do not like it"), "answers 400: I do not like it"),
        (
            Reply(200, "text/html; charset=utf-8", b"<html>"),
            "answers with text/html, not SPARQL JSON: is it the address",
        ),
        (Reply(200, JSON, b'{"head": {"vars": ['), "breaks off its JSON answer"),
        (Reply(200, JSON, b"[1]"), "answers with JSON that is no SPARQL result"),
        (Reply(200, JSON, b'{"head": {}}'), "answers with JSON that is no SPARQL result"),
        (Reply(200, JSON, b"{}", length=999), "breaks off its answer"),
        (
            Reply(200, JSON, b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "x"}}]}}'),
            "no SPARQL JSON term",
        ),
    ],
)
def test_a_misbehaving_server_is_an_endpoint_error_with_the_reason(reply: Reply, reason: str) -> None:
    with replying(reply) as address, pytest.raises(EndpointError, match=reason):
        RemoteStore(address, base=graphs.BASE).select("SELECT ?s { ?s ?p ?o }")


def test_a_silent_server_is_given_up() -> None:
    with replying(Reply(200, JSON, b"{}", wait=2.5)) as address:
        store = RemoteStore(address, base=graphs.BASE, timeout=1)
        with pytest.raises(EndpointError, match="is silent for more than 1 seconds"):
            store.select(ASK)


@pytest.mark.parametrize("content_type", ["text/html", "text/turtle", "application/n-triples"])
def test_a_graph_that_is_not_rdf_is_an_endpoint_error(content_type: str) -> None:
    store_query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    with replying(Reply(200, content_type, b"<html>?")) as address:
        store = RemoteStore(address, base=graphs.BASE)
        store.__dict__["_parameters"] = {}
        with pytest.raises(EndpointError, match=f"answers with (broken )?{content_type}"):
            store.construct(store_query)


@pytest.mark.parametrize("address", ["ftp://example.org/", "localhost:7878", "", "file:///etc/hosts", "http://"])
def test_only_web_addresses_are_endpoints(address: str) -> None:
    with pytest.raises(UsageError, match="is not an http or https address"):
        RemoteStore(address, base=graphs.BASE)


def test_a_password_in_the_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError) as refused:
        RemoteStore("https://me:secret@example.org/sparql", base=graphs.BASE)

    assert "secret" not in str(refused.value)


def test_a_second_push_changes_nothing(nquads: Path) -> None:
    with oxigraph_server() as address:
        store = remote_at(address)
        first = push(quads(), store)
        after_first = counts(store), sorted(store.nquads())
        second = push(quads(), store)

        assert first == second == PushReport(graphs=3, statements=len(graphs.lines()), removed=0)
        assert (counts(store), sorted(store.nquads())) == after_first


@pytest.mark.parametrize("options", [(), ("--union-default-graph",)])
def test_a_push_replaces_graphs_and_removes_those_that_are_gone(options: tuple[str, ...]) -> None:
    foreign = "INSERT DATA { GRAPH <https://other.example/g> { <urn:a> <urn:b> <urn:c> } <urn:d> <urn:e> <urn:f> }"
    with oxigraph_server(*options) as address:
        store = remote_at(address)
        store.update(foreign)
        push(quads(), store)
        kept = [line for line in quads() if b"id/source/two" not in line]
        report = push(kept, store)

        assert report == PushReport(graphs=2, statements=len(kept), removed=1)
        assert sorted(store.nquads())[0].endswith(b"graph/ontology> .\n")
        assert store.select(f"ASK {{ <{graphs.BASE}id/project/2> ?p ?o }}").truth is False
        assert store.select(f"ASK {{ <{graphs.BASE}id/project/1> ?p ?o }}").truth is True
        assert store.select("ASK { GRAPH <https://other.example/g> { <urn:a> <urn:b> <urn:c> } }").truth
        assert store.default_graph_says("ASK { <urn:d> <urn:e> <urn:f> }") is True


def test_a_push_through_the_graph_store_gives_the_same_graph(remote: RemoteStore) -> None:
    with oxigraph_server() as address:
        store = remote_at(address)
        push(quads(), store, graph_store=f"{address}/store")

        assert list(store.nquads()) == list(remote.nquads())
        assert counts(store) == counts(remote)


def test_a_graph_larger_than_a_request_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.push.CHUNK_BYTES", 300)
    with oxigraph_server() as address:
        store = remote_at(address)
        sent: list[int] = []
        push(quads(), store, progress=sent.append)

        assert counts(store)[1] == str(len(graphs.lines()))
        assert len(sent) > 3


def test_statements_without_a_graph_are_not_pushed(remote: RemoteStore) -> None:
    with pytest.raises(InputError, match="has no named graph"):
        push([b'<http://a.example/> <http://a.example/> "x" .\n'], remote)


def test_a_server_loaded_by_others_with_named_graphs_only_is_asked_for_the_union() -> None:
    with oxigraph_server() as address:
        store = remote_at(address)
        for line in graphs.lines():
            triple, graph = line.removesuffix(" .").rsplit(" ", 1)
            store.update(f"INSERT DATA {{ GRAPH {graph} {{ {triple} }} }}")

        assert store.default_graph_says(ASK) is False
        assert store.select(f"ASK {{ ?p a <{graphs.KG}Project> }}").truth is True
        assert len(list(store.dataset.triples((None, None, None)))) > 0


def test_an_update_that_is_refused_is_an_endpoint_error(remote: RemoteStore) -> None:
    with pytest.raises(EndpointError, match="/update answers 400"):
        remote.update("INSERT NONSENSE")
