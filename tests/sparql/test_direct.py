"""The direct way of a plain GET: the same answers as by the application, and nothing taken for a request that is none."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web import server
from kg.web.sparql.direct import Direct, Head, Told, read_head
from kg.web.sparql.limits import Limits
from tests.sparql.serving import BASE, CLIENT, SMALL, UNLIMITED, Served, served, used_by_ended_engines

HEAVY = "SELECT (SUM(STRLEN(STR(?c))) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?f)) > 0) }"
REQUEST = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request that arrived went the direct way."""
    found: list[bool] = []
    original = Direct.begin

    def begin(self: Direct, *given: object) -> object:
        answer = original(self, *given)  # type: ignore[arg-type]
        found.append(answer is not None)
        return answer

    monkeypatch.setattr(Direct, "begin", begin)
    return found


@contextmanager
def connected(site: Served, *, room: int = 0) -> Iterator[socket.socket]:
    """Connect to the site; with `room` the client takes only about so many bytes before it reads them."""
    port = int(site.address.rpartition(":")[2].partition("/")[0])
    with socket.socket() as connection:
        if room:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        connection.connect(("127.0.0.1", port))
        connection.settimeout(10)
        yield connection


def received(connection: socket.socket, answers: int) -> bytes:
    """Return what comes until so many answers have ended, each to an ASK."""
    found = b""
    while found.count(b'"boolean":') < answers:
        part = connection.recv(65_536)
        assert part, found
        found += part
    return found


@pytest.mark.parametrize(
    ("query", "headers", "parameters", "directly"),
    [
        (SMALL, {}, {}, True),
        (SMALL, {"Accept": "text/csv"}, {}, True),
        (SMALL, {}, {"format": "xml"}, True),
        (SMALL, {"If-None-Match": "*"}, {}, True),
        (SMALL, {}, {"default-graph-uri": f"{BASE}id/source/1"}, True),
        ("SELECT (1 / 0 AS ?x) {}", {}, {}, True),
        ("SELECT * { ?s ?p }", {}, {}, True),
        ("ASK { ?a kg:region ?b ; dcterms:title ?title }", {}, {}, True),
        ("SELECT (RAND() < 2 AS ?sure) {}", {}, {}, True),
        (f"DESCRIBE <{BASE}id/project/1>", {"Accept": "text/csv"}, {}, True),
        (f"DESCRIBE <{BASE}id/project/1>", {"Accept": "application/rdf+xml"}, {}, True),
        ("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", {}, {}, False),
        ("INSERT DATA { <a:a> <a:a> 1 }", {}, {}, True),
        (SMALL, {"Accept": "image/png"}, {}, False),
        (SMALL, {}, {"update": "CLEAR ALL"}, False),
    ],
)
def test_an_answer_is_the_same_on_both_ways(
    site: Served, taken: list[bool], query: str, headers: dict[str, str], parameters: dict[str, str], directly: bool
) -> None:
    asked = {"query": query, **parameters}
    one = CLIENT.get(site.address, params=asked, headers=headers)
    # A header that the direct way leaves to the parser.
    other = CLIENT.get(site.address, params=asked, headers={**headers, "TE": "trailers"})

    assert taken == [directly, False]
    assert (one.status_code, one.content) == (other.status_code, other.content)
    names = {"date", "connection"}
    assert {k: v for k, v in one.headers.items() if k not in names} == {
        k: v for k, v in other.headers.items() if k not in names
    }


def test_requests_that_come_together_are_answered_in_their_order(site: Served) -> None:
    with connected(site) as connection:
        no = REQUEST.replace(b"ASK%20%7B%7D", b"ASK%20%7B%20FILTER(false)%20%7D")
        connection.sendall(REQUEST + no + REQUEST)
        together = received(connection, 3)
        connection.sendall(REQUEST)
        connection.sendall(no)
        apart = received(connection, 2)

    assert [part[:4] for part in together.split(b'"boolean":')[1:]] == [b"true", b"fals", b"true"]
    assert [part[:4] for part in apart.split(b'"boolean":')[1:]] == [b"true", b"fals"]


def test_a_request_in_pieces_is_answered_once(site: Served) -> None:
    with connected(site) as connection:
        for place in range(0, len(REQUEST), 9):
            connection.sendall(REQUEST[place : place + 9])
            time.sleep(0.002)
        assert received(connection, 1).count(b"HTTP/1.1 200 OK") == 1


def test_the_body_of_another_request_is_not_taken_for_a_request(site: Served, taken: list[bool]) -> None:
    with connected(site) as connection:
        head = f"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: {2 * len(REQUEST)}\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.recv(65_536)
        connection.sendall(REQUEST)
        time.sleep(0.1)
        connection.sendall(REQUEST)
        time.sleep(0.1)
        connection.sendall(REQUEST)  # this one is a request
        rest = received(connection, 1)

    assert answer.startswith(b"HTTP/1.1 404 ")
    assert rest.count(b"HTTP/1.1 ") == 1
    assert taken == [False, True]


def test_a_client_that_leaves_frees_its_engine(build: Path) -> None:
    with served(build, UNLIMITED) as site:
        with connected(site) as connection:
            connection.sendall(REQUEST.replace(b"ASK%20%7B%7D", HEAVY.replace(" ", "+").encode()))
            _until(lambda: site.endpoint.state is not None and site.endpoint.state.busy == 1)
            time.sleep(0.2)
        _until(lambda: site.endpoint.state is not None and site.endpoint.state.busy == 0)


def test_a_query_that_takes_too_long_is_refused_on_time(build: Path) -> None:
    limits = Limits(query_seconds=0.5, client_rate=0)
    before = used_by_ended_engines()
    with served(build, limits) as site:
        answer = site.get(HEAVY)

        assert answer.status_code == 503
        assert "0.5 seconds" in answer.json()["detail"]
        assert site.get(SMALL).status_code == 200
    # Of a processor's time, which is the same on a busy machine; an engine that is not stopped uses all it gets.
    assert used_by_ended_engines() - before < Limits().query_seconds / 4


def test_what_is_under_way_is_answered_before_the_server_ends(build: Path) -> None:
    limits = Limits(query_seconds=1.0, client_rate=0)
    with served(build, limits) as site, connected(site) as connection:
        connection.sendall(REQUEST.replace(b"ASK%20%7B%7D", HEAVY.replace(" ", "+").encode()))
        _until(lambda: site.endpoint.state is not None and site.endpoint.state.busy == 1)
        site.server.should_exit = True
        answer = b""
        while part := connection.recv(65_536):
            answer += part

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nconnection: close\r\n" in answer


def test_a_client_that_takes_nothing_is_cut_off(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SEND_SECONDS", 0.3)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000".replace(" ", "+").encode()
    with served(build, UNLIMITED) as site, connected(site, room=65_536) as connection:
        connection.sendall(REQUEST.replace(b"ASK%20%7B%7D", query))
        time.sleep(2.5)
        answer = b""
        while part := connection.recv(1 << 20):
            answer += part

        assert answer.startswith(b"HTTP/1.1 200 OK")
        promised = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        assert len(answer) < promised
        assert site.get(SMALL).status_code == 200


def _until(holds: object) -> None:
    assert callable(holds)
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    "lines",
    [
        b"Host: x\r\nTransfer-Encoding: chunked\r\n",
        b"Host: x\r\ncontent-length: 0\r\n",
        b"Host: x\r\nHost: y\r\n",
        b"Host: x\r\nAccept: a/b\r\nACCEPT: c/d\r\n",
        b"Host: x\r\nConnection: close\r\n",
        b"Host: x\r\nConnection: keep-alive, upgrade\r\n",
        b"Host: x\r\nX-Forwarded-For: 192.0.2.1\r\n",
        b"Host: x\r\nExpect: 100-continue\r\n",
        b"Accept: */*\r\n",
    ],
)
def test_headers_that_change_a_request_are_for_the_parser(lines: bytes) -> None:
    assert read_head(lines) is None


class _Never:
    def begin(self, query_string: bytes, head: Head, client: str, told: Told) -> None:
        raise AssertionError(query_string)


@given(
    st.sampled_from([REQUEST[:-2], REQUEST + b"x", REQUEST * 2, REQUEST.replace(b"GET", b"get"), b"\r\n" + REQUEST])
    | st.sampled_from([b" ", b"\t", b"\0", b"#", b"\x7f", b"\r", b"\n"]).map(
        lambda odd: REQUEST.replace(b"ASK", b"A" + odd + b"K")
    )
    | st.sampled_from([b"\0", b"\n", b"\r", b" Folded", b"No colon", b"Space : x", b": x"]).map(
        lambda odd: REQUEST.replace(b"Host: x", b"Host: x\r\n" + odd)
    )
    | st.sampled_from([b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.1 ", b"HTTP/1.1\r"]).map(
        lambda odd: REQUEST.replace(b"HTTP/1.1", odd)
    )
    | st.binary(max_size=80)
)
def test_what_is_not_one_whole_plain_request_is_for_the_parser(request: bytes) -> None:
    direct = Direct(_Never(), (), None)

    assert direct.begin(request, "192.0.2.1", print) is None
