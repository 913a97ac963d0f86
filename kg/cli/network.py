"""`kg network`: what projects share, pictures of it, and networks for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import analysis, finding
from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import message, row_format, write_file, write_json, write_rows
from kg.cli.questions import MOST_ROWS, Limit, Plot, checked_picture, source_line, write_limited
from kg.counting import counted
from kg.writing import check_folder

if TYPE_CHECKING:
    from kg.network import Facts, Node, Shared

_COLUMNS = ("kind", "shared", "projects", "owners", "same sentence", "which projects")
_CSV_COLUMNS = ("kind", "key", "label", "projects", "owners", "same_words", "project", "owner")

commands = typer.Typer(no_args_is_help=True, help="Ask the network of projects, owners and methods.")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(commands, name="network")


finding.register(commands)
analysis.register(commands)


@commands.command()
def shared(
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    fmt: Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv or json.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    at_least: Annotated[int, typer.Option(min=2, help="How many projects must share it.")] = 2,
    limit: Limit = MOST_ROWS,
    plot: Plot = None,
) -> None:
    """List the methods and owners that link two or more projects.

    "same sentence" says that one sentence about the method stands in two of the projects: copied text, perhaps,
    rather than two decisions to use it.
    """
    from kg.network import read
    from kg.network.sharing import shared_of

    chosen = "json" if as_json else row_format(fmt)
    checked_picture(plot)
    with opened(build, endpoint) as store:
        facts = read(store)
    found = list(shared_of(facts, at_least=at_least))
    if plot:
        write_file(plot, [_picture(facts, found)])
    if chosen == "json":
        write_json([_plain(each) for each in found])
    elif chosen == "table":
        write_limited(_COLUMNS, [_row(each) for each in found], chosen, limit)
        message(_sentence(found))
    else:
        write_rows(_CSV_COLUMNS, [_record(each) for each in found], chosen)


@commands.command()
def draw(
    file: Annotated[Path, typer.Argument(help="The SVG file to write.")],
    project: Annotated[
        list[str] | None, typer.Option("--project", "-p", help="Only these projects, by diary number or key.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the picture.")] = "Projects, their owners and methods",
    build: Build = Path("build"),
    endpoint: Endpoint = None,
) -> None:
    """Draw projects with their owners, methods and regions as one picture."""
    from kg.drawing import projects_picture
    from kg.network import read, selected

    checked_picture(file)
    with opened(build, endpoint) as store:
        facts = read(store)
    chosen = selected(facts, project) if project else facts
    write_file(file, [projects_picture(chosen, title=title, source=source_line(facts))])


@commands.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: .graphml, .gexf, .json (node-link), .cyjs or .csv.")],
    build: Build = Path("build"),
    endpoint: Endpoint = None,
) -> None:
    """Write the whole network for Gephi, Cytoscape, NetworkX and others."""
    from kg.network import network
    from kg.network.files import graph_file

    check_folder(file)
    with opened(build, endpoint) as store:
        graph = network(store)
    write_file(file, graph_file(graph, file.suffix))
    message(f"{counted(graph.number_of_nodes(), 'node')} and {counted(graph.number_of_edges(), 'edge')}")


def _picture(facts: Facts, found: Sequence[Shared]) -> str:
    from kg.drawing import projects_picture
    from kg.network import selected

    projects = dict.fromkeys(project.key for each in found for project in each.projects)
    chosen = selected(facts, projects)
    return projects_picture(chosen, title="Projects that share methods or owners", source=source_line(facts))


def _sentence(found: Sequence[Shared]) -> str:
    methods = sum(each.kind == "method" for each in found)
    copied = sum(each.same_words is True for each in found)
    more = f", {copied} of them in the same words," if copied else ""
    owners = counted(len(found) - methods, "owner")
    return f"{counted(methods, 'method')}{more} and {owners} link two or more projects."


def _row(each: Shared) -> tuple[str, str, int, int, str, str]:
    words = {True: "yes", False: "no", None: ""}[each.same_words]
    which = ", ".join(project.label for project in each.projects)
    return each.kind, each.node.label, len(each.projects), len(each.owners), words, which


def _record(each: Shared) -> tuple[str, str, str, int, int, bool | None, str, str]:
    count = len(each.projects), len(each.owners)
    return each.kind, each.node.key, each.node.label, *count, each.same_words, _keys(each.projects), _keys(each.owners)


def _keys(nodes: Sequence[Node]) -> str:
    return "|".join(node.key for node in nodes)


def _plain(each: Shared) -> dict[str, object]:
    return {
        "kind": each.kind,
        "key": each.node.key,
        "label": each.node.label,
        "iri": each.node.iri,
        "projects": [_named(node) for node in each.projects],
        "owners": [_named(node) for node in each.owners],
        "quotes": list(each.quotes),
        "same_words": each.same_words,
    }


def _named(node: Node) -> dict[str, str]:
    return {"key": node.key, "label": node.label}
