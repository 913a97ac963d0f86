"""A SPARQL server inside the test, with what other servers are known for: limits, logins, bad days, and killed clients."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

import pyoxigraph

USER, PASSWORD, TOKEN = "someone", "correct-horse", "a-long-token"
_NONCE = "abc"


@dataclass
class Behaviour:
    """What the server does besides answering; may be changed while it runs.

    `cut`: rows that it gives at most. `says_so`: whether it tells so in Virtuoso's way. `login`: basic, digest or
    bearer. `faults`: statuses with which the next requests are answered instead; 0 closes the connection unanswered.
    `before`: called with each update before it is carried out.
    """

    cut: int | None = None
    says_so: bool = False
    login: str | None = None
    faults: list[int] = field(default_factory=list)
    retry_after: str | None = None
    before: Callable[[str], None] = lambda update: None
    authorizations: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


def accepted(header: str, login: str, method: str, path: str) -> bool:
    """Return whether the header is what the login asks for."""
    if login == "basic":
        return header == "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    if login == "bearer":
        return header == f"Bearer {TOKEN}"
    fields = dict(part.strip().split("=", 1) for part in header.removeprefix("Digest ").split(",") if "=" in part)
    values = {name: value.strip('"') for name, value in fields.items()}
    if values.get("username") != USER:
        return False
    first = md5(f"{USER}:here:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    second = md5(f"{method}:{values['uri']}".encode(), usedforsecurity=False).hexdigest()
    middle = f"{_NONCE}:{values['nc']}:{values['cnonce']}:{values['qop']}"
    return values["response"] == md5(f"{first}:{middle}:{second}".encode(), usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour
    store: pyoxigraph.Store
    lock: Lock

    def do_GET(self) -> None:
        self._serve(parse_qs(urlsplit(self.path).query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/store"):
            self._upload(body)
            return
        self._serve(parse_qs(body.decode()))

    def _serve(self, form: dict[str, list[str]]) -> None:
        with self.lock:
            if not self._is_well():
                return
            if "update" in form:
                self.behaviour.updates.append(form["update"][0])
                self.behaviour.before(form["update"][0])
                self._answer_quietly(lambda: self.store.update(form["update"][0]))
            else:
                self.behaviour.queries.append(form["query"][0])
                self._query(form)

    def _answer_quietly(self, action: Callable[[], None]) -> None:
        try:
            action()
        except SyntaxError as error:
            self._send(400, str(error).encode(), "text/plain")
            return
        self._send(204, b"", "text/plain")

    def _upload(self, body: bytes) -> None:
        with self.lock:
            if not self._is_well():
                return
            named = parse_qs(urlsplit(self.path).query).get("graph")
            graph = pyoxigraph.NamedNode(named[0]) if named else None
            self.behaviour.updates.append(self.path)
            self.store.load(body, pyoxigraph.RdfFormat.N_TRIPLES, to_graph=graph)
            self._send(204, b"", "text/plain")

    def _is_well(self) -> bool:
        self.behaviour.authorizations.append(self.headers.get("Authorization", ""))
        if self.behaviour.faults:
            fault = self.behaviour.faults.pop(0)
            if fault:
                self._send(fault, b"a bad day", "text/plain")
            else:
                self.close_connection = True
            return False
        login = self.behaviour.login
        if login and not accepted(self.headers.get("Authorization", ""), login, self.command, self.path):
            asks = {"basic": 'Basic realm="here"', "bearer": 'Bearer realm="here"'}
            self._send(
                401, b"who are you", "text/plain", asks.get(login, f'Digest realm="here", nonce="{_NONCE}", qop="auth"')
            )
            return False
        return True

    def _query(self, form: dict[str, list[str]]) -> None:
        try:
            found = self.store.query(
                form["query"][0],
                use_default_graph_as_union="union-default-graph" in form,
                default_graph=[pyoxigraph.NamedNode(name) for name in form.get("default-graph-uri", [])] or None,
            )
        except SyntaxError as error:
            self._send(400, str(error).encode(), "text/plain")
            return
        assert not isinstance(found, pyoxigraph.QueryTriples)
        answer = json.loads(found.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b"")
        rows = answer.get("results", {}).get("bindings", [])
        cut = self.behaviour.cut if self.behaviour.cut is not None and len(rows) > self.behaviour.cut else None
        del rows[cut if cut is not None else len(rows) :]
        self._send(200, json.dumps(answer).encode(), "application/sparql-results+json", most=cut)

    def _send(self, status: int, body: bytes, kind: str, asks: str | None = None, most: int | None = None) -> None:
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if asks:
                self.send_header("WWW-Authenticate", asks)
            if status >= 500 and self.behaviour.retry_after:
                self.send_header("Retry-After", self.behaviour.retry_after)
            if most is not None and self.behaviour.says_so:
                self.send_header("X-SPARQL-MaxRows", str(most))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def small_server(behaviour: Behaviour) -> Iterator[str]:
    """Start the server, empty; give its address without a path."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour, "store": pyoxigraph.Store(), "lock": Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
