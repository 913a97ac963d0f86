"""Finds the methods that a text names, with role, evidence and confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.methods import rules as rule_file
from kg.methods.lexicon import Name, names
from kg.methods.matcher import Match, Matcher
from kg.methods.normalise import normalise
from kg.methods.roles import Roles
from kg.methods.sentences import Sentences
from kg.model import MethodUse

if TYPE_CHECKING:
    from kg.ontology import Ontology


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

        A mere mention says nothing more once the same text gives the method another role, so it is left out then.
        """
        best: dict[tuple[str, str], MethodUse] = {}
        for use in self.uses:
            key = (use.method, use.role)
            if key not in best or use.confidence > best[key].confidence:
                best[key] = use
        told = {use.method for use in self.uses if use.role != "mentions"}
        kept = [use for use in best.values() if use.role != "mentions" or use.method not in told]
        return tuple(sorted(kept, key=lambda use: (use.start, use.end, use.method)))


class Extractor:
    """Finds the methods of one ontology; holds no state between texts, so threads may share it."""

    def __init__(self, ontology: Ontology) -> None:
        rules = rule_file.installed()
        concepts = ontology.concepts("methods")
        self._names = names(concepts)
        self._matcher = Matcher(self._names, rules.names, frozenset())
        self._roles = Roles(rules)

    def extract(self, text: str, *, objective: str | None = None, title: str | None = None) -> Extraction:
        """Return the methods that `text` names.

        `objective` is the code of the project's specific objective, which tells staff training from work with
        participants; `title` is the project's name, which is not a method only because it sounds like one.
        """
        normal = normalise(text)
        matches = self._matcher.find(normal)
        if not matches:
            return Extraction((), ())
        sentences = Sentences(normal.text)
        uses: list[MethodUse] = []
        rejected: list[Rejected] = []
        for match in matches:
            start, end = normal.span(match.start, match.end)
            reason = _form_reason(match)
            if reason:
                rejected.append(Rejected(start, end, text[start:end], _methods(match.names), reason))
                continue
            sentence = sentences.all[sentences.index(match.start)]
            last = sentences.all[sentences.index(match.end - 1)]
            first_offset, last_offset = normal.span(sentence.start, max(last.end, match.end))
            ruling = self._roles.ruling(normal.lower, sentence.start, max(last.end, match.end), match)
            for name in match.names[:1]:
                uses.append(
                    MethodUse(
                        name.method,
                        ruling.role,
                        text[first_offset:last_offset],
                        start,
                        end,
                        text[start:end],
                        ruling.rule,
                        ruling.confidence,
                    )
                )
        return Extraction(tuple(uses), tuple(rejected))


def _form_reason(match: Match) -> str | None:
    if match.form == "other-phrase":
        return "an ordinary phrase that only holds the word"
    if match.form == "unknown-compound":
        return f"part of another word, with {match.head!r} after it"
    return None


def _methods(found: tuple[Name, ...]) -> str:
    return found[0].method if found else ""
