"""What a folder of query files must hold, and what is said when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.queries import find, named_queries

HEAD = "#+ summary: What?\n#+ sammanfattning: Vad?\n#+ tags: project\n"
BODY = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s\n"


def write(folder: Path, text: str) -> Path:
    (folder / "mine.rq").write_text(text, encoding="utf-8")
    return folder


def test_a_well_formed_file_is_read(tmp_path: Path) -> None:
    (query,) = named_queries(write(tmp_path, HEAD + BODY))

    assert (query.name, query.kind, query.summary["sv"], query.tags) == ("mine", "select", "Vad?", ("project",))
    assert find("mine", tmp_path) == query


@pytest.mark.parametrize("line", ["summary", "sammanfattning", "tags"])
def test_a_missing_line_is_named(tmp_path: Path, line: str) -> None:
    kept = "".join(each for each in HEAD.splitlines(keepends=True) if f" {line}:" not in each)

    with pytest.raises(InputError, match=rf"queries/mine\.rq has no '#\+ {line}:' line"):
        named_queries(write(tmp_path, kept + BODY))


def test_a_parameter_without_a_head_is_named(tmp_path: Path) -> None:
    body = "SELECT ?s WHERE { VALUES ?s { UNDEF } ?s ?p ?o } ORDER BY ?s"

    with pytest.raises(InputError, match=r"has 'VALUES \?s \{ UNDEF \}' but no line '#\+ param s:'"):
        named_queries(write(tmp_path, HEAD + body))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InputError, match=r"mine\.rq cannot be read"):
        named_queries(tmp_path)


def test_a_needed_parameter_is_declared(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"queries/mine\.rq needs owner but has no line '#\+ param owner:'"):
        named_queries(write(tmp_path, f"{HEAD}#+ needs: owner\n{BODY}"))
