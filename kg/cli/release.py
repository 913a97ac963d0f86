"""`kg release`: a build, or a server's graph, to a folder that any web server can hand out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import message, write_json
from kg.counting import counted


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="release")(release)


def release(
    folder: Annotated[Path, typer.Argument(help="Folder of the release; made, or replaced in one step.")],
    config: Annotated[
        Path | None,
        typer.Option("--config", help="File that names publisher, contact, licence and addresses (TOML)."),
    ] = None,
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    quality: Annotated[bool, typer.Option(help="Include the report on data quality, which takes longest.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as one JSON object.")] = False,
) -> None:
    """Make a release: the graph in every form, tables, documentation, a catalogue for data portals, checksums.

    The same graph and configuration give the same bytes. The report on data quality is made from a build only.
    """
    from kg.release import read_publication
    from kg.release import release as run

    with opened(build, endpoint) as store:
        published = read_publication(store.base, config)
        built = None if endpoint or not quality else build
        made = run(store, folder, published, build=built, progress=lambda name: message(f"writing {name}"))
    if as_json:
        held = {"triples": made.statistics.triples, "things": made.statistics.things, "files": list(made.files)}
        write_json({"folder": str(made.folder), "version": made.version, **held})
        return
    counts = f"{counted(len(made.files), 'file')}, {counted(made.statistics.triples, 'statement')}"
    typer.echo(f"Made release {made.version} in {folder}: {counts}.")
    if "w3id/.htaccess" not in made.files:
        message("kg: no redirects were written: all addresses lie below the base; [site] in the file of --config")
    if not published.contact:
        message("kg: the catalogue names no contact; data portals ask for one: [contact] in the file of --config")
