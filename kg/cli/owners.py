"""`kg owners`: the owners of a build, why names were joined, and the pairs that wait for a person to settle them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import write_json, write_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.owners.candidates import Candidate, NamedOwner

commands = typer.Typer(no_args_is_help=True, help="Look at the owners of projects, and settle who is who.")
Format = Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv or json.")]
Owners = Annotated[
    list[Path] | None, typer.Option("--owners", help="A file of decisions besides the installed one; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(commands, name="owners")


@commands.command("list")
def list_owners(build: Build = Path("build"), endpoint: Endpoint = None, fmt: Format = "table") -> None:
    """List the owners with number, spellings and the places where their projects have their seat."""
    rows = [
        (owner.key, owner.label, owner.number or "", "; ".join(_others(owner)), "; ".join(sorted(owner.places)))
        for owner in _owners(build, endpoint)
    ]
    write_rows(("key", "name", "organisation number", "other spellings", "seat"), rows, fmt)


@commands.command()
def show(
    owner: Annotated[str, typer.Argument(help="Key, organisation number or name of an owner.")],
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one owner: its spellings, and by which rule each name was joined to it."""
    from kg.owners import name_key
    from kg.owners.stored import stored_matches, stored_owners

    with opened(build, endpoint) as store:
        owners = stored_owners(store)
        wanted = {owner, owner.replace("-", "")}
        found = [one for one in owners if wanted & {one.key, one.number} or name_key(owner) in map(name_key, one.names)]
        if len(found) != 1:
            problem = "no owner is" if not found else f"{len(found)} owners are"
            raise UsageError(f"{problem} called {owner!r}; kg owners list names them")
        matches = stored_matches(store, found[0].key)
    if as_json:
        rules = [{"name": match.name, "rule": match.rule, "date": match.date or None} for match in matches]
        write_json({**_plain(found[0]), "matches": rules})
        return
    typer.echo(f"{found[0].label} ({found[0].key})")
    typer.echo(f"  organisation number  {found[0].number or 'not known'}")
    for name in _others(found[0]):
        typer.echo(f"  also printed         {name}")
    for match in matches:
        since = f", {match.date}" if match.date else ""
        typer.echo(f"  joined               {match.name} ({match.rule}{since})")


@commands.command()
def candidates(
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    owners: Owners = None,
    min_score: Annotated[float | None, typer.Option("--min-score", min=0, max=1, help="Least score.")] = None,
    vetoed: Annotated[bool, typer.Option("--vetoed", help="Also pairs that something rules out.")] = False,
    public: Annotated[bool, typer.Option(help="Also compare with the list of public organisations.")] = True,
    fmt: Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv, json, or toml to paste.")] = "table",
) -> None:
    """Show pairs of owners whose names are near: score, reasons, what speaks against. Nothing is joined."""
    from kg.owners import candidates as search
    from kg.owners.reviewed import read

    found = _owners(build, endpoint)
    others = search.public_owners(found) if public else []
    threshold = search.THRESHOLD if min_score is None else min_score
    pairs = [
        pair for pair in search.candidates([*found, *others], read(owners or []), threshold) if vetoed or not pair.veto
    ]
    if fmt == "toml":
        typer.echo("".join(map(_entry, pairs)), nl=False)
        return
    columns = ("score", "one", "other", "reasons", "against", "ruled out")
    rows = [
        (
            each.score,
            _named(each.first),
            _named(each.second),
            "; ".join(each.reasons),
            "; ".join(each.against),
            each.veto,
        )
        for each in pairs
    ]
    write_rows(columns, rows, fmt)


def _owners(build: Path, endpoint: str | None) -> list[NamedOwner]:
    from kg.owners.stored import stored_owners

    with opened(build, endpoint) as store:
        return stored_owners(store)


def _others(owner: NamedOwner) -> list[str]:
    return [name for name in owner.names if name != owner.label]


def _plain(owner: NamedOwner) -> dict[str, object]:
    return {
        "key": owner.key,
        "label": owner.label,
        "organisationNumber": owner.number,
        "spellings": list(owner.names),
        "seats": sorted(owner.places),
    }


def _named(owner: NamedOwner) -> str:
    return f"{owner.label} ({owner.number})" if owner.number else owner.label


def _entry(pair: Candidate) -> str:
    """Return an entry for a file of decisions; the person keeps it, or makes it [[different]]."""
    one, two = (json.dumps(owner.number or owner.label, ensure_ascii=False) for owner in (pair.first, pair.second))
    reasons = "; ".join((*pair.reasons, *(f"but {each}" for each in pair.against)))
    comment = f"# {_named(pair.first)} / {_named(pair.second)}: {pair.score}, {reasons}"
    return f'{comment}\n[[same]]\nowners = [{one}, {two}]\nreason = ""\n\n'
