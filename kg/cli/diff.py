"""`kg diff`: what changed between two releases, builds, exports or RDF files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.output import write_file, write_json
from kg.errors import UsageError
from kg.writing import check_folder

LANGUAGES = ("en", "sv")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="diff")(diff)


def diff(
    old: Annotated[Path, typer.Argument(help="A release, build or export, or an RDF file (also .gz).")],
    new: Annotated[Path, typer.Argument(help="The same, of later date.")],
    language: Annotated[str, typer.Option("--lang", envvar="KG_LANG", help="Language of the words: en or sv.")] = "en",
    rdf: Annotated[
        Path | None, typer.Option("--rdf", metavar="FILE", help="Also write the changes as RDF (TriG); - is stdout.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as one JSON object.")] = False,
) -> None:
    """Tell what changed: projects and other things that came or went, values from what to what, methods linked anew.

    Ends with code 0 if both hold the same, and 1 if they differ.
    """
    from kg.changes import changes, difference, side
    from kg.changes.telling import lines, plain
    from kg.changes.telling import rdf as written

    if language not in LANGUAGES:
        raise UsageError(f"the language {language!r} is not one of {', '.join(LANGUAGES)}")
    if rdf:
        check_folder(rdf)
    sides = side(old), side(new)
    differing = difference(*sides)
    found = changes(*sides, differing)
    to_stdout = rdf == Path("-")
    if to_stdout and as_json:
        raise UsageError("--json and --rdf - both write to standard output; give --rdf a file")
    if rdf is not None and not to_stdout:
        write_file(rdf, written(found))
    if to_stdout:
        typer.echo("".join(written(found)), nl=False)
    elif as_json:
        write_json(plain(found))
    else:
        for line in lines(found, language):
            typer.echo(line)
    if not differing.same:
        raise typer.Exit(1)
