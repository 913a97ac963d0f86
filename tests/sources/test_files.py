"""Files are found in a stable order, and one bad file never loses the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.model import Notice
from kg.sources import files


def _write(path: Path, data: bytes) -> files.SourceFile:
    path.write_bytes(data)
    return files.SourceFile(path, path.name, path.stem)


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"", "empty-file", 0),
        (b"\xef\xbb\xbf \n\t\n", "empty-file", 0),
        (b"Namn:\nA\0B", "binary-file", 2),
        ("Namn:\nVägen".encode("latin-1"), "wrong-encoding", 2),
        (b"x" * (files.LARGEST_PAGE + 1), "too-large", 0),
    ],
)
def test_a_file_that_is_no_text_is_a_notice(tmp_path: Path, data: bytes, rule: str, line: int) -> None:
    read = files.read(_write(tmp_path / "page.txt", data))

    assert isinstance(read, Notice)
    assert (read.rule, read.line, read.source) == (rule, line, "page.txt")


def test_a_missing_or_unreadable_file_is_a_notice(tmp_path: Path) -> None:
    read = files.read(files.SourceFile(tmp_path / "gone.txt", "gone.txt", "gone"))

    assert isinstance(read, Notice)
    assert read.rule == "unreadable-file"


def test_the_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    read = files.read(_write(tmp_path / "page.txt", b"\xef\xbb\xbfNamn:\nA"))

    assert isinstance(read, files.ReadFile)
    assert read.text == "Namn:\nA"
    assert len(read.source.sha256) == 64


def test_folders_files_and_patterns_are_found_once_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "Ö.TXT", "notes.md", "sub/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    found = files.find([tmp_path, tmp_path / "a.txt", str(tmp_path / "*.txt")])

    assert [file.name for file in found.files] == ["a.txt", "b.txt", "sub/a.txt", "Ö.TXT"]
    assert found.others == 1
    assert len({file.key for file in found.files}) == 4


def test_files_of_one_name_get_keys_with_their_folder(tmp_path: Path) -> None:
    for name in ("old/22-045-S01.txt", "new/22-045-S01.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name)

    found = files.find([tmp_path / "old" / "22-045-S01.txt", tmp_path / "new" / "22-045-S01.txt"])

    assert sorted(file.key for file in found.files) == ["new-22-045-s01", "old-22-045-s01"]


def test_a_source_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        files.find([tmp_path / "nowhere"])
    with pytest.raises(InputError, match="no page"):
        files.find([tmp_path])
