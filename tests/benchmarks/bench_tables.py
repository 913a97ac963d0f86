"""Measures lists of operations: ``python -m tests.benchmarks.bench_tables [--peers] [ROWS…]``, 100,000 rows by default.

The limit is reading the CSV file alone; a build is measured against Oxigraph's own bulk load of the same N-Quads. With
``--peers`` morph-kgc and maplib, installed into an environment of their own, map the same columns of the same file.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from kg import generations, ontology
from kg.columns.lists import MappedList
from kg.reading_lists import ListJob, mapped_lists
from kg.shards import open_workers
from kg.sources.files import find
from kg.sources.table_mapping import ListMapping
from kg.store import DATA
from tests.benchmarks import measure
from tests.benchmarks.bench_build import _BULK_LOAD
from tests.benchmarks.rows import write_csv

SIZES = (100_000,)
RUNS = 3
_ALONE = "reading the CSV alone"
_PEERS = {"morph-kgc": "morph-kgc", "maplib": "maplib"}
_COLUMNS = {
    "Operation_Name_Programme_Language": "http://purl.org/dc/terms/title",
    "Operation_Start_Date": "https://example.org/start",
    "Operation_End_Date": "https://example.org/end",
    "Total_Eligible_Expenditure_amount": "https://example.org/budget",
    "Project_EU_Budget": "https://example.org/contribution",
    "Beneficiary_Name": "https://example.org/owner",
    "NUTS3_Code": "https://example.org/region",
    "Postal_Code": "https://example.org/postcode",
}
"""What the peers map: eight of our twenty statements a row, without reading any value."""


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def _map(path: Path) -> None:
    """Map a list as a build does, the text of its statements included."""
    terms = ontology.load()
    opening = f"<{terms.names.thing('project', '')}"
    with tempfile.TemporaryDirectory() as scratch, open_workers(1) as alone:
        job = ListJob(terms.base, ListMapping(), Path(scratch))
        for mapped in mapped_lists(find([path]).lists, job, (), alone, lambda phase, done, total: None):
            if mapped.notices:
                raise RuntimeError(f"the rows were not all understood: {mapped.notices[0]}")
            if isinstance(mapped, MappedList):
                for _ in mapped.blocks.blocks(opening):
                    pass


def _rows(size: int, shape: str, path: Path) -> list[measure.Measured]:
    write_csv(path, shape, size)
    what = f"reading and mapping, {shape} shape"
    alone = f"{_ALONE}, {shape} shape"
    rows = [
        measure.row(alone, size, measure.function(lambda: _read(path), RUNS)),
        measure.row(what, size, measure.function(lambda: _map(path), RUNS)),
    ]
    speed = size / rows[1].seconds
    return [rows[0], measure.against(rows, what, alone, size, f"{speed:,.0f} rows/s; at least 50,000")]


def _build(size: int, path: Path, scratch: Path) -> list[measure.Measured]:
    folder = scratch / "build"
    built = measure.command([sys.executable, "-m", "kg", "build", path, "--out", folder])
    data = generations.current(folder) / DATA
    loaded = measure.python(_BULK_LOAD, data, scratch / "store")
    alone, what = "bulk load alone (Oxigraph)", "kg build of the list"
    rows = [
        measure.row(alone, size, [loaded.seconds], peak=loaded.peak),
        measure.row(what, size, [built.seconds], peak=built.peak),
    ]
    return [rows[0], measure.against(rows, what, alone, size, "at most 2.5 times, 4000 MB")]


def _environment(scratch: Path) -> Path:
    venv.create(scratch / "peers", with_pip=True)
    python = scratch / "peers" / "bin" / "python"
    for package in _PEERS.values():
        measure.command([python, "-m", "pip", "install", "--quiet", package])
    return python


def _rml(path: Path) -> str:
    objects = "".join(
        f'  rr:predicateObjectMap [ rr:predicate <{iri}> ; rr:objectMap [ rml:reference "{column}" ] ] ;\n'
        for column, iri in _COLUMNS.items()
    )
    return (
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n<#rows> a rr:TriplesMap ;\n"
        f'  rml:logicalSource [ rml:source "{path}" ; rml:referenceFormulation ql:CSV ] ;\n{objects}'
        '  rr:subjectMap [ rr:template "https://example.org/{Operation_Unique_Identifier}" ] .\n'
    )


_MORPH = "import sys, morph_kgc; morph_kgc.materialize_oxigraph(sys.argv[1])"
_MAPLIB = """
import sys, json, polars as pl
from maplib import Model
path, out, columns = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
frame = pl.read_csv(path, infer_schema=False).select(
    pl.col("Operation_Unique_Identifier").alias("s"), *(pl.col(c).alias(f"c{i}") for i, c in enumerate(columns))
)
lines = " ,\\n ".join(f"ottr:Triple(?s, <{iri}>, ?c{i})" for i, iri in enumerate(columns.values()))
heads = ", ".join(f"? xsd:string ?c{i}" for i in range(len(columns)))
model = Model()
model.add_template(f"@prefix ex: <https://example.org/> . @prefix ottr: <http://ns.ottr.xyz/0.4/> . "
    f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . ex:Row [ ottr:IRI ?s, {heads} ] :: {{ {lines} }} .")
model.map("https://example.org/Row", frame)
model.write(out, format="ntriples")
"""


def _peers(size: int, path: Path, scratch: Path) -> list[measure.Measured]:
    python = _environment(scratch)
    (scratch / "rows.ttl").write_text(_rml(path), "utf-8")
    (scratch / "morph.ini").write_text(
        f"[CONFIGURATION]\nlogging_level=ERROR\n[rows]\nmappings: {scratch}/rows.ttl\n", "utf-8"
    )
    commands: dict[str, list[str | Path]] = {
        "morph-kgc, 8 columns into a store": [python, "-c", _MORPH, scratch / "morph.ini"],
        "maplib, 8 columns to N-Triples": [python, "-c", _MAPLIB, path, scratch / "out.nt", json.dumps(_COLUMNS)],
    }
    found = []
    for what, command in commands.items():
        try:
            done = measure.command(command)
        except RuntimeError as error:
            print(f"{what}: {str(error).strip().splitlines()[-1]}", file=sys.stderr)
            continue
        found.append(measure.row(what, size, [done.seconds], peak=done.peak))
    return found


def run(sizes: Sequence[int], *, peers: bool) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            rows += _rows(size, "bank", scratch / "bank.csv")
            rows += _rows(size, "kohesio", scratch / "kohesio.csv")
            rows += _build(size, scratch / "kohesio.csv", scratch)
            if peers:
                rows += _peers(size, scratch / "kohesio.csv", scratch)
    return rows


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--peers"]
    measure.write("tables", run(tuple(map(int, arguments)) or SIZES, peers="--peers" in sys.argv))
