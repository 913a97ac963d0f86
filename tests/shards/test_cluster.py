"""A cluster gives the bytes that one process gives, also when a worker is lost in the middle."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from distributed import Client, LocalCluster
from typer.testing import CliRunner

from kg import generations, reading
from kg.build import Report, build
from kg.cli import app
from kg.errors import BuildError, UsageError
from kg.shards import OnCluster, cluster
from kg.sources import table_sections
from kg.store import DATA, REPORT
from tests.benchmarks.generator import write_pages
from tests.benchmarks.rows import write_csv
from tests.shards.cluster import Running, running


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def _built(report: Report) -> tuple[bytes, object]:
    folder = generations.current(report.folder)
    return (folder / DATA).read_bytes(), json.loads((folder / REPORT).read_text("utf-8"))


def _shards(report: Report) -> dict[str, bytes]:
    """Return the N-Quads that a cluster has left, by the names of the files."""
    return {path.name: gzip.decompress(path.read_bytes()) for path in sorted(Path(report.shards).iterdir())}


def _assert_shards_are_nquads(report: Report) -> None:
    """Any RDF tool reads each shard; together they say what single sources say, and nothing that the build does not."""
    shards = _shards(report)
    for data in shards.values():
        lines = data.splitlines()
        quads = list(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS))
        assert len(quads) == len(lines)
    smallest = min((data for data in shards.values() if data), key=len)
    with_rdflib = rdflib.Dataset().parse(data=smallest, format="nquads")
    assert len(list(with_rdflib.quads())) == len(set(smallest.splitlines()))

    built, _ = _built(report)
    told = {line for data in shards.values() for line in data.splitlines()}
    # A use of a method has one proof in a build, and here some projects stand in two sources.
    repeated = told - set(built.splitlines())
    assert all(b"/id/use/" in line or b"ontology#method>" in line for line in repeated), min(repeated)
    for name in ("Project", "MethodUse"):
        ends = f"#type> <https://w3id.org/esf-kg/ontology#{name}> ".encode()
        things = [{line.split(b" ")[0] for line in some if ends in line} for some in (told, built.splitlines())]
        assert things[0] == things[1] != set()
    left = [
        line.split(b" ") for line in built.splitlines() if line not in told and b"/id/project/" in line.split(b" ")[0]
    ]
    joined = {b"owner>", b"ownerUnit>", b"beneficiaryMunicipality>", b"partner>", b"mention>", b"continues>"}
    assert {words[1].rpartition(b"#")[2] for words in left} <= joined


# rdflib's Dataset warns about its own use of what it has deprecated.
@pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")
def test_a_cluster_gives_the_same_bytes_as_one_process_and_leaves_nquads(
    two_workers: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 10)
    monkeypatch.setattr(table_sections, "SECTION_BYTES", 20_000)
    write_pages(tmp_path / "in", 25)
    (tmp_path / "in" / "none.txt").write_bytes(b"")
    write_csv(tmp_path / "in" / "rows.csv", "kohesio", 60, texts=True)
    here = build([tmp_path / "in"], tmp_path / "here", workers=1)
    on = OnCluster(two_workers.address, str(tmp_path / "shared"), keep=True)
    there = build([tmp_path / "in"], tmp_path / "there", workers=on)

    assert _built(there) == _built(here)
    assert there.counts["projects"] == 85
    assert here.shards == ""
    _assert_shards_are_nquads(there)


@pytest.mark.parametrize(("processes", "shared"), [(True, "file://{folder}/shared"), (False, "memory://{folder}")])
def test_a_local_cluster_of_dask_gives_the_same_bytes(processes: bool, shared: str, tmp_path: Path) -> None:
    """Two processes with a folder, and two threads with what every object store is by fsspec: names and bytes."""
    write_pages(tmp_path / "pages", 30)
    here = build([tmp_path / "pages"], tmp_path / "here", workers=1)
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    local = LocalCluster(host="127.0.0.1", protocol="tcp://", processes=processes, **settings)  # type: ignore[no-untyped-call]
    with local as started:
        on = OnCluster(started.scheduler_address, shared.format(folder=tmp_path))
        there = build([tmp_path / "pages"], tmp_path / "there", workers=on)

    assert _built(there) == _built(here)


def test_workers_are_lost_in_the_middle_and_the_build_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three while pages are read, another while rows are: a single build, as a cluster starts slowly."""
    monkeypatch.setattr(reading, "_BATCH", 10)
    monkeypatch.setattr(table_sections, "SECTION_BYTES", 20_000)
    write_pages(tmp_path / "in", 100)
    write_csv(tmp_path / "in" / "rows.csv", "kohesio", 300, texts=True)
    here = build([tmp_path / "in"], tmp_path / "here", workers=1)
    seen: dict[str, list[int]] = {"reading": [], "reading rows": []}
    with running(tmp_path, workers=3) as started:
        lives = list(started.workers)
        with Client(started.address) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(len(lives))

        def kill(current: str, done: int, total: int) -> None:
            if current in seen and not seen[current]:
                lost = lives.pop()
                lost.kill()
                lost.wait()
            seen.setdefault(current, []).append(done)

        on = OnCluster(started.address, f"file://{tmp_path}/shared")
        there = build([tmp_path / "in"], tmp_path / "there", workers=on, progress=kill)
        assert [worker.poll() for worker in lives] == [None]

    for phase in ("reading", "reading rows"):
        assert 0 < seen[phase][0] <= seen[phase][-1] // 8
    assert _built(there) == _built(here)
    assert list((tmp_path / "shared").iterdir()) == []


def test_what_is_wrong_with_a_cluster_is_said(
    two_workers: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pages(tmp_path / "pages", 2)
    (tmp_path / "file").write_bytes(b"")
    for address, shared, error, message in (
        (two_workers.address, str(tmp_path / "file"), BuildError, "file cannot be used|cannot be used"),
        (two_workers.address, "nonsense://x", UsageError, "no place that can be shared"),
        ("nonsense://x", str(tmp_path / "shared"), UsageError, "no address of a scheduler"),
    ):
        with pytest.raises(error, match=message):
            build([tmp_path / "pages"], tmp_path / "build", workers=OnCluster(address, shared))
    monkeypatch.setattr(cluster, "version", lambda name: "0.0.1")
    with pytest.raises(BuildError, match=r"a worker has version .* all must have 0\.0\.1"):
        build(
            [tmp_path / "pages"], tmp_path / "build", workers=OnCluster(two_workers.address, str(tmp_path / "shared"))
        )
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_scheduler_that_is_not_there_or_has_no_workers_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_SECONDS_TO_CONNECT", 1)
    write_pages(tmp_path / "pages", 2)
    with pytest.raises(BuildError, match=r"no scheduler of dask answers at tcp://127\.0\.0\.1:9"):
        build([tmp_path / "pages"], tmp_path / "build", workers=OnCluster("tcp://127.0.0.1:9", str(tmp_path / "s")))
    with running(tmp_path, workers=0) as started, pytest.raises(BuildError, match="has no workers"):
        build([tmp_path / "pages"], tmp_path / "build", workers=OnCluster(started.address, str(tmp_path / "s")))


def test_the_command_takes_a_cluster_and_its_place_together(two_workers: Running, tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", 5)
    common = ["build", str(tmp_path / "pages"), "--out", str(tmp_path / "build"), "--dask", two_workers.address]
    shared = ["--shared", str(tmp_path / "shared")]
    run = CliRunner().invoke(app, [*common, *shared])
    alone = CliRunner().invoke(app, common)
    both = CliRunner().invoke(app, [*common, *shared, "--workers", "2"])

    assert run.exit_code == 0, run.output
    assert (alone.exit_code, both.exit_code) == (2, 2)
    assert "belong together" in alone.output
    assert "give one of them" in both.output
