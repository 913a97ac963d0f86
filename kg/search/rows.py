"""The rows that an index gives: things, projects, and uses of methods."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the graph by number, with its kind, key, labels and the number of projects that lead to it."""

    id: int
    kind: str
    key: str
    sv: str | None
    en: str | None
    notation: str | None
    projects: int

    def label(self, language: str) -> str:
        """Return the label in `language` (sv or en), or in the other, or the key."""
        first, second = (self.en, self.sv) if language == "en" else (self.sv, self.en)
        return first or second or self.notation or self.key

    def label_language(self, language: str) -> str:
        """Return the language in which `label` answers."""
        return language if (self.en if language == "en" else self.sv) else "en" if self.en else "sv"


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What lists say of a project: days are ISO 8601, amounts in `currency`, the rate between 0 and 1."""

    thing: Thing
    identifier: str | None
    start: str | None
    end: str | None
    participants: float | None
    total_budget: float | None
    total_cost: float | None
    granted: float | None
    eu: float | None
    rate: float | None
    currency: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use of a method: numbers of project and method, and the words that prove it; offsets in characters."""

    project: int
    method: int
    role: str
    quote: str | None
    start: int | None
    end: int | None
    matched: str | None
    rule: str | None
    confidence: float | None
