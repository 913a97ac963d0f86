"""One door to a graph: the same questions to an Oxigraph folder on disk and to any SPARQL 1.1 server."""

from __future__ import annotations

from kg.store.answer import Answer, Plain, Row, Term, plain
from kg.store.embedded import DATA, REPORT, STORE, EmbeddedStore, create, open_build, read_report
from kg.store.interface import Store
from kg.store.loading import Loading
from kg.store.remote import RemoteStore

__all__ = [
    "DATA",
    "REPORT",
    "STORE",
    "Answer",
    "EmbeddedStore",
    "Loading",
    "Plain",
    "RemoteStore",
    "Row",
    "Store",
    "Term",
    "create",
    "open_build",
    "plain",
    "read_report",
]
