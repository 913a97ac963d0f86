from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDF, XSD

from kg.build import build
from kg.ontology import default_base
from kg.resources import folder
from kg.web.serving import Site, serve_build
from tests.site.running import client, running

BASE = default_base()
KG = Namespace(f"{BASE}ontology#")
FORMS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
PARSERS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}
KINDS = (
    "project owner unit method region fund programme programme-area specific-objective intervention-field owner-type"
    " source scheme agent mention name-match"
).split()


def graph(response: httpx.Response) -> Graph:
    return Graph().parse(data=response.text, format="turtle")


def things(opened: Site, kind: str) -> list[str]:
    found = [f"{kind}/{thing.key}" for thing in opened.index.things(kind, limit=3)]
    assert found
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_answers_303_to_its_document(site: httpx.Client, opened: Site, kind: str) -> None:
    for path in things(opened, kind):
        _assert_answers_303(site, path)


def test_a_use_of_a_method_answers_303_to_its_document(site: httpx.Client, opened: Site) -> None:
    use = next(iter(opened.index.uses(project=opened.index.thing_of("project", "22-045-S01").id)))  # type: ignore[union-attr]
    _assert_answers_303(site, f"use/22-045-S01/{opened.index.thing(use.method).key}/{use.role}")


def _assert_answers_303(site: httpx.Client, path: str) -> None:
    answer = site.get(f"/id/{path}", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{path}")
    document = site.get(answer.headers["location"], headers={"Accept": "text/turtle"})
    assert document.status_code == 200
    assert (URIRef(f"{BASE}id/{path}"), None, None) in graph(document)


@pytest.mark.parametrize("kind", KINDS)
def test_all_forms_of_a_document_hold_the_same_graph(site: httpx.Client, opened: Site, kind: str) -> None:
    path = things(opened, kind)[0]
    graphs = {
        form: {str(one.triple) for one in parse(site.get(f"/{path}.{form}").content, format=PARSERS[form])}
        for form in FORMS
    }
    assert len(graphs["nt"]) > 4
    for form, found in graphs.items():
        assert found == graphs["nt"], form


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples;q=0.4, application/rdf+xml;q=0.7", "application/rdf+xml"),
        ("text/html;q=0.3, text/turtle;q=0.9, */*;q=0.1", "text/turtle"),
        ("text/*;q=0.5, text/html;q=0", "text/turtle"),
        ("application/xhtml+xml, text/html;q=0.9, */*;q=0.8", "text/html"),
        ("TEXT/TURTLE", "text/turtle"),
        ("text/turtle; charset=utf-8", "text/turtle"),
        ("text/turtle;q=nonsense, application/ld+json;q=0.2", "application/ld+json"),
    ],
)
def test_the_accept_header_chooses_the_form(site: httpx.Client, accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    if accept is None:
        site.headers.pop("accept", None)
    answer = site.get("/project/22-014-S05", headers=headers)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
    assert answer.headers["content-location"] in (
        "/sv/project/22-014-S05",
        *(f"/project/22-014-S05.{f}" for f in FORMS),
    )


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, application/*;q=0", "application/pdf, image/*"])
def test_a_form_that_there_is_not_is_refused_with_the_list_of_forms(site: httpx.Client, accept: str) -> None:
    answer = site.get("/project/22-014-S05", headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


@pytest.mark.parametrize(("suffix", "media_type"), [("html", "text/html"), *FORMS.items()])
def test_a_suffix_fixes_the_form_whatever_is_accepted(site: httpx.Client, suffix: str, media_type: str) -> None:
    answer = site.get(f"/project/22-014-S05.{suffix}", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert "Accept," not in f"{answer.headers['vary']},"
    if suffix != "html":
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_dot_in_a_key_is_not_a_suffix(site: httpx.Client) -> None:
    assert site.get("/specific-objective/2014SE05M9OP001-2.1", headers={"Accept": "text/html"}).status_code == 200
    assert site.get("/specific-objective/2014SE05M9OP001-2.1.ttl").headers["content-type"].startswith("text/turtle")


def test_a_document_links_to_its_other_forms_and_to_the_data_set(site: httpx.Client) -> None:
    for answer in (site.get("/en/project/22-014-S05"), site.get("/project/22-014-S05.ttl")):
        links = answer.links
        assert links["describedby"]["url"] == "/.well-known/void"
        for form, media_type in FORMS.items():
            assert f'</project/22-014-S05.{form}>; rel="alternate"; type="{media_type}"' in answer.headers["link"]


def test_a_document_names_its_topic(site: httpx.Client, address: str) -> None:
    found = graph(site.get("/project/22-014-S05.ttl"))
    document = URIRef(f"{address}/project/22-014-S05")
    assert (document, FOAF.primaryTopic, URIRef(f"{BASE}id/project/22-014-S05")) in found


def test_numbers_keep_the_datatype_of_the_ontology(site: httpx.Client) -> None:
    project = URIRef(f"{BASE}id/project/2017-00082")
    found = graph(site.get("/project/2017-00082.nt"))
    assert (project, KG.plannedParticipants, Literal("130", datatype=XSD.nonNegativeInteger)) in found
    assert found.value(project, KG.grantedSupport) == Literal("7528536", datatype=XSD.decimal)
    found = graph(site.get("/project/22-045-S01.nt"))
    use = next(found.subjects(RDF.type, KG.MethodUse))
    assert found.value(use, KG.quoteStart).datatype == XSD.nonNegativeInteger  # type: ignore[union-attr]


def test_a_document_of_an_owner_lists_the_projects_that_lead_to_it(site: httpx.Client) -> None:
    found = graph(site.get("/owner/2220002162.ttl"))
    projects = {str(one).rpartition("/")[2] for one in found.subjects(KG.owner, URIRef(f"{BASE}id/owner/2220002162"))}
    assert projects == {"22-012-S04", "22-014-S05"}


def test_the_same_document_has_the_same_strong_entity_tag_and_answers_304(site: httpx.Client) -> None:
    for headers in ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}):
        first = site.get("/project/22-014-S05.ttl", headers=headers)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        again = site.get("/project/22-014-S05.ttl", headers={**headers, "If-None-Match": f'"x", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert first.headers["content-encoding"] == "gzip"


def test_each_form_language_and_encoding_has_its_own_entity_tag(site: httpx.Client) -> None:
    tags = [
        site.get(path, headers={"Accept-Encoding": encoding}).headers["etag"]
        for path in (
            "/sv/project/22-014-S05",
            "/en/project/22-014-S05",
            "/project/22-014-S05.ttl",
            "/project/22-014-S05.nt",
        )
        for encoding in ("identity", "gzip")
    ]
    assert len(set(tags)) == len(tags)


def test_head_answers_like_get_without_a_body(site: httpx.Client) -> None:
    get, head = site.get("/project/22-014-S05.ttl"), site.head("/project/22-014-S05.ttl")
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "project/none",
        "owner/",
        "nokind/x",
        "project/22-014-S05/more",
        "use/22-045-S01/bip/dances",
        "project/22-014-S05.pdf",
    ],
)
def test_what_the_graph_does_not_have_is_not_found(site: httpx.Client, path: str) -> None:
    assert site.get(f"/{path}", headers={"Accept": "text/turtle"}).status_code == 404
    assert site.get(f"/sv/{path}", headers={"Accept": "text/html"}).status_code == 404


def test_what_an_earlier_build_had_is_gone(tmp_path: Path) -> None:
    seeds = sorted(folder("seeds").glob("*.txt"))
    build(seeds, tmp_path, workers=1)
    build([seed for seed in seeds if not seed.name.startswith("001")], tmp_path, workers=1)
    with running(serve_build(tmp_path)) as address, client(address) as site:
        gone = site.get("/project/2017-00082", headers={"Accept": "text/turtle"})
        assert (gone.status_code, gone.json()["status"]) == (410, 410)
        assert site.get("/project/22-014-S05", headers={"Accept": "text/turtle"}).status_code == 200
        assert site.get("/project/2017-00083", headers={"Accept": "text/turtle"}).status_code == 404


def test_pages_describe_things_to_search_engines(site: httpx.Client) -> None:
    import json
    import re

    for path, kind in (
        ("project/2017-00082", "Project"),
        ("owner/2220002162", "Organization"),
        ("method/bip", "DefinedTerm"),
    ):
        text = site.get(f"/sv/{path}").text
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert found
        described = json.loads(found[1])
        assert (described["@type"], described["@id"]) == (kind, f"{BASE}id/{path}")


def test_a_public_base_is_where_documents_say_they_are(built: Path) -> None:
    with running(serve_build(built), public="https://data.example.se/esf/") as address, client(address) as site:
        answer = site.get("/id/project/22-014-S05")
        assert answer.headers["location"] == "/esf/project/22-014-S05"
        found = graph(site.get("/project/22-014-S05.ttl"))
        document = URIRef("https://data.example.se/esf/project/22-014-S05")
        assert (document, FOAF.primaryTopic, URIRef(f"{BASE}id/project/22-014-S05")) in found
        page = site.get("/sv/project/22-014-S05")
        assert 'href="https://data.example.se/esf/en/project/22-014-S05"' in page.text
        assert page.headers["strict-transport-security"]
