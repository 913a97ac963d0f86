"""Each constraint of each shape has a file that breaks it and nothing else; each class has a file that breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDFS, SKOS, XSD
from rdflib.term import Node, URIRef

from kg.validation.files import read_graph
from kg.validation.shapes import own_shapes
from kg.vocabulary import CLASSES, TERMS, Names
from tests.shapes.cases import INVALID, VALID, results, surrounded

COMPONENTS = {
    "class": "Class",
    "datatype": "Datatype",
    "hasValue": "HasValue",
    "in": "In",
    "languageIn": "LanguageIn",
    "lessThan": "LessThan",
    "lessThanOrEquals": "LessThanOrEquals",
    "maxCount": "MaxCount",
    "maxInclusive": "MaxInclusive",
    "minCount": "MinCount",
    "minInclusive": "MinInclusive",
    "node": "Node",
    "nodeKind": "NodeKind",
    "not": "Not",
    "or": "Or",
    "pattern": "Pattern",
    "qualifiedMinCount": "QualifiedMinCount",
    "sparql": "SPARQL",
    "uniqueLang": "UniqueLang",
}
NO_CONSTRAINTS = frozenset(
    "path property message severity qualifiedValueShape targetClass targetNode targetObjectsOf targetSubjectsOf".split()
)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
PARTS = (SH.node, SH["not"], SH.qualifiedValueShape)
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}


def shapes() -> rdflib.Graph:
    return own_shapes().graph


def local(node: Node) -> str:
    return str(node).replace("#", "/").rpartition("/")[2]


def all_shapes() -> set[Node]:
    return {*shapes().subjects(RDF.type, SH.NodeShape), *shapes().subjects(RDF.type, SH.PropertyShape)}


def rules() -> set[Node]:
    """Return the shapes whose results a report shows: those with a target, and those under them by sh:property."""
    todo = [shape for target in TARGETS for shape in shapes().subjects(target, None)]
    found: set[Node] = set()
    while todo:
        shape = todo.pop()
        if shape not in found:
            found.add(shape)
            todo.extend(shapes().objects(shape, SH.property))
    return found


def parts() -> set[Node]:
    """Return the shapes that others refer to as conditions."""
    listed = {member for values in shapes().objects(None, SH["or"]) for member in shapes().items(values)}
    return listed | {shape for predicate in PARTS for shape in shapes().objects(None, predicate)}


def constraints(shape: Node) -> Iterator[str]:
    for predicate in set(shapes().predicates(shape)):
        name = local(predicate)
        if str(predicate).startswith(str(SH)) and name not in NO_CONSTRAINTS:
            yield COMPONENTS[name]


def severity(shape: str) -> str:
    (found,) = shapes().objects(URIRef(f"{own_shapes().base}shape/{shape}"), SH.severity)
    return local(found)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_case_has_no_results(path: Path) -> None:
    assert results(path) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_case_fails_for_its_reason_only(path: Path) -> None:
    rule = path.stem.rpartition(".")[0]

    assert results(path) == [(path.stem, severity(rule))]


def test_every_constraint_of_every_rule_has_a_case_that_breaks_it() -> None:
    expected = {f"{local(shape)}.{component}" for shape in rules() for component in constraints(shape)}

    assert len(expected) > 150
    assert {path.stem for path in INVALID} == expected


def test_every_class_of_things_has_a_valid_case_that_holds_one() -> None:
    names = {path.stem for path in VALID}

    assert names == {*CLASSES - {"SourceField"}, "OrganizationalUnit", "Concept"}
    for path in VALID:
        types = {local(kind) for kind in read_graph(path).objects(None, RDF.type)}
        assert path.stem in types, path.stem


def test_a_valid_case_has_the_properties_that_rules_look_at() -> None:
    """A valid case that left a property out would prove nothing about the rules for it."""
    stated = {predicate for path in VALID for predicate in surrounded(read_graph(path)).predicates()}
    looked_at = {path for path in shapes().objects(None, SH.path) if isinstance(path, URIRef)}

    assert len(looked_at) > 40
    assert looked_at <= stated


def test_every_shape_is_a_rule_or_part_of_one() -> None:
    structure = {
        shape for shape in all_shapes() for parent in shapes().subjects(SH.property, shape) if parent in parts()
    }

    assert all_shapes() == rules() | parts() | structure
    assert not rules() & parts()


def test_every_rule_with_constraints_has_a_severity_and_messages_in_both_languages() -> None:
    judged = {shape for shape in rules() if list(constraints(shape))}

    assert len(judged) > 100
    for shape in judged:
        messages = list(shapes().objects(shape, SH.message))
        assert sorted(getattr(message, "language", "") for message in messages) == ["en", "sv"], shape
        assert set(shapes().objects(shape, SH.severity)) <= SEVERITIES, shape
        assert len(set(shapes().objects(shape, SH.severity))) == 1, shape


def test_warnings_and_only_they_name_a_letter_of_article_49() -> None:
    for shape in shapes().subjects(SH.severity, None):
        messages = {message.language: str(message) for message in shapes().objects(shape, SH.message)}  # type: ignore[attr-defined]
        warned = (shape, SH.severity, SH.Warning) in shapes()
        assert messages["en"].startswith("Article 49(3)") == warned, shape
        assert messages["sv"].startswith("Artikel 49.3") == warned, shape


def test_shapes_are_named_and_blank_nodes_stand_for_lists_and_paths_only() -> None:
    listed = set(shapes().subjects(RDF.first, None))
    paths = set(shapes().objects(None, SH.path)) | set(shapes().subjects(SH.inversePath, None))

    for subject in set(shapes().subjects()):
        assert isinstance(subject, URIRef) or subject in listed | paths, subject
    assert all(str(shape).startswith(f"{own_shapes().base}shape/") for shape in all_shapes())


def test_every_term_in_the_shapes_exists() -> None:
    """A shape about a misspelt class or property can never fail."""
    names = Names(str(own_shapes().base))
    ours = {names.term(name) for name in TERMS}
    known = (DCTERMS, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, XSD)
    for node in shapes().all_nodes() | set(shapes().predicates()):
        if not isinstance(node, URIRef):
            continue
        if str(node).startswith(names.term("Project").removesuffix("Project")):
            assert str(node) in ours, node
        for namespace in known:
            if str(node).startswith(str(namespace)) and str(node) != str(namespace):
                assert node in namespace, node


def test_every_thing_that_the_shapes_name_is_in_the_ontology() -> None:
    base = str(own_shapes().base)
    for node in shapes().all_nodes():
        if isinstance(node, URIRef) and str(node).startswith(f"{base}id/"):
            alone = rdflib.Graph().add((node, RDF.type, RDFS.Resource))
            assert len(surrounded(alone)) > 1, node
