"""A question for an engine, its answer, and what to say when there is none."""

from __future__ import annotations

from typing import NamedTuple

from kg.store.syntax import illegal_query
from kg.web.refusal import Refusal
from kg.web.sparql import answerer, query_text
from kg.web.sparql.engine import Engine
from kg.web.sparql.exchange import Failed, Reply, form_of, request_of
from kg.web.sparql.limits import Limits
from kg.web.sparql.protocol import Asked
from kg.web.sparql.result_formats import Wanted

_SOON, _LATER = 2, 60
"""Seconds after which to come again: when all is busy, and when the query itself was too much."""
_SHOWN = 200
BROKEN = Refusal(503, "the answer broke off; ask again", _SOON)
GONE = Refusal(503, "the client went away before the answer", _SOON)
BUSY = Refusal(503, "the endpoint is busy; ask again in a moment", _SOON)


class Found(NamedTuple):
    """An answer: a graph, or else rows or a truth value."""

    body: bytes
    graph: bool


class Question(NamedTuple):
    """A query as its author wrote it, the forms of its answer, and both as an engine gets them."""

    query: str
    wanted: Wanted
    request: bytes

    @classmethod
    def of(cls, asked: Asked, query: str, wanted: Wanted) -> Question:
        """Return the question that a request asks."""
        rows = wanted.rows.format.media_type if wanted.rows else None
        graphs = wanted.graphs.format.media_type if wanted.graphs else None
        form = form_of(rows, graphs, asked.default_graphs, asked.named_graphs)
        return cls(query, wanted, request_of(form, query))


async def reason_of(failed: Failed, engine: Engine, limits: Limits) -> Refusal | None:
    """Return why there is no reply; None if the engine was ended from outside, so that another may try."""
    if failed.reason == "left":
        return GONE
    if failed.reason == "time":
        return Refusal(503, f"the query takes more than {limits.query_seconds:g} seconds and was stopped", _LATER)
    if failed.reason == "size":
        return _too_large(limits)
    cause = await engine.cause()
    if cause == "memory":
        return Refusal(503, f"the query needs more than {_megabytes(limits.engine_bytes)} of memory", _LATER)
    if cause == "depth":
        return Refusal(400, "the query has too many parts inside one another or in one chain")
    return None


def judged(reply: Reply, question: Question, limits: Limits) -> Found | Refusal:
    """Return the answer that a reply holds, or why it holds none."""
    verdict = reply.verdict
    if verdict in (answerer.ROWS, answerer.GRAPH):
        return Found(reply.body, verdict == answerer.GRAPH)
    if verdict == answerer.ILLEGAL:
        return _illegal(question.query, reply.body)
    if verdict == answerer.UNWANTED:
        return question.wanted.refusal()
    return _too_large(limits) if verdict == answerer.LARGE else BROKEN


def _illegal(query: str, message: bytes) -> Refusal:
    # An update is no query: it is refused as what it is.
    read = query_text.read(query)
    if isinstance(read, Refusal):
        return read
    return Refusal(400, illegal_query(query, SyntaxError(message.decode(errors="replace")[:_SHOWN])))


def _too_large(limits: Limits) -> Refusal:
    return Refusal(503, f"the answer is larger than {_megabytes(limits.result_bytes)}; add a LIMIT", _LATER)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:g} MB"
