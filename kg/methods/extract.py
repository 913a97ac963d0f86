"""Finds the methods that a text names, with role, evidence and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.methods import clues, rulebook
from kg.methods.context import Contexts, Verdict
from kg.methods.definitions import Definitions, definitions
from kg.methods.document import Document, Spot
from kg.methods.lexicon import Name, names
from kg.methods.matcher import Match, Matcher
from kg.methods.normalise import Normalised, normalise
from kg.methods.reading import Reader
from kg.methods.roles import Asked, Roles, Ruling
from kg.methods.rules import Rules
from kg.model import MethodUse

if TYPE_CHECKING:
    from kg.ontology import Ontology


SURE = 0.35
"""The least confidence with which a role links a project to a method."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Words that look like the name of a method and were not taken for one, and why."""

    start: int
    end: int
    matched: str
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in one text: every use in the order of the text, and what was left out."""

    uses: tuple[MethodUse, ...]
    rejected: tuple[Rejected, ...]

    def best_uses(self) -> tuple[MethodUse, ...]:
        """Return one use for each method and role: the surest, and of equally sure ones the first.

        A mere mention says nothing more once the same text gives the method another role, so it is left out then;
        a method that is both used and denied, or used and developed, keeps both roles, each with its sentence.
        """
        best: dict[tuple[str, str], MethodUse] = {}
        for use in self.uses:
            key = (use.method, use.role)
            if key not in best or use.confidence > best[key].confidence:
                best[key] = use
        told = {use.method for use in self.uses if use.role != "mentions"}
        kept = [use for use in best.values() if use.role != "mentions" or use.method not in told]
        return tuple(sorted(kept, key=lambda use: (use.start, use.end, use.method)))

    def settled_uses(self) -> tuple[MethodUse, ...]:
        """Return the best uses as a graph may state them: an unsure one is undecided, and so a mere mention.

        A link between a project and a method is quoted by people who do not read the page again, so a role with less
        confidence than `SURE` is not stated; the words and the confidence stay.
        """
        unsure = (use.confidence < SURE and use.role != "negated" for use in self.uses)
        uses = tuple(replace(use, role="mentions") if low else use for use, low in zip(self.uses, unsure, strict=True))
        return Extraction(uses, self.rejected).best_uses()


class Text(NamedTuple):
    """A text of a project, the code of the project's specific objective, and its name."""

    text: str
    objective: str | None = None
    title: str | None = None


class Read(NamedTuple):
    """A text as the rules see it, and all words in it that could be a name."""

    document: Document
    matches: list[Match]


class Extractor:
    """Finds the methods of one ontology by one set of rules; threads may share it, and it can be pickled."""

    def __init__(self, ontology: Ontology, rules: Path | None = None, weights: clues.Weights | None = None) -> None:
        self.rules: Rules = rulebook.read(rules) if rules else rulebook.installed()
        found = names(ontology.concepts("methods"), self.rules.names.extra)
        self._contexts = Contexts(self.rules)
        exact_only = frozenset(name.text for name in found if self._contexts.demanding(name))
        self._matcher = Matcher(found, self.rules.names, exact_only)
        self._reader = Reader(self.rules)
        self._roles = Roles(self.rules, clues.installed() if weights is None else weights)

    def extract(self, text: str, *, objective: str | None = None, title: str | None = None) -> Extraction:
        """Return the methods that `text` names.

        `objective` is the code of the project's specific objective, which tells staff training from work with
        participants; `title` is the project's name: its capitals do not make ordinary words the name of a method.
        """
        return self.extract_all([Text(text, objective, title)])[0]

    def extract_all(self, texts: Sequence[Text]) -> list[Extraction]:
        """Return the methods that each of the texts names.

        One step is taken for all texts before the next: each step has code and tables of its own, and text by text
        they drive each other out of the caches of the processor. Some hundred texts at a time are enough for that.
        """
        reads = self._reads([text.text for text in texts], [text.title for text in texts])
        judged = [self._contexts.verdicts(read[0]) if read else () for read in reads]
        asked = [
            Asked(read[0], verdict.spot, verdict.name.method, text.objective)
            for text, read, verdicts in zip(texts, reads, judged, strict=True)
            for verdict in verdicts
            if read and verdict.accepted
        ]
        rulings = iter(self._roles.rulings(asked))
        return [
            self._extraction(text.text, read, verdicts, rulings) if read else Extraction((), ())
            for text, read, verdicts in zip(texts, reads, judged, strict=True)
        ]

    def _extraction(self, text: str, read: Read, verdicts: Sequence[Verdict], rulings: Iterator[Ruling]) -> Extraction:
        """Return what stands in one text; `rulings` begins with those of its accepted verdicts."""
        normal = read.document.text
        uses: list[MethodUse] = []
        rejected = list(self._never(text, normal, read.matches))
        for verdict in verdicts:
            if verdict.accepted:
                uses.append(_use(text, normal, verdict, next(rulings)))
            else:
                start, end = normal.span(verdict.spot.match.start, verdict.spot.match.end)
                rejected.append(Rejected(start, end, text[start:end], verdict.name.method, verdict.rule))
        return Extraction(tuple(uses), tuple(sorted(rejected, key=lambda one: (one.start, one.end))))

    def read(self, text: str, title: str | None = None) -> Read | None:
        """Return the text as the rules see it, and all words in it that could be a name; None where there are none."""
        return self._reads([text], [title])[0]

    def _reads(self, texts: Sequence[str], titles: Sequence[str | None]) -> list[Read | None]:
        normals = [*map(normalise, texts)]
        found = [*map(self._matcher.find, normals)]
        defined = [definitions(*each) if each[1] else None for each in zip(normals, found, strict=True)]
        found = [
            self._with_bound(normal, matches, known) if known else matches
            for normal, matches, known in zip(normals, found, defined, strict=True)
        ]
        return [
            Read(Document(normal, matches, known, self._reader, title), matches) if known else None
            for normal, matches, known, title in zip(normals, found, defined, titles, strict=True)
        ]

    def _with_bound(self, normal: Normalised, matches: list[Match], defined: Definitions) -> list[Match]:
        """Add the places of abbreviations that only this document defines."""
        known = {name.text for match in matches for name in match.names if name.abbreviation}
        extra = [
            Name(method, text, text, True, False, ()) for text, method in defined.methods.items() if text not in known
        ]
        return self._matcher.find(normal, extra) if extra else matches

    def _never(self, text: str, normal: Normalised, matches: Iterable[Match]) -> Iterable[Rejected]:
        for match in matches:
            if not match.names:
                start, end = normal.span(match.start, match.end)
                reason = self.rules.names.never[normal.scan[match.start : match.end]]
                yield Rejected(start, end, text[start:end], "", f"never a method: {reason}")


def _use(text: str, normal: Normalised, verdict: Verdict, ruling: Ruling) -> MethodUse:
    spot: Spot = verdict.spot
    start, end = normal.span(spot.match.start, spot.match.end)
    first, last = normal.span(*spot.span)
    return MethodUse(
        method=verdict.name.method,
        role=ruling.role,
        quote=text[first:last],
        start=start,
        end=end,
        matched=text[start:end],
        rule=f"{verdict.rule}+{ruling.rule}",
        confidence=round(min(verdict.confidence, ruling.confidence), 2),
    )
