"""Holds descriptions against the fields of their projects: people, time, and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.owners.names import name_key
from kg.quality.gathering import Description, Projects
from kg.quality.headcounts import disagreement, headcounts
from kg.quality.model import Issue
from kg.quality.names import NearName, near_name
from kg.quality.periods import Difference, differences, spans
from kg.quality.rulebook import rules, shortened

_LONGEST_QUOTE = 400
_MONTH = 31


def text_issues(descriptions: Iterable[Description], projects: Projects) -> Iterator[Issue]:
    """Yield where texts contradict fields."""
    others = _Others(projects)
    for each in descriptions:
        yield from _people(each, projects)
        yield from _time(each, projects)
        yield from _names(each, projects, others)


class _Others:
    """The names of all projects and owners, which are nobody's misspelling."""

    def __init__(self, projects: Projects) -> None:
        self.titles = frozenset(name_key(title) for titles in projects.titles.values() for title in titles)
        self.owners = frozenset(name_key(name) for names in projects.owner_names.values() for name in names)


def _people(each: Description, projects: Projects) -> Iterator[Issue]:
    found = disagreement(each.planned, headcounts(each.text))
    if not found:
        return
    printed, noun = found.count.quantity.printed, found.count.noun
    if not each.planned:
        name, cost = "text-participants-unstated", 0
    else:
        name = "text-participants"
        cost = _weight(found.count.quantity.value, max(each.planned)) - (0 if found.sure else 4)
    value = " / ".join(map(str, each.planned))
    yield _issue(name, each, projects, value=value, found=printed, quote=found.count.quote, noun=noun, cost=cost)


def _weight(one: int, other: int) -> int:
    """Return what is added to the cost for how far apart two numbers are, and for how many people it concerns.

    >>> _weight(150, 130), _weight(1650, 1000), _weight(20, 2000)
    (0, 7, 12)
    """
    apart = abs(one - other)
    share = apart / max(one, other, 1)
    return (6 if share > 0.8 else 3 if share > 0.3 else 0) + (6 if apart >= 1000 else 4 if apart >= 250 else 0)


def _time(each: Description, projects: Projects) -> Iterator[Issue]:
    title = projects.about[each.project].title
    for difference in differences(spans(each.text, title), each.starts, each.ends):
        yield _time_issue(each, projects, difference)


def _time_issue(each: Description, projects: Projects, difference: Difference) -> Issue:
    span = difference.span
    days = {"startDate": each.starts, "endDate": each.ends}.get(span.end, ())
    value = " / ".join(day.isoformat() for day in days) or f"{min(each.starts)} – {max(each.ends)}"
    found = {"value": value, "found": span.printed, "quote": span.quote}
    # A few weeks are how a project begins in practice; more is another period.
    cost = -25 if difference.days <= _MONTH else 0
    return _issue(f"text-{span.end}", each, projects, **found, cost=cost, days=difference.days)


def _names(each: Description, projects: Projects, others: _Others) -> Iterator[Issue]:
    titles = projects.titles.get(each.project, ())
    title = near_name(each.text, titles, others.titles)
    if title:
        yield _name_issue("text-title", each, projects, titles, title)
    owners = projects.owner_names.get(each.project, ())
    owner = near_name(each.text, owners, others.owners)
    if owner:
        labels = projects.about[each.project].owners
        yield _name_issue("text-owner", each, projects, labels or owners, owner)


def _name_issue(rule: str, each: Description, projects: Projects, names: Sequence[str], found: NearName) -> Issue:
    return _issue(rule, each, projects, value=names[0], found=found.printed, quote=found.quote)


def _issue(
    name: str,
    each: Description,
    projects: Projects,
    *,
    value: str,
    found: str,
    quote: str,
    cost: int = 0,
    **more: object,
) -> Issue:
    rule = rules()[name]
    total = max(1, min(100, rule.cost + cost))
    return Issue(
        kind="text",
        rule=name,
        # What costs as little as advice is advice.
        severity="Info" if total < 40 else rule.severity,
        cost=total,
        about=projects.about[each.project],
        messages=rule.messages(value=value, found=found, **more),
        suggestions=rule.suggestion,
        fact=rule.property,
        value=value,
        found=shortened(found),
        quote=shortened(quote, _LONGEST_QUOTE),
        language=each.language,
        sources=(each.source,),
        focus=each.project,
    )
