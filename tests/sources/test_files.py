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
        (b"Namn:\nV\x81gen", "wrong-encoding", 2),
        (b"x" * (files.LARGEST_PAGE + 1), "too-large", 0),
    ],
)
def test_a_file_that_is_no_text_is_a_notice(tmp_path: Path, data: bytes, rule: str, line: int) -> None:
    read = files.read(_write(tmp_path / "page.txt", data))

    assert isinstance(read, Notice)
    assert (read.rule, read.line, read.source) == (rule, line, "page.txt")


def test_a_page_in_the_old_encoding_of_windows_is_read_with_a_notice(tmp_path: Path) -> None:
    read = files.read(_write(tmp_path / "page.txt", "Namn:\nVägen – bron".encode("cp1252")))

    assert isinstance(read, files.ReadFile)
    assert read.text == "Namn:\nVägen – bron"
    assert [(notice.rule, notice.line, notice.value) for notice in read.notices] == [
        ("guessed-encoding", 2, "byte 0xe4")
    ]


_PAGE = '<!DOCTYPE html>\n<html><head><meta charset="iso-8859-1"></head><body><h1>Väg</h1></body></html>'
_SAVED = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/p?a=1\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="--x"\r\n\r\n----x\r\n'
    b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<h1>V=C3=A4=\r\ng</h1>\r\n----x--\r\n"
)


@pytest.mark.parametrize(
    ("name", "data", "html", "text"),
    [
        ("page.txt", _PAGE.encode(), True, _PAGE),
        ("page.html", b"22-045-S01 - Bro\n\nNamn:\nBro < 3\n", False, "22-045-S01 - Bro\n\nNamn:\nBro < 3\n"),
        ("page.html", "<h1>Väg".encode("cp1252"), True, "<h1>Väg"),
        ("page.mhtml", _SAVED, True, "<h1>Väg</h1>"),
        ("page.html", _SAVED, True, "<h1>Väg</h1>"),
    ],
)
def test_a_page_is_what_it_holds_and_not_what_its_name_says(
    tmp_path: Path, name: str, data: bytes, html: bool, text: str
) -> None:
    read = files.read(_write(tmp_path / name, data))

    assert isinstance(read, files.ReadFile)
    assert (read.is_html, read.text) == (html, text)
    assert read.source.address == ("https://example.org/p?a=1" if data is _SAVED else None)


def test_an_archive_without_a_page_is_no_page(tmp_path: Path) -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    read = files.read(_write(tmp_path / "page.mht", head + b"Content-Type: image/png\r\n\r\n0\r\n--x--\r\n"))

    assert isinstance(read, files.ReadFile)
    assert not read.is_html


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
