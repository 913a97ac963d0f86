"""Turtle and TriG: what is written reads back as what was meant, with two independent readers."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.statements import Literal, graphs, literal, triples, unescaped
from kg.turtle import trig, turtle
from tests.export.nasty import LITERALS, PREFIXES, QUADS, TRIPLES, XSD, lines

E = "http://e.org/"


def _turtle(found: list[str]) -> str:
    return "".join(turtle(triples(found), PREFIXES))


@settings(max_examples=200, deadline=None)
@given(st.lists(TRIPLES, max_size=8))
def test_turtle_reads_back_letter_for_letter(found: list[ox.Triple]) -> None:
    text = _turtle(lines(found))

    back = {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}

    assert back == set(found)


@settings(max_examples=150, deadline=None)
@given(st.lists(TRIPLES, max_size=6))
def test_rdflib_reads_the_same_graph_from_turtle_and_from_n_triples(found: list[ox.Triple]) -> None:
    text = _turtle(lines(found))

    back = rdflib.Graph().parse(data=text, format="turtle")

    assert set(back) == set(rdflib.Graph().parse(data="".join(lines(found)), format="nt"))


@settings(max_examples=150, deadline=None)
@given(st.lists(QUADS, max_size=8))
def test_trig_reads_back_letter_for_letter(found: list[ox.Quad]) -> None:
    text = "".join(trig(graphs(lines(found)), PREFIXES))

    assert set(ox.parse(text.encode(), format=ox.RdfFormat.TRIG)) == set(found)


@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES, max_size=8), st.randoms(use_true_random=False))
def test_the_same_graph_gives_the_same_text_in_any_order(found: list[ox.Triple], chance: random.Random) -> None:
    shuffled = lines(found + found[:2])
    chance.shuffle(shuffled)

    assert _turtle(shuffled) == _turtle(lines(found))


@settings(max_examples=200, deadline=None)
@given(LITERALS)
def test_a_literal_is_taken_apart_into_its_parts(value: ox.Literal) -> None:
    found = literal(str(value))

    plain = value.language or value.datatype.value == XSD + "string"
    assert found == Literal(value.value, value.language, None if plain else value.datatype.value)


def test_turtle_is_laid_out_for_reading() -> None:
    found = [
        f'<{E}s> <{E}size> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        f'<{E}s> <{E}rate> "0.4"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
        f'<{E}s> <{E}rate> "0.40"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
        f'<{E}s> <{E}open> "false"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
        f'<{E}s> <{E}name> "Två\\nrader"@sv <{E}g> .',
        f"<{E}s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{E}B> .",
        f"<{E}s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{E}A> .",
        f"<{E}a/b> <{E}p> <{E}a.> .",
    ]

    assert _turtle(found) == (
        "PREFIX a: <http://e.org/>\n"
        "PREFIX b-1: <http://e.org/a/>\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        "\n"
        "b-1:b\n"
        "    a:p <http://e.org/a.> .\n"
        "\n"
        "a:s\n"
        "    a a:A ,\n"
        "        a:B ;\n"
        '    a:name "Två\\nrader"@sv ;\n'
        "    a:open false ;\n"
        "    a:rate 0.4 ,\n"
        '        "0.40"^^xsd:decimal ;\n'
        "    a:size 3 .\n"
    )


@pytest.mark.parametrize(
    ("lexical", "datatype", "written"),
    [
        ("7", "integer", "7"),
        ("-7", "integer", "-7"),
        ("007", "integer", '"007"^^xsd:integer'),
        ("-0", "integer", '"-0"^^xsd:integer'),
        ("15935467.0", "decimal", "15935467.0"),
        ("15935467", "decimal", '"15935467"^^xsd:decimal'),
        ("-0.0", "decimal", '"-0.0"^^xsd:decimal'),
        (".5", "decimal", '".5"^^xsd:decimal'),
        ("1", "boolean", '"1"^^xsd:boolean'),
        ("1.0E0", "double", '"1.0E0"^^xsd:double'),
    ],
)
def test_only_canonical_numbers_are_written_bare(lexical: str, datatype: str, written: str) -> None:
    found = f'<{E}s> <{E}p> "{lexical}"^^<{XSD}{datatype}> .'

    assert _turtle([found]).endswith(f"a:p {written} .\n")


def test_subjects_come_in_the_order_asked_for() -> None:
    found = [f"<{E}{name}> <{E}p> <{E}o> ." for name in ("x/1", "y/1", "z/1", "y/2")]

    text = "".join(turtle(triples(found), {}, order=(f"{E}y/", f"{E}x/")))

    assert [line for line in text.splitlines() if line.startswith("<")] == [
        f"<{E}y/1>",
        f"<{E}y/2>",
        f"<{E}x/1>",
        f"<{E}z/1>",
    ]


def test_trig_keeps_the_graphs_apart_and_indents_them() -> None:
    found = [f"<{E}s> <{E}p> <{E}o> <{E}g> .", f"<{E}s> <{E}p> <{E}o> .", f'<{E}s> <{E}p> "a <b>" <{E}g> .']

    assert "".join(trig(graphs(found), {"e": E})) == (
        "PREFIX e: <http://e.org/>\n\n"
        "e:s\n    e:p e:o .\n\n"
        'e:g {\n    e:s\n        e:p "a <b>" ,\n            e:o .\n}\n'
    )


def test_an_empty_graph_is_an_empty_document() -> None:
    assert _turtle([]) == ""
    assert "".join(trig(graphs(["# nothing\n", "\n"]), PREFIXES)) == ""


@pytest.mark.parametrize(
    "line",
    [
        f"_:b <{E}p> <{E}o> .",
        f"<{E}s> <{E}p> _:b .",
        f"<{E}s> <{E}p> _:b <{E}g> .",
        f"<{E}s> <{E}p> <{E}o> _:g .",
    ],
)
def test_a_blank_node_is_refused_by_name(line: str) -> None:
    with pytest.raises(InputError, match=r"statement 2 holds a blank node"):
        triples([f"<{E}s> <{E}p> <{E}o> .", line])


@pytest.mark.parametrize(
    "line", ["nonsense", f"<{E}s> <{E}p> <{E}o>", f"<{E}s>\t<{E}p>\t<{E}o> .", f"<{E}s> <{E}p> 3 <{E}g> .", "<x> ."]
)
def test_what_is_not_canonical_is_refused(line: str) -> None:
    with pytest.raises(InputError, match=r"statement 1 (is not in canonical|does not end)"):
        graphs([line])


def test_escapes_are_undone() -> None:
    assert unescaped(r"\u00e5\U0001F600\\n\"\'") == "å😀\\n\"'"
    assert literal('"a\\tb"') == Literal("a\tb")
    with pytest.raises(InputError, match="is not a literal"):
        literal("<http://e.org/>")
