"""A file is loaded while it is written, and what is wrong with it is told when the block ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import BuildError, InputError
from kg.store import Following, Loading

GRAPH = "<https://example.org/g>"


def _line(number: int) -> bytes:
    return f'<https://example.org/{number}> <https://example.org/p> "{number}" {GRAPH} .\n'.encode()


def _count(folder: Path) -> tuple[int, int]:
    import pyoxigraph

    found = pyoxigraph.Store.read_only(str(folder))
    named = pyoxigraph.NamedNode(GRAPH.strip("<>"))
    return (
        sum(1 for _ in found.quads_for_pattern(None, None, None, named)),
        sum(1 for _ in found.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())),
    )


def test_what_is_written_and_what_is_given_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    with Loading(tmp_path / "store") as loading, Following(loading, path) as following, path.open("wb") as file:
        for number in range(50):
            start = file.tell()
            file.write(_line(number))
            file.flush()
            following.add_written(GRAPH, start, file.tell())
        following.add(GRAPH, _line(50) + _line(0))

    assert _count(tmp_path / "store") == (51, 51)


def test_nothing_to_follow_needs_no_file(tmp_path: Path) -> None:
    with Loading(tmp_path / "store") as loading, Following(loading, tmp_path / "data.nq"):
        loading.add(GRAPH, _line(1))

    assert _count(tmp_path / "store") == (1, 1)


def test_text_of_another_graph_is_refused_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(b"")
    with (
        pytest.raises(InputError, match="one statement a line"),
        Loading(tmp_path / "store") as loading,
        Following(loading, path) as following,
    ):
        following.add("<https://example.org/other>", _line(1))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(BuildError, match="cannot be read again"),
        Loading(tmp_path / "store") as loading,
        Following(loading, tmp_path / "none.nq") as following,
    ):
        following.add_written(GRAPH, 0, 10)


def test_the_error_of_who_writes_comes_first_and_nothing_more_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(_line(1))

    def load() -> None:
        with Loading(tmp_path / "store") as loading, Following(loading, path) as following:
            following.add_written(GRAPH, 0, 10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load()
