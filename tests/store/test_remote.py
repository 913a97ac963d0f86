from __future__ import annotations

import pytest

from kg.errors import EndpointError, UsageError
from kg.store import RemoteStore
from tests.servers import Reply, free_port, oxigraph_server, replying
from tests.store import graphs

JSON = "application/sparql-results+json"
ASK = "ASK { ?s ?p ?o }"


def remote_at(address: str) -> RemoteStore:
    return RemoteStore(f"{address}/query", base=graphs.BASE, update_endpoint=f"{address}/update")


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
        (Reply(503, "text/plain", b"later"), "answers 503: later"),
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


def test_an_answer_that_the_server_stopped_early_is_not_taken_for_whole() -> None:
    reply = Reply(200, JSON, b'{"head": {"vars": []}, "results": {"bindings": []}}', headers={"X-SQL-Message": "time"})
    with replying(reply) as address, pytest.raises(EndpointError, match="gives only part of the answer: time"):
        RemoteStore(address, base=graphs.BASE).select("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("address", ["ftp://example.org/", "localhost:7878", "", "file:///etc/hosts", "http://"])
def test_only_web_addresses_are_endpoints(address: str) -> None:
    with pytest.raises(UsageError, match="is not an http or https address"):
        RemoteStore(address, base=graphs.BASE)


def test_a_password_in_the_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(UsageError) as refused:
        RemoteStore("https://me:secret@example.org/sparql", base=graphs.BASE)

    assert "secret" not in str(refused.value)


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
