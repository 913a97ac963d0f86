"""`kg build`: sources to a graph, with a report and what the projects share."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.output import write_json, write_rows
from kg.counting import counted

if TYPE_CHECKING:
    from kg.build import Report
    from kg.reading import Progress
    from kg.shards import OnCluster

_COUNTS = {
    "sources_read": "sources read",
    "sources_skipped": "sources skipped",
    "other_files": "other files left alone",
    "rows": "rows of lists",
    "projects": "projects",
    "owners": "owners",
    "regions": "regions",
    "methods": "methods in use",
    "uses": "uses of methods found",
    "triples": "triples",
    "personal_data_dropped": "personal data dropped",
}
_EXAMPLES = 1
_SEVERITIES = {
    "Violation": ("violation", "violations"),
    "Warning": ("warning", "warnings"),
    "Info": ("piece of advice", "pieces of advice"),
}
_MOST_SHARED = 20
_MOST_NAMED = 6


_Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        help="Files, folders or patterns: pages (.txt, .html, .mhtml) and lists (.csv, .xlsx); by default the seeds.",
    ),
]
_Base = Annotated[
    str | None,
    typer.Option(envvar="KG_BASE", help="Base of all IRIs, ending in a slash; by default the ontology's."),
]
_Mapping = Annotated[
    Path | None, typer.Option(help="File that tells how to read lists whose headings are not known (TOML).")
]
_Owners = Annotated[
    list[Path] | None, typer.Option(help="File of decisions about owners (TOML), besides the installed one.")
]
_Links = Annotated[list[Path] | None, typer.Option(help="Reviewed file of outward links that kg link wrote (Turtle).")]
_Dask = Annotated[
    str | None, typer.Option(help="Have the workers of this scheduler of dask.distributed read (tcp://host:8786).")
]
_Shared = Annotated[
    str | None, typer.Option(help="Folder or URL (fsspec) that this process and the workers of --dask see.")
]
_Keep = Annotated[
    bool, typer.Option("--keep-shards", help="Leave the N-Quads of the workers in a folder in the shared place.")
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="build")(build)


def build(
    sources: _Sources = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the build.")] = Path("build"),
    base: _Base = None,
    mapping: _Mapping = None,
    owners: _Owners = None,
    links: _Links = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that read; by default one a core.")] = None,
    dask: _Dask = None,
    shared: _Shared = None,
    keep_shards: _Keep = False,
    check: Annotated[bool, typer.Option("--check", help="Check the new graph with the SHACL shapes as well.")] = False,
    warnings: Annotated[bool, typer.Option("--warnings", help="Show every warning, not one of each rule.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as one JSON object.")] = False,
) -> None:
    """Build the graph from project pages and lists of operations, and show what the projects share."""
    from kg.build import build as run
    from kg.resources import folder

    started = time.perf_counter()
    with _progress_bar() as progress:
        report = run(
            sources or [folder("seeds")],
            out,
            base=base,
            workers=_on_cluster(workers, dask, shared, keep=keep_shards) or workers,
            mapping=mapping,
            owners=owners or (),
            links=links or (),
            progress=progress,
        )
    seconds = time.perf_counter() - started
    findings = _checked(out) if check else None
    if as_json:
        more = {"seconds": round(seconds, 3), "shared": _shared(out)} | ({"check": findings} if check else {})
        write_json({**report.as_json(), **more} | ({"shards": report.shards} if report.shards else {}))
    else:
        _show(report, seconds, every=warnings)
        if findings is not None:
            _show_check(findings)
        _show_shared(out)
    if findings and findings["Violation"]:
        raise typer.Exit(1)


def _on_cluster(workers: int | None, dask: str | None, shared: str | None, *, keep: bool) -> OnCluster | None:
    from kg.errors import UsageError
    from kg.shards import OnCluster

    if keep and dask is None:
        raise UsageError("--keep-shards leaves what the workers of --dask have written; without them there is nothing")
    if dask is None and shared is None:
        return None
    if dask is None or shared is None:
        raise UsageError("--dask ADDRESS and --shared URL belong together: workers take and leave files in that place")
    if workers is not None:
        raise UsageError("--workers are processes of this machine, and --dask has workers of its own: give one of them")
    return OnCluster(dask, shared, keep)


def _shared(out: Path) -> list[dict[str, Any]]:
    from kg import generations
    from kg.network import indexed
    from kg.network.sharing import shared_of
    from kg.search import FILE, Index

    with Index(generations.current(out) / FILE) as index:
        return [
            {
                "kind": each.kind,
                "key": each.node.key,
                "label": each.node.label,
                "projects": [project.label for project in each.projects],
                "owners": [owner.label for owner in each.owners],
                "same_words": each.same_words,
            }
            for each in shared_of(indexed.facts(index))
        ]


def _checked(out: Path) -> dict[str, int]:
    from kg.validation import check_build

    return {str(name): number for name, number in check_build(out).counts.items()}


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Give a function that draws a bar on a terminal once a phase has lasted a second, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda phase, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    started = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=False) as bar:
        task = bar.add_task("reading", total=None, visible=False)

        def show(phase: str, done: int, total: int) -> None:
            visible = time.monotonic() - started > 1
            bar.update(task, description=phase, completed=done, total=total or None, visible=visible)

        yield show


def _show(report: Report, seconds: float, *, every: bool) -> None:
    typer.echo(f"Built {report.folder} (generation {report.generation}) in {seconds:.1f} s.\n")
    for name, label in _COUNTS.items():
        value = report.counts[name]
        if value or name not in ("sources_skipped", "other_files", "rows"):
            typer.echo(f"  {label:<24}{value:>12,}".replace(",", " "))
    typer.echo("")
    if report.shards:
        typer.echo(f"The N-Quads of the workers stay in {report.shards}\n")
    if not report.notices:
        typer.echo("Everything in the sources was understood.\n")
        return
    number_of = counted(len(report.notices), "warning")
    typer.echo(f"{number_of}, by rule{'' if every else ', with an example of each (all of them: --warnings)'}:")
    for rule, number in report.rules.items():
        examples = [notice for notice in report.notices if notice.rule == rule]
        typer.echo(f"  {rule} ({number})")
        for notice in examples if every else examples[:_EXAMPLES]:
            typer.echo(f"    {notice}")
    typer.echo("")


def _show_check(findings: dict[str, int]) -> None:
    listed = ", ".join(f"{number} {_SEVERITIES[name][number != 1]}" for name, number in findings.items())
    typer.echo(f"Checked with the SHACL shapes: {listed}. Read them with: kg check\n")


def _named(first: Sequence[str], projects: int) -> str:
    more = projects - len(first)
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")


def _show_shared(out: Path) -> None:
    from kg import generations
    from kg.network import indexed
    from kg.search import FILE, Index

    with Index(generations.current(out) / FILE) as index:
        found, total = indexed.briefly_shared(index, _MOST_SHARED, _MOST_NAMED)
    if not found:
        typer.echo("No method or owner links two projects.")
        return
    rows = [(each.kind, each.label, each.projects, each.owners, _named(each.first, each.projects)) for each in found]
    columns = ("kind", "shared", "projects", "owners", "which projects")
    write_rows(columns, rows, title="What the projects share")
    if total > len(rows):
        typer.echo(f"and {total - len(rows)} more: kg network shared")
