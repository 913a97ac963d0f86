"""A push brings a server to what the build is, whatever happens on the way, and sends no more than that needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import EndpointError, InputError
from kg.store import RemoteStore
from kg.store.push import PushReport, Union, push
from tests.servers import oxigraph_server
from tests.store import graphs
from tests.store.small_server import Behaviour, small_server


def remote_at(address: str, tries: int = 1) -> RemoteStore:
    return RemoteStore(f"{address}/query", base=graphs.BASE, update_endpoint=f"{address}/update", tries=tries)


def quads() -> list[bytes]:
    return [f"{line}\n".encode() for line in graphs.lines()]


def many(number: int, graph: str = "source/big", word: str = "word") -> list[bytes]:
    """Return a graph of that many statements, sorted."""
    graph = f"<{graphs.BASE}id/{graph}>"
    return sorted(f'<{graphs.BASE}id/thing/{n}> <urn:p> "{word} {n}" {graph} .\n'.encode() for n in range(number))


def counts(store: RemoteStore) -> tuple[str | None, str | None]:
    """Return how many triples the default graph shows and how many the named graphs of the data hold."""
    ((union,),) = store.texts("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    data = f"FILTER(?g NOT IN (<{graphs.BASE}id/graph/pushed>, <{graphs.BASE}id/graph/union>))"
    ((named,),) = store.texts(f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {data} }}")
    return union, named


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.http.FIRST_WAIT_SECONDS", 0.001)


def test_a_second_push_sends_nothing() -> None:
    with oxigraph_server() as address:
        store = remote_at(address)
        first = push(quads, store)
        after_first = counts(store), list(store.nquads())
        second = push(quads, store)

        lines = len(graphs.lines())
        assert first == PushReport(graphs=3, statements=lines, replaced=3, sent=lines, removed=0, union=Union.OWN)
        assert second == PushReport(graphs=3, statements=lines, replaced=0, sent=0, removed=0, union=Union.OWN)
        assert (counts(store), list(store.nquads())) == after_first


@pytest.mark.parametrize(("options", "union"), [((), Union.OWN), (("--union-default-graph",), Union.REPEATED)])
def test_a_push_replaces_graphs_and_removes_those_that_are_gone(options: tuple[str, ...], union: Union) -> None:
    foreign = "INSERT DATA { GRAPH <https://other.example/g> { <urn:a> <urn:b> <urn:c> } <urn:d> <urn:e> <urn:f> }"
    with oxigraph_server(*options) as address:
        store = remote_at(address)
        store.update(foreign)
        push(quads, store)
        kept = [line for line in quads() if b"id/source/two" not in line]
        report = push(lambda: kept, store)

        assert report == PushReport(graphs=2, statements=len(kept), replaced=0, sent=0, removed=1, union=union)
        assert next(store.nquads()).endswith(b"graph/ontology> .\n")
        assert store.select(f"ASK {{ <{graphs.BASE}id/project/2> ?p ?o }}").truth is False
        assert store.select(f"ASK {{ <{graphs.BASE}id/project/1> a <{graphs.KG}Project> }}").truth is True
        assert store.select("ASK { GRAPH <https://other.example/g> { <urn:a> <urn:b> <urn:c> } }").truth
        assert store.default_graph_says("ASK { <urn:d> <urn:e> <urn:f> }") is True


def test_only_what_has_changed_is_sent_and_what_others_state_stays_in_the_union() -> None:
    behaviour = Behaviour()
    with small_server(behaviour) as address:
        store = remote_at(address)
        push(quads, store)
        behaviour.updates.clear()
        changed = [line.replace(b"1200.0", b"1300.0") for line in quads()]
        report = push(lambda: changed, store)
        with oxigraph_server() as other:
            fresh = remote_at(other)
            push(lambda: changed, fresh)

            assert (report.replaced, report.sent, report.removed) == (1, 5, 0)
            assert not any("Första projektet" in update for update in behaviour.updates)
            assert list(store.nquads()) == list(fresh.nquads())
            assert counts(store) == counts(fresh)


def test_a_graph_that_somebody_removed_from_the_server_is_sent_again() -> None:
    with small_server(Behaviour()) as address:
        store = remote_at(address)
        push(quads, store)
        before = counts(store)
        store.update(f"DROP GRAPH <{graphs.BASE}id/source/one>")

        assert push(quads, store).replaced == 1
        assert counts(store) == before
        assert push(quads, store, everything=True).replaced == 3
        assert counts(store) == before


@pytest.mark.parametrize("server", ["oxigraph", "small"])
def test_a_push_through_the_graph_store_gives_the_same_graph(remote: RemoteStore, server: str) -> None:
    with oxigraph_server() if server == "oxigraph" else small_server(Behaviour()) as address:
        store = remote_at(address)
        push(quads, store, graph_store=f"{address}/store")

        assert list(store.nquads()) == list(remote.nquads())
        assert counts(store) == counts(remote)
        assert push(quads, store, graph_store=f"{address}/store").replaced == 0


def test_a_graph_larger_than_a_request_arrives_whole_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.chunks.STATEMENTS", 100)
    behaviour = Behaviour()
    with small_server(behaviour) as address:
        store = remote_at(address)
        report = push(lambda: many(1050), store)

        assert (report.sent, counts(store)) == (1050, ("1050", "1050"))
        assert max(update.count("urn:p") for update in behaviour.updates) <= 2 * 100
        assert sum("urn:p" in update for update in behaviour.updates) == 11


def test_hundreds_of_small_graphs_come_and_go_in_requests_of_few_updates() -> None:
    """Virtuoso makes one program of all updates of a request, and has a limit to its length."""
    small = [line for number in range(300) for line in many(1, f"source/{number:03d}")]
    behaviour = Behaviour()
    with small_server(behaviour) as address:
        store = remote_at(address)
        push(lambda: small, store)
        changed = push(lambda: [line.replace(b"word", b"name") for line in small], store)
        gone = push(lambda: many(1, "source/000", "name"), store)

        assert (changed.replaced, gone.removed, counts(store)) == (300, 299, ("1", "1"))
        assert 10 < len(behaviour.updates) < 100
        assert max(update.count(" ;\n") for update in behaviour.updates) < 200


@pytest.mark.parametrize("fails_at", range(1, 14))
def test_a_push_that_was_broken_off_anywhere_goes_on_where_it_ended(
    fails_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.chunks.STATEMENTS", 100)
    old, new = [*many(250, word="old"), *many(5, "source/zz")], [*many(850, word="new"), *many(5, "source/zz")]
    behaviour = Behaviour()
    with small_server(behaviour) as address:
        store = remote_at(address)
        push(lambda: old, store)
        behaviour.updates.clear()

        def fail(update: str) -> None:
            if len(behaviour.updates) == fails_at:
                behaviour.faults.extend([503] * 3)

        behaviour.before = fail
        try:
            push(lambda: new, store)
            broken = False
        except EndpointError:
            broken = True
        behaviour.faults.clear()
        behaviour.before = lambda update: None
        arrived = sum("new" in update for update in behaviour.updates)
        behaviour.updates.clear()
        report = push(lambda: new, store)
        sent = sum("new" in update for update in behaviour.updates)

        assert counts(store) == ("855", "855")
        assert {line.decode() for line in store.nquads()} == {line.decode() for line in new}
        assert arrived + sent == 9
        assert broken == bool(report.replaced)


@pytest.mark.parametrize("faults", [[503], [429, 502, 504], [0], [500, 0, 503]])
def test_what_passes_is_tried_again(faults: list[int]) -> None:
    behaviour = Behaviour(faults=list(faults))
    with small_server(behaviour) as address:
        store = remote_at(address, tries=4)
        push(quads, store)

        assert counts(store)[1] == str(len(graphs.lines()))
        behaviour.faults.extend([503] * 4)
        with pytest.raises(EndpointError, match="answers 503: a bad day"):
            push(quads, store)


def test_the_wait_doubles_and_heeds_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    monkeypatch.setattr("kg.store.http.FIRST_WAIT_SECONDS", 0.5)
    behaviour = Behaviour(faults=[503, 503, 503])
    with small_server(behaviour) as address:
        remote_at(address, tries=4).select("ASK { ?s ?p ?o }")
        behaviour.faults.extend([503, 503])
        behaviour.retry_after = "7"
        remote_at(address, tries=4).select("ASK { ?s ?p ?o }")
        behaviour.faults.append(503)
        behaviour.retry_after = "999999"
        remote_at(address, tries=4).select("ASK { ?s ?p ?o }")

    assert [wait for wait in waits if wait >= 0.5] == [0.5, 1.0, 2.0, 7.0, 7.0, 60.0]


def test_what_does_not_pass_is_not_tried_again() -> None:
    behaviour = Behaviour(faults=[404])
    with small_server(behaviour) as address, pytest.raises(EndpointError, match="answers 404"):
        push(quads, remote_at(address, tries=5))
    assert len(behaviour.authorizations) == 1


def test_statements_without_a_graph_are_not_pushed(remote: RemoteStore) -> None:
    with pytest.raises(InputError, match="has no named graph"):
        push(lambda: [b'<http://a.example/> <http://a.example/> "x" .\n'], remote)


def test_a_graph_in_two_places_is_not_pushed(remote: RemoteStore) -> None:
    lines = [many(1, "source/a")[0], many(1, "source/b")[0], many(1, "source/a")[0]]
    with pytest.raises(InputError, match="do not stand together"):
        push(lambda: lines, remote)


def test_progress_counts_what_the_server_has(nquads: Path) -> None:
    seen: list[int] = []
    with small_server(Behaviour()) as address:
        push(quads, remote_at(address), progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == len(graphs.lines())
