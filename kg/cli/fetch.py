"""`kg fetch`: project pages from the web into a folder that `kg build` reads."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.output import write_json
from kg.errors import EndpointError

if TYPE_CHECKING:
    from kg.fetch import Summary

_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="fetch")(fetch)


def fetch(
    wanted: Annotated[
        list[str],
        typer.Argument(metavar="DNR|URL|FILE...", help="Diary numbers, addresses, or files with one of these a line."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the pages and their records.")] = Path("pages"),
    interval: Annotated[float, typer.Option(min=0.0, help="Seconds between two requests.")] = 1.0,
    pattern: Annotated[
        str | None, typer.Option(help="Address of a project, with {dnr} for its number; by default the project bank's.")
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="How often a page is asked for.")] = 5,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Ask also addresses in private networks and on this machine.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of each page as one JSON object.")] = False,
) -> None:
    """Fetch project pages politely and store each with its address, time and hash.

    Honours robots.txt, waits between requests, and asks only for pages that have changed since the last time. A run
    that was broken off goes on where it ended when it is started again. Exit code 1 if some pages could not be had.
    """
    from kg.fetch import PROJECT_ADDRESS, Options, targets
    from kg.fetch import fetch as run

    pages = targets(wanted, pattern or PROJECT_ADDRESS)
    options = Options(interval=interval, tries=tries, allow_private=allow_private)
    try:
        with _progress_bar() as progress:
            summary = run(pages, out, options, progress)
    except KeyboardInterrupt:
        typer.echo(f"What was fetched is in {out}; the same command goes on from there.", err=True)
        raise
    counts = summary.counts()
    if as_json:
        write_json({"folder": str(out), "counts": counts, "pages": _pages(summary)})
    else:
        _show(summary, out)
    if counts["forbidden"] + counts["failed"] == len(pages) and pages:
        raise EndpointError(f"not one of {len(pages)} pages could be fetched")
    if counts["forbidden"] or counts["failed"]:
        raise typer.Exit(1)


def _pages(summary: Summary) -> list[dict[str, str | None]]:
    return [
        {
            "address": each.target.address,
            "result": each.result,
            "file": str(each.path) if each.path else None,
            "rule": each.rule or None,
            "message": each.message or None,
        }
        for each in summary.outcomes
    ]


def _show(summary: Summary, out: Path) -> None:
    if not summary.outcomes:
        typer.echo("nothing to fetch: the list names no diary number and no address", err=True)
    for result, number in summary.counts().items():
        if number:
            typer.echo(f"{number:>8}  {result}")
    missing = [each for each in summary.outcomes if each.path is None]
    for each in missing[:_SHOWN]:
        typer.echo(f"  {each.target.address}: {each.rule}: {each.message}", err=True)
    if len(missing) > _SHOWN:
        typer.echo(f"  and {len(missing) - _SHOWN} more (all: --json)", err=True)
    if len(missing) < len(summary.outcomes):
        typer.echo(f"The pages are in {out}; build with: kg build {out}")


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Give a function that draws a bar with an estimate on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("fetching", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
