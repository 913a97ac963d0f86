from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kg.errors import BuildError, UsageError
from kg.release import switching
from kg.release.switching import CHECKSUMS, replaced


def _filled(folder: Path, text: str) -> None:
    with replaced(folder) as fresh:
        (fresh / CHECKSUMS).write_text(text, encoding="utf-8")


def _broken_off(folder: Path) -> None:
    with replaced(folder) as fresh:
        (fresh / CHECKSUMS).write_text("half", encoding="utf-8")
        raise ZeroDivisionError


def test_a_release_that_fails_leaves_the_last_one_and_nothing_else(tmp_path: Path) -> None:
    _filled(tmp_path / "out", "first")

    with pytest.raises(ZeroDivisionError):
        _broken_off(tmp_path / "out")
    assert (tmp_path / "out" / CHECKSUMS).read_text("utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_reader_always_finds_a_whole_release(tmp_path: Path) -> None:
    _filled(tmp_path / "out", "0")
    found: list[str] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            found.append((tmp_path / "out" / CHECKSUMS).read_text("utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 40):
        _filled(tmp_path / "out", str(number))
    ended.set()
    reader.join()

    assert found
    assert all(text.isdigit() for text in found)
    assert (tmp_path / "out" / CHECKSUMS).read_text("utf-8") == "39"


def test_without_an_exchange_the_release_is_replaced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "_exchanged", lambda one, other: False)
    _filled(tmp_path / "out", "first")
    _filled(tmp_path / "out", "second")

    assert (tmp_path / "out" / CHECKSUMS).read_text("utf-8") == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_releases_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    with replaced(tmp_path / "out") as fresh:
        (fresh / CHECKSUMS).write_text("first", encoding="utf-8")
        with pytest.raises(BuildError, match="another release"), replaced(tmp_path / "out"):
            pytest.fail("the folder was given twice")

    assert (tmp_path / "out" / CHECKSUMS).read_text("utf-8") == "first"


def test_a_killed_release_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".out.unfinished" / "data").mkdir(parents=True)
    (tmp_path / ".out.unfinished" / "data" / "half.ttl").write_text("half", encoding="utf-8")
    _filled(tmp_path / "out", "whole")

    assert [path.name for path in (tmp_path / "out").iterdir()] == [CHECKSUMS]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("text", encoding="utf-8")

    with pytest.raises(UsageError, match="a release is a folder"):
        _filled(tmp_path / "out", "x")
