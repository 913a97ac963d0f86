from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal

from kg.errors import InputError, UsageError
from kg.graph import Graph
from kg.queries import Value, find, named_queries, parse, prepared
from kg.queries.reading import rebased

ECHO = """#+ param value: {kind} | ett värde | a value | x
SELECT ?value WHERE {{ VALUES ?value {{ UNDEF }} }}"""
INJECTIONS = [
    '" } ; DROP ALL #',
    "> } INSERT DATA { <x:a> <x:b> <x:c> } #",
    "2220002162> <http://a.example/",
    "VALUES ?region { UNDEF }",
    "\\u0022 } ?s ?p ?o {",
    "\\\\u0022",
    '""" } #',
    "a\nb\tc\rd\u0000e",
    "' UNION { ?s ?p ?o }",
    "${owner}",
    "../../etc",
    "UNDEF } ?project kg:owner ?owner . BIND(1 AS ?x) #",
]


def echo(graph: Graph, kind: str, value: Value) -> list[object]:
    return [row["value"] for row in graph.query(ECHO.format(kind=kind), value=value)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "owner",
            ["2220002162", "222000-2162", "SE222000216201", "162220002162", "samordningsförbundet östra södertörn"],
        ),
        ("owner", ["SAMORDNINGSFÖRBUNDET ÖSTRA SÖDERTÖRN", "https://w3id.org/esf-kg/id/owner/2220002162"]),
        ("method", ["case-management", "Case management", "CASE MANAGEMENT"]),
        ("region", ["SE11", "se11", "Stockholm", "stockholm", " SE11 "]),
        ("project", ["2017/00082", "2017-00082", "VISA", "visa"]),
        ("fund", ["ESF_PLUS", "ESF+", "Europeiska socialfonden plus"]),
        ("programme", ["2021SE05SFPR", "2021SE05SFPR001", "2021se05sfpr"]),
    ],
)
def test_a_thing_is_found_by_key_number_or_name(seeds: Graph, name: str, values: list[str]) -> None:
    found = {str(term) for value in values for term in echo(seeds, name, value)}

    assert len(found) == 1
    assert found.pop().startswith(f"https://w3id.org/esf-kg/id/{name}/")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("date", "2024-02-29", Literal(date(2024, 2, 29))),
        ("date", date(2024, 6, 1), Literal(date(2024, 6, 1))),
        ("integer", "-7", Literal(-7)),
        ("integer", 2024, Literal(2024)),
        ("decimal", "0,4", Literal(Decimal("0.4"))),
        ("decimal", Decimal("1.5"), Literal(Decimal("1.5"))),
        ("boolean", "Ja", Literal(True)),
        ("boolean", False, Literal(False)),
        ("role", "builds-on", Literal("builds-on")),
        ("string", "  två ord ", Literal("  två ord ")),
    ],
)
def test_a_value_becomes_a_term_of_its_type(seeds: Graph, kind: str, value: Value, expected: Literal) -> None:
    assert echo(seeds, kind, value) == [expected]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("date", "2024-02-30", "a day written YYYY-MM-DD"),
        ("date", "20240601", "a day written YYYY-MM-DD"),
        ("date", "2024-W01-1", "a day written YYYY-MM-DD"),
        ("date", "i går", "a day written YYYY-MM-DD"),
        ("integer", "2024.0", "a whole number"),
        ("integer", "١٢ år", "a whole number"),
        ("integer", True, "a whole number"),
        ("decimal", "NaN", "a number"),
        ("decimal", "1e3", "a number"),
        ("boolean", "kanske", "true or false"),
        ("role", "trains-staff-in", "one of develops, trains, builds-on, uses, mentions, negated"),
        ("owner", "2220009999", "an organisation number, key or name of an owner"),
        ("owner", "", "an organisation number, key or name of an owner"),
        ("region", "SE99", "a NUTS code or name of a region"),
        ("project", "https://w3id.org/esf-kg/id/owner/2220002162", "a diary number or title of a project"),
        ("method", "metodutveckling", "an id or name of a method"),
    ],
)
def test_a_wrong_value_is_refused_by_name(seeds: Graph, kind: str, value: Value, expected: str) -> None:
    with pytest.raises(UsageError) as refused:
        echo(seeds, kind, value)

    assert str(refused.value).startswith(f"the parameter value is {expected}, and {str(value)!r} is not")


def test_a_name_of_several_things_is_refused_with_their_keys(tangled: Graph) -> None:
    assert len(echo(tangled, "owner", "Byns")) == 1
    with pytest.raises(UsageError, match=r"it names 2 of them \(2220002162, 2220002485\)"):
        echo(tangled, "owner", "förbundet")


def test_an_unknown_parameter_is_refused_with_those_that_are_known(seeds: Graph) -> None:
    with pytest.raises(UsageError, match="projects-on-date has no parameter 'day': it has region, date"):
        seeds.query("projects-on-date", day="2024-06-01")
    with pytest.raises(UsageError, match="owners-by-projects has no parameter 'owner': it has none"):
        seeds.query("owners-by-projects", owner="2220002162")
    with pytest.raises(UsageError, match="this query has no parameters"):
        seeds.query("SELECT ?s { ?s ?p ?o } ORDER BY ?s", owner="2220002162")


def test_an_unknown_query_is_refused_with_the_nearest(seeds: Graph) -> None:
    with pytest.raises(UsageError, match=r"no query 'shared-method' \(did you mean shared-methods"):
        seeds.query("shared-method")


def test_several_values_mean_any_of_them(seeds: Graph) -> None:
    both = seeds.query("projects-on-date", region=["SE11", "SE12"], date="2024-06-01")

    assert [str(row["title"]) for row in both] == ["Conecto", "Lumena", "Inkluderingslyftet"]
    assert seeds.query("projects-on-date", region=[]) == seeds.query("projects-on-date")


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=30), st.text("\\\"'u0022{}<>\n\r\t #?$VALUES", max_size=20)))
def test_any_text_comes_back_as_it_was_given(tangled: Graph, text: str) -> None:
    assert [str(value) for value in echo(tangled, "string", text)] == [text]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_gets_out_of_its_term(tangled: Graph, tangled_remote: Graph, text: str) -> None:
    for graph in (tangled, tangled_remote):
        before = list(graph.store.nquads())
        two = (
            """#+ param a: string | ett | one | x
            #+ param region: region | två | two | SE11""".replace("            ", "")
            + """
            SELECT ?a ?region { VALUES ?a { UNDEF } VALUES ?region { UNDEF } }"""
        )
        (row,) = graph.query(two, a=text, region="SE11")

        assert str(row["a"]) == text
        assert str(row["region"]).endswith("/id/region/SE11")
        for kind in ("owner", "method", "region", "project", "fund", "programme", "date", "integer", "role"):
            with pytest.raises(UsageError):
                echo(graph, kind, text)
        assert list(graph.store.nquads()) == before


@pytest.mark.parametrize("name", ["owner-projects", "shared-methods"])
def test_a_graph_of_another_base_is_asked_in_its_own_terms(tangled: Graph, name: str) -> None:
    text = prepared(name, {}, tangled.store)

    assert "PREFIX kg: <https://graph.example/kg/ontology#>" in text
    assert "esf-kg" not in text
    assert len(tangled.query(name)) > 0


def test_only_our_own_prefixes_move_with_the_base() -> None:
    text = (
        "PREFIX kg: <https://a.example/ontology#>\nprefix id: <https://a.example/id/>\nPREFIX b: <https://b.example/>\n"
    )

    assert rebased(text, "urn:x/") == (
        "PREFIX kg: <urn:x/ontology#>\nprefix id: <urn:x/id/>\nPREFIX b: <https://b.example/>\n"
    )
    assert rebased("ASK {}", "urn:x/") == "ASK {}"


def test_free_text_is_run_as_it_is_with_the_standard_prefixes(seeds: Graph) -> None:
    answer = seeds.query("SELECT ?t { ?p a kg:Project ; dcterms:title ?t } ORDER BY ?t # skos:nothing")

    assert len(answer) == 5
    assert seeds.query("ASK { ?p a kg:Project }").truth is True
    own = "PREFIX kg: <https://elsewhere.example/> ASK { ?p a kg:Project }"
    assert seeds.query(own).truth is False


def test_parameters_of_every_query_have_unique_names() -> None:
    for query in named_queries():
        names = [parameter.name for parameter in query.parameters]
        assert len(names) == len(set(names))
        assert all(query.parameter(name).name == name for name in names)
    assert find("shared-methods").parameters[0].kind == "region"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("#+ sumary: x", "line 1: '#\\+ sumary: x' is empty, repeated or not a known header line"),
        ("#+ summary:", "line 1: '#\\+ summary: ' is empty"),
        ("#+ summary: a\n#+ summary: b", "line 2: '#\\+ summary: b' is empty, repeated"),
        ("#+ question: one", "line 1: '#\\+ question: one'"),
        ("#+ summary", "line 1: a header line is written '#\\+ key: value'"),
        ("#+ param owner: owner", "line 1: a parameter is written '#\\+ param NAME: TYPE \\| Swedish"),
        ("#+ param owner: | a | b | c", "line 1: a parameter is written"),
        ("#+ param owner: person | a | b | c", "line 1: 'person' is not a type of parameter"),
        ("#+ param other: owner | a | b | c", "declares the parameter other but has no line 'VALUES \\?other"),
        ("#+ param owner: owner | a | b | c\n" * 2, "declares the parameter owner twice"),
    ],
)
def test_a_malformed_head_is_an_error_that_names_line_and_rule(header: str, message: str) -> None:
    text = header.rstrip("\n") + "\nSELECT ?owner { VALUES ?owner { UNDEF } } ORDER BY ?owner"

    with pytest.raises(InputError, match=f"^queries/mine.rq(, | ){message}"):
        parse("mine", text, "queries/mine.rq")


def test_a_query_that_ends_too_early_is_told_so(seeds: Graph) -> None:
    for text in ("", "\n", "SELECT ?s {\n"):
        with pytest.raises(UsageError, match=r"not legal SPARQL: it ends too early|at line 1"):
            seeds.store.select(text)


def test_an_update_is_no_query() -> None:
    with pytest.raises(InputError, match=r"queries/mine\.rq is not a SELECT, ASK, CONSTRUCT or DESCRIBE query"):
        parse("mine", "#+ summary: a\nDROP ALL", "queries/mine.rq")
