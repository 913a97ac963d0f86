"""`kg serve`: the site, linked data and the SPARQL endpoint."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.opening import Endpoint
from kg.cli.output import message
from kg.errors import UsageError

if TYPE_CHECKING:
    import socket

    from kg.web.server import Application
    from kg.web.serving import Serving
    from kg.web.team import Member


_PublicBase = Annotated[
    str | None,
    typer.Option(
        metavar="IRI",
        help="Address under which the site is reached from outside, ending in a slash. Things are found there "
        "under `id/…` whatever the base of their IRIs, which stay as they are.",
    ),
]
_Limit = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Change a limit of the SPARQL endpoint, such as query-seconds=5."),
]
_Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=64,
        help="Processes that serve together, limits shared; by default one a core, 4 at most. "
        "With --endpoint one, because each reads the whole server.",
    ),
]
_Check = Annotated[
    bool, typer.Option(help="Check the build with SHACL in the background, for the page on data quality.")
]
_AccessLog = Annotated[
    bool,
    typer.Option(help="Log requests to standard error: time, path, status, bytes, milliseconds; nothing personal."),
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(name="serve")(serve)


def serve(
    build: Annotated[Path, typer.Argument(metavar="[BUILD]", help="Folder of the build.")] = Path("build"),
    endpoint: Endpoint = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    public_base: _PublicBase = None,
    limit: _Limit = None,
    workers: _Workers = None,
    check: _Check = True,
    access_log: _AccessLog = True,
) -> None:
    """Serve a build as a web site, as linked data and at /sparql, until interrupted.

    A new build in the same folder is taken up within seconds, without losing a request.

    With --endpoint there is no /sparql, and no query can be run from the pages: that server answers queries itself.
    """
    asked = _Asked(build, endpoint, _public(public_base), limit or [], check, access_log)
    asked.refuse_what_cannot_be()
    if access_log:
        logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
        logging.getLogger("kg.access").setLevel(logging.INFO)
    number = workers or _sensible(endpoint)
    with ExitStack() as closing:
        sockets = [closing.enter_context(each) for each in _listening(host, port, number)]
        here = f"http://{host if ':' not in host else f'[{host}]'}:{sockets[0].getsockname()[1]}/"
        asked = replace(asked, public=asked.public or here)
        if number == 1:
            app = _application(asked)
            message(_SERVING.format(asked.public))
            if endpoint:
                message(f"kg: there is no {asked.public}sparql: {endpoint} answers queries itself")
            _run(app, sockets[0])
        else:
            _run_team(asked, sockets)


_SERVING = "kg: serving at {} (stop with Ctrl+C)"
_MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be served, and how; `public` is empty until the port is known, if it was not given."""

    build: Path
    endpoint: str | None
    public: str
    limits: list[str]
    check: bool
    access_log: bool

    def refuse_what_cannot_be(self) -> None:
        """Raise what is wrong with the options before anything is started."""
        from kg.web.sparql.limits import Limits

        Limits().changed(self.limits)
        if self.endpoint is not None and self.limits:
            raise UsageError("--limit goes with a build: another server sets its own limits")


def _sensible(endpoint: str | None) -> int:
    from kg.web.workers import possible

    return min(os.cpu_count() or 1, _MOST_WORKERS) if possible() and endpoint is None else 1


def _listening(host: str, port: int, number: int) -> list[socket.socket]:
    """Return sockets that listen at one address.

    Raises:
        UsageError: the address is not ours, or is taken.
    """
    from kg.web import workers

    if number > 1 and not workers.possible():
        raise UsageError("several workers need Linux: use --workers 1")
    try:
        return workers.listening(host, port, number)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error


def _public(address: str | None) -> str:
    """Return the public address as it was given, or nothing if it was not.

    Raises:
        UsageError: it is not an http or https address that ends in a slash.
    """
    from kg.terms import checked_base

    if address is None:
        return ""
    if not address.startswith(("http://", "https://")):
        raise UsageError(f"the public base {address!r} is not an http or https address")
    return checked_base(address)


def _application(asked: _Asked, member: Member | None = None) -> Application:
    from kg.web.app import Settings, application
    from kg.web.endpoint import Endpoint as SparqlEndpoint
    from kg.web.serving import serve_build
    from kg.web.sparql.limits import Limits

    if asked.endpoint is not None:
        return application(_remote(asked.endpoint), Settings(asked.public, asked.access_log, member=member))
    chosen = Limits().changed(asked.limits)
    serving = serve_build(asked.build)
    with serving.lend() as site:
        base = site.base
    return application(
        serving,
        Settings(asked.public, asked.access_log, asked.build if asked.check else None, member=member),
        lambda page: SparqlEndpoint(
            asked.build, base=base, address=f"{asked.public}sparql", limits=chosen, page=page, member=member
        ),
    )


def _run_team(asked: _Asked, sockets: list[socket.socket]) -> None:
    """Serve from a process for each socket, until SIGINT or SIGTERM."""
    # Imported once, before the workers are forked. Arrays are counted here, not multiplied: threads for that would
    # only make the fork unsafe.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import kg.web.app
    import kg.web.server  # noqa: F401
    from kg.web.team import Member, Team
    from kg.web.workers import Workers

    team = Team(len(sockets))
    try:
        Workers(
            team, sockets, lambda number, listening: _run(_application(asked, Member(team, number)), listening)
        ).run(lambda: message(_SERVING.format(asked.public)))
    finally:
        team.close()


def _remote(endpoint: str) -> Serving:
    from kg.graph import remote_store
    from kg.web.serving import serve_server

    return serve_server(endpoint, remote_store(endpoint).base)


def _run(app: Application, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then let requests under way come to their end."""
    import signal

    import uvicorn

    from kg.web.server import config, give_way

    give_way()
    # uvicorn raises the signal again when it has shut down; that it came is then no news.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server = uvicorn.Server(config(app, "", 0))
    server.run(sockets=[listening])
    if not server.started:
        raise UsageError("the site could not start; the reason stands above")
