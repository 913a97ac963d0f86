"""A folder of files from a graph: every file reads back, and the same graph gives the same bytes."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from csvw import CSVW
from rdflib.compare import isomorphic

from kg.errors import InputError, UsageError
from kg.export import FORMATS, export
from kg.export.tables import TABLES
from kg.store import EmbeddedStore
from tests.network import small

GRAPHS = {"kg.ttl": "turtle", "kg.nt": "nt", "kg.jsonld": "json-ld", "kg.rdf": "xml"}
DATASETS = {"kg.nq": "nquads", "kg.trig": "trig"}
TABLE_FILES = ["projects.csv", "owners.csv", "methods.csv", "uses.csv"]
pytestmark = [
    # rdflib's readers of JSON-LD and of graphs by name use rdflib's own deprecated names.
    pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning:rdflib"),
]


@pytest.fixture(scope="module")
def folder(seeds_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export")
    export(seeds_store, place)
    return place


@pytest.fixture(scope="module")
def quads(seeds_store: EmbeddedStore) -> set[ox.Quad]:
    return set(ox.parse(b"".join(seeds_store.nquads()), format=ox.RdfFormat.N_QUADS))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_file_holds_the_union_letter_for_letter(name: str, folder: Path, quads: set[ox.Quad]) -> None:
    found = {quad.triple for quad in ox.parse(path=folder / name)}

    assert found == {quad.triple for quad in quads}


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_file_keeps_every_graph_letter_for_letter(name: str, folder: Path, quads: set[ox.Quad]) -> None:
    assert set(ox.parse(path=folder / name)) == quads


@pytest.mark.parametrize("name", [name for name in GRAPHS if name != "kg.nt"])
def test_rdflib_reads_an_isomorphic_graph(name: str, folder: Path) -> None:
    found = rdflib.Graph().parse(folder / name, format=GRAPHS[name])

    assert isomorphic(found, rdflib.Graph().parse(folder / "kg.nt", format="nt"))


def test_rdflib_reads_the_same_graphs_from_trig_and_n_quads(folder: Path) -> None:
    trig, nquads = (
        {frozenset([*quad]) for quad in rdflib.Dataset().parse(folder / name, format=DATASETS[name]).quads()}
        for name in ("kg.trig", "kg.nq")
    )

    assert trig == nquads
    assert trig


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    lines = list(small.lines())
    random.Random(7).shuffle(lines)
    (tmp_path / "shuffled").mkdir()
    (tmp_path / "sorted").mkdir()

    with small.store(tmp_path / "sorted") as ordered, small.store_of(lines, tmp_path / "shuffled") as shuffled:
        one = export(ordered, tmp_path / "one")
        two = export(shuffled, tmp_path / "two")

    assert [written.path.name for written in one] == [written.path.name for written in two]
    for left, right in zip(one, two, strict=True):
        assert left.path.read_bytes() == right.path.read_bytes(), left.path.name


def test_formats_are_chosen_by_name_and_sizes_are_told(small_store: EmbeddedStore, tmp_path: Path) -> None:
    started: list[str] = []

    found = export(small_store, tmp_path / "new" / "folder", formats=["csv", "ttl"], progress=started.append)

    assert started == ["kg.ttl", *TABLE_FILES, "csv-metadata.json"]
    assert [written.path.name for written in found] == started
    assert all(written.size == written.path.stat().st_size > 0 for written in found)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(started)


def test_an_unknown_format_is_refused_before_anything_is_written(small_store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown format 'xlsx'"):
        export(small_store, tmp_path / "out", formats=["ttl", "xlsx"])

    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_an_input_error(small_store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(InputError, match=r"taken.*cannot be written"):
        export(small_store, tmp_path / "taken", formats=["nt"])


def test_a_file_that_cannot_hold_the_graph_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    project = f"<{small.NAMES.thing('project', '1')}>"
    line = f'{project} <{small.PREFIXES["dcterms"]}title> "a\\u0001" <{small.NAMES.thing("source", "1")}> .\n'

    with (
        small.store_of([line], tmp_path) as store,
        pytest.raises(InputError, match=r"kg\.rdf: .*project/1.* U\+0001"),
    ):
        export(store, tmp_path / "out", formats=["nt", "rdf"])

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kg.nt"]


def test_turtle_begins_with_the_ontology_and_names_things_by_kind(folder: Path) -> None:
    blocks = (folder / "kg.ttl").read_text(encoding="utf-8").split("\n\n")

    assert "a owl:Ontology" in blocks[1]
    subjects = [block.split("\n")[0] for block in blocks]
    assert subjects.index("fund:ESF_PLUS") < subjects.index("method:bip") < subjects.index("project:22-045-S01")


def test_json_ld_has_short_keys_for_a_project(folder: Path) -> None:
    nodes = json.loads((folder / "kg.jsonld").read_text(encoding="utf-8"))["@graph"]
    (project,) = (node for node in nodes if node["@id"] == "id:project/22-045-S01")

    assert project["@type"] == "Project"
    assert project["title"] == {"sv": "Inkluderingslyftet"}
    assert project["owner"] == "id:owner/2220002485"
    assert project["startDate"] == "2023-08-01"
    assert project["plannedParticipants"] == 1000
    assert project["coFinancingRate"] == "0.4"


def test_the_context_file_is_the_context_of_the_document(folder: Path) -> None:
    document, alone = (json.loads((folder / name).read_text("utf-8")) for name in ("kg.jsonld", "context.jsonld"))

    assert document["@context"] == alone["@context"]


def test_projects_are_a_table(small_store: EmbeddedStore, tmp_path: Path) -> None:
    export(small_store, tmp_path, formats=["csv"])
    rows = {row["project"]: row for row in _rows(tmp_path / "projects.csv")}

    lumena, visa = rows["22-014-S05"], rows["2017-00082"]
    assert len(rows) == 5
    assert lumena["method"] == "bip|service-design|supported-employment"
    assert lumena["methodName"] == "BIP|Tjänstedesign|Supported Employment"
    assert lumena["specificObjective"] == "A2A"
    assert (lumena["startDate"], lumena["plannedParticipants"], lumena["totalBudget"]) == ("2023-03-31", "1600", "")
    assert (visa["identifier"], visa["totalBudget"], visa["currency"]) == ("2017/00082", "15935467.0", "SEK")
    assert (visa["ownerUnit"], visa["partner"]) == ("Social- och omsorgsförvaltningen", "Motala kommun")
    assert rows["22-045-S01"]["description"].endswith('\n\nAllt i syfte att stärka "befintlig" personal.')


def test_owners_methods_and_uses_are_tables(small_store: EmbeddedStore, tmp_path: Path) -> None:
    export(small_store, tmp_path, formats=["csv"])
    owners = {row["owner"]: row for row in _rows(tmp_path / "owners.csv")}
    methods = {row["method"]: row for row in _rows(tmp_path / "methods.csv")}
    uses = _rows(tmp_path / "uses.csv")

    assert owners["2220002162"]["project"] == "22-012-S04|22-014-S05"
    assert (owners["motala-kommun"]["projects"], owners["motala-kommun"]["project"]) == ("0", "")
    assert (methods["bip"]["projects"], methods["bip"]["owners"], methods["bip"]["nameEn"]) == ("2", "2", "BIP")
    assert (methods["development"]["projects"], methods["development"]["name"]) == ("0", "Utveckling")
    assert [(row["project"], row["role"]) for row in uses if row["method"] == "supported-employment"] == [
        ("22-012-S04", "mentions"),
        ("22-014-S05", "uses"),
    ]
    assert {row["quote"] for row in uses if row["method"] == "service-design"} == {small.SHARED_QUOTE}


def test_a_bar_inside_a_value_is_told_from_the_bar_between_values(tmp_path: Path) -> None:
    project = f"<{small.NAMES.thing('project', '1')}>"
    graph = f"<{small.NAMES.thing('source', '1')}>"
    lines = [
        f"{project} {small.RDF_TYPE} <{small.NAMES.term('Project')}> {graph} .\n",
        f'{project} <{small.PREFIXES["dcterms"]}title> "A|B"@sv {graph} .\n',
        f'{project} <{small.PREFIXES["dcterms"]}title> "C"@sv {graph} .\n',
    ]

    with small.store_of(lines, tmp_path) as store:
        export(store, tmp_path / "out", formats=["csv"])

    (row,) = _rows(tmp_path / "out" / "projects.csv")
    assert row["title"] == "A\\|B|C"


def test_every_column_is_described(small_store: EmbeddedStore, tmp_path: Path) -> None:
    export(small_store, tmp_path, formats=["csv"])
    described = json.loads((tmp_path / "csv-metadata.json").read_text("utf-8"))["tables"]

    assert [table["url"] for table in described] == TABLE_FILES == [table.file for table in TABLES]
    for table in described:
        with (tmp_path / table["url"]).open(encoding="utf-8", newline="") as file:
            heading = next(csv.reader(file))
        assert heading == [column["name"] for column in table["tableSchema"]["columns"]]
        assert all(column["dc:description"].endswith(".") for column in table["tableSchema"]["columns"])
        assert table["tableSchema"]["aboutUrl"] == "{+iri}"


def test_a_reader_of_csv_on_the_web_finds_every_row_and_every_foreign_key(folder: Path) -> None:
    found = CSVW(str(folder / "csv-metadata.json"), validate=True)

    assert found.is_valid
    read = {str(table.url): [row["iri"] for row in table] for table in found.tablegroup.tables}
    assert read.keys() == set(TABLE_FILES)
    assert [iri.unsplit() for iri in read["projects.csv"]] == [row["iri"] for row in _rows(folder / "projects.csv")]


def test_a_foreign_key_that_names_no_row_is_found(folder: Path, tmp_path: Path) -> None:
    for file in (*TABLE_FILES, "csv-metadata.json"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    methods = (tmp_path / "methods.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "methods.csv").write_text(methods[0], "utf-8")

    with pytest.raises(ValueError, match=r"not found in table methods\.csv"):
        CSVW(str(tmp_path / "csv-metadata.json"), validate=True).is_valid  # noqa: B018


def test_every_format_is_written_by_default(folder: Path) -> None:
    assert {path.suffix.removeprefix(".") for path in folder.iterdir()} == {*FORMATS, "json"}
    assert (folder / "kg.graphml").stat().st_size > 0
