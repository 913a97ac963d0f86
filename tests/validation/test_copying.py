"""Blank nodes below those that a result names are copied as pySHACL copies them."""

from __future__ import annotations

import pytest
import rdflib
from pyshacl.rdfutil.clone import clone_blank_node
from rdflib.compare import isomorphic
from rdflib.term import BNode

from kg.validation.copying import Copies

HEAD = "PREFIX ex: <http://example.org/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
CHAIN = "".join(f'_:b{n} ex:p _:b{n + 1} , "{n}"@sv ; ex:q ex:c , _:b{n + 2} . ' for n in range(9))


@pytest.mark.parametrize(
    "data",
    [
        "_:b0 ex:p 1 .",
        "ex:a ex:p _:b0 .",
        CHAIN,
        "_:b0 ex:p _:b1 . _:b1 ex:p _:b0 .",
        "_:b0 ex:p _:b0 , ( 1 [ ex:p ( _:b0 ex:x ) ] () ) .",
        "_:b0 rdf:first _:b1 ; ex:p 1 ; rdf:rest ( _:b1 2 _:b1 ) . _:b1 ex:q [ ex:r [] ] .",
        "_:b0 rdf:first 1 .",
        "_:b0 rdf:rest ( 1 ) .",
    ],
)
def test_copies_are_those_of_pyshacl(data: str) -> None:
    source = rdflib.Graph().parse(data=HEAD + data, format="turtle")
    for node in {node for triple in source for node in triple if isinstance(node, BNode)}:
        theirs, ours = rdflib.Graph(), rdflib.Graph()
        clone_blank_node(source, node, theirs, keepid=True)
        copies = Copies(source, ours)

        assert copies.named(node) == copies.named(node) == node
        assert isomorphic(ours, theirs)


def test_a_list_that_bites_its_tail_ends_there() -> None:
    source = rdflib.Graph().parse(
        data=HEAD + "_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:a .", format="turtle"
    )
    report = rdflib.Graph()
    (start,) = (node for node, value in source.subject_objects(rdflib.RDF.first) if value == rdflib.Literal(1))
    Copies(source, report).named(start)

    assert list(report.items(start)) == [rdflib.Literal(1), rdflib.Literal(2)]
