"""Random small graphs and random shapes for them, as Turtle, with every constraint of SHACL Core in any combination."""

from __future__ import annotations

from hypothesis import strategies as st

HEAD = """
PREFIX ex: <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
NODES = ("ex:a", "ex:b", "ex:c", "ex:d", "_:e", "_:f")
CLASSES = ("ex:A", "ex:B", "ex:C")
PROPERTIES = ("ex:p", "ex:q", "ex:r")
LITERALS = (
    *('"x"', '"xyz"', '""', '"x"^^xsd:string', '"x"@sv', '"y"@sv', '"x"@sv-SE', '"x"@en', '"X"@EN'),
    *("0", "1", "2", "-3", "1.0", "1.50", "2.5", "1e0", '"01"^^xsd:integer', '"1"^^xsd:int', '"+1"^^xsd:integer'),
    *('"2"^^xsd:nonNegativeInteger', '"-2"^^xsd:nonNegativeInteger', '"many"^^xsd:integer', '"300"^^xsd:byte'),
    *("true", "false", '"1"^^xsd:boolean', '"yes"^^xsd:boolean', '"2.50"^^xsd:decimal', '"NaN"^^xsd:double'),
    *('"2020-01-01"^^xsd:date', '"2020-02-30"^^xsd:date', '"2020-01-01Z"^^xsd:date', '"2021-06-30"^^xsd:date'),
    *('"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime', '"12:00:00"^^xsd:time'),
    *('"http://e/"^^xsd:anyURI', '"2020"^^xsd:gYear', '"x"^^ex:type', '"P1D"^^xsd:duration', '"0F"^^xsd:hexBinary'),
)
DATATYPES = (
    *("xsd:string", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:date", "xsd:dateTime", "xsd:int", "xsd:double"),
    *("xsd:nonNegativeInteger", "ex:type", "xsd:anyURI", "rdfs:Literal"),
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>",
)
KINDS = ("sh:IRI", "sh:BlankNode", "sh:Literal", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral")
PATTERNS = ('"^x"', '"[0-9]"', '"x$"', '"^ex"', '"2020"', '"^$"')
LIMITS = ("0", "1", "2.0", "1.5", '"2020-06-01"^^xsd:date', '"2020-06-01T00:00:00"^^xsd:dateTime', '"m"', "1e0")
QUERIES = (
    "SELECT $this WHERE { $this ex:p ?v . FILTER (?v > 1) }",
    'SELECT $this WHERE { $this ex:p ?v . FILTER (!(?v <= 1 || ?v = "x")) }',
    "SELECT $this WHERE { $this ex:p ?v . FILTER NOT EXISTS { $this ex:q ?w . FILTER (?w > ?v) } }",
    "SELECT $this WHERE { $this ex:p ?v . FILTER EXISTS { $this ex:q ?w . FILTER (?w > ?v) } }",
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER (STRLEN(STR(?value)) > 1) }",
    "SELECT $this ?value WHERE { $this ex:q ?value . FILTER NOT EXISTS { $this ex:r ?value } }",
    "SELECT DISTINCT $this ?path WHERE { $this ?path ?v . FILTER (isLiteral(?v) && REGEX(STR(?v), '^x')) }",
    "SELECT $this WHERE { { $this ex:p ?v } UNION { $this ex:q ?v } }",
    "SELECT $this WHERE { $this ex:p ?v . OPTIONAL { $this ex:q ?w } FILTER (!BOUND(?w)) }",
    "SELECT $this ?value WHERE { ?value ex:p $this . }",
    "SELECT $this WHERE { $this a ex:A . FILTER EXISTS { $this ex:p/ex:q ?v } }",
)

_values = st.sampled_from((*NODES[:4], *LITERALS))


def _statement(triple: tuple[str, str, str]) -> str:
    return " ".join(triple) + " ."


data = st.builds(
    lambda facts, types, classes: HEAD + "\n".join(map(_statement, (*facts, *types, *classes))),
    st.lists(
        st.tuples(st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from((*NODES, *LITERALS))),
        min_size=1,
        max_size=16,
    ),
    st.lists(st.tuples(st.sampled_from(NODES), st.just("a"), st.sampled_from(CLASSES)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(CLASSES), st.just("rdfs:subClassOf"), st.sampled_from(CLASSES)), max_size=2),
)
"""Turtle of a graph of a few things with literals of all kinds, ill-formed ones included."""


def _listed(strategy: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(strategy, min_size=least, max_size=most).map(lambda items: f"( {' '.join(items)} )")


paths = st.recursive(
    st.sampled_from(PROPERTIES),
    lambda inner: st.one_of(
        _listed(inner, 2, 2),
        _listed(inner, 2, 2).map(lambda choices: f"[ sh:alternativePath {choices} ]"),
        inner.map(lambda path: f"[ sh:inversePath {path} ]"),
        inner.map(lambda path: f"[ sh:zeroOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:oneOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:zeroOrOnePath {path} ]"),
    ),
    max_leaves=3,
)

_value_constraints = st.one_of(
    st.sampled_from(CLASSES).map("sh:class {}".format),
    st.sampled_from(DATATYPES).map("sh:datatype {}".format),
    st.sampled_from(KINDS).map("sh:nodeKind {}".format),
    st.sampled_from(PATTERNS).map("sh:pattern {}".format),
    st.sampled_from(PATTERNS).map('sh:pattern {} ; sh:flags "i"'.format),
    st.integers(0, 3).map("sh:minLength {}".format),
    st.integers(0, 3).map("sh:maxLength {}".format),
    _listed(st.sampled_from(('"sv"', '"en"', '"*"')), 1, 2).map("sh:languageIn {}".format),
    _listed(_values, 1, 4).map("sh:in {}".format),
    st.tuples(
        st.sampled_from(("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")), st.sampled_from(LIMITS)
    ).map(lambda pair: f"sh:{pair[0]} {pair[1]}"),
    _values.map("sh:hasValue {}".format),
    st.sampled_from(PROPERTIES).map("sh:equals {}".format),
    st.sampled_from(PROPERTIES).map("sh:disjoint {}".format),
    st.sampled_from(QUERIES).map('sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{}""" ]'.format),
)
_count_constraints = st.one_of(
    st.integers(0, 3).map("sh:minCount {}".format),
    st.integers(0, 2).map("sh:maxCount {}".format),
    st.sampled_from(("true", "false")).map("sh:uniqueLang {}".format),
    st.sampled_from(PROPERTIES).map("sh:lessThan {}".format),
    st.sampled_from(PROPERTIES).map("sh:lessThanOrEquals {}".format),
)
_extras = st.sampled_from(("", "", "", "sh:deactivated true ;", "sh:severity sh:Warning ;", "sh:deactivated false ;"))


def _joined(constraints: list[str]) -> str:
    """Join constraints, one of each parameter: SHACL allows most of them once only."""
    return " ; ".join({constraint.split()[0]: constraint for constraint in constraints}.values())


def _logical(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map("sh:not {}".format),
        _listed(inner, 1, 2).map("sh:and {}".format),
        _listed(inner, 1, 2).map("sh:or {}".format),
        _listed(inner, 2, 2).map("sh:xone {}".format),
    )


def _qualified(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    limits = st.sampled_from(
        ("sh:qualifiedMinCount 1", "sh:qualifiedMinCount 2", "sh:qualifiedMaxCount 1", "sh:qualifiedMaxCount 0")
    )
    disjoint = st.sampled_from(("", "", "; sh:qualifiedValueShapesDisjoint true"))
    return st.builds("sh:qualifiedValueShape {} ; {} {}".format, inner, limits, disjoint)


def _node_shape(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    property_shapes = _property_shape(inner).map("sh:property {}".format)
    closed = st.sampled_from(("sh:closed true ; sh:ignoredProperties ( ex:p )", "sh:closed true", "sh:closed false"))
    constraint = st.one_of(_value_constraints, _logical(inner), property_shapes, property_shapes, closed)
    return st.builds("[ {} {} ]".format, _extras, st.lists(constraint, min_size=1, max_size=3).map(_joined))


def _property_shape(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    nested = inner.filter(lambda shape: "sh:path" not in shape.split("[", 2)[1]).map("sh:node {}".format)
    child = st.builds("sh:property [ sh:path {} ; {} ]".format, paths, _value_constraints)
    constraint = st.one_of(_value_constraints, _count_constraints, _logical(inner), _qualified(inner), nested, child)
    return st.builds(
        "[ sh:path {} ; {} {} ]".format, paths, _extras, st.lists(constraint, min_size=1, max_size=3).map(_joined)
    )


_leaf = _value_constraints.map("[ {} ]".format)
_inner = st.recursive(_leaf, lambda inner: st.one_of(_node_shape(inner), _property_shape(inner)), max_leaves=2)
_targets = st.one_of(
    st.sampled_from(CLASSES).map("sh:targetClass {} ;".format),
    st.sampled_from((*NODES[:4], "ex:absent", '"x"', "1", '"01"^^xsd:integer')).map("sh:targetNode {} ;".format),
    st.sampled_from(PROPERTIES).map("sh:targetSubjectsOf {} ;".format),
    st.sampled_from(PROPERTIES).map("sh:targetObjectsOf {} ;".format),
)


def _root(name: str, shape: str, targets: list[str]) -> str:
    kind = "sh:PropertyShape" if shape.startswith("[ sh:path") else "sh:NodeShape"
    return f"ex:{name} a {kind} ; {' '.join(targets)} {shape[1:-1]} ."


_roots = st.one_of(_node_shape(_inner), _property_shape(_inner))
shapes = st.builds(
    lambda parts: HEAD + "\n".join(_root(f"S{n}", shape, targets) for n, (shape, targets) in enumerate(parts)),
    st.lists(st.tuples(_roots, st.lists(_targets, min_size=1, max_size=2)), min_size=1, max_size=3),
)
"""Turtle of a shapes graph."""
