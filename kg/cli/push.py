"""`kg push` and `kg info`: a build copied to a SPARQL server, and what a build holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.opening import Build
from kg.cli.output import message, write_json, write_rows
from kg.errors import BuildError

if TYPE_CHECKING:
    from kg.store.push import Progress

_CLASSES = ("Project", "Owner", "Region", "Method", "MethodUse", "Fund", "Programme", "Source")
_SOURCES_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(name="push")(push)
    app.command(name="info")(info)


def push(
    endpoint: Annotated[str, typer.Option("--endpoint", help="Address of the server for queries.")],
    update_endpoint: Annotated[
        str | None,
        typer.Option("--update-endpoint", help="Address for updates; by default …/update where queries go to …/query."),
    ] = None,
    graph_store: Annotated[
        str | None,
        typer.Option("--graph-store", help="Address of the graph store protocol, to send statements that way."),
    ] = None,
    build: Build = Path("build"),
    everything: Annotated[
        bool, typer.Option("--everything", help="Send all graphs, also those that the server has as they are.")
    ] = False,
    tries: Annotated[int, typer.Option(min=1, help="How often a request is sent that fails in passing.")] = 6,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that the server may stay silent.")] = 600,
) -> None:
    """Copy a build to a SPARQL server, graph by graph: only what has changed, going on where a broken run ended.

    Graphs of ours that the build has no more are removed from the server; graphs of others are left alone. A name and
    password come from KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, a token from KG_ENDPOINT_TOKEN, or either from a netrc
    file; never from an option.
    """
    from kg.store import RemoteStore, open_build
    from kg.store.push import Union
    from kg.store.push import push as run

    updates = update_endpoint or _update_address(endpoint)
    with open_build(build) as store, _counter() as progress:
        server = RemoteStore(endpoint, base=store.base, update_endpoint=updates, timeout=timeout, tries=tries)
        report = run(store.nquads, server, graph_store=graph_store, everything=everything, progress=progress)
    message(
        f"{endpoint} has {report.statements} statements in {report.graphs} graphs: {report.replaced} graphs sent"
        f" ({report.sent} statements), {report.removed} removed"
    )
    if report.union is Union.REPEATED:
        message(f"kg: the default graph of this server shows {report.union.value}")


def info(
    build: Annotated[Path, typer.Argument(help="Folder of the build.")] = Path("build"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell what a build holds: how many of what, from which sources, under which base and by which version."""
    from kg.store import open_build, read_report

    report = read_report(build)
    with open_build(build) as store:
        rows = store.texts("SELECT ?class (COUNT(?thing) AS ?n) { ?thing a ?class } GROUP BY ?class ORDER BY ?class")
        found = {row[0]: row[1] for row in rows}
        counts = {name: int(found.get(f"{store.base}ontology#{name}") or 0) for name in _CLASSES}
        ((graphs, statements),) = store.texts(
            "SELECT (COUNT(DISTINCT ?g) AS ?graphs) (COUNT(*) AS ?statements) { GRAPH ?g { ?s ?p ?o } }"
        )
    facts = {
        "build": str(build),
        "generation": report.get("generation"),
        "version": report.get("version"),
        "base": report.get("base"),
        "graphs": int(graphs or 0),
        "statements": int(statements or 0),
    }
    if as_json:
        write_json({**facts, "counts": counts, "warnings": report.get("warnings_by_rule"), "sources": _sources(report)})
        return
    write_rows(("build", ""), [(key, str(value)) for key, value in facts.items() if key != "build"], title=f"{build}")
    write_rows(("things", "number"), list(counts.items()), title="\nWhat the graph holds")
    sources = _sources(report)
    shown = [(each.get("name"), each.get("project"), each.get("layout")) for each in sources[:_SOURCES_SHOWN]]
    write_rows(("source", "project", "layout"), shown, title="\nSources")
    if len(sources) > _SOURCES_SHOWN:
        message(f"and {len(sources) - _SOURCES_SHOWN} more: see --json, or kg query sources")


def _sources(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = report.get("sources")
    if not isinstance(found, list):
        raise BuildError("the build's report lists no sources; build again")
    return found


def _update_address(endpoint: str) -> str:
    return f"{endpoint.removesuffix('/query')}/update" if endpoint.endswith("/query") else endpoint


@contextmanager
def _counter() -> Iterator[Progress]:
    """Show the number of statements sent, on a terminal."""
    shown = sys.stderr.isatty()

    def show(sent: int) -> None:
        if shown:
            sys.stderr.write(f"\r{sent} statements sent")

    try:
        yield show
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
