"""Writes constraints as SPARQL patterns that hold for every focus node that may break one, and maybe for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rdflib import RDF, SH, XSD
from rdflib.term import Literal, Node, URIRef

from kg.store.terms import to_pyoxigraph
from kg.validation.evaluator import Evaluator
from kg.validation.facts import Facts, as_written
from kg.validation.joins import joined
from kg.validation.shapegraph import Path, Shape

Bodies = list[str] | None
"""Patterns of which one holds for a focus node that may break the constraint; None: it cannot be written."""

_ANY_VALUE = "{focus} {path} ?v ."
_NUMBERS = f"(<{XSD.integer}>, <{XSD.decimal}>)"
# Only where Oxigraph and rdflib are certain to compare alike; a comparison that fails counts as broken.
_COMPARED = (
    f"(DATATYPE(?v) IN {_NUMBERS} && DATATYPE(?w) IN {_NUMBERS}) || "
    f"(DATATYPE(?v) = <{XSD.date}> && DATATYPE(?w) = <{XSD.date}> && STRLEN(STR(?v)) = 10 && STRLEN(STR(?w)) = 10)"
)
_APART = f'isIRI(?v) || isBlank(?v) || LANG(?v) != "" || DATATYPE(?v) = <{XSD.string}>'


class ConstraintQueries:
    """Writes constraints for the facts that are to be judged."""

    def __init__(self, facts: Facts, evaluator: Evaluator) -> None:
        self._facts, self._evaluator = facts, evaluator

    def bodies(self, shape: Shape, parameter: URIRef, focus: str) -> Bodies:
        """Return the patterns for one constraint of a shape whose focus node is the variable `focus`."""
        write = _WRITERS.get(str(parameter))
        if write is None or (shape.path is not None and shape.path.sparql is None):
            return None
        path = None if shape.path is None or shape.path.sparql is None else shape.path.sparql
        if shape.path is not None and str(parameter) in _IDENTITY and self._altered(shape.path):
            return [_ANY_VALUE.format(focus=focus, path=path), *self._if_empty(shape, parameter, focus, path)]
        return write(self, shape, shape.constraints[parameter], focus, path)

    def _altered(self, path: Path) -> bool:
        return not path.predicates.isdisjoint(self._facts.altered)

    def _if_empty(self, shape: Shape, parameter: URIRef, focus: str, path: str | None) -> list[str]:
        if str(parameter) == str(SH.hasValue):
            return [f"MINUS {{ {focus} {path} ?v }}"]
        if str(parameter) == str(SH.equals):
            return [f"{focus} <{other}> ?v ." for other in shape.constraints[parameter]]
        return []

    def _class(self, shape: Shape, names: Iterable[Node], focus: str, path: str | None) -> Bodies:
        value, step = ("?v", f"{focus} {path} ?v .") if path else (focus, "")
        return [f"{step} MINUS {{ {self._typed(value, str(name))} }}" for name in names]

    def _typed(self, value: str, name: str) -> str:
        classes = " ".join(f"<{one}>" for one in sorted(self._evaluator.subclasses(name)))
        return f"VALUES ?c {{ {classes} }} {value} <{RDF.type}> ?c"

    def _min_count(self, shape: Shape, limits: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        limit = _count(limits)
        if limit is None or path is None:
            return None
        if limit < 2:
            return [f"MINUS {{ {focus} {path} ?v }}"] * limit
        return [
            f"MINUS {{ SELECT {focus} WHERE {{ {focus} {path} ?v FILTER({_APART}) }} "
            f"GROUP BY {focus} HAVING (COUNT(DISTINCT ?v) >= {limit}) }}"
        ]

    def _max_count(self, shape: Shape, limits: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        limit = _count(limits)
        if limit is None or path is None or shape.path is None:
            return None
        if not shape.path.predicates.isdisjoint(self._facts.merged):
            return [_ANY_VALUE.format(focus=focus, path=path)]
        # The triples of one predicate are a set already; counting them as they come is three times faster.
        counted = "*" if shape.path.kind == "iri" else "DISTINCT ?v"
        return [
            f"{{ SELECT {focus} WHERE {{ {focus} {path} ?v }} GROUP BY {focus} HAVING (COUNT({counted}) > {limit}) }}"
        ]

    def _has_value(self, shape: Shape, values: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        wanted = [to_pyoxigraph(value) for value in values if isinstance(value, URIRef | Literal)]
        if path is None or len(wanted) < len(values) or not all(map(as_written, wanted)):
            return None
        return [f"MINUS {{ {focus} {path} {value} }}" for value in wanted]

    def _node_kind(self, shape: Shape, kinds: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        """Ask for focus nodes of another kind; the values of a path are fewer than their places, and tested once."""
        tests = _KINDS.get(str(kinds[0])) if len(kinds) == 1 and path is None else None
        return None if tests is None else [f"FILTER({' && '.join(f'!{test}({focus})' for test in tests)})"]

    def _unique_lang(self, shape: Shape, values: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        if path is None:
            return None
        texts = f'SELECT DISTINCT {focus} ?v WHERE {{ {focus} {path} ?v FILTER(LANG(?v) != "") }}'
        return [
            f"{{ SELECT {focus} WHERE {{ {texts} }} GROUP BY {focus} (LCASE(LANG(?v)) AS ?l) HAVING (COUNT(*) > 1) }}"
        ]

    def _equals(self, shape: Shape, others: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        if path is None or any(str(other) in self._facts.altered for other in others):
            return None
        pairs = [(path, f"<{other}>") for other in others]
        return [f"{focus} {one} ?v MINUS {{ {focus} {two} ?v }}" for pair in pairs for one, two in (pair, pair[::-1])]

    def _disjoint(self, shape: Shape, others: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        if path is None:
            return None
        odd = f'isLiteral(?v) && isLiteral(?w) && LANG(?v) = "" && DATATYPE(?v) != <{XSD.string}>'
        pairs = (joined(f"{focus} {path} ?v", f"{focus} <{other}> ?w") for other in others)
        return [f"{pair} FILTER(sameTerm(?v, ?w) || ({odd}))" for pair in pairs]

    def _less_than(self, shape: Shape, others: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        return self._ordered("<", others, focus, path)

    def _less_than_or_equals(self, shape: Shape, others: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        return self._ordered("<=", others, focus, path)

    def _ordered(self, sign: str, others: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        if path is None:
            return None
        certain = f"?v {sign} ?w && ({_COMPARED})"
        pairs = (joined(f"{focus} {path} ?v", f"{focus} <{other}> ?w") for other in others)
        return [f"{pair} FILTER(!COALESCE({certain}, false))" for pair in pairs]

    def _closed(self, shape: Shape, values: tuple[Node, ...], focus: str, path: str | None) -> Bodies:
        if not any(str(value) == "true" for value in values):
            return []
        value, step = ("?v", f"{focus} {path} ?v .") if path else (focus, "")
        allowed = ", ".join(f"<{name}>" for name in sorted(self._evaluator.allowed(shape)))
        # To Oxigraph nothing at all is outside of an empty list.
        others = f"FILTER(?p NOT IN ({allowed}))" if allowed else ""
        return [f"{step} {value} ?p ?o . {others}"]


_WRITERS: Mapping[str, Callable[[ConstraintQueries, Shape, tuple[Node, ...], str, str | None], Bodies]] = {
    str(SH["class"]): ConstraintQueries._class,
    str(SH.minCount): ConstraintQueries._min_count,
    str(SH.maxCount): ConstraintQueries._max_count,
    str(SH.hasValue): ConstraintQueries._has_value,
    str(SH.nodeKind): ConstraintQueries._node_kind,
    str(SH.uniqueLang): ConstraintQueries._unique_lang,
    str(SH.equals): ConstraintQueries._equals,
    str(SH.disjoint): ConstraintQueries._disjoint,
    str(SH.lessThan): ConstraintQueries._less_than,
    str(SH.lessThanOrEquals): ConstraintQueries._less_than_or_equals,
    str(SH.closed): ConstraintQueries._closed,
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    str(SH.IRI): ("isIRI",),
    str(SH.BlankNode): ("isBlank",),
    str(SH.Literal): ("isLiteral",),
    str(SH.BlankNodeOrIRI): ("isBlank", "isIRI"),
    str(SH.BlankNodeOrLiteral): ("isBlank", "isLiteral"),
    str(SH.IRIOrLiteral): ("isIRI", "isLiteral"),
}
_IDENTITY = frozenset(map(str, (SH.hasValue, SH.equals, SH.disjoint)))
"""Constraints that ask whether terms are the same, which a changed form may hide."""


def _count(limits: tuple[Node, ...]) -> int | None:
    return int(str(limits[0])) if len(limits) == 1 and str(limits[0]).isdecimal() else None
