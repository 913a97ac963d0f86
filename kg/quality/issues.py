"""Turns what other parts of the package find into issues: SHACL findings, conflicts, owner candidates, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kg.quality.gathering import Projects
from kg.quality.model import About, Issue, Text
from kg.quality.rulebook import LANGUAGES, reading_rule, rules, shortened
from kg.quality.swedish import in_swedish

if TYPE_CHECKING:
    from kg.conflicts import Preferred
    from kg.owners.candidates import Candidate
    from kg.validation import Finding

Labels = Mapping[str, Text]
"""Labels of properties by local name."""
_PERSONAL = ("personal", "person")
_MONEY_AND_TIME = frozenset("totalBudget totalCost grantedSupport euContribution startDate endDate owner".split())
_REASONS = {
    "page-over-list": {"sv": "rådets egen sida går före en lista", "en": "the Council's page beats a list"},
    "newer": {"sv": "den nyare källan", "en": "the newer source"},
    "first-source": {"sv": "inget avgör; första källan", "en": "nothing decides; the first source"},
}


def shape_issues(findings: Iterable[Finding], projects: Projects, disputed: frozenset[str]) -> Iterator[Issue]:
    """Yield SHACL findings as issues, but for those on values that sources disagree on (`disputed`: project, property).

    A conflict says the same with the sources' names and the preferred value.
    """
    for each in findings:
        name = property_name(each.path or "")
        if each.component == "MaxCount" and f"{each.project} {name}" in disputed:
            continue
        rule = rules()[f"shape.{each.severity}"] if f"shape.{each.severity}" in rules() else rules()["shape.Info"]
        about = projects.about.get(each.project or "") or About(None, "", each.subject)
        values = "; ".join(stated.value for stated in each.stated)
        yield Issue(
            kind="shape",
            rule=each.rule,
            severity=each.severity,
            cost=_shape_cost(each, rule.cost),
            about=about,
            messages=MappingProxyType({language: each.message(language) for language in LANGUAGES}),
            suggestions=(rules().get(each.rule) or rule).suggestion,
            fact=name,
            value=shortened(values),
            sources=tuple(sorted({source for stated in each.stated for source in stated.sources})) or each.sources,
            focus=each.focus,
            shape=each.shape,
            component=each.component,
        )


def _shape_cost(finding: Finding, cost: int) -> int:
    if finding.severity == "Violation" and any(word in finding.rule for word in _PERSONAL):
        return 100
    own = rules().get(finding.rule)
    return own.cost if own else cost


def property_name(path: str) -> str:
    """Return the local names of a property path that is one IRI or a choice of some, else the path.

    >>> property_name("<https://example.org/ontology#startDate>"), property_name("(<https://e.org/a>|<https://e.org/b>)")
    ('startDate', 'a|b')
    """
    if not re.fullmatch(r"\(?<[^<>]+>(?:\|<[^<>]+>)*\)?", path):
        return path
    return "|".join(iri.replace("#", "/").rpartition("/")[2] for iri in re.findall("<([^<>]+)>", path))


def conflict_issues(found: Iterable[Preferred], projects: Projects, labels: Labels, base: str) -> Iterator[Issue]:
    """Yield the facts on which sources disagree as issues."""
    rule = rules()["sources-disagree"]
    for each in found:
        name = each.property.partition(":")[2]
        said = "; ".join(f"{value.shown()} ({value.source.name})" for value in each.values)
        project = f"{base}id/project/{each.project}"
        yield Issue(
            kind="conflict",
            rule=rule.name,
            severity=rule.severity,
            cost=rule.cost + (6 if name in _MONEY_AND_TIME else 0),
            about=projects.about.get(project) or About(project, each.project, each.title),
            messages=rule.messages(
                label=label(labels, name),
                found=said,
                value=each.value.shown(),
                reason=_REASONS.get(each.rule, each.rule),
            ),
            suggestions=rule.suggestion,
            fact=name,
            value=shortened(each.value.shown()),
            found=shortened(said),
            sources=tuple(sorted({value.source.name for value in each.values})),
            focus=project,
        )


def owner_issues(found: Iterable[Candidate], base: str) -> Iterator[Issue]:
    """Yield pairs of owners that may be one as issues; two spellings of one owner split its totals."""
    rule = rules()["owner-candidates"]
    for each in found:
        if not each.veto:
            one, two = each.first.label, each.second.label
            reason = "; ".join((*each.reasons, *(f"– {objection}" for objection in each.against)))
            reasons = {"en": reason, "sv": in_swedish(reason) or reason}
            yield Issue(
                kind="owner",
                rule=rule.name,
                severity=rule.severity,
                cost=max(1, round(rule.cost * each.score)),
                about=About(None, "", one, (one, two)),
                messages=rule.messages(value=one, found=two, reason=reasons),
                suggestions=rule.suggestion,
                fact=rule.property,
                value=one,
                found=two,
                focus=next(f"{base}id/owner/{side.key}" for side in (each.first, each.second) if not side.public),
            )


def reading_issues(notices: Sequence[Mapping[str, Any]], projects: Projects) -> Iterator[Issue]:
    """Yield what the build could not read as issues, but for sources that disagree, which are issues already."""
    for each in notices:
        name, source = str(each["rule"]), str(each["source"])
        if name == "sources-disagree":
            continue
        rule = reading_rule(name)
        printed, said = str(each["value"]), str(each["message"])
        english = f"{printed!r}: {said}" if printed else said
        swedish = f"{rule.label['sv']}: ”{printed}”" if printed else rule.label["sv"]
        told = in_swedish(said)
        more = f" {_capital(told)}." if told and told.casefold() not in swedish.casefold() else ""
        shown = {"sv": f"{swedish}.{more}", "en": f"{_capital(english)}."}
        texts = rule.messages(value=shown)
        yield Issue(
            kind="reading",
            rule=name,
            severity=rule.severity,
            cost=rule.cost,
            about=projects.of_source(source),
            messages=texts,
            suggestions=rule.suggestion,
            value=shortened(printed),
            found=shortened(said),
            line=int(each["line"]),
            sources=(source,),
        )


def label(labels: Labels, name: str) -> Text:
    """Return what a property is called in each language; its own name where it has no label.

    >>> label({"title": {"en": "title"}}, "title")["en"]
    'Title'
    """
    known = labels.get(name, {})
    return {language: _capital(known.get(language, name)) for language in LANGUAGES}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
