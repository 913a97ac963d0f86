"""Files are loaded as text where that is safe, and the facts are those of the file, literal by literal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.validation import check_files, own_shapes
from kg.validation.facts import Facts, as_written
from kg.validation.files import ill_typed_literals_allowed, read_text
from kg.validation.lines import parted
from kg.validation.loading import loaded_files
from tests.validation import random_graphs
from tests.validation.same import in_memory

XSD = "http://www.w3.org/2001/XMLSchema#"
FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
}


def facts_of(path: Path) -> Facts:
    return loaded_files([path], None, ox.Store())


def seen(facts: Facts) -> set[tuple[str, ...]]:
    with ill_typed_literals_allowed():
        return {tuple(_bare(node) for node in triple) for triple in in_memory(facts)}


def _bare(node: rdflib.term.Node) -> str:
    return "_:" if isinstance(node, rdflib.BNode) else node.n3()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_graphs.data, st.sampled_from(sorted(FORMATS)), st.booleans())
def test_facts_are_those_of_the_file_in_every_format(tmp_path: Path, turtle: str, ending: str, named: bool) -> None:
    quads = list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
    if named and FORMATS[ending].supports_datasets:
        names = (ox.NamedNode("http://e/one"), ox.DefaultGraph(), ox.NamedNode("http://e/two"))
        quads = [ox.Quad(q.subject, q.predicate, q.object, names[place % 3]) for place, q in enumerate(quads)]
    path = tmp_path / f"data.{ending}"
    path.write_bytes(ox.serialize(quads, format=FORMATS[ending]) or b"")
    facts = facts_of(path)
    with ill_typed_literals_allowed():
        expected = set(read_text(turtle.encode(), Path("data.ttl")))

    assert seen(facts) == {tuple(map(_bare, triple)) for triple in expected}
    assert len(in_memory(facts)) == len(expected)
    graphs = {quad.graph_name for quad in facts.store} - {ox.DefaultGraph()}
    assert graphs == {quad.graph_name for quad in quads} - {ox.DefaultGraph()}


@pytest.mark.parametrize("literal", random_graphs.LITERALS)
def test_only_literals_that_stay_as_they_are_need_no_care(literal: str) -> None:
    (triple,) = ox.parse(
        f"{random_graphs.HEAD.rpartition('ex:prefixes')[0]} ex:a ex:p {literal} .".encode(), format=ox.RdfFormat.TURTLE
    )
    line = f"{triple.subject} {triple.predicate} {triple.object} .\n".encode()
    parts = parted(line, quads=False, retyped=False)

    assert parts.union + parts.careful == line
    assert not parts.union or as_written(triple.object)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('<e:a> <e:p> "x" .', "union"),
        ("<e:a> <e:p> <e:b> .", "union"),
        ("<e:a> <e:p> <e:b> <e:g> .", "both"),
        ('<e:a> <e:p> "x <e:b> ." <e:g> .', "both"),
        ('<e:a> <e:p> "5"^^<http://www.w3.org/2001/XMLSchema#integer> <e:g> .', "both"),
        ('<e:a> <e:p> "05"^^<http://www.w3.org/2001/XMLSchema#integer> <e:g> .', "careful"),
        ('<e:a> <e:p> "x ^^ y" <e:g> .', "careful"),
        ("<e:a> <e:p> _:b <e:g> .", "careful"),
        ("<e:a>\t<e:p>\t<e:b>\t<e:g>\t.", "careful"),
        ("<e:a><e:p><e:b><e:g>.", "careful"),
        ('<e:a> <e:p> "x"@sv .', "careful"),
    ],
)
def test_lines_of_quads_are_parted(line: str, expected: str) -> None:
    parts = parted(f"{line}\n".encode(), quads=True, retyped=True)
    found = {"careful": parts.careful, "union": parts.union, "named": parts.named}

    assert {name for name, text in found.items() if text} == ({"union", "named"} if expected == "both" else {expected})


def test_a_triple_that_looks_like_a_quad_is_loaded_once(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_text("<e:a> <e:p> <e:b> .\n<e:a> <e:q> <e:b> <e:g> .\n# a word <e:h> .\n")
    facts = facts_of(path)

    assert {str(quad) for quad in facts.store} == {
        "<e:a> <e:p> <e:b>",
        "<e:a> <e:q> <e:b>",
        "<e:a> <e:q> <e:b> <e:g>",
    }


def numbers(*types: str) -> Iterator[str]:
    return (f'<e:{place}> <e:p> "5"^^<{XSD}{kind}> .\n' for place, kind in enumerate(types))


@pytest.mark.parametrize(
    "types",
    [
        ("nonNegativeInteger", "nonNegativeInteger"),
        ("nonNegativeInteger", "integer"),
        ("int", "long", "integer"),
        ("integer",),
        ("nonNegativeInteger", "byte"),
    ],
)
def test_whole_numbers_keep_their_types(tmp_path: Path, types: tuple[str, ...]) -> None:
    path = tmp_path / "data.nt"
    path.write_text("".join(numbers(*types)))
    found = {str(value.datatype).removeprefix(XSD) for _, _, value in in_memory(facts_of(path))}  # type: ignore[attr-defined]

    assert found == set(types)


def test_a_form_beside_a_number_that_is_retyped_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "data.nt"
    path.write_text("".join(f'<e:a> <e:p> "{text}"^^<{XSD}nonNegativeInteger> .\n' for text in ("5", "05", "+5")))
    facts = facts_of(path)

    assert {str(value)[:4] for value in facts.objects(ox.NamedNode("e:a"), "e:p")} == {'"5"^', '"05"', '"+5"'}
    assert {str(value.datatype) for value in in_memory(facts).objects()} == {f"{XSD}nonNegativeInteger"}  # type: ignore[attr-defined]


def test_an_error_names_the_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.nt"
    path.write_text('<e:a> <e:p> "05"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' * 3 + "<e:a> <e:p> <e:b .\n")

    with pytest.raises(InputError, match=r"data\.nt is not N-Triples: .*line 4"):
        check_files([path], own_shapes())
