"""`kg link`: asks a SPARQL server for items with the same identifiers and writes a file to review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.opening import Build, opened
from kg.cli.output import message, write_file
from kg.counting import counted
from kg.writing import check_folder


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="link")(link)


def link(
    out: Annotated[Path, typer.Argument(help="File to write, Turtle with one link a line.")] = Path("links.ttl"),
    build: Build = Path("build"),
    endpoint: Annotated[str | None, typer.Option("--endpoint", help="SPARQL server; by default Wikidata's.")] = None,
    cache: Annotated[
        Path, typer.Option("--cache", help="Folder that keeps answers, so that nothing is asked twice.")
    ] = Path(".kg-links"),
) -> None:
    """Find items elsewhere with the same organisation number, NUTS code or municipality code, and write links.

    Only equal identifiers link. Look through the file, put # before a line that is wrong, then add it with: kg build
    --links FILE. A line that was taken out so stays out when the file is written again.
    """
    from kg import link as linking
    from kg.link_server import Asking

    check_folder(out)
    asking = Asking(endpoint or linking.WIKIDATA, cache)
    with opened(build, None) as store:
        things, base = linking.identified(store), store.base
    found = linking.links(things, asking)
    lines = list(linking.turtle(found, base, linking.taken_out(out)))
    write_file(out, lines)
    stay, left = (sum(line.startswith(start) for line in lines) for start in ("<", "# <"))
    ending = f", {left} taken out before" if left else ""
    number = f"{counted(stay, 'link')} of {counted(len(things), 'identifier')}"
    message(f"{number}, {len(found.unclear)} not clear{ending}")
