"""What is written as N-Quads reads back as exactly what was meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.literals import escaped, literal, swedish
from kg.model import ROLES, Fact, MethodUse, Project, Scalar, Source
from kg.triples import Mapping, quads

# Surrogates are no characters, and a zero byte never passes the reading of files.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SOURCE = Source("page", "page.txt", "0" * 64, layout="E1")


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return Mapping(ontology.load())


def _object(written: str) -> pyoxigraph.Literal:
    line = f"<a:s> <a:p> {written} <a:g> .\n"
    quad = next(iter(pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)))
    assert isinstance(quad.object, pyoxigraph.Literal)
    return quad.object


@given(TEXT)
def test_any_text_survives_both_parsers(text: str) -> None:
    graph = rdflib.Graph().parse(data=f"<a:s> <a:p> {swedish(text)} .", format="nt")

    assert _object(swedish(text)).value == text
    assert str(next(graph.objects())) == text


@given(TEXT)
def test_escaping_is_canonical(text: str) -> None:
    """The form is the one that pyoxigraph writes, so equal statements are equal lines."""
    assert f'"{escaped(text)}"' == str(pyoxigraph.Literal(text))


@given(
    st.one_of(st.booleans(), st.integers(), st.dates(), st.decimals(allow_nan=False, allow_infinity=False, places=3))
)
def test_typed_values_survive(value: Scalar) -> None:
    read = rdflib.Graph().parse(data=f"<a:s> <a:p> {literal(value)} .", format="nt")

    assert next(read.objects()).toPython() == value  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "lexical"),
    [
        (Decimal("15935467"), "15935467"),
        (Decimal("0.40"), "0.4"),
        (Decimal("1E+3"), "1000"),
        (date(2023, 8, 1), "2023-08-01"),
    ],
)
def test_lexical_forms_are_canonical(value: Scalar, lexical: str) -> None:
    assert _object(literal(value)).value == lexical


def test_graphs_are_sorted_and_each_statement_stands_once() -> None:
    assert quads("<a:g>", ["<a:b> <a:p> <a:o>", "<a:a> <a:p> <a:o>", "<a:b> <a:p> <a:o>"]) == (
        "<a:a> <a:p> <a:o> <a:g> .\n<a:b> <a:p> <a:o> <a:g> .\n"
    )


def test_an_unknown_code_becomes_a_concept_of_its_scheme(mapping: Mapping) -> None:
    facts = (Fact("programme", "2021SE05SFPR", "2021SE05SFPR", 1), Fact("programmeArea", "Ö", "Ö nytt", 2))
    text = mapping.project(Project("22-045-S01", SOURCE, facts, None, ""), ())

    concept = "<https://w3id.org/esf-kg/id/programme-area/2021se05sfpr-o>"
    assert f'{concept} <http://www.w3.org/2004/02/skos/core#notation> "Ö"' in text.lines
    assert f'{concept} <http://www.w3.org/2004/02/skos/core#prefLabel> "Ö nytt"@sv' in text.lines


def test_a_negated_method_is_recorded_but_never_linked(mapping: Mapping) -> None:
    uses = [MethodUse("mi", role, "Inte MI.", 5, 7, "MI", "rule", 0.9) for role in ROLES[3:]]
    text = mapping.project(Project("22-045-S01", SOURCE, (), None, "Inte MI."), uses)
    linking = {role: "ontology#method> " in lines for _, role, lines in text.uses}

    assert linking == {"uses": True, "mentions": False, "negated": False}
    assert all("ontology#methodUse> " in lines for _, _, lines in text.uses)
