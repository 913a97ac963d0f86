from __future__ import annotations

import json
import stat
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from kg.errors import BuildError, EndpointError, InputError, UsageError
from kg.store import EmbeddedStore, Loading, create, loading, open_build
from tests.servers import free_port
from tests.store import graphs

TERMS = st.sampled_from([f"https://kg.example/{name}" for name in "abc"])
QUADS = st.lists(st.tuples(TERMS, TERMS, st.one_of(TERMS, st.text(max_size=5)), TERMS), max_size=25)


def build(folder: Path) -> Path:
    """Lay out a build as `kg build` does."""
    generation = folder / "generations" / "000001"
    generation.mkdir(parents=True)
    create(graphs.write(generation / "data.nq"), generation / "store")
    (generation / "report.json").write_text(json.dumps({"base": graphs.BASE, "version": "0"}), encoding="utf-8")
    (folder / "CURRENT").write_text("000001\n", encoding="utf-8")
    return folder


def test_open_build_reads_the_generation_in_force(tmp_path: Path) -> None:
    with open_build(build(tmp_path)) as store:
        assert store.base == graphs.BASE
        assert store.select(f"ASK {{ ?p a <{graphs.KG}Project> }}").truth


def test_a_folder_without_a_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"holds no build; make one with: kg build --out"):
        open_build(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "\xff"])
def test_a_damaged_report_is_a_build_error(tmp_path: Path, text: str) -> None:
    report = build(tmp_path) / "generations" / "000001" / "report.json"
    report.write_text(text, encoding="latin-1")

    with pytest.raises(BuildError, match=r"report\.json is damaged .* build again with: kg build --out"):
        open_build(tmp_path)


def test_a_folder_without_a_store_is_a_build_error(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no readable store"):
        EmbeddedStore.open(tmp_path, base=graphs.BASE)


def test_a_store_is_not_loaded_into_a_full_folder(tmp_path: Path, nquads: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BuildError, match="is not empty"):
        create(nquads, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '<http://a.example/> <http://a.example/> "open <http://a.example/g> .\n',
        "<http://a.example/> <http://a.example/> .\n",
        "no quads at all\n",
        # Legal, but not in the form that the graph can be cut off from: refused, not half loaded.
        "<http://a.example/> <http://a.example/> <http://a.example/> <http://a.example/g>.\n",
        '<http://a.example/> <http://a.example/> "x" <http://a.example/g>\t.\n',
    ],
)
def test_what_is_not_nquads_is_an_input_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.nq"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="is not N-Quads with one statement a line"):
        create(path, tmp_path / "store")


@settings(max_examples=10, deadline=None)
@given(quads=QUADS)
def test_the_default_graph_is_the_set_of_all_triples(
    quads: list[tuple[str, str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("union")
    made = [
        pyoxigraph.Quad(
            pyoxigraph.NamedNode(subject),
            pyoxigraph.NamedNode(predicate),
            pyoxigraph.NamedNode(value) if value.startswith("https:") else pyoxigraph.Literal(value),
            pyoxigraph.NamedNode(graph),
        )
        for subject, predicate, value, graph in quads
    ]
    (folder / "data.nq").write_text("".join(f"{quad} .\n" for quad in made), encoding="utf-8")
    create(folder / "data.nq", folder / "store")

    with EmbeddedStore.open(folder / "store", base=graphs.BASE) as store:
        (union,) = store.texts("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        (named,) = store.texts("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert sorted(store.nquads()) == sorted({f"{quad} .\n".encode() for quad in made})
    assert (union, named) == ((str(len({quad.triple for quad in made})),), (str(len(set(made))),))


def test_statements_are_handed_out_as_they_were_written(embedded: EmbeddedStore, nquads: Path) -> None:
    assert b"".join(embedded.nquads()) == nquads.read_bytes()


def test_the_dataset_is_a_set_in_which_terms_can_be_looked_for(embedded: EmbeddedStore) -> None:
    project = URIRef(f"{graphs.BASE}id/project/1")

    assert len(embedded.dataset) == len({line.rpartition(" <")[0] for line in graphs.lines()})
    assert (project, None, Literal(5)) in embedded.dataset
    assert (Literal(5), None, None) not in embedded.dataset
    assert len(list(embedded.dataset.graphs())) == 4


def test_the_dataset_makes_graphs_and_follows_paths(embedded: EmbeddedStore) -> None:
    dataset = embedded.dataset
    made = dataset.query("CONSTRUCT { ?p a kg:Project } WHERE { ?p a kg:Project }").graph

    assert made is not None
    assert len(made) == 2
    assert dataset.query("ASK { ?p kg:plannedParticipants 7 }").askAnswer is True


def test_the_dataset_cannot_be_written_to(embedded: EmbeddedStore) -> None:
    triple = URIRef("http://a.example/"), URIRef("http://a.example/"), Literal(1)
    for change in (
        lambda: embedded.dataset.add(triple),
        lambda: embedded.dataset.remove(triple),
        lambda: embedded.dataset.update("CLEAR ALL"),
        lambda: embedded.dataset.addN([(*triple, embedded.dataset.default_graph)]),
    ):
        with pytest.raises(UsageError, match="a build cannot be changed"):
            change()


def test_a_store_opens_from_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = build(tmp_path / "build")
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.rglob("*"))

    with open_build(folder) as store:
        assert len(store.select("SELECT ?s { ?s ?p ?o }")) > 0
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_two_readers_share_a_store(tmp_path: Path) -> None:
    build(tmp_path)
    with open_build(tmp_path) as first, open_build(tmp_path) as second:
        question = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
        assert first.select(question) == second.select(question)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_build(build(tmp_path))
    store.close()

    with pytest.raises(UsageError, match="the graph is closed"):
        store.select("ASK {}")


def test_a_service_that_does_not_answer_is_an_endpoint_error(embedded: EmbeddedStore) -> None:
    address = f"http://127.0.0.1:{free_port()}/sparql"

    with pytest.raises(EndpointError, match="the query failed"):
        embedded.select(f"SELECT ?s {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")


def test_a_quoted_triple_is_refused(embedded: EmbeddedStore) -> None:
    with pytest.raises(UsageError, match="quoted triple"):
        embedded.select("SELECT (<<( <http://a.example/> <http://a.example/> 1 )>> AS ?t) {}")


def test_the_lock_is_released_after_loading(tmp_path: Path, nquads: Path) -> None:
    create(nquads, tmp_path / "store")
    (tmp_path / "store").rename(tmp_path / "moved")

    assert len(pyoxigraph.Store(str(tmp_path / "moved"))) > 0
    assert [path.name for path in tmp_path.iterdir()] == ["moved"]


def _load(directory: Path, lines: list[str], then: Exception | None = None) -> None:
    with Loading(directory) as store:
        for line in lines:
            store.add(line.encode())
        if then:
            raise then


def test_a_store_is_loaded_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_LEAST", 2_000)
    lines = [f'<http://a.example/{place}> <http://a.example/p> "x" <http://a.example/g> .\n' for place in range(500)]
    _load(tmp_path / "store", lines)

    assert len(pyoxigraph.Store.read_only(str(tmp_path / "store"))) == 2 * len(lines)


@pytest.mark.parametrize("buffer", [2, 1 << 20])
def test_a_pause_changes_nothing_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buffer: int) -> None:
    monkeypatch.setattr(loading, "_SMALL", buffer)
    with Loading(tmp_path / "store") as store:
        store.pause()
        for place in range(5):
            line = f'<http://a.example/{place}> <http://a.example/p> "x" <http://a.example/g> .\n'
            store.add(line.encode())
            store.pause()
            store.pause()

    assert len(pyoxigraph.Store.read_only(str(tmp_path / "store"))) == 10


def test_a_fault_before_a_pause_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_SMALL", 2)

    def load() -> None:
        with Loading(tmp_path / "store") as store:
            for _ in range(1000):
                store.add(b"nothing <http://a.example/g> .\n")
                store.pause()

    with pytest.raises(InputError, match="is not N-Quads"):
        load()


@pytest.mark.parametrize("place", [0, 40, 499])
def test_a_fault_in_any_part_ends_the_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    monkeypatch.setattr(loading, "_LEAST", 2_000)
    lines = ['<http://a.example/a> <http://a.example/p> "x" <http://a.example/g> .\n'] * 500
    lines[place] = '<http://a.example/ > <http://a.example/p> "x" <http://a.example/g> .\n'

    with pytest.raises(InputError, match="is not N-Quads with one statement a line"):
        _load(tmp_path / "store", lines)


def test_what_ends_a_block_by_another_error_is_told_as_it_is(tmp_path: Path) -> None:
    line = '<http://a.example/a> <http://a.example/p> "x" <http://a.example/g> .\n'

    with pytest.raises(UsageError, match="mine"):
        _load(tmp_path / "store", [line], then=UsageError("mine"))
