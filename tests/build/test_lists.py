"""Lists and pages in one build: one graph a list, projects joined by number, owners joined, the same bytes each time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kg import generations
from kg.build import Report, build
from kg.columns import spill
from kg.errors import InputError, UsageError
from kg.resources import folder
from kg.store import DATA, REPORT, open_build
from tests.benchmarks.rows import BANK, write_csv
from tests.tables.test_reading import BANK_ROW

KG = "https://w3id.org/esf-kg/ontology#"
THINGS = "https://w3id.org/esf-kg/id"
PAGE = Path(__file__).parent.parent / "pages" / "23-032-S01.txt"


def _data(report: Report) -> str:
    return (generations.current(report.folder) / DATA).read_text("utf-8")


def _rows(report: Report, query: str) -> list[tuple[str, ...]]:
    with open_build(report.folder) as store:
        return [tuple(map(str, row)) for row in store.select(query).rows]


def _bank(path: Path, *changes: dict[int, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(BANK)
        for change in changes:
            writer.writerow([change.get(place, cell) for place, cell in enumerate(BANK_ROW)])
    return path


def test_a_list_is_one_graph_beside_the_pages_and_joins_with_them(tmp_path: Path) -> None:
    path = _bank(tmp_path / "bank.csv", {}, {0: "23-032-S01", 5: "Another name", 2: "", 1: "x"})
    report = build([PAGE, path], tmp_path / "build")
    graphs = _rows(report, f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?p a <{KG}Project> }} }} ORDER BY ?g")
    sources = _rows(
        report,
        f"SELECT ?s WHERE {{ <{THINGS}/project/23-032-S01> <http://www.w3.org/ns/prov#wasDerivedFrom> ?s }} ORDER BY ?s",
    )

    assert (report.counts["projects"], report.counts["rows"], report.counts["sources_read"]) == (2, 2, 2)
    assert graphs == sources == [(f"{THINGS}/source/23-032-s01",), (f"{THINGS}/source/bank",)]
    assert ("bank.csv", "Another name") in [
        (notice.source, notice.value) for notice in report.notices if notice.rule == "sources-disagree"
    ]
    assert _rows(report, f"SELECT ?l WHERE {{ <{THINGS}/source/bank> <{KG}layout> ?l }}") == [("bank-csv",)]


def test_rows_have_owners_that_pages_share(tmp_path: Path) -> None:
    path = _bank(tmp_path / "bank.csv", {}, {0: "23-018-S01", 1: "Linköpings kommun"})
    report = build([path], tmp_path / "build")
    owners = _rows(report, f"SELECT ?p ?o WHERE {{ ?p <{KG}owner> ?o }} ORDER BY ?p")
    spellings = _rows(
        report, f"SELECT ?l WHERE {{ <{THINGS}/owner/2120000449> <http://www.w3.org/2004/02/skos/core#altLabel> ?l }}"
    )

    assert owners == [
        (f"{THINGS}/project/23-017-S01", f"{THINGS}/owner/2120000449"),
        (f"{THINGS}/project/23-018-S01", f"{THINGS}/owner/2120000449"),
    ]
    assert ("LINKÖPINGS KOMMUN",) in spellings


def test_methods_are_found_in_swedish_summaries_and_nowhere_else(tmp_path: Path) -> None:
    text = "Deltagarna får stöd enligt metoden Supported Employment i hela länet."
    path = _bank(tmp_path / "bank.csv", {12: f"<p>{text}</p>"}, {0: "23-018-S01", 12: "", 13: text})
    report = build([path], tmp_path / "build")
    found = _rows(
        report, f"SELECT ?p ?q WHERE {{ GRAPH <{THINGS}/source/bank> {{ ?p <{KG}methodUse> ?u . ?u <{KG}quote> ?q }} }}"
    )

    assert found == [(f"{THINGS}/project/23-017-S01", text)]


def test_each_graph_is_sorted_and_the_same_however_much_goes_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "rows.csv", "kohesio", 500)
    whole = _data(build([tmp_path / "rows.csv", folder("seeds")], tmp_path / "one"))
    monkeypatch.setattr(spill, "RUN_BYTES", 100_000)
    report = build([tmp_path / "rows.csv", folder("seeds")], tmp_path / "two")
    graphs: dict[str, list[str]] = {}
    for line in _data(report).splitlines():
        statement, _, graph = line.removesuffix(" .").rpartition(" ")
        graphs.setdefault(graph, []).append(statement)

    assert _data(report) == whole
    assert report.counts["triples"] == whole.count("\n")
    assert report.counts["projects"] == 505
    assert len(graphs) == 6 + 4
    for statements in graphs.values():
        assert statements == sorted(set(statements))
    assert not list((tmp_path / "two").rglob("scratch"))


def test_rows_of_one_operation_are_joined_and_counted(tmp_path: Path) -> None:
    report = build([_bank(tmp_path / "bank.csv", {}, {}, {5: "Väg ut"})], tmp_path / "build")

    assert report.counts["projects"] == 1
    assert [(n.rule, n.value) for n in report.notices] == [("operation-in-several-rows", "2")]
    assert _rows(
        report, "SELECT ?t WHERE { ?p <http://purl.org/dc/terms/title> ?t . ?p a <" + KG + "Project> } ORDER BY ?t"
    ) == [("Väg in",), ("Väg ut",)]


def test_a_mapping_file_is_for_lists(tmp_path: Path) -> None:
    mapping = tmp_path / "my.toml"
    mapping.write_text("[columns]\n'Nummer' = 'identifier'\n'Kallas' = 'title'\n", "utf-8")
    path = tmp_path / "list.csv"
    path.write_text("Nummer,Kallas\n22-045-S01,Väg\n", "utf-8")
    report = build([path], tmp_path / "build", mapping=mapping)

    assert report.counts["projects"] == 1
    with pytest.raises(UsageError, match="no source is a list"):
        build([PAGE], tmp_path / "build", mapping=mapping)
    with pytest.raises(InputError, match="not-a-list"):
        build([path], tmp_path / "other")


def test_a_damaged_list_is_reported_and_the_pages_are_kept(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.csv").write_bytes(b"Diarienummer,Namn\n22-045-S01,V\x81g\n")
    (tmp_path / "in" / "page.txt").write_text(PAGE.read_text("utf-8"), "utf-8")
    report = build([tmp_path / "in"], tmp_path / "build")
    stored = json.loads((generations.current(report.folder) / REPORT).read_text("utf-8"))

    assert (report.counts["projects"], report.counts["sources_skipped"]) == (1, 1)
    assert [(n.source, n.line, n.rule) for n in report.notices] == [("list.csv", 2, "wrong-encoding")]
    assert [source["key"] for source in stored["sources"]] == ["page"]


def test_a_saved_html_page_is_a_page_with_its_address(tmp_path: Path) -> None:
    html = """<html><head><link rel="canonical" href="https://example.org/p?dnr=22-045-S01"></head><body>
    <h1>22-045-S01 - Väg</h1><dl><dt>Region</dt><dd>Stockholm</dd></dl></body></html>"""
    (tmp_path / "p.html").write_text(html, "utf-8")
    report = build([tmp_path / "p.html"], tmp_path / "build")

    assert _rows(report, f"SELECT ?a WHERE {{ ?s a <{KG}Source> ; <http://purl.org/dc/terms/source> ?a }}") == [
        ("https://example.org/p?dnr=22-045-S01",)
    ]
