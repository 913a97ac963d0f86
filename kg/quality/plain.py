"""Gives a quality report as plain values for JSON, in both languages."""

from __future__ import annotations

from typing import Any

from kg.quality.model import Accepted, Issue, Known, QualityReport
from kg.quality.rulebook import rules


def plain_report(report: QualityReport) -> dict[str, Any]:
    """Return the report as JSON has it; `issues` are ranked from 1."""
    return {
        "base": report.base,
        "generation": report.generation,
        "projects": report.projects,
        "counts": dict(report.severities),
        "rules": [_rule(name, list(issues)) for name, issues in report.by_rule.items()],
        "sources": [{"source": name, "issues": number} for name, number in report.by_source.items()],
        "owners": [{"owner": name, "issues": number} for name, number in report.by_owner.items()],
        "completeness": [_known(known) for known in report.completeness],
        "issues": [{"rank": place, **_issue(issue)} for place, issue in enumerate(report.issues, start=1)],
        "accepted": [{**_accepted(entry), "issue": _issue(issue)} for issue, entry in report.accepted],
        "expired": [_accepted(entry) for entry in report.expired],
        "unused": [_accepted(entry) for entry in report.unused],
    }


def rule_label(name: str, issues: list[Issue]) -> dict[str, str]:
    """Return what a rule is called in each language; a rule of the shapes by what its first issue says."""
    known = rules().get(name) or rules().get(f"reading.{name}")
    if known and issues[0].kind != "shape":
        return dict(known.label)
    return {language: issues[0].message(language) for language in ("sv", "en")}


def _rule(name: str, issues: list[Issue]) -> dict[str, Any]:
    return {
        "rule": name,
        "kind": issues[0].kind,
        "severity": issues[0].severity,
        "cost": max(issue.cost for issue in issues),
        "issues": len(issues),
        "label": rule_label(name, issues),
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "kind": issue.kind,
        "rule": issue.rule,
        "severity": issue.severity,
        "cost": issue.cost,
        "project": issue.about.iri,
        "identifier": issue.about.identifier,
        "title": issue.about.title,
        "owners": list(issue.about.owners),
        "focus": issue.focus,
        "property": issue.fact,
        "value": issue.value,
        "found": issue.found,
        "quote": issue.quote,
        "language": issue.language,
        "sources": list(issue.sources),
        "line": issue.line or None,
        "messages": dict(issue.messages),
        "suggestions": dict(issue.suggestions),
    }


def _known(known: Known) -> dict[str, Any]:
    return {
        "letter": known.letter,
        "property": known.fact,
        "labels": dict(known.labels),
        "known": known.known,
        "projects": known.projects,
        "share": round(known.share, 4),
        "boundKnown": known.bound_known if known.letter else None,
        "bound": known.bound if known.letter else None,
        "boundShare": round(known.bound_share, 4) if known.letter else None,
        "wordingConfirmed": known.confirmed,
    }


def _accepted(entry: Accepted) -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "project": entry.project or None,
        "source": entry.source or None,
        "id": entry.issue or None,
        "reason": entry.reason,
        "expires": entry.expires,
        "place": entry.place,
    }
