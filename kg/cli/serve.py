"""`kg serve`: the site, linked data and the SPARQL endpoint."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.opening import Endpoint
from kg.cli.output import message
from kg.errors import UsageError

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

    from kg.web.serving import Serving


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="serve")(serve)


def serve(
    build: Annotated[Path, typer.Argument(metavar="[BUILD]", help="Folder of the build.")] = Path("build"),
    endpoint: Endpoint = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    public_base: Annotated[
        str | None,
        typer.Option(
            metavar="IRI",
            help="Address under which the site is reached from outside, ending in a slash. Things are found there "
            "under `id/…` whatever the base of their IRIs, which stay as they are.",
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Change a limit of the SPARQL endpoint, such as query-seconds=5."),
    ] = None,
    check: Annotated[
        bool, typer.Option(help="Check the build with SHACL in the background, for the page on data quality.")
    ] = True,
    access_log: Annotated[
        bool,
        typer.Option(help="Log requests to standard error: time, path, status, bytes, milliseconds; nothing personal."),
    ] = True,
) -> None:
    """Serve a build as a web site, as linked data and at /sparql, until interrupted.

    A new build in the same folder is taken up within seconds, without losing a request.
    """
    outside = _public(public_base)
    with _listening(host, port) as listening:
        here = f"http://{host if ':' not in host else f'[{host}]'}:{listening.getsockname()[1]}/"
        public = outside or here
        app = _application(build, endpoint, public, limits=limit or [], check=check, access_log=access_log)
        if access_log:
            logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
            logging.getLogger("kg.access").setLevel(logging.INFO)
        message(f"kg: serving at {public} (stop with Ctrl+C)")
        _run(app, listening)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: the address is not ours, or is taken.
    """
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error


def _public(address: str | None) -> str | None:
    """Return the public address as it was given.

    Raises:
        UsageError: it is not an http or https address that ends in a slash.
    """
    from kg.terms import checked_base

    if address is None:
        return None
    if not address.startswith(("http://", "https://")):
        raise UsageError(f"the public base {address!r} is not an http or https address")
    return checked_base(address)


def _application(
    build: Path, endpoint: str | None, public: str, *, limits: list[str], check: bool, access_log: bool
) -> ASGIApp:
    from kg.web.app import Settings, application
    from kg.web.endpoint import Endpoint as SparqlEndpoint
    from kg.web.serving import serve_build
    from kg.web.sparql.limits import Limits

    if endpoint is not None:
        if limits:
            raise UsageError("--limit goes with a build: another server sets its own limits")
        return application(_remote(endpoint), Settings(public, access_log))
    chosen = Limits().changed(limits)
    serving = serve_build(build)
    with serving.lend() as site:
        base = site.base
    return application(
        serving,
        Settings(public, access_log, build if check else None),
        lambda page: SparqlEndpoint(build, base=base, address=f"{public}sparql", limits=chosen, page=page),
    )


def _remote(endpoint: str) -> Serving:
    from kg.graph import remote_store
    from kg.web.serving import serve_server

    return serve_server(endpoint, remote_store(endpoint).base)


def _run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then let requests under way come to their end."""
    import signal

    import uvicorn

    from kg.web.server import config

    # uvicorn raises the signal again when it has shut down; that it came is then no news.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config(app, "", 0)).run(sockets=[listening])
