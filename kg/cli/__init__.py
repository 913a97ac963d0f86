"""The command line `kg`: the only part that prints and exits.

Each command has a module with `register(app)`; heavy imports stand inside the commands, so that `kg --help` is fast.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kg.cli import (
    build,
    check,
    conflicts,
    diff,
    export,
    fetch,
    link,
    methods,
    network,
    owners,
    push,
    quality,
    query,
    release,
    serve,
    update,
)
from kg.errors import KgError

INTERRUPTED = 130


class _Commands(TyperGroup):
    """Turns errors raised on purpose into one line and an exit code; anything else is a bug and shows itself."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            typer.echo(f"kg: {error}", err=True)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as interrupt:
            typer.echo("kg: interrupted; the last good build is untouched", err=True)
            raise typer.Exit(INTERRUPTED) from interrupt
        except BrokenPipeError as broken:
            # The reader of a pipe such as `| head` has gone; point stdout elsewhere so that closing it is silent.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from broken


app = typer.Typer(
    name="kg",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kg {version('esf-kg')}")
        raise typer.Exit


@app.callback()
def _kg(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Knowledge graph of Swedish European Social Fund projects: who used which method, where, and in which words.

    Exit codes: 0 ok, 1 findings, 2 usage, 3 input unreadable, 4 endpoint unreachable, 130 interrupted.
    """


for _module in (
    *(build, check, quality, query, methods, owners, conflicts, network),
    *(export, release, diff, serve, fetch, link, push, update),
):
    _module.register(app)


def main() -> None:
    """Run the command line."""
    app()
