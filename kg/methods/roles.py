"""Gives a role to a name in its sentence, by the cues and the negations of the rule file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.methods.matcher import Match
from kg.methods.phrases import Found, PhraseIndex, Token, tokens
from kg.methods.rules import Rules
from kg.model import Role


@dataclass(frozen=True, slots=True)
class Ruling:
    """The role of a name, the rule that gave it, and how sure it is."""

    role: Role
    rule: str
    confidence: float


class Roles:
    """The cues of the rule file, ready to be looked up in sentences."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._cues = PhraseIndex(cue.steps for cue in rules.cues)

    def ruling(self, lower: str, start: int, end: int, match: Match) -> Ruling:
        """Return the role of `match` in the sentence `start` to `end` of the text in small letters."""
        words = tokens(lower, start, end)
        first = next((i for i, w in enumerate(words) if w.end > match.start), 0)
        last = next((i for i, w in enumerate(words) if w.start >= match.end), len(words))
        best: tuple[float, Found] | None = None
        for found in self._cues.find(words):
            score = self._score(found, words, first, last)
            if score is not None and (best is None or score > best[0]):
                best = (score, found)
        if best is None:
            return Ruling("uses", "default", 0.7)
        cue = self._rules.cues[best[1].number]
        return Ruling(cue.role, cue.name, cue.confidence)

    def _score(self, found: Found, words: Sequence[Token], first: int, last: int) -> float | None:
        cue = self._rules.cues[found.number]
        if cue.side == "before" and found.last <= first:
            return cue.strength - (first - found.last) / 4
        if cue.side == "after" and found.first >= last:
            return cue.strength - (found.first - last) / 4
        if cue.side == "anywhere":
            return cue.strength - 1
        return None
