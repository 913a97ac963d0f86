"""RDF/XML: nothing is lost, and what XML cannot carry is refused by name."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.export.rdfxml import rdf_xml
from kg.statements import triples
from tests.export.nasty import PREFIXES, TRIPLES, lines

E = "http://e.org/"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _writable(triple: ox.Triple) -> bool:
    named = re.search(r"[A-Za-z_][\w.-]*$", triple.predicate.value, re.ASCII) is not None
    return named and not (isinstance(triple.object, ox.Literal) and _NOT_IN_XML.search(triple.object.value))


def _xml(found: list[str]) -> str:
    return "".join(rdf_xml(triples(found), PREFIXES))


@settings(max_examples=150, deadline=None)
@given(st.lists(TRIPLES.filter(_writable), max_size=8))
def test_rdf_xml_reads_back_letter_for_letter(found: list[ox.Triple]) -> None:
    back = {quad.triple for quad in ox.parse(_xml(lines(found)).encode(), format=ox.RdfFormat.RDF_XML)}

    assert back == set(found)


@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES.filter(_writable), max_size=6))
def test_rdflib_reads_the_same_graph_from_rdf_xml_and_from_n_triples(found: list[ox.Triple]) -> None:
    back = rdflib.Graph().parse(data=_xml(lines(found)), format="xml")

    assert set(back) == set(rdflib.Graph().parse(data="".join(lines(found)), format="nt"))


@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES, min_size=1, max_size=4))
def test_what_xml_cannot_carry_is_an_error_and_never_a_broken_file(found: list[ox.Triple]) -> None:
    try:
        written = _xml(lines(found))
    except InputError:
        assert not all(map(_writable, found))
    else:
        assert {quad.triple for quad in ox.parse(written.encode(), format=ox.RdfFormat.RDF_XML)} == set(found)


def test_rdf_xml_is_laid_out_for_reading() -> None:
    found = [
        f'<{E}s> <{E}name> "Två <rader> &\\r\\n mer"@sv .',
        f"<{E}s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{E}A> .",
        f'<{E}s> <http://x.org/q?a=1&b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]

    assert _xml(found) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<rdf:RDF\n"
        '    xmlns:a="http://e.org/"\n'
        '    xmlns:ns2="http://x.org/q?a=1&amp;"\n'
        '    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="http://e.org/s">\n'
        '    <rdf:type rdf:resource="http://e.org/A"/>\n'
        '    <a:name xml:lang="sv">Två &lt;rader&gt; &amp;&#13;\n mer</a:name>\n'
        '    <ns2:b rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</ns2:b>\n'
        "</rdf:Description>\n"
        "</rdf:RDF>\n"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"<{E}s> <{E}123> <{E}o> .", "cannot be the name of an element"),
        (f"<{E}s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> <{E}o> .", "cannot be the name of an element"),
        (f'<{E}s> <{E}p> "a\\u0001b" .', r"<http://e.org/s> holds the character U\+0001"),
        (f'<{E}s> <{E}p> "\\uFFFE" .', r"holds the character U\+FFFE"),
    ],
)
def test_what_xml_cannot_carry_is_refused_by_name(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _xml([line])
