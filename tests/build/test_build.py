"""A build is a function of its sources, keeps what every page says, and survives being killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import generations
from kg.build import Report, build
from kg.errors import BuildError, InputError, UsageError
from kg.resources import folder
from kg.store import DATA, REPORT, open_build
from tests.benchmarks.generator import write_pages

PAGES = Path(__file__).parent.parent / "pages"
KG = "https://w3id.org/esf-kg/ontology#"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build([folder("seeds")], tmp_path_factory.mktemp("seeds") / "build")


def _data(report: Report) -> str:
    return (generations.current(report.folder) / DATA).read_text("utf-8")


def _page(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _values(report: Report, query: str) -> list[tuple[str, ...]]:
    with open_build(report.folder) as store:
        return [tuple(map(str, row)) for row in store.select(query).rows]


def test_the_seeds_give_five_projects_of_four_owners_in_three_regions(seeds: Report) -> None:
    counts = seeds.counts

    assert (counts["sources_read"], counts["sources_skipped"]) == (5, 0)
    assert (counts["projects"], counts["owners"], counts["regions"]) == (5, 4, 3)
    assert counts["personal_data_dropped"] == 2
    assert counts["triples"] == _data(seeds).count("\n")
    assert seeds.rules == {"zero-means-unreported": 1}


def test_no_personal_data_of_the_seeds_reaches_anything_that_is_built(seeds: Report) -> None:
    text = (folder("seeds") / "001_34e8efa4cf7d6957.txt").read_text("utf-8").splitlines()
    person, address = text[text.index("Kontaktperson:") + 1], text[text.index("E-post:") + 1]
    built = _data(seeds) + (generations.current(seeds.folder) / REPORT).read_text("utf-8")

    assert len(person) > 5
    assert "@" in address
    for personal in (person, address, *person.split()):
        assert personal not in built


def test_the_same_sources_give_the_same_bytes(seeds: Report, tmp_path: Path) -> None:
    for name in (path.name for path in folder("seeds").iterdir()):
        shutil.copy(folder("seeds") / name, tmp_path / name)
    again = build(sorted(tmp_path.glob("*.txt"), reverse=True), tmp_path / "again")

    assert _data(again) == _data(seeds)


def test_one_process_or_two_give_the_same_bytes(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", 320)
    one = build([tmp_path / "pages"], tmp_path / "one", workers=1)
    two = build([tmp_path / "pages"], tmp_path / "two", workers=2)

    assert _data(one) == _data(two)
    assert one.counts["projects"] == 320


def test_each_graph_is_sorted_and_holds_no_blank_node(seeds: Report) -> None:
    graphs: dict[str, list[str]] = {}
    for line in _data(seeds).splitlines():
        statement, _, graph = line.removesuffix(" .").rpartition(" ")
        graphs.setdefault(graph, []).append(statement)

    assert len(graphs) == 5 + 4
    for statements in graphs.values():
        assert statements == sorted(set(statements))
    assert "_:" not in {line[:2] for line in _data(seeds).splitlines()}


def test_the_store_holds_what_the_file_holds_and_its_union(tmp_path: Path) -> None:
    # Among the real pages are two pages of one project, joined owners, and relations.
    report = build([PAGES, folder("seeds")], tmp_path / "build")
    lines = set(_data(report).splitlines())

    with open_build(report.folder) as store:
        (named,) = store.texts("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        (union,) = store.texts("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    triples = {line.removesuffix(" .").rpartition(" ")[0] for line in lines}
    assert (named, union) == ((str(len(lines)),), (str(len(triples)),))
    assert len(triples) < len(lines)


def test_another_base_moves_every_iri_of_ours(tmp_path: Path) -> None:
    report = build([folder("seeds")], tmp_path / "build", base="https://example.org/esf/")

    assert "w3id.org/esf-kg" not in _data(report)
    assert "<https://example.org/esf/id/project/22-045-S01>" in _data(report)
    with pytest.raises(UsageError, match="nonsense"):
        build([folder("seeds")], tmp_path / "other", base="nonsense")


def test_bad_files_are_reported_and_the_others_kept(tmp_path: Path) -> None:
    source = tmp_path / "pages"
    _page(source / "good.txt", (folder("seeds") / "004_03dc92fa27c0c321.txt").read_text("utf-8"))
    _page(source / "empty.txt", "")
    _page(source / "other.txt", "Ett brev.\n")
    (source / "binary.txt").write_bytes(b"\x7fELF\0\0")
    (source / "other-encoding.txt").write_bytes(b"Namn:\nV\x81gen")
    report = build([source], tmp_path / "build")

    assert report.counts["sources_skipped"] == 4
    assert report.counts["projects"] == 1
    assert {(n.source, n.rule) for n in report.notices} == {
        ("binary.txt", "binary-file"),
        ("empty.txt", "empty-file"),
        ("other-encoding.txt", "wrong-encoding"),
        ("other.txt", "not-a-page"),
    }


def test_a_folder_without_one_page_is_an_error_and_leaves_the_last_build(tmp_path: Path) -> None:
    build([folder("seeds")], tmp_path / "build")
    before = generations.current(tmp_path / "build")
    letter = _page(tmp_path / "letter.txt", "Ett brev.\n")

    with pytest.raises(InputError, match=r"letter\.txt"):
        build([letter], tmp_path / "build")
    assert generations.current(tmp_path / "build") == before
    assert not list((tmp_path / "build" / "generations").glob("unfinished-*"))


def test_two_pages_of_one_project_are_merged_and_their_conflict_is_kept_and_reported(tmp_path: Path) -> None:
    text = (PAGES / "2022_00441.txt").read_text("utf-8")
    _page(tmp_path / "p" / "a.txt", text)
    _page(tmp_path / "p" / "b.txt", text.replace("Programområde:\nCare", "Programområde:\n2").replace("70\n", "\n"))
    report = build([tmp_path / "p"], tmp_path / "build")
    areas = _values(
        report,
        f"SELECT ?n WHERE {{ ?p <{KG}programmeArea>/<http://www.w3.org/2004/02/skos/core#notation> ?n }} ORDER BY ?n",
    )
    participants = _values(report, f"SELECT ?n WHERE {{ ?p <{KG}plannedParticipants> ?n }}")

    assert report.counts["projects"] == 1
    assert report.counts["sources_read"] == 2
    assert areas == [("2",), ("Care",)]
    assert participants == [("70",)]
    assert [(n.source, n.rule, n.value) for n in report.notices] == [("b.txt", "sources-disagree", "2")]


def test_the_real_pages_build_without_a_page_lost(tmp_path: Path) -> None:
    report = build([PAGES], tmp_path / "build")

    assert report.counts["projects"] == 39
    assert report.counts["other_files"] == 2
    assert set(report.rules) == {
        "zero-means-unreported",
        "no-fields",
        "person-before-organisation",
        "postcode-outside-region",
    }


def test_what_is_printed_and_what_is_inferred_stand_in_different_graphs(seeds: Report) -> None:
    rows = _values(
        seeds,
        f"SELECT ?g ?f WHERE {{ GRAPH ?g {{ ?p <{KG}fund> ?f }} FILTER(STRENDS(STR(?p), '2017-00082')) }}",
    )

    assert rows == [("https://w3id.org/esf-kg/id/graph/derived", "https://w3id.org/esf-kg/id/fund/ESF")]


def test_old_generations_go_and_the_newest_two_stay(tmp_path: Path) -> None:
    for _ in range(4):
        report = build([folder("seeds")], tmp_path / "build")

    assert report.generation == "000004"
    assert sorted(path.name for path in (tmp_path / "build" / "generations").iterdir()) == ["000003", "000004"]


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with generations.locked(tmp_path / "build"), pytest.raises(BuildError, match="another build"):
        build([folder("seeds")], tmp_path / "build")


def test_a_folder_without_a_build_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="kg build"):
        generations.current(tmp_path)
    (tmp_path / "CURRENT").write_text("000009\n")
    with pytest.raises(BuildError, match="000009"):
        generations.current(tmp_path)


def test_a_build_killed_at_any_moment_leaves_the_last_good_one(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", 120)
    good = build([folder("seeds")], tmp_path / "build")
    command = [sys.executable, "-m", "kg", "build", str(tmp_path / "pages"), "--workers=2", "--out", str(good.folder)]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    build([folder("seeds")], good.folder)
    chance = random.Random(1)
    killed = 0
    for part in range(6):
        # The first quarter of a run only starts the program.
        moment = 0.25 + 0.7 * (part + chance.random()) / 6
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as run:
            time.sleep(moment * whole)
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                killed += 1
        projects = _values(good, f"SELECT (COUNT(*) AS ?n) WHERE {{ ?p a <{KG}Project> }}")
        assert projects in ([("5",)], [("120",)])

    assert killed >= 3
    assert build([folder("seeds")], good.folder).counts["projects"] == 5
    assert not list((good.folder / "generations").glob("unfinished-*"))


def test_the_report_is_also_in_the_build(seeds: Report) -> None:
    stored = json.loads((generations.current(seeds.folder) / REPORT).read_text("utf-8"))

    assert stored["counts"] == seeds.counts
    assert stored["base"] == "https://w3id.org/esf-kg/"
    assert [source["project"] for source in stored["sources"]] == [
        "22-045-S01",
        "2017-00082",
        "22-012-S04",
        "22-014-S05",
        "22-005-S01",
    ]
    assert all(len(source["sha256"]) == 64 for source in stored["sources"])
