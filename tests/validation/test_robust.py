"""Data that nobody would write on purpose end in findings or in one line, and an interrupt leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from tests.validation.interrupting import assert_interrupted

SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:S sh:targetSubjectsOf ex:p ; sh:property ex:Language , ex:Number , ex:Long .
ex:Language sh:path ex:p ; sh:languageIn ( "sv" ) ; sh:message "language"@en .
ex:Number sh:path ex:p ; sh:minInclusive 0 ; sh:message "number"@en .
ex:Long sh:path ex:p ; sh:maxLength 20 ; sh:message "long"@en .
"""
XSD = "http://www.w3.org/2001/XMLSchema#"


def run(folder: Path, data: str, *arguments: str) -> Result:
    (folder / "shapes.ttl").write_text(SHAPES)
    (folder / "data.ttl").write_text(data, encoding="utf-8")
    return CliRunner().invoke(
        app, ["check", str(folder / "data.ttl"), "--shapes", str(folder / "shapes.ttl"), *arguments]
    )


@pytest.mark.parametrize(
    "data",
    [
        '<http://e/a b> <http://e/p> "x" .',
        '<http://e/%zz> <http://e/p> "x" .',
        '<http://e/a> <http://e/p> "x"@abcdefghijklm .',
        '<http://e/a> <http://e/p> "\\uD800" .',
        f'<http://e/a> <http://e/p> "{"x" * 17_000_000}" .',
        '<http://e/a> <http://e/p> "x',
        "\x00\x01",
    ],
    ids=["space", "percent", "language", "surrogate", "huge", "unended", "binary"],
)
def test_what_is_not_legal_rdf_is_one_line_that_names_the_file(tmp_path: Path, data: str) -> None:
    result = run(tmp_path, data)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(f"kg: {tmp_path / 'data.ttl'} ")
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 500


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ('"x"@tlh-Latn-x-klingon', ["Language", "Number"]),
        (f'"{"x" * 2_000_000}"@sv', ["Long", "Number"]),
        ("9" * 4_000, ["Language", "Long"]),
        (f'"1e999999999"^^<{XSD}double>', ["Language"]),
        (f'"99999-99-99"^^<{XSD}date>', ["Language", "Number"]),
        (f'"{"9" * 4_000}.5"^^<{XSD}decimal>', ["Language", "Long"]),
        ('"x"^^<http://e/no-datatype>', ["Language", "Number"]),
        ("<urn:x:å>", ["Language", "Number"]),
        ("[]", ["Language", "Long", "Number"]),
    ],
    ids=["language", "text", "integer", "double", "date", "decimal", "datatype", "iri", "node"],
)
def test_odd_values_are_judged_and_shown_in_short(tmp_path: Path, value: str, rules: list[str]) -> None:
    result = run(tmp_path, f"<http://e/a> <http://e/p> {value} .")
    shown = [line for line in result.stdout.splitlines() if line.startswith("  http://e/a")]

    assert result.exit_code == 1, result.stderr
    assert sorted(line.rpartition("[")[2].rstrip("]") for line in shown) == rules
    assert all(len(line) < 300 for line in shown)


def test_a_list_that_bites_its_tail_is_told_of_as_far_as_it_goes(tmp_path: Path) -> None:
    """PySHACL, which is asked about such a query, would look for its end and fail."""
    query = 'sh:sparql [ sh:select "SELECT $this ?value { { $this <http://e/p> ?value } UNION { } }" ] .'
    data = "<http://e/a> <http://e/p> _:l . _:l rdf:first 1 ; rdf:rest _:m . _:m rdf:first 2 ; rdf:rest _:l ."
    (tmp_path / "shapes.ttl").write_text(f"{SHAPES} ex:T sh:targetSubjectsOf ex:p ; {query}")
    (tmp_path / "data.ttl").write_text(f"PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> {data}")
    files = [str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl")]
    result = CliRunner().invoke(app, ["check", *files, "--format", "turtle"])

    assert result.exit_code == 1, result.stderr
    assert 'rdf:rest ( "2"^^xsd:integer )' in result.stdout


def test_a_storm_of_blank_nodes_is_judged_in_a_stable_order(tmp_path: Path) -> None:
    storm = "".join(f'_:b{n} <http://e/p> _:b{n + 1} , "{n % 7}"@sv .\n' for n in range(150))
    first, again = run(tmp_path, storm, "--format", "json"), run(tmp_path, storm, "--format", "json")

    assert first.exit_code == 1
    assert first.stdout == again.stdout


def test_findings_have_the_same_order_in_every_process(tmp_path: Path) -> None:
    data = "".join(f'<http://e/{n}> <http://e/p> "x{n}" , "y"@en , {n} .\n' for n in range(20))
    run(tmp_path, data)
    command = [sys.executable, "-m", "kg", "check", "data.ttl", "--shapes", "shapes.ttl"]
    texts = {
        subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1
    assert len(texts.pop()) > 1000


def test_an_interrupt_leaves_nothing_half_written(tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    line = '<http://e/{0:07d}> <http://e/p> "{0}" .\n'
    with data.open("w") as file:
        file.writelines(line.format(number) for number in range(300_000))
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    scratch = tmp_path / "scratch"
    # A scratch store on disk, as for large files, so that there is something to leave behind.
    code = "import kg.validation.loading as loading; loading._LARGE = 1; from kg.cli import main; main()"
    arguments = ["-c", code, "check", str(data), "--shapes", str(tmp_path / "shapes.ttl")]
    assert_interrupted(arguments, scratch, lambda _: any(scratch.glob("kg-check-*/*")))
