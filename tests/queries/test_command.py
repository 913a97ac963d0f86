"""`kg query`, `kg queries`, `kg push` and `kg info` as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import typer
from typer.testing import CliRunner

from kg.cli import push, query
from kg.errors import BuildError, EndpointError, InputError, KgError, UsageError
from kg.graph import Graph
from kg.queries import NamedQuery, named_queries
from tests.servers import free_port, oxigraph_server

LUMENA = "https://w3id.org/esf-kg/id/project/22-014-S05"


def needed(query: NamedQuery) -> list[str]:
    """Return an example of the parameter that a query cannot do without, as an argument."""
    return [f"--param={name}={query.parameter(name).example}" for name in query.needs[:1]]


class Kg:
    """Runs the commands on a build; an error raised on purpose comes out as it is."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self._app = typer.Typer()
        query.register(self._app)
        push.register(self._app)

    def __call__(self, *arguments: str, build: bool = True, stdin: str | None = None) -> tuple[str, str]:
        """Return what goes to standard output and standard error."""
        place = ["--build", str(self.build)] if build else []
        result = CliRunner().invoke(self._app, [*arguments, *place], input=stdin)
        if isinstance(result.exception, KgError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout, result.stderr


@pytest.fixture
def kg(seeds_build: Path, monkeypatch: pytest.MonkeyPatch) -> Kg:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("KG_BASE", raising=False)
    return Kg(seeds_build)


def test_a_table_has_short_names_and_fits(kg: Kg) -> None:
    out, err = kg("query", "owner-projects", "--param", "owner=2220002162")

    lines = out.splitlines()
    assert lines[0].split() == ["owner", "ownerName", "project", "title", "start", "end", "participants"]
    assert "22-014-S05" in out
    assert "https://" not in out
    assert max(map(len, lines)) <= 120
    assert err == "2 rows\n"


def test_tables_of_all_queries_fit_80_columns(kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for each in named_queries():
        if each.kind == "select":
            assert max(map(len, kg("query", each.name, *needed(each))[0].splitlines())) <= 80


def test_a_query_whose_whole_answer_is_too_long_says_what_it_needs(kg: Kg) -> None:
    with pytest.raises(
        UsageError, match=r"the query owners-to-call needs .* --param owner=2220002162 or --param method="
    ):
        kg("query", "owners-to-call")

    assert len(kg("query", "owners-to-call", "-p", "method=bip", "-f", "csv")[0].splitlines()) == 3


def test_csv_and_tsv_hold_whole_iris_and_plain_values(kg: Kg) -> None:
    arguments = ("query", "owner-projects", "-p", "owner=2220002162", "--format")
    out, err = kg(*arguments, "csv")
    rows = list(csv.DictReader(io.StringIO(out)))

    assert [row["participants"] for row in rows] == ["1000", "1600"]
    assert rows[1]["project"] == LUMENA
    assert err == ""
    assert kg(*arguments, "tsv")[0].splitlines()[2].split("\t")[2] == LUMENA


def test_json_is_the_result_format_of_sparql(kg: Kg) -> None:
    out, _ = kg("query", "owner-totals", "-p", "owner=2220002162", "--format", "json")
    parsed = pyoxigraph.parse_query_results(out, format=pyoxigraph.QueryResultsFormat.JSON)

    assert isinstance(parsed, pyoxigraph.QuerySolutions)
    (solution,) = list(parsed)
    assert solution["participants"] == pyoxigraph.Literal(2600)
    assert json.loads(out)["head"]["vars"][0] == "owner"


def test_json_leaves_out_what_is_not_known_and_keeps_languages(kg: Kg) -> None:
    query = 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (UNDEF "x"@sv <urn:y>) } }'
    (binding,) = json.loads(kg("query", "-", "-f", "json", stdin=query)[0])["results"]["bindings"]

    assert binding == {
        "b": {"type": "literal", "value": "x", "xml:lang": "sv"},
        "c": {"type": "uri", "value": "urn:y"},
    }


def test_an_ask_is_answered_in_each_format(kg: Kg) -> None:
    question = "ASK { ?p a kg:Project }"

    assert json.loads(kg("query", "-", "-f", "json", stdin=question)[0]) == {"head": {}, "boolean": True}
    assert kg("query", "-", "-f", "csv", stdin=question)[0] == "answer\ntrue\n"
    assert kg("query", "-", stdin=question)[0].split()[-1] == "true"


@pytest.mark.parametrize(
    ("fmt", "read_as"),
    [
        ("turtle", pyoxigraph.RdfFormat.TURTLE),
        ("ttl", pyoxigraph.RdfFormat.TURTLE),
        ("ntriples", pyoxigraph.RdfFormat.N_TRIPLES),
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
        ("rdfxml", pyoxigraph.RdfFormat.RDF_XML),
    ],
)
def test_graphs_are_written_in_the_formats_of_rdf(kg: Kg, fmt: str, read_as: pyoxigraph.RdfFormat) -> None:
    out, _ = kg("query", "project-graph", "-p", "project=22-014-S05", "-f", fmt)
    titles = {
        quad.object
        for quad in pyoxigraph.parse(out, format=read_as)
        if quad.predicate == pyoxigraph.NamedNode(str(rdflib.DCTERMS.title))
    }

    assert titles == {pyoxigraph.Literal("Lumena", language="sv")}


def test_turtle_is_what_a_graph_comes_in_by_default(kg: Kg) -> None:
    assert kg("query", "owner-graph", "-p", "owner=2220002162")[0].startswith("@prefix")


@pytest.mark.parametrize(
    ("name", "fmt", "reason"),
    [
        (
            "owner-projects",
            "turtle",
            "the query makes rows, which cannot be written as turtle: use table, csv, tsv, json",
        ),
        ("project-graph", "csv", "the query makes a graph, which cannot be written as csv: use turtle, ntriples"),
        ("owner-projects", "xlsx", "unknown format 'xlsx': rows are written as table, csv, tsv, json"),
    ],
)
def test_a_wrong_format_is_refused(kg: Kg, name: str, fmt: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        kg("query", name, "--format", fmt)


def test_free_sparql_comes_from_a_file_or_standard_input_or_the_line(kg: Kg, tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?p a kg:Project }"
    (tmp_path / "count.rq").write_text(text, encoding="utf-8")
    expected = "n\n5\n"

    assert kg("query", str(tmp_path / "count.rq"), "-f", "csv")[0] == expected
    assert kg("query", "-", "-f", "csv", stdin=text)[0] == expected
    assert kg("query", text, "-f", "csv")[0] == expected


def test_a_file_of_ones_own_may_have_parameters(kg: Kg, tmp_path: Path) -> None:
    text = """#+ param owner: owner | ägare | owner | 2220002162
        SELECT ?t { VALUES ?owner { UNDEF } ?p kg:owner ?owner ; dcterms:title ?t } ORDER BY ?t"""
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")

    assert kg("query", str(tmp_path / "mine.rq"), "-p", "owner=2220002162", "-f", "csv")[0] == "t\nConecto\nLumena\n"
    assert len(kg("query", str(tmp_path / "mine.rq"), "-f", "csv")[0].splitlines()) == 6


@pytest.mark.parametrize("arguments", [("-p", "owner"), ("-p", "=5"), ("-p", "")])
def test_a_parameter_without_a_value_is_refused(kg: Kg, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="a parameter is written --param NAME=VALUE"):
        kg("query", "owner-projects", *arguments)


def test_a_parameter_given_twice_means_either(kg: Kg) -> None:
    out, _ = kg("query", "owner-projects", "-p", "owner=2220002162", "-p", "owner=2220002485", "-f", "csv")

    assert len(out.splitlines()) == 4


@pytest.mark.parametrize("question", ["no-such-query", "no such file.rq", "DROP ALL", "/"])
def test_what_is_neither_query_nor_file_is_refused(kg: Kg, question: str) -> None:
    with pytest.raises((UsageError, InputError), match=r"there is no query|cannot be read"):
        kg("query", question)


def test_an_update_is_not_run(kg: Kg) -> None:
    with pytest.raises(UsageError, match="not legal SPARQL"):
        kg("query", "-", stdin="INSERT DATA { <urn:a> <urn:b> <urn:c> }")


def test_a_missing_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="kg build"):
        Kg(tmp_path)("query", "owner-projects")


def test_the_same_answers_come_from_a_server(kg: Kg, seeds_server: str) -> None:
    for each in named_queries():
        if each.kind == "select":
            arguments = ("query", each.name, *needed(each), "--format", "json")
            assert kg(*arguments, "--endpoint", seeds_server, build=False)[0] == kg(*arguments)[0]


def test_an_unreachable_server_is_told_by_its_address(kg: Kg) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"

    with pytest.raises(EndpointError, match=f"^{address} cannot be reached") as failed:
        kg("query", "owner-projects", "--endpoint", address, build=False)
    assert failed.value.exit_code == 4


def test_queries_lists_names_questions_and_parameters(kg: Kg) -> None:
    english, _ = kg("queries", build=False)
    swedish, _ = kg("queries", "--lang", "sv", build=False)

    for each in named_queries():
        assert f" {each.name} " in english
    assert "region, date" in english
    assert "Vilka projekt har en ägare drivit" in swedish
    with pytest.raises(UsageError, match="unknown language 'de'"):
        kg("queries", "--lang", "de", build=False)


def test_queries_as_json_holds_everything(kg: Kg) -> None:
    found = {each["name"]: each for each in json.loads(kg("queries", "--format", "json", build=False)[0])}

    assert set(found) == {each.name for each in named_queries()}
    parameter = found["projects-on-date"]["parameters"][1]
    assert (parameter["name"], parameter["type"], parameter["example"]) == ("date", "date", "2024-06-01")
    assert found["owner-projects"]["questions"] == [1]
    assert set(found["owner-projects"]["summary"]) == {"en", "sv"}


def test_queries_shows_the_text_of_one(kg: Kg) -> None:
    assert kg("queries", "owner-projects", build=False)[0].startswith("#+ summary: Which projects")


def test_examples_are_turtle_that_query_editors_read(kg: Kg) -> None:
    out, _ = kg("queries", "--examples", "--target", "https://kg.example/sparql", build=False)
    graph = rdflib.Graph().parse(data=out, format="turtle")
    sh, schema = rdflib.Namespace("http://www.w3.org/ns/shacl#"), rdflib.Namespace("https://schema.org/")

    subjects = set(graph.subjects(rdflib.RDF.type, sh.SPARQLExecutable))
    assert len(subjects) == len(named_queries())
    assert len(set(graph.subjects(rdflib.RDF.type, sh.SPARQLConstructExecutable))) == 2
    for subject in subjects:
        assert {comment.language for comment in graph.objects(subject, rdflib.RDFS.comment)} == {"en", "sv"}  # type: ignore[attr-defined]
        text = graph.value(subject, sh.select) or graph.value(subject, sh.construct)
        pyoxigraph.Store().query(str(text))
        assert graph.value(subject, schema.target) == rdflib.URIRef("https://kg.example/sparql")
        assert graph.value(subject, schema.keywords)


def test_push_loads_a_server_that_then_answers_alike(kg: Kg) -> None:
    with oxigraph_server() as address:
        for sent in ("9 graphs sent", "0 graphs sent (0 statements)"):
            out, err = kg("push", "--endpoint", f"{address}/query")
            assert out == ""
            assert f"{address}/query has " in err
            assert sent in err
        here = kg("query", "shared-methods", "--format", "json")[0]
        assert kg("query", "shared-methods", "-f", "json", "--endpoint", f"{address}/query", build=False)[0] == here


def test_push_through_the_graph_store_gives_the_same(kg: Kg, seeds: Graph) -> None:
    with oxigraph_server() as address:
        kg("push", "--endpoint", f"{address}/query", "--graph-store", f"{address}/store")
        out, _ = kg(
            "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "-f", "csv", "--endpoint", f"{address}/query", build=False
        )

    assert out == f"n\n{len(seeds.dataset)}\n"


def test_push_to_nobody_is_an_endpoint_error(kg: Kg) -> None:
    with pytest.raises(EndpointError, match="cannot be reached"):
        kg("push", "--tries", "1", "--endpoint", f"http://127.0.0.1:{free_port()}/query")


def test_info_tells_what_a_build_holds(kg: Kg) -> None:
    out, _ = kg("info", str(kg.build), build=False)
    found = json.loads(kg("info", str(kg.build), "--json", build=False)[0])

    assert found["counts"]["Project"] == 5
    assert found["counts"]["Owner"] == 4
    assert found["base"] == "https://w3id.org/esf-kg/"
    data = kg.build / "generations" / "000001" / "data.nq"
    assert found["statements"] == len(data.read_bytes().splitlines())
    assert {source["project"] for source in found["sources"]} >= {"22-014-S05"}
    for word in ("https://w3id.org/esf-kg/", "Project", "000001", "003_4a321260ebd1fd8b.txt"):
        assert word in out
