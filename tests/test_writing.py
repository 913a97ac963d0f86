"""A file appears whole or not at all, and a misspelt folder is told before any work is done for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import InputError
from kg.writing import finished


def _write(path: Path, pieces: Iterator[str], *, make_folder: bool = False) -> None:
    with finished(path, make_folder=make_folder) as file:
        file.writelines(pieces)


def _interrupted() -> Iterator[str]:
    yield "half"
    raise KeyboardInterrupt


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        _write(path, _interrupted())

    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text("utf-8") == "before"
    _write(path, iter(["after\n"]))
    assert path.read_bytes() == b"after\n"


def test_a_folder_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no folder .*pics"):
        _write(tmp_path / "pics/a.svg", iter(["x"]))
    assert list(tmp_path.iterdir()) == []
    _write(tmp_path / "pics/a.svg", iter(["x"]), make_folder=True)
    assert (tmp_path / "pics/a.svg").read_text("utf-8") == "x"


def test_a_file_in_place_of_a_folder_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "pics").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.svg cannot be written"):
        _write(tmp_path / "pics/a.svg", iter(["x"]), make_folder=True)


@pytest.mark.parametrize(
    "command",
    [
        ["network", "draw", "{file}.svg", "--build", "{folder}/none"],
        ["network", "export", "{file}.gexf", "--build", "{folder}/none"],
        ["network", "shared", "--plot", "{file}.svg", "--build", "{folder}/none"],
        ["network", "central", "--plot", "{file}.svg", "--build", "{folder}/none"],
        ["diff", "{folder}/none", "{folder}/none", "--rdf", "{file}.trig"],
        ["quality", "{folder}/none", "--out", "{file}.html"],
        ["link", "{file}.ttl", "--build", "{folder}/none"],
    ],
    ids=lambda command: " ".join(word for word in command if "{" not in word),
)
def test_every_command_tells_of_a_missing_folder_before_it_reads_anything(command: list[str], tmp_path: Path) -> None:
    arguments = [word.format(folder=tmp_path, file=tmp_path / "pics" / "made") for word in command]
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 3
    assert f"there is no folder {tmp_path / 'pics'}" in result.output
    assert list(tmp_path.iterdir()) == []
