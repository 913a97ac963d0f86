"""Which form an answer takes: the formats, their media types and the choice between them by an Accept header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.web import negotiation
from kg.web.refusal import Refusal
from kg.web.sparql.query_text import QueryKind


@dataclass(frozen=True, slots=True)
class Format:
    """A form of answers: its media type, others that ask for it, its short names and its IRI in service descriptions.

    `ends` are the bytes that every whole answer ends with, blanks left out: a broken one does not.
    """

    media_type: str
    aliases: tuple[str, ...]
    names: tuple[str, ...]
    iri: str
    parameters: str = ""
    ends: tuple[bytes, ...] = ()


_W3C = "http://www.w3.org/ns/formats/"
_UTF8 = "; charset=utf-8"

ROWS = (
    Format(
        "application/sparql-results+json",
        ("application/json",),
        ("json", "sparql-results+json"),
        f"{_W3C}SPARQL_Results_JSON",
        ends=(b"}",),
    ),
    Format(
        "application/sparql-results+xml",
        ("application/xml", "text/xml"),
        ("xml", "sparql-results+xml"),
        f"{_W3C}SPARQL_Results_XML",
        ends=(b"</sparql>",),
    ),
    Format("text/csv", (), ("csv",), f"{_W3C}SPARQL_Results_CSV", _UTF8),
    Format("text/tab-separated-values", (), ("tsv",), f"{_W3C}SPARQL_Results_TSV", _UTF8),
)
"""For SELECT and ASK, the preferred first."""

GRAPHS = (
    Format("text/turtle", ("application/x-turtle",), ("turtle", "ttl"), f"{_W3C}Turtle", _UTF8),
    Format("application/n-triples", ("text/plain",), ("n-triples", "ntriples", "nt"), f"{_W3C}N-Triples"),
    Format(
        "application/ld+json",
        ("application/json",),
        ("json-ld", "jsonld", "json"),
        f"{_W3C}JSON-LD",
        ends=(b"]", b"}"),
    ),
    Format(
        "application/rdf+xml",
        ("application/xml", "text/xml"),
        ("rdf+xml", "rdfxml", "rdf", "xml"),
        f"{_W3C}RDF_XML",
        ends=(b"</rdf:RDF>",),
    ),
    Format("application/n-quads", (), ("n-quads", "nquads", "nq"), f"{_W3C}N-Quads"),
    Format("application/trig", (), ("trig",), f"{_W3C}TriG"),
    Format("text/n3", ("text/rdf+n3",), ("n3",), f"{_W3C}N3", _UTF8),
)
"""For CONSTRUCT, DESCRIBE and the service description, the preferred first."""

HTML = Format("text/html", ("application/xhtml+xml",), ("html",), "", _UTF8)


@dataclass(frozen=True, slots=True)
class Choice:
    """The format to answer in and the media type to call it by, which is the one that was asked for."""

    format: Format
    media_type: str

    @property
    def called(self) -> str:
        """The media type with its parameters."""
        return self.media_type + self.format.parameters


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which format to answer with rows or a truth value, and in which with a graph; None where none will do."""

    rows: Choice | None
    graphs: Choice | None

    def of(self, kind: QueryKind) -> Choice | None:
        """Return the format for the answer to a query of a kind."""
        return self.rows if formats(kind) is ROWS else self.graphs

    def without_pages(self) -> Wanted:
        """Return the same where no page is made."""
        return Wanted(
            *(None if choice is None or choice.format is HTML else choice for choice in (self.rows, self.graphs))
        )

    def refusal(self) -> Refusal:
        """Return what to say when the answer is of the kind that no format will do for."""
        return not_offered(GRAPHS if self.rows else ROWS)


def not_offered(offered: Sequence[Format]) -> Refusal:
    """Return what to say when none of the formats will do."""
    return Refusal(406, f"the answer can be {', '.join(form.media_type for form in offered)}")


def formats(kind: QueryKind) -> tuple[Format, ...]:
    """Return the formats that an answer to this kind of query can have."""
    return ROWS if kind in ("select", "ask") else GRAPHS


def named(name: str, offered: Sequence[Format]) -> Choice | None:
    """Return the format with a short name or media type, as clients send it in a `format` parameter.

    >>> named("csv", ROWS).media_type
    'text/csv'
    """
    for entry in offered:
        if name.lower() in (*entry.names, entry.media_type):
            return Choice(entry, entry.media_type)
    return None


@lru_cache(maxsize=1024)
def chosen(accept: str | None, offered: tuple[Format, ...]) -> Choice | None:
    """Return the format that an Accept header prefers, the earlier offered one if it has no preference.

    >>> chosen("text/csv;q=0.5, application/xml", ROWS).media_type
    'application/xml'
    >>> chosen("image/png", ROWS) is None
    True
    """
    choices = [Choice(entry, entry.media_type) for entry in offered]
    choices += [Choice(entry, alias) for entry in offered for alias in entry.aliases]
    best = negotiation.media_type(accept, [choice.media_type for choice in choices])
    return next((choice for choice in choices if choice.media_type == best), None)


@lru_cache(maxsize=1024)
def wanted(accept: str | None, name: str, *, pages: bool) -> Wanted:
    """Return the formats that a `format` parameter names, else those that an Accept header prefers.

    With `pages` HTML is offered too, after all others.
    """
    return Wanted(wanted_of(ROWS, accept, name, pages=pages), wanted_of(GRAPHS, accept, name, pages=pages))


@lru_cache(maxsize=1024)
def for_programs(accept: str | None, name: str, *, pages: bool) -> Wanted | None:
    """Return the same as `wanted`; None if a page is wanted or would do best, or if no format will do."""
    both = wanted(accept, name, pages=pages)
    choices = [choice for choice in (both.rows, both.graphs) if choice is not None]
    if not choices or (pages and prefers_pages(accept)) or any(choice.format is HTML for choice in choices):
        return None
    return both


def wanted_of(offered: tuple[Format, ...], accept: str | None, name: str, *, pages: bool) -> Choice | None:
    """Return the format that is wanted of those offered."""
    by_name = named(name, offered) if name else None
    return by_name or chosen(accept, (*offered, HTML) if pages else offered)


@lru_cache(maxsize=1024)
def prefers_pages(accept: str | None) -> bool:
    """Return whether an Accept header likes a page better than a graph.

    >>> prefers_pages("text/html,*/*;q=0.8"), prefers_pages("*/*")
    (True, False)
    """
    preferred = chosen(accept, (GRAPHS[0], HTML))
    return preferred is not None and preferred.format is HTML
