"""`kg quality`: what in a build someone should look at, the costliest first, as text, HTML, JSON, CSV or RDF."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from kg.cli import annotating
from kg.cli.annotating import PagesOption
from kg.cli.output import write_csv, write_file, write_json, write_rows
from kg.counting import counted
from kg.errors import UsageError
from kg.writing import check_folder

if TYPE_CHECKING:
    from kg.quality import Issue, QualityReport

FORMATS = ("text", "html", "json", "csv", "turtle", "nquads", *annotating.FORMATS)
LANGUAGES = ("en", "sv")
_COLUMNS = ("rank", "cost", "severity", "rule", "id", "project", "title", "owners", "property", "value", "found")
_MORE = ("source", "line", "quote", "message_sv", "message_en", "suggestion_sv", "suggestion_en")
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "nothing": "Nothing to look at: text, fields and sources agree.",
        "head": "{issues} to look at in {projects}, the costliest first",
        "project": ("project", "projects"),
        "more": "… and {number} more; --limit 0 shows all, --format html makes a page to read",
        "do": "do",
        "rules": "By rule",
        "rule": "rule,issues,cost,the first of them",
        "sources": "By source (the first ten)",
        "source": "source,issues",
        "owners": "By owner (the first ten)",
        "owner": "owner,issues",
        "known": "Known of what Article 49(3) asks for",
        "letter": "letter,fact,known,of,per cent",
        "accepted": "Accepted until further notice: {number}",
        "expired": "{place}: accepted until {expires} only: {reason}",
        "unused": "{place}: fits no issue any longer: {reason}",
        "severity": {"Violation": "fault", "Warning": "warning", "Info": "advice"},
    },
    "sv": {
        "nothing": "Inget att se efter: texter, fält och källor stämmer överens.",
        "head": "{issues} att se efter i {projects}, det som kostar mest först",
        "project": ("projekt", "projekt"),
        "more": "… och {number} till; --limit 0 visar alla, --format html gör en sida att läsa",
        "do": "gör",
        "rules": "Efter regel",
        "rule": "regel,fynd,kostnad,det första av dem",
        "sources": "Efter källa (de tio första)",
        "source": "källa,fynd",
        "owners": "Efter ägare (de tio första)",
        "owner": "ägare,fynd",
        "known": "Känt av det som artikel 49.3 kräver",
        "letter": "led,uppgift,känt,av,procent",
        "accepted": "Godtagna tills vidare: {number}",
        "expired": "{place}: godtogs bara till {expires}: {reason}",
        "unused": "{place}: passar inget fynd längre: {reason}",
        "severity": {"Violation": "fel", "Warning": "varning", "Info": "råd"},
    },
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="quality")(quality)


def quality(
    build: Annotated[Path, typer.Argument(help="Folder of a build.")] = Path("build"),
    fmt: Annotated[
        str, typer.Option("--format", "-f", help="text, html (one page), json, csv, turtle, nquads, sarif or github.")
    ] = "text",
    language: Annotated[str, typer.Option("--lang", envvar="KG_LANG", help="Language: en or sv.")] = "en",
    accepted: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="TOML file of issues that people accept, with reason and expiry."),
    ] = None,
    owners: Annotated[
        list[Path] | None, typer.Option("--owners", metavar="FILE", help="File of decisions about owners.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many issues the text shows; 0 for all.")] = 20,
    pages: PagesOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to a file, whole or not.")
    ] = None,
) -> None:
    """List what someone should look at: texts against fields, sources against each other, rules, unread values.

    Each issue names project, source, sentence or line, both values, and what to do. Exit code 1 if a rule of the
    shapes is violated and nobody accepted it.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}; there are {', '.join(FORMATS)}")
    if language not in LANGUAGES:
        raise UsageError(f"unknown language {language!r}; there are {', '.join(LANGUAGES)}")
    if out:
        check_folder(out)
    from kg.quality import quality as measured

    report = measured(build, accepted=accepted or (), owners=owners or ())
    written = pieces(report, fmt, language, limit, pages)
    if out:
        write_file(out, written)
    else:
        sys.stdout.writelines(written)
    if report.severities["Violation"]:
        raise typer.Exit(1)


def pieces(
    report: QualityReport, fmt: str, language: str, limit: int, pages: Sequence[Path] | None = None
) -> Iterable[str]:
    """Return a report in one of `FORMATS`, in pieces; the text shows `limit` issues, 0 for all."""
    match fmt:
        case "turtle":
            from kg.quality.rdf import quality_turtle

            return quality_turtle(report)
        case "nquads":
            from kg.quality.rdf import quality_nquads

            return quality_nquads(report)
        case "html":
            from kg.quality.page import html_page

            return [html_page(report, language)]
    out = StringIO()
    if fmt in annotating.FORMATS:
        found = annotating.of_issues(report.issues, language, annotating.pages_in(pages, report.base))
        annotating.write_annotations(found, fmt, out)
    elif fmt == "json":
        from kg.quality.plain import plain_report

        write_json(plain_report(report), out)
    elif fmt == "csv":
        write_csv((*_COLUMNS, *_MORE), (_row(place, issue) for place, issue in enumerate(report.issues, 1)), out)
    else:
        _write_text(report, language, limit, out)
    return [out.getvalue()]


def _row(place: int, issue: Issue) -> tuple[str | int | None, ...]:
    about = issue.about
    return (
        *(place, issue.cost, issue.severity, issue.rule, issue.id, about.identifier, about.title),
        *("; ".join(about.owners), issue.fact, issue.value, issue.found, "; ".join(issue.sources)),
        *(issue.line or None, issue.quote, issue.message("sv"), issue.message("en")),
        *(issue.suggestion("sv"), issue.suggestion("en")),
    )


def _write_text(report: QualityReport, language: str, limit: int, out: TextIO) -> None:
    words = _WORDS[language]
    if not report.issues:
        out.write(f"{words['nothing']}\n\n")
    else:
        projects = counted(report.projects, *words["project"])
        out.write(words["head"].format(issues=len(report.issues), projects=projects) + "\n\n")
        for place, issue in enumerate(report.issues[: limit or None], start=1):
            out.write(_block(place, issue, language))
        left = len(report.issues) - (limit or len(report.issues))
        out.write(words["more"].format(number=left) + "\n\n" if left > 0 else "")
        _write_totals(report, language, out)
    rows = [
        (
            known.letter,
            known.labels.get(language, known.fact),
            known.bound_known,
            known.bound,
            _per_cent(known.bound_share),
        )
        for known in report.completeness
        if known.letter
    ]
    write_rows(words["letter"].split(","), rows, title=words["known"], stream=out)
    _write_accepted(report, words, out)


def _block(place: int, issue: Issue, language: str) -> str:
    words = _WORDS[language]
    severity = words["severity"].get(issue.severity, issue.severity)
    head = f"{place:3}. {issue.about.shown or issue.place}: {issue.message(language)}"
    where = f"     [{issue.rule}, {severity}, {issue.cost}] {issue.place}"
    quote = f"\n     ”{issue.quote}”" if issue.quote else ""
    return f"{head}\n{where.rstrip()}{quote}\n     {words['do']}: {issue.suggestion(language)}\n\n"


def _write_totals(report: QualityReport, language: str, out: TextIO) -> None:
    from kg.quality.plain import rule_label

    words = _WORDS[language]
    rows = [
        (name, len(issues), max(issue.cost for issue in issues), rule_label(name, list(issues))[language])
        for name, issues in report.by_rule.items()
    ]
    write_rows(words["rule"].split(","), rows, title=words["rules"], stream=out)
    for what, numbers in (("source", report.by_source), ("owner", report.by_owner)):
        out.write("\n")
        write_rows(words[what].split(","), list(islice(numbers.items(), 10)), title=words[f"{what}s"], stream=out)
    out.write("\n")


def _write_accepted(report: QualityReport, words: Mapping[str, Any], out: TextIO) -> None:
    if report.accepted:
        out.write("\n" + words["accepted"].format(number=len(report.accepted)) + "\n")
    for what, entries in (("expired", report.expired), ("unused", report.unused)):
        for entry in entries:
            out.write(words[what].format(place=entry.place, expires=entry.expires, reason=entry.reason) + "\n")


def _per_cent(share: float) -> int:
    return round(100 * share)
