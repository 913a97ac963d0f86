from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from kg.cli import serve
from kg.errors import UsageError
from tests.site.running import client

_PROGRAM = "import typer; from kg.cli import serve; app = typer.Typer(); serve.register(app); app()"


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; give its process and its address."""
    command = [sys.executable, "-c", _PROGRAM, *options, "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        found = re.search(r"serving at (http://\S+)/ ", process.stderr.readline())
        assert found, process.stderr.read()
        _wait_for(found[1])
        yield process, found[1]
    finally:
        process.kill()
        process.wait(10)
        assert process.stderr
        process.stderr.close()


def _wait_for(address: str) -> None:
    for _ in range(400):
        try:
            if httpx.get(f"{address}/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the command does not serve")


def test_the_command_serves_pages_and_sparql_and_ends_cleanly(built: Path) -> None:
    with served(str(built), "--no-check") as (process, address), client(address) as site:
        assert site.get("/sv/").status_code == 200
        query = "SELECT (COUNT(?p) AS ?n) WHERE { ?p a kg:Project }"
        rows = site.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()
        assert int(rows[1]) == site.get("/search.json").json()["total"]
        site.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stderr
        log = process.stderr.read()
        assert " GET /sparql 200 " in log
        assert "COUNT" not in log
        assert "127.0.0.1" not in log


def test_a_query_of_the_form_is_answered_as_a_page_with_links(built: Path) -> None:
    with served(str(built), "--no-check") as (_, address), client(address) as site:
        form = {"query": "SELECT ?p ?t WHERE { ?p a kg:Project ; dcterms:title ?t } ORDER BY ?t LIMIT 3", "lang": "en"}
        answer = site.get("/sparql", params=form, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "sv"})
        assert (answer.status_code, answer.headers["content-language"]) == (200, "en")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.text.count('<td><a href="/en/project/') == 3
        wrong = site.get("/sparql", params={"query": "SELECT <script>", "lang": "sv"}, headers={"Accept": "text/html"})
        assert wrong.status_code == 400
        assert "<script>" not in wrong.text
        assert "Frågan besvaras inte" in wrong.text
        graph = site.get(
            "/sparql", params={"query": "DESCRIBE kg:Project", "lang": "sv"}, headers={"Accept": "text/html"}
        )
        assert "<pre" in graph.text


def test_requests_under_way_end_before_the_server_does(built: Path) -> None:
    with served(str(built), "--no-check") as (process, address):
        statuses: list[int] = []

        def ask() -> None:
            with client(address) as site:
                for number in range(10):
                    try:
                        statuses.append(site.get(f"/sv/search?q=projekt{number}").status_code)
                    except httpx.TransportError:
                        return

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        while len(statuses) < 4 and any(asker.is_alive() for asker in askers):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        for asker in askers:
            asker.join(10)
        assert statuses
        assert set(statuses) == {200}


def test_a_slow_or_endless_head_of_a_request_is_cut_off(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.web import server
    from kg.web.serving import serve_build
    from tests.site.running import running

    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    with running(serve_build(built)) as address, client(address) as site:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.settimeout(5)
            slow.sendall(b"GET /sv/ HTTP/1.1\r\nHost: x\r\n")
            assert slow.recv(100) == b""
        with socket.create_connection(("127.0.0.1", port)) as endless:
            endless.settimeout(5)
            endless.sendall(b"GET /sv/ HTTP/1.1\r\nHost: x\r\n")
            assert _is_cut_off(endless)
        assert site.get("/health").status_code == 200


def _is_cut_off(connection: socket.socket) -> bool:
    """Send headers without end; return whether the other side closes."""
    try:
        for _ in range(100):
            connection.sendall(b"X-Filler: " + b"x" * 10_000 + b"\r\n")
        return connection.recv(100) == b""
    except ConnectionError:
        return True


def test_a_body_that_no_page_wants_does_no_harm(site: httpx.Client) -> None:
    # The server answers and closes without reading it all, which a client may see as an answer or as a reset.
    with contextlib.suppress(httpx.TransportError):
        assert site.request("GET", "/sv/search?q=bip", content=b"x" * 3_000_000).status_code == 200
    assert site.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--public-base", "ftp://example.se/"], "not an http or https address"),
        (["--public-base", "https://example.se/esf"], "ends in a slash"),
        (["--host", "203.0.113.256"], "cannot listen on 203.0.113.256"),
        (["--limit", "colour=blue"], "no limit is called 'colour'"),
        (["--endpoint", "http://127.0.0.1:9/", "--limit", "engines=2"], "goes with a build"),
    ],
)
def test_wrong_options_are_refused_by_name(built: Path, options: list[str], message: str) -> None:
    app = typer.Typer()
    serve.register(app)
    result = CliRunner().invoke(app, [str(built), "--port", "0", *options])
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
