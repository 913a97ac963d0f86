"""`kg export`: a build, or a server's graph, to a folder of files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import message


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="export")(export)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder for the files; made if missing.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help="Only these: ttl, nt, nq, trig, jsonld, rdf, csv, graphml, gexf. May be given several times.",
        ),
    ] = None,
    build: Build = Path("build"),
    endpoint: Endpoint = None,
) -> None:
    """Write the graph as Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML, CSV tables, GraphML and GEXF.

    The same graph gives the same bytes. The names of the files go to standard output, one a line.
    """
    from kg.export import export as run

    with opened(build, endpoint) as store:
        written = run(store, folder, formats=formats, progress=lambda name: message(f"writing {name}"))
    for file in written:
        typer.echo(file.path)
