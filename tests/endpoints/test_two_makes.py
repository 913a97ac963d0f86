"""Every command gives on servers of two makes what it gives on a build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import to_isomorphic
from typer.testing import CliRunner

import kg
from kg.cli import app
from kg.queries import named_queries, prepared
from kg.store import Plain, Store, plain
from kg.store.credentials import PASSWORD, USER
from kg.store.push import Union, push
from kg.store.syntax import query_kind
from kg.web.serving import serve_server
from tests import virtuoso
from tests.endpoints.conftest import Loaded
from tests.site.running import client, running

BASE = "https://w3id.org/esf-kg/"


@pytest.fixture
def here(built: Path) -> Iterator[Store]:
    with kg.open(built) as graph:
        yield graph.store


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def plain_rows(store: Store, query: str) -> list[tuple[Plain, ...]]:
    """Return the rows, numbers by their value: servers may answer 1 or 1.0 where the sum is whole."""
    return [tuple(map(_value, map(plain, row))) for row in store.select(query).rows]


def _value(value: Plain) -> Plain:
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Decimal(str(value)) if number else value


def questions() -> list[tuple[str, bool]]:
    found = [(query.name, example) for query in named_queries() for example in (False, True)]
    assert len(found) > 60
    return found


@pytest.mark.parametrize(("name", "example"), questions())
def test_a_named_query_gives_the_same_rows(name: str, example: bool, loaded: Loaded, here: Store) -> None:
    (query,) = (each for each in named_queries() if each.name == name)
    values = {each.name: each.example for each in query.parameters if each.example} if example else {}
    text = prepared(name, values, here)
    there = loaded.store(BASE)
    if query_kind(text) in ("construct", "describe"):
        assert set(there.construct(text)) == set(here.construct(text))
    else:
        assert plain_rows(there, text) == plain_rows(here, text)


def test_the_server_keeps_the_union_in_its_own_way(loaded: Loaded) -> None:
    assert loaded.report.union is {"oxigraph": Union.OWN, "virtuoso": Union.NAMED}[loaded.name]
    assert loaded.report.replaced == loaded.report.graphs == 9


def test_a_second_push_sends_nothing_and_a_change_only_its_graph(loaded: Loaded, here: Store) -> None:
    store = loaded.store(BASE)
    before = list(store.nquads())
    lines = list(here.nquads())
    changed = [line.replace(b'"Lumena"@sv', b'"Lumena 2"@sv') for line in lines]

    assert push(lambda: lines, store).replaced == 0
    assert push(lambda: changed, store).replaced == 1
    assert store.select('ASK { ?p <http://purl.org/dc/terms/title> "Lumena 2"@sv }').truth is True
    assert store.select('ASK { ?p <http://purl.org/dc/terms/title> "Lumena"@sv }').truth is False
    assert push(lambda: lines, store).replaced == 1
    assert list(store.nquads()) == before


def test_a_login_by_digest_and_the_graph_store_load_it_too(
    loaded: Loaded, here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loaded.name == "virtuoso":
        monkeypatch.setenv(USER, virtuoso.USER)
        monkeypatch.setenv(PASSWORD, virtuoso.PASSWORD)
    store = kg.graph.remote_store(loaded.address, base=BASE, update_endpoint=loaded.login)
    before = list(store.nquads())
    report = push(here.nquads, store, graph_store=loaded.graph_store, everything=True)

    assert report.replaced == 9
    assert list(store.nquads()) == before


def test_answers_larger_than_the_server_gives_at_once_are_whole(loaded: Loaded, here: Store) -> None:
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
    there = loaded.store(BASE)
    number = len(here.select(query))

    assert number > 5 * virtuoso.MOST_ROWS
    assert len(there.select(query)) == number
    assert len(there.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == number


def test_a_description_is_what_the_thing_is_the_subject_of(loaded: Loaded, here: Store) -> None:
    query = f"DESCRIBE <{BASE}id/project/22-014-S05> ?o WHERE {{ ?o a <{BASE}ontology#Owner> }}"

    assert set(loaded.store(BASE).construct(query)) == set(here.construct(query))


def test_the_dataset_of_rdflib_reads_the_server(loaded: Loaded) -> None:
    dataset, project = loaded.store(BASE).dataset, URIRef(f"{BASE}id/project/22-014-S05")

    assert list(dataset.objects(project, URIRef("http://purl.org/dc/terms/title"))) == [Literal("Lumena", lang="sv")]


def test_the_check_finds_the_same(loaded: Loaded, built: Path) -> None:
    there = json.loads(run("check", "--endpoint", loaded.address, "--format", "json"))
    here = json.loads(run("check", built, "--format", "json"))

    assert there["counts"] == here["counts"]
    assert there["findings"] == here["findings"]


def test_the_network_is_the_same(loaded: Loaded, built: Path, tmp_path: Path) -> None:
    shared = ("network", "shared", "--json")

    assert run(*shared, "--endpoint", loaded.address) == run(*shared, "--build", built)
    run("network", "export", tmp_path / "there.graphml", "--endpoint", loaded.address)
    run("network", "export", tmp_path / "here.graphml", "--build", built)
    assert (tmp_path / "there.graphml").read_bytes() == (tmp_path / "here.graphml").read_bytes()


def test_the_export_is_the_same_graph(loaded: Loaded, built: Path, tmp_path: Path) -> None:
    for name, where in (("there", ("--endpoint", loaded.address)), ("here", ("--build", built))):
        run("export", tmp_path / name, "--format", "nt", "--format", "csv", *where)
    there, here = (Graph().parse(tmp_path / name / "kg.nt") for name in ("there", "here"))

    assert to_isomorphic(_by_value(there)) == to_isomorphic(_by_value(here))
    for table in ("projects.csv", "owners.csv", "methods.csv", "uses.csv"):
        assert (tmp_path / "there" / table).read_text() == (tmp_path / "here" / table).read_text(), table


def _by_value(graph: Graph) -> Graph:
    """Return the graph with numbers in one form: servers do not keep how a number was written, only which it is."""
    found = Graph()
    for subject, predicate, value in graph:
        known = _value(value.value) if isinstance(value, Literal) else None
        shown = Literal(f"{known.normalize():f}") if isinstance(known, Decimal) else value
        found.add((subject, predicate, shown))
    return found


def test_the_site_shows_the_server(loaded: Loaded) -> None:
    with running(serve_server(loaded.address, BASE)) as address, client(address) as site:
        for path in ("/sv/", "/sv/project/22-014-S05", "/en/owner/2220002162", "/sv/method/bip", "/sv/data"):
            answer = site.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
        page = site.get("/sv/project/22-014-S05").text
        assert "Lumena" in page
        assert "graph/union" not in page
        assert site.get("/search.json?q=supported employment").json()["total"] >= 1


def test_the_questions_are_asked_from_the_command_line(loaded: Loaded, built: Path) -> None:
    asked = ("query", "shared-methods", "--format", "csv")

    assert run(*asked, "--endpoint", loaded.address) == run(*asked, "--build", built)
    assert "BIP" in run(*asked, "--endpoint", loaded.address)
