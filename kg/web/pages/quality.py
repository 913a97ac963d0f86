"""The quality of the data: what is missing, what breaks which rule, and what the build could not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.web.answers import Content
from kg.web.findings import SEVERITIES, Finding
from kg.web.rendering import page
from kg.web.views import Piece, Total, View

TAKES = frozenset(("rule",))
MOST = 500


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that was broken: how badly, how often, what it says, and the address of its findings."""

    severity: str
    rule: str
    findings: int
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as it is listed."""

    href: str | None
    name: str
    message: str
    values: Sequence[str]
    quote: Sequence[Piece] = ()
    language: str = ""


def quality_page(view: View, form: str) -> Content:
    """Return the page about the quality of the data."""
    found, chosen = view.site.findings, view.asked.value("rule")
    listed = [finding for (_, rule), each in found.by_rule.items() if rule == chosen for finding in each]
    return page(
        view.asked,
        "quality.html",
        state=found.state,
        counts=[(severity, found.counts.get(severity, 0)) for severity in SEVERITIES],
        rules=list(_rules(view)),
        first=[_shown(view, finding) for finding in found.first],
        chosen=chosen,
        listed=[_shown(view, finding) for finding in listed[:MOST]],
        left_out=max(0, len(listed) - MOST),
        coverage=_coverage(view),
        warnings=list(_warnings(view)),
        totals=view.site.report.get("counts", {}),
        projects=view.index.columns.size,
    )


def _rules(view: View) -> Iterator[RuleRow]:
    for (severity, rule), findings in view.site.findings.by_rule.items():
        labels = view.site.findings.labels.get(rule, {})
        message = labels.get(view.asked.language) or findings[0].message(view.asked.language)
        yield RuleRow(severity, rule, len(findings), message, view.asked.href("quality", rule=rule) + "#listed")


def _warnings(view: View) -> Iterator[tuple[str, str, int]]:
    """Yield what the build warned of: the rule, its label as far as the check has told it, and how often."""
    labels = view.site.findings.labels
    for rule, number in view.site.report.get("warnings_by_rule", {}).items():
        yield rule, labels.get(rule, {}).get(view.asked.language, ""), number


def _shown(view: View, finding: Finding) -> FindingView:
    path = view.naming.path(finding.project or finding.focus)
    href = view.asked.href(path) if path else None
    message = finding.message(view.asked.language)
    thing = None if finding.project else view.naming.thing(finding.focus)
    name = " ".join(dict.fromkeys(filter(None, (thing.notation, thing.label(view.asked.language))))) if thing else ""
    return FindingView(href, name or finding.name, message, finding.values, _quoted(finding), finding.language)


def _quoted(finding: Finding) -> list[Piece]:
    """Return the sentence that a finding quotes, with the words that it is about marked."""
    before, hit, after = finding.quote.partition(finding.found) if finding.found else (finding.quote, "", "")
    return [piece for piece in (Piece(before), Piece(hit, marked=True), Piece(after)) if piece.text]


def _coverage(view: View) -> list[Total]:
    """Return for how many projects each kind of fact is known."""
    size = view.index.columns.size
    found = [Total(name, (), known, size - known) for name, known in view.index.figures.coverage.items()]
    return sorted(found, key=lambda total: (total.unknown, total.name))
