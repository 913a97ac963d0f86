"""From a query that may run to its answer: answers kept, the client's turn, the engines."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from kg.vocabulary import Names
from kg.web.negotiation import matches_etag
from kg.web.refusal import Refusal
from kg.web.sparql.asking import Answered, Asking, Gone, Means, answer
from kg.web.sparql.clients import Clients
from kg.web.sparql.engine import Setting
from kg.web.sparql.engines import Engines
from kg.web.sparql.kept_answers import KeptAnswers
from kg.web.sparql.limits import Limits
from kg.web.sparql.outcomes import Found, Question
from kg.web.sparql.sending import Sent


class Planned(NamedTuple):
    """A question for an engine, and the name of its answer if that may be kept."""

    question: Question
    tag: str = ""

    def sent(self, found: Found) -> Sent:
        """Return the answer as it is sent."""
        wanted = self.question.wanted
        choice = wanted.graphs if found.graph else wanted.rows
        assert choice is not None  # an answer of a kind that nobody wants is a refusal
        etag = f'"{self.tag}"' if self.tag else ""
        return Sent(found.body, choice.called, etag=etag)

    def unchanged(self, held: str | None) -> Sent | None:
        """Return the answer to a client that holds the answer already, or None if it does not."""
        if not held or not self.tag:
            return None
        etag = f'"{self.tag}"'
        return Sent(b"", "", 304, etag) if matches_etag(held, etag) else None


class Answering:
    """Answers questions from the engines of one generation at a time.

    `address` is the base of relative IRIs in queries, `base` that of our own; `clients` takes turns between clients.
    """

    def __init__(self, base: str, address: str, limits: Limits, clients: Clients) -> None:
        self._limits, self._clients = limits, clients
        self.prefixes = Names(base).prefixes()
        self.setting = Setting(limits.engine_bytes, limits.result_bytes, address, self.prefixes)
        self._means: Means | None = None
        self.generation = ""
        self._named = blake2b(digest_size=16)
        self._kept = KeptAnswers(limits.cache_bytes)

    @property
    def engines(self) -> Engines | None:
        """What answers; None before the start and after the end."""
        return self._means.engines if self._means else None

    def take(self, engines: Engines | None, generation: str) -> Engines | None:
        """Answer from these engines from now on, from none if there are none, and return those before."""
        before = self.engines
        self._means = Means(engines, self._clients, self._limits) if engines else None
        if generation != self.generation:
            self._kept.clear()
        self.generation = generation
        self._named = blake2b(f"{generation}\n{self.setting.base}\n".encode(), digest_size=16)
        return before

    def planned(self, question: Question, *, volatile: bool) -> Planned:
        """Return what to do for an answer; one that is `volatile` differs from one time to the next."""
        return Planned(question, "" if volatile else self._tag(question))

    def _tag(self, question: Question) -> str:
        """Return a name for the answer to a question, different for each generation, question and form."""
        name = self._named.copy()
        name.update(question.request)
        return name.hexdigest()

    def kept(self, tag: str) -> Found | None:
        """Return the answer of that name, if it is kept."""
        return self._kept.get(tag)

    def ask(self, planned: Planned, client: str, answered: Answered) -> Asking | None:
        """Ask the engines and keep the answer, which `answered` gets later; None if there is nobody to ask."""
        if self._means is None:
            return None
        asking = Asking(planned.question, client, self._means, self._keeping(planned, answered))
        asking.begin()
        return asking

    def _keeping(self, planned: Planned, answered: Answered) -> Answered:
        generation = self.generation

        def keep(found: Found | Refusal) -> None:
            if planned.tag and isinstance(found, Found) and generation == self.generation:
                self._kept.put(planned.tag, found)
            answered(found)

        return keep

    async def found(self, planned: Planned, client: str, gone: Gone) -> Found | Refusal:
        """Return the answer, kept or new, or why there is none."""
        kept = self._kept.get(planned.tag)
        if kept is not None:
            return kept
        return await answer(lambda answered: self.ask(planned, client, answered), gone)
