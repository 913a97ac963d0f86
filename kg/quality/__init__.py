"""The quality report: everything in a built graph that someone should look at, the costliest first, from one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kg.quality.model import Accepted, Issue, Known, QualityReport, ranked

if TYPE_CHECKING:
    from kg.quality.gathering import Projects
    from kg.quality.issues import Labels
    from kg.store import Store

__all__ = ["Accepted", "Issue", "Known", "QualityReport", "quality"]


def quality(
    build: Path, *, accepted: Iterable[Path] = (), owners: Iterable[Path] = (), today: date | None = None
) -> QualityReport:
    """Return the quality report of the generation in force of a build folder.

    `accepted` are reviewed files of issues that people accept, `owners` files of decisions about owners besides the
    installed one; `today` decides which entries have expired.

    Raises:
        BuildError: there is no build, or it is damaged.
        InputError: a reviewed file cannot be read or is not of its form.
    """
    from kg import generations
    from kg.quality.accepting import read_accepted, sort_out
    from kg.quality.completeness import completeness
    from kg.quality.gathering import labels_of, projects_of
    from kg.quality.issues import reading_issues
    from kg.store.embedded import open_build, read_report

    entries, settled = read_accepted(accepted), tuple(owners)
    with open_build(build) as store:
        projects, labels = projects_of(store), labels_of(store)
        reading = reading_issues(read_report(build).get("warnings", ()), projects)
        disputes = _disputes(store, projects, labels)
        found = (
            *disputes,
            *_from_texts(store, projects),
            *_from_shapes(build, projects, disputes),
            *_from_owners(store, settled),
            *reading,
        )
        out = sort_out(ranked(found), entries, today or date.today())
        return QualityReport(
            base=store.base,
            generation=generations.current(build).name,
            projects=len(projects.about),
            issues=ranked((*out.issues, *_expired(out.expired))),
            accepted=out.accepted,
            expired=out.expired,
            unused=out.unused,
            completeness=completeness(store, projects, labels),
            source_iris={name: iri for iri, name in sorted(projects.source_names.items(), reverse=True)},
        )


def _disputes(store: Store, projects: Projects, labels: Labels) -> tuple[Issue, ...]:
    from kg.conflicts import conflicts
    from kg.quality.issues import conflict_issues

    return tuple(conflict_issues(conflicts(store), projects, labels, store.base))


def _from_texts(store: Store, projects: Projects) -> Iterator[Issue]:
    from kg.quality.gathering import descriptions
    from kg.quality.texts import text_issues

    return text_issues(descriptions(store, projects), projects)


def _from_shapes(build: Path, projects: Projects, disputes: Iterable[Issue]) -> Iterator[Issue]:
    from kg.quality.issues import shape_issues
    from kg.validation import check_build

    disputed = frozenset(f"{issue.focus} {issue.fact}" for issue in disputes)
    return shape_issues(check_build(build).findings, projects, disputed)


def _from_owners(store: Store, files: Sequence[Path]) -> Iterator[Issue]:
    from kg.owners.candidates import candidates, public_owners
    from kg.owners.reviewed import read
    from kg.owners.stored import stored_owners
    from kg.quality.issues import owner_issues

    owners = stored_owners(store)
    return owner_issues(candidates([*owners, *public_owners(owners)], read(files)), store.base)


def _expired(entries: Iterable[Accepted]) -> Iterator[Issue]:
    from kg.quality.model import About
    from kg.quality.rulebook import rules

    rule = rules()["accepted-expired"]
    for entry in entries:
        what = " ".join(part for part in (entry.rule, entry.project, entry.source, entry.issue) if part)
        yield Issue(
            kind="reading",
            rule=rule.name,
            severity=rule.severity,
            cost=rule.cost,
            about=About(None, entry.project, ""),
            messages=rule.messages(value=what, found=entry.expires, reason=entry.reason),
            suggestions=rule.suggestion,
            value=what,
            found=entry.expires,
            sources=(entry.place,),
        )
