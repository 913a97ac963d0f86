from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import polars
import pyoxigraph
import pytest
import rdflib
from rdflib import RDF, URIRef

from kg.build import build
from kg.errors import UsageError
from kg.release import read_publication, release
from kg.release.switching import CHECKSUMS
from kg.resources import folder
from kg.store import open_build
from tests.release.conftest import Made

VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


def _parsed(data: bytes, ending: str) -> set[pyoxigraph.Triple]:
    form = pyoxigraph.RdfFormat.from_extension(ending)
    assert form
    return {quad.triple for quad in pyoxigraph.parse(data, format=form)}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_sources_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    for _ in range(2):  # the second build of a folder is another generation
        build([folder("seeds")], tmp_path / "built", workers=1)
    with open_build(tmp_path / "built") as store:
        release(store, tmp_path / "again", made.publication, build=tmp_path / "built")

    first, second = _bytes(made.folder), _bytes(tmp_path / "again")
    assert len(first) > 80
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_checksums_are_those_of_every_other_file(made: Made) -> None:
    lines = (made.folder / CHECKSUMS).read_text("utf-8").splitlines()
    listed = {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}
    found = {name: hashlib.sha256(data).hexdigest() for name, data in _bytes(made.folder).items() if name != CHECKSUMS}

    assert listed == found


def test_every_syntax_holds_the_same_graph(made: Made) -> None:
    expected = _parsed(b"".join(made.store.nquads()), "nq")
    found = {path.suffixes[0][1:]: _parsed(gzip.decompress(path.read_bytes()), path.suffixes[0][1:])
             for path in (made.folder / "data").glob("kg.*")}  # fmt: skip

    assert set(found) == {"ttl", "nt", "nq", "trig", "jsonld", "rdf"}
    assert [ending for ending, graph in found.items() if graph != expected] == []


def test_compressed_files_hold_neither_time_nor_name(made: Made) -> None:
    packed = sorted(made.folder.rglob("*.gz"))

    assert len(packed) == 8
    for path in packed:
        head = path.read_bytes()[:8]
        assert head[3] == 0, f"{path.name} names a file"
        assert head[4:8] == bytes(4), f"{path.name} tells a time"


def test_no_contact_person_and_no_mailbox_of_the_sources_gets_out(made: Made) -> None:
    allowed = {b"data@example.se"}
    for name, data in _bytes(made.folder).items():
        text = gzip.decompress(data) if name.endswith(".gz") else data
        if not name.endswith((".parquet", ".rq")):
            found = set(re.findall(rb"[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[a-z]{2,}", text)) - allowed
            assert not found, name


def test_the_counts_of_void_are_those_of_the_graph(made: Made) -> None:
    described = rdflib.Graph().parse(made.folder / "void.ttl")
    graph = rdflib.Graph()
    graph.parse(data=gzip.decompress((made.folder / "data/kg.nt.gz").read_bytes()), format="nt")
    dataset = described.value(predicate=RDF.type, object=VOID.Dataset)
    parts = {
        described.value(part, VOID["class"]): int(str(described.value(part, VOID.entities)))
        for part in described.objects(dataset, VOID.classPartition)
    }
    properties = {
        described.value(part, VOID.property): int(str(described.value(part, VOID.triples)))
        for part in described.objects(dataset, VOID.propertyPartition)
    }

    def count(name: str) -> int:
        return int(str(described.value(dataset, VOID[name])))

    assert count("triples") == len(graph)
    assert count("distinctSubjects") == len(set(graph.subjects()))
    assert count("distinctObjects") == len(set(graph.objects()))
    assert count("properties") == len(properties) == len(set(graph.predicates()))
    assert properties == {name: sum(1 for _ in graph.subject_objects(name)) for name in set(graph.predicates())}
    assert parts == {kind: len(set(graph.subjects(RDF.type, kind))) for kind in set(graph.objects(None, RDF.type))}
    examples = set(described.objects(dataset, VOID.exampleResource))
    assert len(examples) == 4
    assert all((example, None, None) in graph for example in examples)


def test_tables_in_parquet_are_typed_and_hold_what_the_csv_holds(made: Made) -> None:
    projects = polars.read_parquet(made.folder / "tables/projects.parquet")
    plain = polars.read_csv(made.folder / "tables/projects.csv", infer_schema=False)

    assert projects["project"].to_list() == plain["project"].to_list()
    assert projects.schema["startDate"] == polars.Date
    assert projects.schema["totalBudget"] == polars.Decimal(20, 6)
    assert projects.schema["method"] == polars.List(polars.String)
    by_key = projects.filter(polars.col("project") == "22-014-S05")
    assert by_key["method"].to_list()[0][0] == "bip"
    assert [str(day) for day in projects["startDate"]] == plain["startDate"].to_list()
    assert set(projects["disagreements"].list.len()) == {0}


def test_queries_are_executables_with_the_question_and_the_service(made: Made) -> None:
    graph = rdflib.Graph().parse(made.folder / "queries/examples.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    found = set(graph.subjects(RDF.type, sh.SPARQLExecutable))

    assert len(found) == len(list((made.folder / "queries").glob("*.rq"))) > 30
    for query in found:
        assert {text.language for text in graph.objects(query, rdflib.RDFS.comment) if isinstance(text, rdflib.Literal)}
        assert graph.value(query, URIRef("https://schema.org/target")) == URIRef(str(made.publication.endpoint))


def test_schemes_and_rules_are_there_under_the_base_of_the_graph(made: Made) -> None:
    methods = rdflib.Graph().parse(made.folder / "schemes/methods.ttl")
    shapes = rdflib.Graph().parse(made.folder / "ontology/shapes.ttl")
    forms = {path.suffix[1:]: _parsed(path.read_bytes(), path.suffix[1:])
             for path in (made.folder / "ontology").glob("ontology.*")}  # fmt: skip

    assert len(set(methods.subjects(RDF.type, rdflib.SKOS.Concept))) > 100
    assert len(shapes) > 500
    assert set(forms) == {"ttl", "nt", "rdf", "jsonld"}
    assert all(form == forms["ttl"] for form in forms.values())


def test_the_start_pages_load_nothing_and_link_only_to_what_is_there(made: Made) -> None:
    for name, language in (("index.html", "sv"), ("index.en.html", "en")):
        text = (made.folder / name).read_text("utf-8")
        links = [link for link in re.findall(r'href="([^"#]+)"', text) if "://" not in link and "mailto:" not in link]

        assert f'<html lang="{language}">' in text
        assert len(links) > 25
        assert [link for link in links if not (made.folder / link).is_file()] == []
        assert " src=" not in text
        assert "stylesheet" not in text


def test_the_report_on_quality_is_there_for_people_and_programs(made: Made) -> None:
    found = json.loads((made.folder / "quality/quality.json").read_text("utf-8"))
    graph = rdflib.Graph().parse(made.folder / "quality/quality.ttl")

    assert found["issues"]
    assert len(graph) > 10
    for name, language in (("index.html", "sv"), ("index.en.html", "en")):
        text = (made.folder / "quality" / name).read_text("utf-8")
        assert f'lang="{language}"' in text
        assert f'href="quality/{name}"' in (made.folder / name).read_text("utf-8")


def test_the_citation_has_what_its_format_demands(made: Made) -> None:
    lines = (made.folder / "CITATION.cff").read_text("utf-8").splitlines()
    found = dict(line.split(": ", 1) for line in lines if not line.startswith(" ") and ": " in line)

    assert found["cff-version"] == "1.2.0"
    assert found["license"] == "CC0-1.0"
    assert lines[lines.index("authors:") + 1] == '  - name: "The Swedish ESF Council"'
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found["date-released"])
    # Texts are JSON, which is YAML whatever they hold.
    assert [json.loads(found[name]) for name in ("message", "title", "version")]


def test_the_redirects_never_lead_to_themselves(made: Made, tmp_path: Path) -> None:
    rules = [
        line.split() for line in (made.folder / "w3id/.htaccess").read_text("utf-8").splitlines()
        if line.startswith("RewriteRule")
    ]  # fmt: skip
    for _, pattern, target, *_ in rules:
        re.compile(pattern)
        assert target.startswith("https://data.example.se/esf-kg/")
    targets = {target.partition("/release/")[2] for _, _, target, *_ in rules if "/ontology/o" in target}
    assert targets == {f"ontology/ontology.{ending}" for ending in ("ttl", "jsonld", "rdf", "nt")}

    release(made.store, tmp_path / "plain", read_publication(made.store.base))
    assert not (tmp_path / "plain/w3id").exists()


def test_a_folder_with_other_files_is_never_replaced(made: Made, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")

    with pytest.raises(UsageError, match="no release"):
        release(made.store, tmp_path, made.publication)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_schema_org_describes_every_file_of_data(made: Made) -> None:
    found = json.loads((made.folder / "dataset.jsonld").read_text("utf-8"))

    assert found["@type"] == "Dataset"
    assert len(found["distribution"]) == len(made.release.parts) == 16
    for each in found["distribution"]:
        path = made.folder / each["contentUrl"].removeprefix(made.publication.download)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"]
