"""What a check finds: findings that name project, value and rule, and a report of them in a stable order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

SEVERITIES = ("Violation", "Warning", "Info")
"""The severities of SHACL, worst first."""
_LONGEST = 100
"""Longest value shown in a line, in characters."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value as it is shown to people, and the names of the sources that state it."""

    value: str
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = " ".join(self.value.split())
        shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
        return f"{shown} ({', '.join(self.sources)})" if self.sources else shown


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check.

    `severity` is ``Violation``, ``Warning``, ``Info`` or the local name of a user's own; `rule` is the local name of
    the shape; `component` that of the constraint component (``MinCount``). `focus` and `value` are IRIs or the text of
    literals; `path` is a SPARQL property path. `messages` are by language, ``""`` where a message has none.
    `project` is the IRI of the project that the finding is about, if there is exactly one; `identifier` and `title`
    name that project, or else the focus. `stated` are the values that break the rule with the sources that state
    them; `sources` are the sources of the project.
    """

    severity: str
    rule: str
    shape: str
    component: str
    focus: str
    path: str | None
    value: str | None
    messages: Mapping[str, str] = field(hash=False)
    project: str | None
    identifier: str | None
    title: str | None
    subject: str
    stated: tuple[Stated, ...]
    sources: tuple[str, ...]

    def message(self, language: str = "en") -> str:
        """Return the message in `language`, else in English, else the first there is."""
        for choice in (language, "en", ""):
            if choice in self.messages:
                return self.messages[choice]
        return next(iter(self.messages.values()), f"breaks {self.component}")

    def line(self, language: str = "en") -> str:
        """Return one line that names the project, what is wrong, the value with its sources, and the rule."""
        who = " ".join(part for part in (self.identifier, self.title) if part) or self.subject
        about = f"{who}, {self.subject}" if self.project not in (None, self.focus) else who
        where = self._values(language) or (f" ({', '.join(self.sources)})" if self.sources else "")
        return f"{about}: {self.message(language)}{where} [{self.rule}]"

    def _values(self, language: str) -> str:
        word = _VALUE[language == "sv"][len(self.stated) > 1]
        return f" {word}: {'; '.join(map(str, self.stated))}." if self.stated else ""


_VALUE = (("Value", "Values"), ("Värde", "Värden"))


@dataclass(frozen=True, slots=True)
class Screening:
    """How the constraints were screened: by query, by value, or not (then every focus node was judged).

    `unscreened` names the last, as ``Rule.parameter``.
    """

    by_query: int
    by_value: int
    unscreened: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The findings in a stable order (severity, project, rule, value), and the SHACL report that says the same.

    `make_graph` makes the report when `graph` is asked for the first time, which may take long. `screening` is None if
    everything was judged.
    """

    findings: tuple[Finding, ...]
    make_graph: Callable[[], rdflib.Graph] = field(repr=False, compare=False)
    screening: Screening | None = field(default=None, compare=False)

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The SHACL report as a graph."""
        return self.make_graph()

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and advice do not count."""
        return not self.counts["Violation"]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of findings by severity, the worst first; the three of SHACL are always there."""
        found = Counter(finding.severity for finding in self.findings)
        return MappingProxyType({name: found[name] for name in (*SEVERITIES, *sorted(found.keys() - {*SEVERITIES}))})

    @cached_property
    def rules(self) -> Mapping[tuple[str, str], int]:
        """The number of findings by severity and rule, in the order of the findings."""
        return MappingProxyType(dict(Counter((finding.severity, finding.rule) for finding in self.findings)))

    def turtle(self) -> str:
        """Return the SHACL report as Turtle: the same text for the same findings."""
        from kg.validation.turtle import report_turtle

        return report_turtle(self.graph)
