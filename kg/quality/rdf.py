"""Writes a quality report as RDF in a graph of its own: a SHACL validation report, and DQV measurements.

Every issue is a ``sh:ValidationResult`` with an IRI of its own, so that the same issue has the same name tomorrow.
Issues that come from no shape have the IRI of their rule as ``sh:sourceConstraintComponent``.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kg.literals import escaped, literal
from kg.quality.model import Issue, Known, QualityReport, Text
from kg.turtle import turtle
from kg.vocabulary import EXTERNAL_PREFIXES, PROPERTIES, Names

_PREFIXES = {
    **EXTERNAL_PREFIXES,
    "dqv": "http://www.w3.org/ns/dqv#",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
}
_OUTSIDE = frozenset(("title", "description", "identifier"))
_IRI_BREAKERS = frozenset('<>"{}|^`\\ \n\t')


def quality_turtle(report: QualityReport) -> Iterator[str]:
    """Yield the pieces of the report as Turtle; the same report gives the same bytes."""
    names = Names(report.base)
    order = (names.thing("quality-report"), names.thing("measurement"), names.thing("metric"))
    prefixes = {**_PREFIXES, "kg": f"{report.base}ontology#", "finding": names.thing("finding", "")}
    return turtle(quality_triples(report), prefixes, order)


def quality_nquads(report: QualityReport) -> Iterator[str]:
    """Yield the report as lines of N-Quads in the graph ``…id/graph/quality``, sorted."""
    graph = f"<{Names(report.base).thing('graph', 'quality')}>"
    return (f"{triple} {graph} .\n" for triple in quality_triples(report))


def quality_triples(report: QualityReport) -> list[str]:
    """Return the report as sorted triples."""
    return sorted(set(_Writer(report).triples()))


class _Writer:
    def __init__(self, report: QualityReport) -> None:
        self._report, self._names = report, Names(report.base)
        self._whole = f"<{self._names.thing('quality-report').rstrip('/')}>"

    def triples(self) -> Iterator[str]:
        """Yield every triple."""
        yield self._triple(self._whole, "rdf:type", _iri("sh:ValidationReport"))
        yield self._triple(self._whole, "sh:conforms", literal(not self._report.issues))
        yield self._triple(self._whole, "dcterms:identifier", literal(self._report.generation))
        for place, issue in enumerate(self._report.issues, start=1):
            yield from self._issue(issue, place)
        for known in self._report.completeness:
            yield from self._known(known)

    def _triple(self, subject: str, predicate: str, value: str) -> str:
        prefix, local = predicate.split(":")
        name = self._names.term(local) if prefix == "kg" else _PREFIXES[prefix] + local
        return f"{subject} <{name}> {value}"

    def _issue(self, issue: Issue, place: int) -> Iterator[str]:
        subject = f"<{self._names.thing('finding', issue.id)}>"
        yield self._triple(self._whole, "sh:result", subject)
        yield self._triple(subject, "rdf:type", _iri("sh:ValidationResult"))
        yield self._triple(subject, "sh:focusNode", self._focus(issue))
        severity = issue.severity if issue.severity.isalpha() else "Info"
        yield self._triple(subject, "sh:resultSeverity", _iri(f"sh:{severity}"))
        yield self._triple(subject, "sh:sourceConstraintComponent", self._component(issue))
        yield self._triple(subject, "schema:position", literal(place))
        if _is_iri(issue.shape):
            yield self._triple(subject, "sh:sourceShape", f"<{issue.shape}>")
        path = self._path(issue.fact)
        if path:
            yield self._triple(subject, "sh:resultPath", path)
        if issue.value:
            yield self._triple(subject, "sh:value", literal(issue.value))
        if issue.found and issue.kind == "text":
            yield self._triple(subject, "kg:matchedText", literal(issue.found))
        if issue.quote:
            tag = f"@{issue.language}" if issue.language else ""
            yield self._triple(subject, "kg:quote", f'"{escaped(issue.quote)}"{tag}')
        yield from self._texts(subject, "sh:resultMessage", issue.messages)
        yield from self._texts(subject, "skos:editorialNote", issue.suggestions)
        if issue.about.iri and _is_iri(issue.about.iri):
            yield self._triple(subject, "schema:about", f"<{issue.about.iri}>")
        for source in issue.sources:
            iri = self._report.source_iris.get(source)
            yield self._triple(subject, "dcterms:source", f"<{iri}>" if iri else literal(source))

    def _focus(self, issue: Issue) -> str:
        choices = (issue.focus, issue.about.iri, *(self._report.source_iris.get(name) for name in issue.sources))
        return next((f"<{each}>" for each in choices if each and _is_iri(each)), self._whole)

    def _component(self, issue: Issue) -> str:
        if issue.kind == "shape" and issue.component.isalnum():
            return _iri(f"sh:{issue.component}ConstraintComponent")
        return f"<{self._names.thing('quality-rule', issue.rule)}>"

    def _path(self, fact: str) -> str | None:
        if fact in _OUTSIDE:
            return _iri(f"dcterms:{fact}")
        return f"<{self._names.term(fact)}>" if fact in PROPERTIES else None

    def _texts(self, subject: str, predicate: str, texts: Text) -> Iterator[str]:
        for language, text in texts.items():
            tag = f"@{language}" if language else ""
            yield self._triple(subject, predicate, f'"{escaped(text)}"{tag}')

    def _known(self, known: Known) -> Iterator[str]:
        metric = f"<{self._names.thing('metric', f'known-{known.fact}')}>"
        measured = f"<{self._names.thing('measurement', f'known-{known.fact}')}>"
        yield self._triple(metric, "rdf:type", _iri("dqv:Metric"))
        yield self._triple(metric, "dqv:inDimension", _iri("ldqd:completeness"))
        yield self._triple(metric, "dqv:expectedDataType", _iri("xsd:decimal"))
        yield from self._texts(metric, "skos:prefLabel", known.labels)
        if known.letter.isalpha():
            yield self._triple(metric, "skos:notation", literal(f"49(3)({known.letter})"))
        yield self._triple(measured, "rdf:type", _iri("dqv:QualityMeasurement"))
        yield self._triple(measured, "dqv:isMeasurementOf", metric)
        yield self._triple(measured, "dqv:computedOn", f"<{self._names.thing('dataset', 'esf-kg')}>")
        share = known.bound_share if known.letter else known.share
        yield self._triple(measured, "dqv:value", literal(Decimal(f"{share:.4f}")))


def _iri(short: str) -> str:
    prefix, local = short.split(":")
    return f"<{_PREFIXES[prefix]}{local}>"


def _is_iri(text: str) -> bool:
    return ":" in text and not text.startswith("_:") and _IRI_BREAKERS.isdisjoint(text)
