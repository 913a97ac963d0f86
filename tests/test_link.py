"""Outward links come from equal identifiers only, are reviewed in a file, and are added as a graph of their own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import typer
from typer.testing import CliRunner

from kg.build import build
from kg.cli import link as command
from kg.errors import EndpointError, InputError, UsageError
from kg.link import Identified, identified, links, read_links, turtle
from kg.link_server import Asking, agent, rows_of
from kg.resources import folder
from kg.store import open_build
from kg.store.http import upload
from tests.servers import oxigraph_server

BASE = "https://w3id.org/esf-kg/"
WD, WDT = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
SLICE = f"""
<{WD}Q1> <{WDT}P6460> "222000-2485" .
<{WD}Q2> <{WDT}P6460> "2220002162" .
<{WD}Q3> <{WDT}P605> "SE12" .
<{WD}Q4> <{WDT}P605> "SE11" .
<{WD}Q4> <{WDT}P605> "SE110" .
<{WD}Q5> <{WDT}P525> "0580" .
<{WD}Q6> <{WDT}P525> "0880" .
<{WD}Q7> <{WDT}P525> "0880" .
<{WD}Q8> <{WDT}P6460> "556036-0793" .
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("link") / "build"
    build([folder("seeds")], place)
    return place


@pytest.fixture(scope="module")
def wikidata() -> Iterator[str]:
    with oxigraph_server() as address:
        upload(f"{address}/store?default", SLICE.encode())
        yield f"{address}/query"


def _things(built: Path) -> list[Identified]:
    with open_build(built) as store:
        return identified(store)


def test_owners_regions_and_municipalities_have_identifiers(built: Path) -> None:
    kinds = [thing.kind for thing in _things(built)]

    assert (kinds.count("owner"), kinds.count("nuts"), kinds.count("municipality")) == (4, 33, 290)


def test_only_equal_identifiers_of_one_thing_and_one_item_link(built: Path, wikidata: str) -> None:
    found = links(_things(built), Asking(wikidata))

    assert [(each.thing.identifier, each.item.removeprefix(WD)) for each in found.links] == [
        ("0580", "Q5"),
        ("SE12", "Q3"),
        ("2220002162", "Q2"),
        ("2220002485", "Q1"),
    ]
    assert len(found.unclear) == 2
    assert any("0880" in text and "Q6" in text and "Q7" in text for text in found.unclear)
    assert any("Q4 carries SE11 (Stockholm) and SE110 (Stockholms län)" in text for text in found.unclear)


def test_a_reviewed_file_becomes_a_graph_of_its_own_under_any_base(built: Path, wikidata: str, tmp_path: Path) -> None:
    path = tmp_path / "links.ttl"
    path.write_text("".join(turtle(links(_things(built), Asking(wikidata)), BASE)), encoding="utf-8")
    path.write_text(path.read_text("utf-8").replace("<id/owner/2220002162>", "<id/owner/9999999999>"), encoding="utf-8")
    base = "https://example.org/kg/"
    report = build([folder("seeds")], tmp_path / "build", base=base, links=[path])
    with open_build(report.folder) as store:
        rows = sorted(store.texts(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{base}id/graph/links> {{ ?s ?p ?o }} }}"))

    assert rows == [
        (f"{base}id/owner/2220002485", "http://www.w3.org/2002/07/owl#sameAs", f"{WD}Q1"),
        (f"{base}id/region/0580", "http://www.w3.org/2004/02/skos/core#exactMatch", f"{WD}Q5"),
        (f"{base}id/region/SE12", "http://www.w3.org/2004/02/skos/core#exactMatch", f"{WD}Q3"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("<id/region/SE12> <http://example.org/near> <http://example.org/x> .", "is no link"),
        ('<id/region/SE12> <http://www.w3.org/2002/07/owl#sameAs> "Q3" .', "does not link"),
        ("<http://a.example/x> <http://www.w3.org/2002/07/owl#sameAs> <http://b.example/y> .", "does not link"),
        ("<id/region/SE12> .", "is not Turtle"),
    ],
)
def test_a_file_that_says_more_than_links_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "links.ttl"
    path.write_text(f"BASE <{BASE}>\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_links(path, BASE)


@contextmanager
def _busy(refusals: int, status: int, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Start a server that refuses some times and then answers with no rows; give its address and who asked."""
    asked: list[str] = []
    sent = {"Retry-After": "7"} | (headers or {})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked.append(str(self.headers["User-Agent"]))
            body = json.dumps({"head": {"vars": ["item", "value"]}, "results": {"bindings": []}}).encode()
            refuse = len(asked) <= refusals
            self.send_response(status if refuse else 200)
            self.send_header("Content-Type", "application/sparql-results+json")
            for name, value in sent.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


THING = Identified(f"{BASE}id/region/SE12", "Östra Mellansverige", "SE12", "nuts")


def test_a_busy_server_is_asked_again_after_the_time_it_wants(tmp_path: Path) -> None:
    waits: list[float] = []
    with _busy(2, 429) as (address, asked):
        asking = Asking(address, tmp_path / "cache", waits.append)
        assert links([THING], asking).links == ()
        assert links([THING], asking).links == ()

    assert waits == [7.0, 7.0]
    assert asked == [agent()] * 3  # the second time the cache answered


def test_half_an_answer_in_the_cache_is_asked_for_again(tmp_path: Path) -> None:
    with _busy(0, 200) as (address, asked):
        links([THING], Asking(address, tmp_path))
        (kept,) = tmp_path.iterdir()
        kept.write_text("[[", encoding="utf-8")
        assert links([THING], Asking(address, tmp_path)).links == ()

    assert len(asked) == 2
    assert kept.read_text(encoding="utf-8") == "[]"


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("uri", "Q1"),
        ("uri", "http://a.example/1> . <id/owner/1> <http://b.example/p> <http://c.example/o"),
        ("uri", "http://a.example/1\n<a> <b> <c> ."),
        ("bnode", "http://a.example/b0"),
        ("literal", "http://a.example/1"),
    ],
)
def test_only_iris_are_items(kind: str, item: str) -> None:
    bound = {"item": {"type": kind, "value": item}, "value": {"type": "literal", "value": "SE12"}}

    with pytest.raises(EndpointError, match="no IRI"):
        rows_of({"results": {"bindings": [bound]}})


@pytest.mark.parametrize("found", [[], {"boolean": True}, {"results": {"bindings": None}}])
def test_another_answer_than_rows_is_told(found: object) -> None:
    with pytest.raises((KeyError, TypeError)):
        rows_of(found)
    values = [{"item": {"type": "uri", "value": ["x"]}, "value": {"value": "SE12"}}]
    with pytest.raises(TypeError, match="no text"):
        rows_of({"results": {"bindings": values}})


def test_a_server_that_leads_on_or_asks_for_a_long_pause_is_an_error(tmp_path: Path) -> None:
    headers = {"Location": "/elsewhere"}
    with _busy(1, 302, headers) as (address, asked), pytest.raises(EndpointError, match="leads on to "):
        links([THING], Asking(address, tmp_path))
    assert list(tmp_path.iterdir()) == []
    with _busy(9, 503, {"Retry-After": "9999"}) as (address, asked), pytest.raises(EndpointError, match="9999 seconds"):
        links([THING], Asking(address))
    assert len(asked) == 1


def test_a_server_that_hangs_up_is_asked_again_and_then_an_error() -> None:
    waits: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            for _ in range(5):
                listening.accept()[0].close()

        thread = Thread(target=hang_up, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        with pytest.raises(EndpointError, match="cannot be reached"):
            links([THING], Asking(address, None, waits.append))
        thread.join()

    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_a_server_that_keeps_refusing_is_an_error() -> None:
    with _busy(99, 503) as (address, asked), pytest.raises(EndpointError, match="503, after 5 attempts"):
        links([THING], Asking(address, None, lambda seconds: None))
    assert len(asked) == 5
    with _busy(99, 403) as (address, asked), pytest.raises(EndpointError, match="403"):
        links([THING], Asking(address, None, lambda seconds: None))
    assert len(asked) == 1
    with pytest.raises(UsageError, match="not an http"):
        links([THING], Asking("ftp://example.org"))


def test_the_command_writes_a_file_to_review(built: Path, wikidata: str, tmp_path: Path) -> None:
    app = typer.Typer()
    command.register(app)
    out = tmp_path / "links.ttl"
    arguments = [str(out), "--build", str(built), "--endpoint", wikidata, "--cache", str(tmp_path / "cache")]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    text = out.read_text("utf-8")

    assert result.exit_code == 0
    assert "4 links of 327 identifiers" in result.output
    assert f"<id/region/SE12> skos:exactMatch <{WD}Q3> . # Östra Mellansverige, SE12\n" in text
    assert text.count("# not linked: ") == 2
    line = f"<id/region/SE12> skos:exactMatch <{WD}Q3> ."
    out.write_text(text.replace(line, f"#{line}"), "utf-8")
    again = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert "3 links of 327 identifiers, 2 not clear, 1 taken out before" in again.output
    assert f"\n# {line}" in out.read_text("utf-8")
    assert len(read_links(out, BASE)) == 3
