"""The SPARQL 1.1 Protocol as a table of requests and answers, against the served endpoint."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlencode
from xml.etree import ElementTree

import httpx
import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.web.endpoint import Shown
from kg.web.refusal import Refusal
from kg.web.sparql.limits import Limits
from kg.web.sparql.protocol import asked_by_post, unquoted
from tests.sparql.serving import BASE, CLIENT, SMALL, Served, served

FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}
ONE, TWO = f"{BASE}id/source/1", f"{BASE}id/source/2"
BOTH = f"ASK {{ <{BASE}id/project/1> a ?t . <{BASE}id/project/2> a ?u }}"
NAMED = f"ASK {{ GRAPH ?g {{ <{BASE}id/project/1> a ?t }} GRAPH ?h {{ <{BASE}id/project/2> a ?u }} }}"
JSON = "application/sparql-results+json"


def _truth(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["boolean"])


@pytest.mark.parametrize(
    ("method", "parameters", "headers", "body"),
    [
        ("GET", {"query": "ASK {}"}, {}, None),
        ("POST", {}, FORM, b"query=ASK%20%7B%7D"),
        ("POST", {}, {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}, b"query=ASK+{}"),
        ("POST", {}, DIRECT, b"ASK {}"),
        ("POST", {}, {"content-type": 'Application/SPARQL-Query; charset="utf-8"'}, b"ASK {}"),
        ("GET", {"query": "ASK {}", "default-graph-uri": "http://elsewhere.example/data"}, {}, None),
        ("POST", {"default-graph-uri": "http://elsewhere.example/data"}, FORM, b"query=ASK%20%7B%7D"),
        ("GET", {"query": BOTH, "default-graph-uri": [ONE, TWO]}, {}, None),
        ("POST", {"default-graph-uri": [ONE, TWO]}, DIRECT, BOTH.encode()),
        ("GET", {"query": NAMED, "named-graph-uri": [ONE, TWO]}, {}, None),
        ("POST", {"named-graph-uri": [ONE, TWO]}, DIRECT, NAMED.encode()),
        ("POST", {"named-graph-uri": [ONE, TWO]}, DIRECT, NAMED.replace("ASK", f"ASK FROM <{BASE}none>").encode()),
        ("GET", {"query": BOTH}, {}, None),
        ("GET", {"query": NAMED}, {}, None),
        ("GET", {"query": "ASK { ?p a kg:Project ; dcterms:title ?t }"}, {}, None),
        ("GET", {"query": "ASK {}", "unknown": "x", "format": "nonsense"}, {}, None),
        ("GET", {"query": "ASK { BIND('å €😀' AS ?x) FILTER(STRLEN(?x) = 4) }"}, {}, None),
    ],
)
def test_a_query_is_answered_however_it_is_sent(
    site: Served, method: str, parameters: dict[str, str], headers: dict[str, str], body: bytes | None
) -> None:
    assert _truth(CLIENT.request(method, site.address, params=parameters, headers=headers, content=body))
    assert _truth(CLIENT.request(method, f"{site.address}/", params=parameters, headers=headers, content=body))


def test_a_dataset_of_the_request_replaces_that_of_the_query(site: Served) -> None:
    query = f"ASK FROM <{TWO}> {{ <{BASE}id/project/2> a ?t }}"

    assert _truth(site.get(query))
    assert not _truth(site.get(query, **{"default-graph-uri": ONE}))


@pytest.mark.parametrize(
    ("method", "address", "headers", "body", "status"),
    [
        ("PUT", "?query=ASK%20%7B%7D", {}, b"", 405),
        ("DELETE", "", {}, b"", 405),
        ("PATCH", "", DIRECT, b"ASK {}", 405),
        ("GET", "?query=ASK%20%7B%7D&query=ASK%20%7B%7D", {}, b"", 400),
        ("POST", "?query=ASK%20%7B%7D", DIRECT, b"ASK {}", 400),
        ("POST", "?query=ASK%20%7B%7D", FORM, b"query=ASK+{}", 400),
        ("POST", "", {"content-type": "text/plain"}, b"ASK {}", 415),
        ("POST", "", {}, b"query=ASK%20%7B%7D", 415),
        ("POST", "", {}, b"ASK {}", 415),
        ("POST", "", {"content-type": "application/sparql-query; charset=UTF-16"}, "ASK {}".encode("utf-16"), 415),
        ("POST", "", DIRECT, "ASK {}".encode("utf-16"), 400),
        ("POST", "", FORM, b"query=%FF%FE", 400),
        ("POST", "", FORM, b"default-graph-uri=http://example.org/", 400),
        ("POST", "", FORM, b"a=1&" * 1100, 400),
        ("GET", "?query=ASK%20%7B", {}, b"", 400),
        ("GET", "?query=", {}, b"", 400),
        ("GET", "?query=%FF", {}, b"", 400),
        ("GET", "?query=ASK%20%7B%7D&default-graph-uri=not%20an%20iri", {}, b"", 400),
        ("GET", "?query=ASK+%7B+unknown:x+a+%3Ft+%7D", {}, b"", 400),
        ("GET", "?update=CLEAR%20ALL", {}, b"", 403),
        ("POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", 403),
        ("POST", "", FORM, b"query=ASK+{}&update=CLEAR+ALL", 403),
        ("POST", "", FORM, b"query=ASK+{}&using-graph-uri=http://example.org/", 403),
        ("POST", "", {"content-type": "application/sparql-update"}, b"CLEAR ALL", 403),
        ("POST", "?using-named-graph-uri=http://e/", {"content-type": "application/sparql-update"}, b"CLEAR ALL", 403),
        ("POST", "", DIRECT, b"INSERT DATA { <http://e/a> <http://e/b> 1 }", 403),
        ("POST", "", DIRECT, b"ASK {} ; DELETE WHERE { ?s ?p ?o }", 400),
        ("POST", "", DIRECT, b"SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
    ],
)
def test_what_is_no_query_is_refused_in_one_shape(
    site: Served, method: str, address: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = CLIENT.request(method, site.address + address, headers=headers, content=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert answer.json()["status"] == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (SMALL, "*/*", JSON),
        (SMALL, "", JSON),
        (SMALL, "application/json", "application/json"),
        (SMALL, "text/csv", "text/csv; charset=utf-8"),
        (SMALL, "text/*", "text/csv; charset=utf-8"),
        (SMALL, "text/tab-separated-values, text/csv;q=0.9", "text/tab-separated-values; charset=utf-8"),
        (SMALL, "application/xml;q=0.9, text/csv;q=0.8", "application/xml"),
        (
            SMALL,
            "application/sparql-results+xml, application/sparql-results+json;q=0.5",
            "application/sparql-results+xml",
        ),
        (SMALL, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        (SMALL, "application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        ("DESCRIBE <http://example.org/>", "*/*", "text/turtle; charset=utf-8"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/ld+json", "application/ld+json"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/json", "application/json"),
        (
            "CONSTRUCT { <s> <p> 1 } WHERE {}",
            "application/rdf+xml;q=0.8, application/n-triples",
            "application/n-triples",
        ),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "text/plain", "text/plain"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/trig", "application/trig"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-quads", "application/n-quads"),
    ],
)
def test_accept_decides_the_form_of_the_answer(site: Served, query: str, accept: str, content_type: str) -> None:
    answer = site.get(query, accept)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == content_type
    assert answer.headers["vary"] == "accept"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_cannot_be_had_is_not_acceptable(site: Served) -> None:
    assert site.get(SMALL, "image/png").status_code == 406
    assert site.get(SMALL, "text/turtle").status_code == 406
    assert site.get("CONSTRUCT { <s> <p> 1 } WHERE {}", "text/csv").status_code == 406


def test_rows_are_the_same_in_every_form(site: Served) -> None:
    query = "SELECT ?p ?t { ?p dcterms:title ?t } ORDER BY ?p LIMIT 5"
    as_json = [row["t"]["value"] for row in site.get(query).json()["results"]["bindings"]]
    as_csv = [row["t"] for row in csv.DictReader(io.StringIO(site.get(query, "text/csv").text))]
    as_tsv = [line.split("\t")[1] for line in site.get(query, "text/tab-separated-values").text.splitlines()[1:]]
    as_xml = ElementTree.fromstring(site.get(query, "application/sparql-results+xml").content)
    literals = [found.text for found in as_xml.iter("{http://www.w3.org/2005/sparql-results#}literal")]

    assert len(as_json) == 5
    assert as_json == as_csv == literals
    assert as_tsv == [f'"{text}"@sv' for text in as_json]


def _triples(answer: httpx.Response) -> set[tuple[str, str, str]]:
    form = pyoxigraph.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in pyoxigraph.parse(answer.content, format=form)}


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-quads",
        "application/trig",
        "text/n3",
    ],
)
def test_a_graph_is_the_same_in_every_form(site: Served, accept: str) -> None:
    triples = _triples(site.get(f"DESCRIBE <{BASE}id/project/7>", accept))

    assert len(triples) == 4
    assert [text for _, term, text in triples if term.endswith("title>")] == ['"Projekt 7"@sv']


@pytest.mark.parametrize(
    ("query", "name", "content_type"),
    [
        (SMALL, "csv", "text/csv; charset=utf-8"),
        (SMALL, "xml", "application/sparql-results+xml"),
        ("DESCRIBE <http://e/>", "xml", "application/rdf+xml"),
        ("DESCRIBE <http://e/>", "jsonld", "application/ld+json"),
        ("DESCRIBE <http://e/>", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_a_form_can_name_the_format(site: Served, query: str, name: str, content_type: str) -> None:
    for parameter in ("format", "output"):
        assert site.get(query, "text/html", **{parameter: name}).headers["content-type"] == content_type


def test_relative_iris_are_resolved_against_the_public_address(site: Served) -> None:
    triples = site.get("CONSTRUCT { <s> <p> <#o> } WHERE {}", "application/n-triples").text

    assert triples == f"<{BASE}s> <{BASE}p> <{BASE}sparql#o> .\n"


def test_a_syntax_error_is_named_by_its_place_in_the_query(site: Served) -> None:
    answer = site.get("SELECT ?p\nWHERE { ?p a kg:Project ; ; . FILTER }")
    first = site.get("ASK { ?p a kg:Project")

    assert "line 2" in answer.json()["detail"]
    assert "line 1, column 22" in first.json()["detail"]


def test_head_and_options_have_no_body(site: Served) -> None:
    head = CLIENT.head(site.address, params={"query": SMALL})
    options = CLIENT.options(
        site.address, headers={"origin": "https://app.example", "access-control-request-method": "POST"}
    )

    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(site.get(SMALL).content)
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Content-Type" in options.headers["access-control-allow-headers"]
    assert "GET" in options.headers["allow"]


def test_an_answer_that_a_client_still_has_is_not_sent_again(site: Served) -> None:
    first = site.get(SMALL)
    same = {"if-none-match": first.headers["etag"]}
    again = CLIENT.get(site.address, params={"query": SMALL}, headers=same)
    other = CLIENT.get(site.address, params={"query": SMALL}, headers={**same, "accept": "text/csv"})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200
    assert "etag" not in site.get("SELECT (NOW() AS ?now) {}").headers


@pytest.mark.parametrize("accept", ["*/*", "application/rdf+xml", "application/ld+json", "application/n-triples"])
def test_the_bare_address_describes_the_service(site: Served, accept: str) -> None:
    triples = _triples(CLIENT.get(site.address, headers={"accept": accept}))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    about = {term: text for subject, term, text in triples if subject == f"<{BASE}sparql#service>"}

    assert about[f"<{sd}endpoint>"] == f"<{BASE}sparql>"
    assert about[f"<{sd}supportedLanguage>"] == f"<{sd}SPARQL11Query>"
    assert sum(term == f"<{sd}resultFormat>" for _, term, _ in triples) == 11
    assert any("An answer may have 16 000 000 bytes." in text for _, _, text in triples)


async def _page(request: Request, shown: Shown) -> Response:
    status = shown.refusal.status if shown.refusal else 200
    told = {"query": shown.query, "kind": shown.kind, "answer": (shown.answer or b"").decode()}
    return HTMLResponse(json.dumps({**told, "path": request.url.path}), status_code=status)


def test_a_browser_gets_a_page_and_a_program_does_not(build: Path) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    with served(build, Limits(), _page) as site:
        bare = CLIENT.get(site.address, headers={"accept": browser})
        asked, graph = site.get(SMALL, browser), site.get("DESCRIBE <http://e/>", browser)
        wrong, illegal = site.get("SELECT * { SERVICE <http://e/> {} }", browser), site.get("ASK {", browser)
        program, download = site.get(SMALL), site.get(SMALL, browser, format="csv")
        refused = site.get("ASK {")
        unreadable = CLIENT.get(f"{site.address}?update=x", headers={"accept": browser})

    assert bare.headers["content-type"].startswith("text/html")
    assert bare.json() == {"query": "", "kind": None, "answer": "", "path": "/sparql"}
    assert "Projekt 1" in asked.json()["answer"]
    assert graph.json()["kind"] == "describe"
    assert [wrong.status_code, illegal.status_code] == [403, 400]
    assert illegal.headers["content-type"].startswith("text/html")
    assert (unreadable.status_code, unreadable.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert program.headers["content-type"] == JSON
    assert download.headers["content-type"].startswith("text/csv")
    assert refused.headers["content-type"] == "application/problem+json"
    assert bare.headers["access-control-allow-origin"] == "*"


def test_a_header_cannot_be_slipped_in(site: Served) -> None:
    answer = site.get("ASK {}", **{"format": "csv\r\nX-Slipped: 1", "default-graph-uri": "http://e/\r\nX-Slipped: 1"})

    assert "x-slipped" not in answer.headers
    assert answer.status_code in (200, 400)


def test_a_body_in_another_encoding_is_refused_before_it_is_read() -> None:
    refusal = asked_by_post(b"", "application/sparql-query; charset=latin-1", b"ASK {}")

    assert isinstance(refusal, Refusal)
    assert refusal.status == 415


_ANSWERS = {200, 204, 304, 400, 403, 405, 406, 413, 414, 415, 503}
_NAMES = st.sampled_from(["query", "update", "default-graph-uri", "named-graph-uri", "format", "output", "x", "query "])
_VALUES = st.text(max_size=30) | st.sampled_from(
    [SMALL, "ASK {}", "DESCRIBE <http://e/>", "\x00", "csv", "\ufeffASK {}"]
)
_MEDIA = st.sampled_from(
    [*FORM.values(), *DIRECT.values(), "application/sparql-update", "text/plain", ";", "a/b;charset", "*"]
)


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "QUERY"]),
    parameters=st.lists(st.tuples(_NAMES, _VALUES), max_size=4),
    raw=st.binary(max_size=40),
    accept=st.text(alphabet="abcjs/+*;q=0.1, -\t", max_size=30).map(str.strip),
    media_type=_MEDIA,
    body=st.binary(max_size=60) | st.just(b"query=ASK+{}"),
)
def test_any_request_gets_one_of_the_answers(
    site: Served,
    method: str,
    parameters: list[tuple[str, str]],
    raw: bytes,
    accept: str,
    media_type: str,
    body: bytes,
) -> None:
    query = urlencode(parameters) + "&" + quote_from_bytes(raw, safe="%&=+")
    headers = {"accept": accept, "content-type": media_type, "if-none-match": accept}
    content = body if method in ("POST", "PUT", "QUERY") else b""
    answer = CLIENT.request(method, f"{site.address}?{query}", headers=headers, content=content)

    assert answer.status_code in _ANSWERS
    assert answer.headers["access-control-allow-origin"] == "*"


@given(st.binary(max_size=30) | st.text(alphabet="%0aAxu\\\n é+Nn{}", max_size=20).map(str.encode))
@settings(max_examples=400, deadline=None, database=None)
def test_percent_encoding_means_what_it_means_elsewhere(text: bytes) -> None:
    assert unquoted(text) == unquote_to_bytes(text)
