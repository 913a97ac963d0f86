"""Every query file keeps the rules of its folder, and gives the same answer in every engine."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.query import ResultRow
from rdflib.term import Node

from kg.graph import Graph
from kg.model import LINKING_ROLES
from kg.queries import PARAMETER_TYPES, NamedQuery, named_queries, prepared
from kg.queries.listing import markdown
from kg.resources import folder

QUERIES = named_queries()
NAMES = [query.name for query in QUERIES]
ROWS = [query for query in QUERIES if query.kind == "select"]
# rdflib's Dataset warns about its own use of what it has deprecated.
RDFLIB = pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")

each_query = pytest.mark.parametrize("query", QUERIES, ids=NAMES)
each_row_query = pytest.mark.parametrize("query", ROWS, ids=[query.name for query in ROWS])


def test_there_is_a_query_for_each_question_that_queries_answer() -> None:
    answered = {number for query in QUERIES for number in query.questions}

    assert answered >= {1, 2, 3, 4, 5, 6, 7, 9, 14}
    assert len(QUERIES) > 30


@each_query
def test_the_head_says_what_is_asked_in_both_languages(query: NamedQuery) -> None:
    for text in query.summary.values():
        assert re.fullmatch(r"[A-ZÅÄÖ][^?]+\?( \(gives triples\)| \(ger tripplar\))?", text)
    assert set(query.summary) == {"en", "sv"}
    assert all(re.fullmatch(r"[a-z]+", tag) for tag in query.tags)
    assert len(query.name) <= 26


@each_query
def test_every_parameter_has_a_type_a_meaning_and_an_example(query: NamedQuery) -> None:
    for parameter in query.parameters:
        assert parameter.kind in PARAMETER_TYPES
        assert parameter.description["sv"] != parameter.description["en"]
        assert parameter.example


@each_row_query
def test_columns_are_explicit_and_rows_are_ordered(query: NamedQuery) -> None:
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", query.text)
    assert "ORDER BY" in query.text.rpartition("}")[2]


@each_query
def test_the_base_stands_in_prefix_lines_only(query: NamedQuery) -> None:
    assert [line for line in query.text.splitlines() if "esf-kg" in line] == [
        line for line in query.text.splitlines() if line.startswith("PREFIX kg: ")
    ]


@each_query
def test_only_declared_prefixes_are_declared_and_all_are_used(query: NamedQuery) -> None:
    prefixes = re.findall(r"^PREFIX (\w+):", query.text, re.MULTILINE)
    body = query.text.rpartition("PREFIX")[2].partition("\n")[2]

    assert prefixes == sorted(prefixes)
    assert all(re.search(rf"\b{prefix}:\w", body) for prefix in prefixes)


def test_queries_about_links_name_the_linking_roles_as_the_model_does() -> None:
    for query in QUERIES:
        for roles in re.findall(r"\?role IN \(([^)]*)\)", query.text):
            assert set(re.findall(r'"([^"]+)"', roles)) == LINKING_ROLES


@each_query
def test_nothing_is_found_in_an_empty_graph(query: NamedQuery, empty: Graph) -> None:
    if query.kind == "construct":
        assert len(empty.construct(query.name)) == 0
    elif query.name == "coverage":
        assert {row["known"] for row in empty.query(query.name)} == {Literal(0)}
    else:
        assert empty.query(query.name).rows == ()


@each_query
def test_a_folder_and_a_server_give_the_same_answer(
    query: NamedQuery, seeds: Graph, seeds_remote: Graph, tangled: Graph, tangled_remote: Graph
) -> None:
    for here, there in ((seeds, seeds_remote), (tangled, tangled_remote)):
        if query.kind == "construct":
            assert set(here.construct(query.name)) == set(there.construct(query.name))
        else:
            assert here.query(query.name) == there.query(query.name)


@RDFLIB
@each_query
def test_rdflib_gives_the_same_answer_over_messy_data(
    query: NamedQuery, tangled: Graph, tangled_memory: rdflib.Dataset
) -> None:
    compare_with_rdflib(query, tangled, tangled_memory)


@RDFLIB
@each_query
def test_rdflib_gives_the_same_answer_over_the_seeds(
    query: NamedQuery, seeds: Graph, seeds_memory: rdflib.Dataset
) -> None:
    compare_with_rdflib(query, seeds, seeds_memory)


def compare_with_rdflib(query: NamedQuery, graph: Graph, memory: rdflib.Dataset) -> None:
    text = prepared(query, {}, graph.store)
    result = memory.query(text)
    if query.kind == "construct":
        assert result.graph is not None
        expected = {tuple(map(comparable, triple)) for triple in result.graph}
        assert {tuple(map(comparable, triple)) for triple in graph.construct(query.name)} == expected
        return
    rows = [row for row in result if isinstance(row, ResultRow)]
    answer = graph.query(query.name)
    assert [str(variable) for variable in result.vars or []] == list(answer.columns)
    assert [tuple(map(comparable, row)) for row in answer.rows] == [tuple(map(comparable, row)) for row in rows]


def comparable(term: Node | None) -> object:
    """Return the value of a term: Oxigraph forgets how a number was written and that it may not be negative."""
    match term:
        case None:
            return None
        case URIRef() | BNode():
            return "thing", str(term)
        case Literal(value=int() | Decimal() as number) if term.datatype != XSD.boolean:
            return "number", Decimal(number)
        case Literal():
            return str(term), term.language, None if term.datatype == XSD.string else term.datatype
        case _:
            raise AssertionError(term)


@each_query
def test_every_parameter_narrows_the_answer(query: NamedQuery, seeds: Graph) -> None:
    for parameter in query.parameters:
        if query.kind == "construct":
            some = seeds.construct(query.name, **{parameter.name: parameter.example})
            assert 0 < len(some) < len(seeds.construct(query.name))
        else:
            found = seeds.query(query.name, **{parameter.name: parameter.example})
            assert found.columns == seeds.query(query.name).columns
            assert len(found) <= len(seeds.query(query.name))


@each_query
def test_all_examples_at_once_are_legal(query: NamedQuery, seeds: Graph) -> None:
    examples = {parameter.name: parameter.example for parameter in query.parameters}
    text = prepared(query, examples, seeds.store)

    assert "UNDEF" not in text
    pyoxigraph.Store().query(text)


def test_the_readme_lists_every_query_as_the_command_does() -> None:
    text = (folder("queries") / "README.md").read_text(encoding="utf-8")

    assert text.endswith("".join(markdown(QUERIES)))
    assert all(f"`{kind}`" in text for kind in PARAMETER_TYPES)


def test_nothing_else_lies_in_the_folder() -> None:
    assert {path.name for path in folder("queries").iterdir()} == {f"{name}.rq" for name in NAMES} | {"README.md"}
    assert all(isinstance(path, Path) for path in folder("queries").iterdir())
