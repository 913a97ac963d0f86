"""A real Virtuoso server on loopback, of Debian's package, in a folder of its own that goes with the test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import servers

PACKAGE = "virtuoso-opensource-7-bin"
USER, PASSWORD = "dba", "dba"
"""The administrator of a new database; the database listens on loopback only and is removed after the test."""
MOST_ROWS = 1000
"""Rows that the server gives at once: few, so that every larger answer comes in pages."""
_SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{database}
DisableUnixSocket = 1
ServerThreads = 8
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CaseMode = 2
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = .
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {rows}
MaxSortedTopRows = 2000
"""


@dataclass(frozen=True)
class Virtuoso:
    """A running server: `sparql` for everybody to read and write, `login` for those with the password (Digest)."""

    sparql: str
    login: str
    graph_store: str


def installed() -> bool:
    """Return whether the server is there, as `tests.servers.installed` says it."""
    return servers.installed(PACKAGE, "virtuoso-t", "isql-vt")


@contextmanager
def virtuoso_server() -> Iterator[Virtuoso]:
    """Start an empty server; everybody may write through its public address."""
    # In memory where there is a place for it: a new database writes and synchronises 50 MB.
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="virtuoso-", dir=shared if shared.is_dir() else None) as name:
        folder, web, database = Path(name), servers.free_port(), servers.free_port()
        (folder / "virtuoso.ini").write_text(_SETTINGS.format(database=database, web=web, rows=MOST_ROWS))
        # A test run that is killed takes the server with it.
        tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        command = [*tied, "virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{web}/sparql", process)
            _allow_updates(database)
            address = f"http://127.0.0.1:{web}/sparql"
            yield Virtuoso(address, f"{address}-auth", f"{address}-graph-crud-auth")
        finally:
            # Its own way of ending writes the database out first, and nobody wants it.
            process.kill()
            process.wait(timeout=10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the server ended at once"
        try:
            httpx.get(address, params={"query": "ASK {}"}, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def _allow_updates(database: int) -> None:
    grant = 'EXEC=GRANT SPARQL_UPDATE TO "SPARQL";'
    command = ["isql-vt", f"127.0.0.1:{database}", USER, PASSWORD, grant]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
