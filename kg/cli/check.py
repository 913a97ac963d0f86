"""`kg check`: what is wrong or missing in a build or in RDF files, by SHACL shapes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import annotating
from kg.cli.annotating import PagesOption
from kg.cli.opening import Endpoint
from kg.cli.output import message, write_json, write_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.validation import Finding, Report
    from kg.validation.baseline import Key
    from kg.validation.locating import Pages, RdfFiles

FORMATS = ("text", "json", "turtle", *annotating.FORMATS)
LANGUAGES = ("en", "sv")
_SHOWN = 10
"""Findings of a rule that are shown as text: a list that lacks a column breaks a rule in each of its rows."""
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "Violations": "Violations",
        "Warnings": "Warnings",
        "Infos": "Info",
        "Violation": "Violation",
        "Warning": "Warning",
        "Info": "Info",
        "columns": "severity,rule,findings,what it says",
        "more": "… and {number} more by the rule {rule}; --all shows every one",
        "rules": "By rule",
        "nothing": "Nothing found: everything is as it should be.",
        "conforms": "No violations.",
        "fails": "There are violations.",
    },
    "sv": {
        "Violations": "Fel",
        "Warnings": "Varningar",
        "Infos": "Råd",
        "Violation": "Fel",
        "Warning": "Varning",
        "Info": "Råd",
        "columns": "allvar,regel,antal,vad den säger",
        "more": "… och {number} till enligt regeln {rule}; --all visar alla",
        "rules": "Efter regel",
        "nothing": "Inget funnet: allt är som det ska.",
        "conforms": "Inga fel.",
        "fails": "Det finns fel.",
    },
}


_Data = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[BUILD|FILE]...", help="Folder of a build (by default `build`), or RDF files."),
]
_Shapes = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Check RDF files with these shapes instead of ours.")
]
_Fmt = Annotated[str, typer.Option("--format", "-f", help="text, json, turtle (the SHACL report), sarif or github.")]
_Language = Annotated[str, typer.Option("--lang", envvar="KG_LANG", help="Language of the messages: en or sv.")]
_Severity = Annotated[
    str, typer.Option(help="Least severity to show: violation, warning or info. The exit code ignores it.")
]
_Base = Annotated[
    str | None,
    typer.Option(envvar="KG_BASE", help="Base of our IRIs in FILE; by default the ontology's. A build knows its own."),
]
_Baseline = Annotated[
    Path | None,
    typer.Option(metavar="REPORT", help="Tell only what is new against a report of kg check (JSON, or RDF)."),
]
_Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that check; by default one a core for much data, and one for little."),
]
_Every = Annotated[
    bool,
    typer.Option("--all", help=f"Show every finding as text, not {_SHOWN} of each rule; other formats hold them all."),
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="check")(check)


def check(
    data: _Data = None,
    endpoint: Endpoint = None,
    shapes: _Shapes = None,
    fmt: _Fmt = "text",
    language: _Language = "en",
    severity: _Severity = "info",
    base: _Base = None,
    baseline: _Baseline = None,
    pages: PagesOption = None,
    workers: _Workers = None,
    every: _Every = False,
) -> None:
    """Check a build or RDF files with SHACL: exit code 0 without violations, 1 with violations.

    With --baseline only violations that the earlier report does not hold give exit code 1.

    Warnings are what Article 49(3) of Regulation (EU) 2021/1060 asks for and the data lack; info is advice.
    """
    _known(fmt, FORMATS, "format")
    _known(language, LANGUAGES, "language")
    shown = _least(severity)
    earlier = _baseline(baseline)
    with _spinner():
        if endpoint:
            report = _of_server(endpoint, data, base, workers)
        else:
            report = _report(data or [Path("build")], shapes, base, workers)
    report = _new_only(report, earlier, baseline)
    findings = [finding for finding in report.findings if finding.severity not in _BELOW[shown]]
    _tell_unscreened(report)
    match fmt:
        case "json":
            write_json(_as_json(report, findings, language))
        case "turtle":
            typer.echo(report.turtle(), nl=False)
        case "sarif" | "github":
            if endpoint:
                raise UsageError(f"--format {fmt} names lines of files, and the server {endpoint} has none")
            places = _places(data or [Path("build")], pages)
            annotating.write_annotations(annotating.of_findings(findings, language, places), fmt, sys.stdout)
        case _:
            _write_text(report, findings, language, every=every)
    if not report.conforms:
        raise typer.Exit(1)


_BELOW = {"violation": ("Warning", "Info"), "warning": ("Info",), "info": ()}


def _known(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        raise UsageError(f"unknown {what} {name!r}; there are {', '.join(known)}")


def _least(severity: str) -> str:
    _known(severity.lower(), tuple(_BELOW), "severity")
    return severity.lower()


def _report(data: Sequence[Path], shapes: Path | None, base: str | None, workers: int | None) -> Report:
    from kg.validation import check_build, check_files, read_shapes

    folders = [path for path in data if path.is_dir()]
    if not folders and all(path.is_file() for path in data):
        rules = read_shapes(shapes) if shapes else None
        for remark in rules.remarks if rules else ():
            message(f"kg: {remark}")
        return check_files(data, rules, base=base, workers=workers)
    if len(data) > 1:
        raise UsageError(f"{folders[0] if folders else data[0]} is no file: check one build, or one or more RDF files")
    if shapes:
        raise UsageError(f"--shapes is for RDF files; the build {data[0]} is checked with its own shapes")
    return check_build(data[0], workers=workers)


def _of_server(endpoint: str, data: Sequence[Path] | None, base: str | None, workers: int | None) -> Report:
    import kg
    from kg.validation import check_store

    if data:
        raise UsageError(f"check {data[0]} or the server {endpoint}, one at a time")
    with kg.open(endpoint=endpoint, base=base) as graph:
        return check_store(graph.store, workers=workers)


def _baseline(path: Path | None) -> Counter[Key]:
    from kg.validation.baseline import read_baseline

    return read_baseline(path) if path else Counter()


def _new_only(report: Report, earlier: Counter[Key], path: Path | None) -> Report:
    from kg.validation.baseline import compared

    if path is None:
        return report
    found = compared(report, earlier)
    message(f"kg: {path} knows {found.known} of the findings; {found.gone} of its own are gone")
    return found.new


def _places(data: Sequence[Path], pages: Sequence[Path] | None) -> Pages | RdfFiles:
    from kg.store.embedded import read_report
    from kg.validation.locating import RdfFiles

    if data[0].is_dir():
        return annotating.pages_in(pages, str(read_report(data[0])["base"]))
    return RdfFiles(data)


def _tell_unscreened(report: Report) -> None:
    if report.screening and report.screening.unscreened:
        message(f"kg: slow, because not screened but judged node by node: {', '.join(report.screening.unscreened)}")


def _as_json(report: Report, findings: Sequence[Finding], language: str) -> dict[str, Any]:
    return {
        "conforms": report.conforms,
        "counts": dict(report.counts),
        "rules": [{"severity": severity, "rule": rule, "findings": n} for (severity, rule), n in report.rules.items()],
        "screening": None if report.screening is None else asdict(report.screening),
        "findings": [_finding(finding, language) for finding in findings],
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "shape": finding.shape,
        "component": finding.component,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "project": finding.project,
        "identifier": finding.identifier,
        "title": finding.title,
        "message": finding.message(language),
        "messages": dict(finding.messages),
        "values": [{"value": stated.value, "sources": list(stated.sources)} for stated in finding.stated],
        "sources": list(finding.sources),
    }


def _write_text(report: Report, findings: Sequence[Finding], language: str, *, every: bool) -> None:
    words = _WORDS[language]
    if not report.findings:
        typer.echo(words["nothing"])
        return
    for severity, number in report.counts.items():
        lines = [*_lines([one for one in findings if one.severity == severity], language, every=every)]
        if lines:
            typer.echo(f"{words.get(severity + 's', severity)} ({number})")
            typer.echo("".join(f"  {line}\n" for line in lines))
    _write_rules(findings, language)
    counts = ", ".join(f"{words.get(name + 's', name)}: {number}" for name, number in report.counts.items())
    typer.echo(f"{words['conforms' if report.conforms else 'fails']} {counts}.")


def _lines(findings: Sequence[Finding], language: str, *, every: bool) -> Iterator[str]:
    """Yield findings in words, without `every` some of each rule, and then how many more there are."""
    found = Counter[str]()
    for finding in findings:
        found[finding.rule] += 1
        if every or found[finding.rule] <= _SHOWN:
            yield finding.line(language)
    for rule, number in found.items():
        if not every and number > _SHOWN:
            yield _WORDS[language]["more"].format(number=number - _SHOWN, rule=rule)


def _write_rules(findings: Sequence[Finding], language: str) -> None:
    words = _WORDS[language]
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((words.get(finding.severity, finding.severity), finding.rule), []).append(finding)
    if found:
        rows = [(*rule, len(same), same[0].message(language)) for rule, same in found.items()]
        write_rows(words["columns"].split(","), rows, title=words["rules"])
        typer.echo("")


@contextmanager
def _spinner() -> Iterator[None]:
    """Show on a terminal that something is going on, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status("checking"):
        yield
