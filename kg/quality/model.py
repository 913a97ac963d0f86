"""What the quality report holds: issues ranked by what they cost, what people accepted, and how much is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from kg.validation.model import SEVERITIES

Kind = Literal["text", "conflict", "shape", "reading", "owner"]
KINDS: tuple[Kind, ...] = ("text", "conflict", "shape", "reading", "owner")
"""Where an issue comes from: a text against its fields, sources against each other, the SHACL shapes, the reading of
the sources, and names of owners that are near."""
Text = Mapping[str, str]
"""A text by language, ``sv`` and ``en``."""


@dataclass(frozen=True, slots=True)
class About:
    """The project or thing that an issue is about: its IRI, diary number, name and owners."""

    iri: str | None = None
    identifier: str = ""
    title: str = ""
    owners: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Diary number and name, as far as they are known."""
        return " ".join(part for part in (self.identifier, self.title) if part)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to look at.

    `cost` (1 to 100) says how much harm it does to who uses the data; `fact` is the local name of the property that it
    is about; `value` what the field says, `found` what contradicts it; `quote` is the sentence that says so, in
    `language`; `line` counts from 1 in the only source of `sources`, 0 where no line is known. `focus` is the IRI of
    the thing that breaks a shape.
    """

    kind: Kind
    rule: str
    severity: str
    cost: int
    about: About
    messages: Text = field(hash=False)
    suggestions: Text = field(hash=False)
    fact: str = ""
    value: str = ""
    found: str = ""
    quote: str = ""
    language: str = ""
    line: int = 0
    sources: tuple[str, ...] = ()
    focus: str = ""
    shape: str = ""
    component: str = ""

    @property
    def id(self) -> str:
        """A short name that stays the same as long as the issue says the same."""
        who = self.about.iri or self.focus or ",".join(self.sources)
        parts = (self.kind, self.rule, who, self.focus, self.fact, self.value, self.found, self.quote)
        return sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    def message(self, language: str) -> str:
        """Return what is wrong, in one sentence."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.rule)

    def suggestion(self, language: str) -> str:
        """Return what to do about it, in one sentence."""
        return self.suggestions.get(language) or next(iter(self.suggestions.values()), "")

    @property
    def place(self) -> str:
        """The sources, with the line if it is known."""
        return f"{self.sources[0]}:{self.line}" if self.line and self.sources else ", ".join(self.sources)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry of a reviewed file: issues of a rule that people accept until the day `expires` (ISO 8601)."""

    rule: str
    project: str
    source: str
    issue: str
    reason: str
    expires: str
    place: str


@dataclass(frozen=True, slots=True)
class Known:
    """For how many projects a property is known; `letter` is that of Article 49(3), empty where it asks for none.

    `bound` counts the projects that the article binds, `bound_known` those of them with the property; `confirmed`
    tells whether the wording of the letter was read in a public text.
    """

    fact: str
    letter: str
    labels: Text = field(hash=False)
    projects: int = 0
    known: int = 0
    bound: int = 0
    bound_known: int = 0
    confirmed: bool = True

    @property
    def share(self) -> float:
        """The share of all projects for which it is known, between 0 and 1."""
        return self.known / self.projects if self.projects else 0.0

    @property
    def bound_share(self) -> float:
        """The share of the bound projects for which it is known, between 0 and 1."""
        return self.bound_known / self.bound if self.bound else 0.0


@dataclass(frozen=True)
class QualityReport:
    """The issues that count, the worst first; those that people accepted; entries that have expired or fit nothing."""

    base: str
    generation: str
    projects: int
    issues: tuple[Issue, ...]
    accepted: tuple[tuple[Issue, Accepted], ...] = ()
    expired: tuple[Accepted, ...] = ()
    unused: tuple[Accepted, ...] = ()
    completeness: tuple[Known, ...] = ()
    source_iris: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def severities(self) -> Mapping[str, int]:
        """The number of issues by severity, the worst first."""
        found = Counter(issue.severity for issue in self.issues)
        return MappingProxyType({name: found[name] for name in SEVERITIES})

    @cached_property
    def by_rule(self) -> Mapping[str, Sequence[Issue]]:
        """The issues of each rule, the rule that costs most in all first."""
        groups: dict[str, list[Issue]] = {}
        for issue in self.issues:
            groups.setdefault(issue.rule, []).append(issue)
        order = sorted(groups, key=lambda rule: (-max(issue.cost for issue in groups[rule]), rule))
        return MappingProxyType({rule: groups[rule] for rule in order})

    @cached_property
    def by_source(self) -> Mapping[str, int]:
        """The number of issues of each source, the most first."""
        return _counted(source for issue in self.issues for source in issue.sources)

    @cached_property
    def by_owner(self) -> Mapping[str, int]:
        """The number of issues of each owner, the most first."""
        return _counted(owner for issue in self.issues for owner in issue.about.owners)


def ranked(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return issues in the order in which to look at them: by cost, then by project and rule."""
    return tuple(sorted(set(issues), key=_rank))


def _rank(issue: Issue) -> tuple[object, ...]:
    who = (issue.about.identifier, issue.about.title, issue.about.iri or "", issue.focus)
    return (
        -issue.cost,
        *who,
        issue.rule,
        issue.fact,
        issue.value,
        issue.found,
        issue.quote,
        issue.sources,
        issue.line,
    )


def _counted(names: Iterable[str]) -> Mapping[str, int]:
    found = Counter(names)
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))))
