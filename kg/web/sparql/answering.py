"""From a query that may run to its answer: prefixes, answers kept, the client's turn, the engines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hashlib import blake2b

from kg.vocabulary import Names
from kg.web.negotiation import matches_etag
from kg.web.refusal import Refusal
from kg.web.sparql.asking import BUSY, Gone, Question, answer
from kg.web.sparql.clients import Clients
from kg.web.sparql.engines import Engines
from kg.web.sparql.kept_answers import KeptAnswers
from kg.web.sparql.limits import Limits
from kg.web.sparql.protocol import Asked
from kg.web.sparql.query_text import QueryText
from kg.web.sparql.result_formats import Choice, Format
from kg.web.sparql.sending import Sent


@dataclass(frozen=True, slots=True)
class Planned:
    """A question for an engine, by what media type to call the answer, and the answer's name if it may be kept."""

    question: Question
    choice: Choice
    tag: str = ""

    def sent(self, body: bytes) -> Sent:
        """Return the answer as it is sent."""
        etag = f'"{self.tag}"' if self.tag else ""
        return Sent(body, self.choice.media_type + self.choice.format.parameters, etag=etag)

    def unchanged(self, held: str | None) -> Sent | None:
        """Return the answer to a client that holds the answer already, or None if it does not."""
        etag = f'"{self.tag}"'
        return Sent(b"", self.choice.media_type, 304, etag) if self.tag and matches_etag(held, etag) else None


class Answering:
    """Answers questions from the engines of one generation at a time.

    `address` is the base of relative IRIs in queries, `base` that of our own; `clients` takes turns between clients.
    """

    def __init__(self, base: str, address: str, limits: Limits, clients: Clients) -> None:
        self._address, self._limits, self._clients = address, limits, clients
        self.prefixes = Names(base).prefixes()
        self.engines: Engines | None = None
        self.generation = ""
        self._kept = KeptAnswers(limits.cache_bytes)

    def take(self, engines: Engines, generation: str) -> Engines | None:
        """Answer from these engines from now on, and return those before."""
        before, self.engines, self.generation = self.engines, engines, generation
        self._kept.clear()
        return before

    def question(self, asked: Asked, text: QueryText, form: Format) -> Question:
        """Return what to ask the engines."""
        return Question(text.text, self._head(text), form, asked.default_graphs, asked.named_graphs)

    def _head(self, text: QueryText) -> str:
        # Without a base, Oxigraph would resolve relative IRIs against its own address on loopback.
        used = sorted(text.undeclared & self.prefixes.keys()) if text.undeclared else ()
        return "".join([f"BASE <{self._address}> ", *(f"PREFIX {name}: <{self.prefixes[name]}> " for name in used)])

    def tag(self, question: Question) -> str:
        """Return a name for the answer to a question, different for each generation, question and format."""
        graphs = (*question.default_graphs, "", *question.named_graphs)
        parts = "\n".join((self.generation, question.format.media_type, *graphs, question.head, question.query))
        return blake2b(parts.encode(), digest_size=16).hexdigest()

    def planned(self, asked: Asked, text: QueryText, choice: Choice) -> Planned:
        """Return what to do for an answer of the format chosen."""
        question = self.question(asked, text, choice.format)
        return Planned(question, choice, "" if text.volatile else self.tag(question))

    def kept(self, tag: str) -> bytes | None:
        """Return the answer of that name, if it is kept."""
        return self._kept.get(tag)

    async def found(self, question: Question, tag: str, client: str, gone: Gone) -> bytes | Refusal:
        """Return the answer, kept or new, or why there is none; without a tag it is not kept."""
        kept = self._kept.get(tag)
        if kept is not None:
            return kept
        found = await self._new(question, client, gone)
        if tag and isinstance(found, bytes):
            self._kept.put(tag, found)
        return found

    async def _new(self, question: Question, client: str, gone: Gone) -> bytes | Refusal:
        end = asyncio.get_running_loop().time() + self._limits.query_seconds
        if not await self._clients.begin(client, self._limits.wait_seconds):
            return Refusal(429, f"one client may run {self._limits.client_engines} queries at once", 1)
        try:
            if self.engines is None:
                return BUSY
            return await answer(question, self.engines, self._limits, end=end, gone=gone)
        finally:
            self._clients.end(client)
