"""SPARQL for people: a plain form, the named questions as examples, and answers as tables with links."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kg import queries
from kg.queries import NamedQuery
from kg.store import RemoteStore
from kg.web.answers import Content
from kg.web.endpoint import Shown
from kg.web.rendering import page
from kg.web.views import View

TAKES = frozenset(("name", *{parameter.name for query in queries.named_queries() for parameter in query.parameters}))
MOST_ROWS = 500
_FORMATS = {"select": ("csv", "tsv", "json", "xml"), "ask": ("json", "xml")}
_GRAPH_FORMATS = ("ttl", "nt", "jsonld", "rdf")
_FIRST = """SELECT ?project ?title ?method WHERE {
  ?project a kg:Project ; dcterms:title ?title ; kg:method ?method .
}
ORDER BY ?title
LIMIT 50"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of an answer: its text, the address that it leads to, its language and datatype."""

    text: str
    href: str | None = None
    outside: bool = False
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A named question in the language of the page, with the address that puts it into the form."""

    name: str
    question: str
    href: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form: its text, the named question that fills it with the values given, and what stands around it.

    `here` says whether queries can be asked of this site at all.
    """

    text: str
    chosen: NamedQuery | None
    values: Mapping[str, str]
    examples: Sequence[Example]
    prefixes: Mapping[str, str]
    here: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer: rows under columns, or the truth of an ASK, or a graph as Turtle; `more` rows are not shown.

    `files` are the addresses of the same answer in other formats.
    """

    files: Mapping[str, str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    more: int = 0
    truth: bool | None = None
    graph: str | None = None


def query_page(view: View, form: str) -> Content:
    """Return the form, filled with a named question if one is asked for.

    Raises:
        UsageError: there is no such question, or a parameter is not what it should be.
    """
    name = view.asked.value("name")
    chosen = queries.find(name) if name else None
    return page(view.asked, "query.html", form=_form(view, _text(view, chosen), chosen), answer=None, refusal=None)


def _form(view: View, text: str, chosen: NamedQuery | None = None) -> Form:
    examples = [
        Example(query.name, query.summary[view.asked.language], view.asked.href("query", name=query.name))
        for query in queries.named_queries()
    ]
    here = not isinstance(view.site.store, RemoteStore)
    return Form(text, chosen, _values(view, chosen), examples, view.naming.names.prefixes(), here)


def _values(view: View, chosen: NamedQuery | None) -> Mapping[str, str]:
    return {parameter.name: view.asked.value(parameter.name) for parameter in chosen.parameters} if chosen else {}


def _text(view: View, chosen: NamedQuery | None) -> str:
    if chosen is None:
        return _FIRST
    given = {name: value for name, value in _values(view, chosen).items() if value}
    text = queries.prepared(chosen, given, view.site.store)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()


def result_page(view: View, shown: Shown) -> Content:
    """Return the form with a query and what it answered, or why it did not."""
    status = shown.refusal.status if shown.refusal else 200
    answer = _answer(view, shown, shown.answer) if shown.answer is not None else None
    form = _form(view, shown.query or _FIRST)
    return page(view.asked, "query.html", status=status, form=form, answer=answer, refusal=shown.refusal)


def _answer(view: View, shown: Shown, body: bytes) -> AnswerView:
    formats = _FORMATS.get(shown.kind or "", _GRAPH_FORMATS)
    address = view.asked.plain("sparql")
    files = {name: f"{address}?{urlencode({'query': shown.query, 'format': name})}" for name in formats}
    if shown.kind not in _FORMATS:
        return AnswerView(files, graph=body.decode())
    found = json.loads(body)
    if "boolean" in found:
        return AnswerView(files, truth=found["boolean"])
    columns, bindings = found["head"]["vars"], found["results"]["bindings"]
    return AnswerView(files, columns, list(_rows(view, columns, bindings)), max(0, len(bindings) - MOST_ROWS))


def _rows(
    view: View, columns: Sequence[str], bindings: Sequence[Mapping[str, Mapping[str, str]]]
) -> Iterator[list[Cell]]:
    for binding in bindings[:MOST_ROWS]:
        yield [_cell(view, binding[column]) if column in binding else Cell("") for column in columns]


def _cell(view: View, term: Mapping[str, str]) -> Cell:
    value = term["value"]
    if term["type"] != "uri":
        datatype = term.get("datatype")
        return Cell(
            value, language=term.get("xml:lang"), datatype=view.site.terms.short(datatype) if datatype else None
        )
    path = view.naming.path(value)
    if path:
        return Cell(view.naming.label(value, view.asked.language), view.asked.href(path))
    own = view.site.terms.short(value)
    if own.startswith("kg:"):
        return Cell(own, f"{view.asked.href('ontology')}#{own[3:]}")
    is_web = value.startswith(("http://", "https://"))
    return Cell(own, value if is_web else None, outside=True)
