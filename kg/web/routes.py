"""What a page is to the server: its path, its forms, the parameters it takes, and the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.web.answers import CSV, HTML, JSON, Content
from kg.web.refusal import Refusal
from kg.web.views import View

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "html": HTML,
        "ttl": "text/turtle",
        "jsonld": "application/ld+json",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "json": JSON,
        "csv": CSV,
        "xml": "application/xml",
        "txt": "text/plain",
    }
)
"""Forms of documents: the suffix of the address, and the media type."""
RDF_FORMS = ("ttl", "jsonld", "nt", "rdf")
DOCUMENT = ("html", *RDF_FORMS)
"""Forms of the document about a thing, those that are given first to a client that likes them alike."""

Handler = Callable[[View, str], Content | Refusal]
"""Makes a page in one of its forms."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    `path` is below the root or the language, in Starlette's form; `takes` are the parameters of the query that mean
    something; `forms` are suffixes; `open_ended` says that the path ends in a key, which may be followed by a suffix;
    `bare` says that the path has no language and takes no suffix.
    """

    path: str
    handler: Handler = field(repr=False)
    takes: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ("html",)
    open_ended: bool = False
    bare: bool = False
