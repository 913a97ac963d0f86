"""A server that gives only so many rows at once still gives the whole answer, said or unsaid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.errors import EndpointError
from kg.store import RemoteStore
from kg.store.push import push
from tests.store.small_server import Behaviour, small_server
from tests.store.test_push import many, remote_at

ROWS = "SELECT ?s ?o { GRAPH ?g { ?s <urn:p> ?o } }"


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def store(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> Iterator[RemoteStore]:
    monkeypatch.setattr("kg.store.chunks.STATEMENTS", 10_000)
    with small_server(behaviour) as address:
        filled = remote_at(address)
        push(lambda: many(730), filled)
        behaviour.queries.clear()
        yield filled


@pytest.mark.parametrize(("cut", "says_so"), [(100, False), (128, False), (700, False), (97, True), (729, True)])
def test_a_cut_answer_is_asked_for_in_pages(store: RemoteStore, behaviour: Behaviour, cut: int, says_so: bool) -> None:
    behaviour.cut, behaviour.says_so = cut, says_so

    assert len(set(store.texts(ROWS))) == 730
    assert len(store.select(ROWS)) == 730
    assert len(store.construct("CONSTRUCT { ?s <urn:q> ?o } WHERE { GRAPH ?g { ?s <urn:p> ?o } }")) == 730
    assert len(set(store.nquads())) == 730


def test_an_answer_that_is_not_cut_is_asked_for_once(store: RemoteStore, behaviour: Behaviour) -> None:
    behaviour.queries.clear()
    list(store.texts(ROWS))
    first = len(behaviour.queries)
    list(store.texts(ROWS + " LIMIT 100"))
    list(store.texts(ROWS + " LIMIT 99"))

    assert len(behaviour.queries) == first + 2


def test_a_round_number_of_rows_is_looked_behind(store: RemoteStore, behaviour: Behaviour) -> None:
    query = f"SELECT * {{ {{ {ROWS} LIMIT 100 }} }}"
    list(store.texts(query))
    behaviour.queries.clear()
    rows = list(store.texts(query))

    assert len(rows) == 100
    assert behaviour.queries[0] == query
    assert behaviour.queries[1].endswith("LIMIT 1 OFFSET 100")
    assert len(behaviour.queries) == 2


def test_the_order_that_a_query_asks_for_is_kept_over_pages(store: RemoteStore, behaviour: Behaviour) -> None:
    query = "PREFIX a: <urn:> SELECT ?o { GRAPH ?g { ?s a:p ?o } } ORDER BY DESC(?o)  # LIMIT 3"
    uncut = list(store.texts(query))
    behaviour.cut = 100

    assert list(store.texts(query)) == uncut
    assert uncut == sorted(uncut, reverse=True)


def test_a_limit_of_the_query_above_that_of_the_server_is_reached(store: RemoteStore, behaviour: Behaviour) -> None:
    behaviour.cut = 100

    assert len(list(store.texts(ROWS + " ORDER BY ?s LIMIT 250"))) == 250


def test_a_cut_answer_that_cannot_be_paged_is_an_error(store: RemoteStore, behaviour: Behaviour) -> None:
    behaviour.cut, behaviour.says_so = 100, True
    graph = "https://kg.example/id/source/big"
    with pytest.raises(EndpointError, match="gives 100 rows at once and has more"):
        list(store.texts(f"SELECT ?s FROM <{graph}> {{ ?s <urn:p> ?o }}"))


def test_pages_of_a_graph_that_changes_meanwhile_are_an_error(store: RemoteStore, behaviour: Behaviour) -> None:
    behaviour.cut, behaviour.says_so = 100, True
    asked = store._bindings
    store._bindings = lambda query: [] if "OFFSET 700" in query else asked(query)  # type: ignore[method-assign]

    with pytest.raises(EndpointError, match="pages that do not add up: 700 of 730 rows"):
        list(store.texts(ROWS))
