"""`kg conflicts`: where sources disagree about a project, which value is preferred and by which rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import write_json, write_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.conflicts import Preferred

_COLUMNS = ("project", "title", "property", "values with their sources", "preferred", "rule")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="conflicts")(conflicts)


def conflicts(
    project: Annotated[str | None, typer.Argument(help="Diary number or key of one project; by default all.")] = None,
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    merged: Annotated[
        bool, typer.Option("--merged", help="The merged view of the project: one preferred value a property.")
    ] = False,
    fmt: Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv or json.")] = "table",
) -> None:
    """List the facts on which sources disagree; both values are kept, and a rule prefers one.

    The rules, in their order: filled (a value beats none), page-over-list (a page of the Council beats a list, its own
    list beats others), newer (present site over the old one, then later retrieval), first-source (nothing decides).
    Amounts in two currencies, a county within the named region, and several values of one list do not disagree.
    """
    from kg import conflicts as comparing
    from kg.vocabulary import project_key

    if merged and not project:
        raise UsageError("--merged needs a project: kg conflicts 2017/00082 --merged")
    key = project_key(project) if project else None
    with opened(build, endpoint) as store:
        found = comparing.merged(store, key) if merged and key else comparing.conflicts(store, key)
    if project and merged and not found:
        raise UsageError(f"the graph has no project {project!r}")
    if fmt == "json":
        write_json([_plain(each) for each in found])
    else:
        write_rows(_COLUMNS, [_row(each) for each in found], fmt)


def _row(each: Preferred) -> tuple[str, ...]:
    values = "; ".join(f"{value.shown()} ({value.source.name})" for value in each.values)
    return (each.project, each.title, each.property, values, each.value.shown(), each.rule)


def _plain(each: Preferred) -> dict[str, object]:
    values = [
        {"value": value.value, "unit": value.unit or None, "source": value.source.name, "layout": value.source.layout}
        for value in each.values
    ]
    return {
        "project": each.project,
        "title": each.title,
        "property": each.property,
        "values": values,
        "preferred": each.value.value,
        "source": each.value.source.name,
        "rule": each.rule,
    }
