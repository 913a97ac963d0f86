"""`kg update`: one command that keeps a site current, for cron and systemd timers."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.output import message, write_json
from kg.counting import counted
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.update import Outcome

EXIT_CODES = {"UPDATED": 0, "ROLLED_BACK": 0, "FINDINGS": 1, "NOTHING_NEW": 5, "REFUSED": 6}
"""By what came of a run; 7 when another run is under way, and as everywhere 2, 3 and 4 for usage, input and servers."""
_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="update")(update)


def update(
    plan: Annotated[
        Path, typer.Argument(metavar="[PLAN]", help="File that says what to fetch, build, keep and release (TOML).")
    ] = Path("update.toml"),
    accept: Annotated[
        bool, typer.Option("--accept", help="Take over what would be refused: new violations, fewer projects.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Build although nothing is new.")] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Put the generation before in force again, until the sources change.")
    ] = False,
    to: Annotated[str | None, typer.Option("--to", help="With --rollback: the generation to go back to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as one JSON object.")] = False,
) -> None:
    """Fetch what changed, build, check against the build in force, switch in one step, and release.

    Exit codes: 0 updated or rolled back, 1 updated with violations that are known or accepted, 5 nothing new,
    6 refused by the check, 7 another update under way; 2 usage, 3 input unreadable, 4 pages unreachable.

    In all but 0 and 1 the build in force stays, and whenever the run is killed, the build in force is whole.
    """
    from kg.update import read_plan, roll_back
    from kg.update import update as run

    chosen = read_plan(plan)
    if to and not rollback:
        raise UsageError("--to goes with --rollback")
    say = message if sys.stderr.isatty() else _silent
    outcome = roll_back(chosen, to=to, say=say) if rollback else run(chosen, accept=accept, force=force, say=say)
    if as_json:
        write_json({**asdict(outcome), "result": outcome.result.value})
    else:
        _show(outcome)
    raise typer.Exit(EXIT_CODES[outcome.result.name])


def _silent(text: str) -> None:
    """Say nothing: what cron sends by mail should be the outcome alone."""


def _show(outcome: Outcome) -> None:
    parts = [f"{outcome.result.value}: generation {outcome.generation or 'none'}"]
    if outcome.before and outcome.before != outcome.generation:
        parts.append(f"before it {outcome.before}")
    if outcome.known:
        parts.append(f"{counted(outcome.known, 'violation')} known before")
    parts.extend(outcome.reasons)
    parts.extend(f"{counted(number, 'page')} {what}" for what, number in outcome.fetched.items())
    if outcome.released:
        parts.append("released")
    typer.echo("; ".join(parts))
    for each in outcome.violations[:_SHOWN]:
        typer.echo(f"  {each}", err=True)
    if len(outcome.violations) > _SHOWN:
        typer.echo(f"  and {len(outcome.violations) - _SHOWN} more (all: --json)", err=True)
