"""What is added and what stands in files is loaded, in parts of whole lines, and what is wrong with it is told."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BuildError, InputError
from kg.store import Loading, bulk_loader, loading

GRAPHS = [f"<https://example.org/{name}>" for name in "gh"]


def _line(number: int, graph: str = GRAPHS[0]) -> bytes:
    # A text that looks like the end of another line.
    return f'<https://example.org/{number}> <https://example.org/p> "{number} <x> {GRAPHS[1]} ." {graph} .\n'.encode()


def _found(folder: Path) -> list[set[str]]:
    """Return the subjects in each of the graphs and in the default graph."""
    found = pyoxigraph.Store.read_only(str(folder))
    found_in: list[pyoxigraph.NamedNode | pyoxigraph.DefaultGraph] = [pyoxigraph.DefaultGraph()]
    found_in[:0] = [pyoxigraph.NamedNode(graph.strip("<>")) for graph in GRAPHS]
    quads = [list(found.quads_for_pattern(None, None, None, graph)) for graph in found_in]
    assert sum(map(len, quads)) == len(found)
    return [{str(quad.subject).rpartition("/")[2].strip(">") for quad in some} for some in quads]


@pytest.mark.parametrize("small", [1, 1 << 20])
def test_what_is_written_and_what_is_given_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(loading, "_SMALL", small)
    path = tmp_path / "data.nq"
    with Loading(tmp_path / "store") as store, path.open("wb") as file:
        for number in range(50):
            start = file.tell()
            file.write(_line(number))
            file.flush()
            # Some of what is written is not to be loaded.
            if number % 10:
                store.add_written(path, start, file.tell())
        store.add(_line(50) + _line(1, GRAPHS[1]))
        store.add(_line(51))

    first = {str(number) for number in range(52) if number % 10 or number == 50}
    assert _found(tmp_path / "store") == [first, {"1"}, first]


def test_long_parts_are_cut_at_the_ends_of_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(b"".join(_line(number, GRAPHS[number % 2]) for number in range(300)))
    size = path.stat().st_size
    monkeypatch.setattr(bulk_loader, "_MOST", 1_000)
    monkeypatch.setattr(bulk_loader, "_LONGEST", 7)
    with path.open("rb") as file:
        parts = list(bulk_loader._cut(file.fileno(), 0, size))
        texts = [bulk_loader.read(*part) for part in parts]

    assert len(texts) > 20
    assert b"".join(texts) == path.read_bytes()
    assert all(text.endswith(b"\n") and len(text) < 1_300 for text in texts)


@given(st.lists(st.binary(max_size=30).map(lambda text: text.replace(b"\n", b"")), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
def test_no_line_is_cut_or_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[bytes]) -> None:
    monkeypatch.setattr(bulk_loader, "_MOST", 50)
    monkeypatch.setattr(bulk_loader, "_LONGEST", 3)
    path = tmp_path / "lines"
    path.write_bytes(b"\n".join(lines))
    with path.open("rb") as file:
        texts = [bulk_loader.read(*part) for part in bulk_loader._cut(file.fileno(), 0, path.stat().st_size)]

    assert b"".join(texts) == path.read_bytes()
    assert all(text.endswith(b"\n") for text in texts[:-1])


def test_a_file_without_an_end_of_line_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(_line(1) + _line(2).rstrip())
    with Loading(tmp_path / "store") as store:
        store.add_written(path, 0, path.stat().st_size)

    assert _found(tmp_path / "store") == [{"1", "2"}, set(), {"1", "2"}]


@pytest.mark.parametrize("small", [1, 1 << 20])
def test_a_triple_without_a_graph_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(loading, "_SMALL", small)
    with pytest.raises(InputError, match="one statement a line"), Loading(tmp_path / "store") as store:
        store.add(_line(1) + b"<https://example.org/1> <https://example.org/p> 'x' .\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"none\.nq cannot be read again"), Loading(tmp_path / "store") as store:
        store.add_written(tmp_path / "none.nq", 0, 10)


def test_a_file_that_became_shorter_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_SMALL", 1)
    path = tmp_path / "data.nq"
    path.write_bytes(_line(1))
    with pytest.raises(BuildError, match="has become shorter"), Loading(tmp_path / "store") as store:
        store.add_written(path, 0, 10_000)


@pytest.mark.parametrize("small", [1, 1 << 20])
def test_the_error_of_who_writes_comes_first_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(loading, "_SMALL", small)

    def load() -> None:
        with Loading(tmp_path / "store") as store:
            store.add(_line(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load()
    assert {path.name for path in tmp_path.iterdir()} <= {"store"}
