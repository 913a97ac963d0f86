"""The named queries listed for readers: as a Markdown table, and as Turtle for query editors.

The Turtle has the form of the SIB's SPARQL examples: a query is a ``sh:SPARQLExecutable`` with its question as
``rdfs:comment`` and its words as ``schema:keywords``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.literals import escaped
from kg.queries.reading import NamedQuery, rebased
from kg.store.syntax import QueryKind
from kg.turtle import turtle
from kg.vocabulary import EXTERNAL_PREFIXES, Names

_FORMS: dict[QueryKind, tuple[str, str]] = {
    "select": ("SPARQLSelectExecutable", "select"),
    "ask": ("SPARQLAskExecutable", "ask"),
    "construct": ("SPARQLConstructExecutable", "construct"),
    "describe": ("SPARQLExecutable", "describe"),
}


def markdown(queries: Iterable[NamedQuery]) -> Iterator[str]:
    """Yield the lines of a table of names, questions in both languages and parameters."""
    yield "| query | question | fråga | parameters |\n"
    yield "|---|---|---|---|\n"
    for query in queries:
        parameters = ", ".join(f"`{each.name}`" for each in query.parameters)
        yield f"| [{query.name}]({query.name}.rq) | {query.summary['en']} | {query.summary['sv']} | {parameters} |\n"


def examples(queries: Iterable[NamedQuery], base: str, target: str | None = None) -> Iterator[str]:
    """Yield the pieces of a Turtle document; `target` is the address of the SPARQL service that the queries are for."""
    triples = sorted({triple for query in queries for triple in _triples(query, Names(base), target)})
    return turtle(triples, Names(base).prefixes())


def _triples(query: NamedQuery, names: Names, target: str | None) -> Iterator[str]:
    subject = f"<{names.thing('query', query.name)}>"
    form, predicate = _FORMS[query.kind]
    for cls in sorted({"SPARQLExecutable", form}):
        yield f"{subject} {_external('rdf', 'type')} {_external('sh', cls)}"
    for language, question in query.summary.items():
        yield f'{subject} {_external("rdfs", "comment")} "{escaped(question)}"@{language}'
    yield f'{subject} {_external("sh", predicate)} "{escaped(rebased(query.text, names.base))}"'
    for tag in query.tags:
        yield f'{subject} {_external("schema", "keywords")} "{escaped(tag)}"'
    if target:
        yield f"{subject} {_external('schema', 'target')} <{target}>"


def _external(prefix: str, name: str) -> str:
    return f"<{EXTERNAL_PREFIXES[prefix]}{name}>"
