from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF

from kg.build import build
from kg.ontology import default_base
from kg.resources import folder
from kg.web.pages.lists import ALL_LISTS
from kg.web.pages.table import PAGES
from kg.web.serving import Site, serve_build
from tests.site.running import client, running

VOID = Namespace("http://rdfs.org/ns/void#")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_data_set_describes_itself(site: httpx.Client, address: str) -> None:
    answer = site.get("/.well-known/void", headers={"Accept": "text/turtle"})
    found = Graph().parse(data=answer.text, format="turtle")
    dataset = URIRef(f"{address}/.well-known/void#dataset")
    assert (dataset, RDF.type, VOID.Dataset) in found
    assert (dataset, VOID.sparqlEndpoint, URIRef(f"{address}/sparql")) in found
    assert str(found.value(dataset, VOID.uriSpace)) == f"{default_base()}id/"
    parts = {
        str(found.value(part, VOID["class"])): int(str(found.value(part, VOID.entities)))
        for part in found.objects(dataset, VOID.classPartition)
    }
    assert parts[f"{default_base()}ontology#Project"] == site.get("/search.json").json()["total"]
    assert len(set(found.objects(dataset, VOID.exampleResource))) == 4
    for dump in found.objects(dataset, VOID.dataDump):
        assert site.get(str(dump).removeprefix(address)).status_code == 200


def test_the_whole_graph_can_be_downloaded_as_it_was_built(site: httpx.Client, opened: Site) -> None:
    answer = site.get("/data.nq")
    assert answer.headers["content-type"].startswith("application/n-quads")
    assert opened.data
    assert answer.content == opened.data.read_bytes()


def test_every_address_of_the_site_map_is_a_page(site: httpx.Client, address: str) -> None:
    found = ElementTree.fromstring(site.get("/sitemap.xml").content)  # our own answer, read over loopback
    addresses = [str(loc.text) for loc in found.iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses)) > 300
    for each in addresses[::17]:
        assert each.startswith(f"{address}/")
        assert site.get(each.removeprefix(address)).status_code == 200, each


def test_robots_are_kept_from_endless_choices_only(site: httpx.Client, address: str) -> None:
    lines = site.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {address}/sitemap.xml"
    barred = [line.removeprefix("Disallow: ") for line in lines[1:-1]]
    assert "/sv/search?" in barred
    assert "/sparql" in barred
    for path in ("/sv/", "/sv/search", "/en/project/22-014-S05", "/project/22-014-S05.ttl"):
        assert not path.startswith(tuple(barred))


def test_names_are_suggested_in_the_language_asked_for(site: httpx.Client) -> None:
    found = site.get("/suggest.json", params={"q": "employment indic", "lang": "en"}).json()["suggestions"]
    assert [one["href"] for one in found] == ["/en/method/bip"]
    assert site.get("/suggest.json", params={"q": "<script>"}).json() == {"suggestions": []}


def test_every_json_address_is_in_the_description_and_answers_as_it_says(site: httpx.Client) -> None:
    described = site.get("/openapi.json").json()
    json_pages = {f"/{page.path}.json" for page in PAGES if "json" in page.forms and not page.bare}
    json_pages |= {f"/{page.path}" for page in PAGES if page.bare and page.forms == ("json",)}
    assert json_pages <= set(described["paths"])
    for path, operations in described["paths"].items():
        if "{" in path:
            continue
        answer = site.get(path)
        assert answer.status_code == 200, path
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        _conforms(answer.json(), schema, path)


def _conforms(value: object, schema: dict[str, object], place: str) -> None:
    """Check a value by the part of JSON Schema that our description uses."""
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    if "enum" in schema:
        assert value in schema["enum"], place  # type: ignore[operator]
        return
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, kinds[name]) for name in names), (place, value)  # type: ignore[arg-type, index]
    if isinstance(value, dict) and "properties" in schema:
        properties = schema["properties"]
        assert isinstance(properties, dict)
        assert set(value) == set(properties), place
        for name, one in value.items():
            _conforms(one, properties[name], f"{place}/{name}")
    if isinstance(value, list):
        for one in value:
            _conforms(one, schema["items"], f"{place}[]")  # type: ignore[arg-type]


def test_the_forms_of_a_search_hold_the_same_projects(site: httpx.Client) -> None:
    import csv

    values = {"q": "projektet", "region": "SE11"}
    found = site.get("/search.json", params=values).json()
    rows = list(csv.DictReader(site.get("/search.csv", params=values).text.splitlines()))
    graph = Graph().parse(data=site.get("/search.ttl", params=values).text, format="turtle")
    projects = {str(one) for one in graph.subjects(RDF.type, URIRef(f"{default_base()}ontology#Project"))}
    assert found["total"] == len(rows) == len(projects) > 0
    assert [row["iri"] for row in rows][: len(found["projects"])] == [one["iri"] for one in found["projects"]]
    assert projects == {row["iri"] for row in rows}


def test_no_list_is_empty_and_that_of_projects_is_whole(site: httpx.Client) -> None:
    found = {path: site.get(f"/{path}.json").json() for path in ALL_LISTS}
    assert all(each["total"] == len(each["things"]) > 0 for each in found.values())
    assert found["projects"]["total"] == site.get("/search.json").json()["total"]


def test_the_ontology_has_a_page_and_four_forms(site: httpx.Client) -> None:
    page = site.get("/en/ontology").text
    for name in ("Project", "MethodUse", "grantedSupport"):
        assert f'id="{name}"' in page
    found = Graph().parse(data=site.get("/ontology", headers={"Accept": "text/turtle"}).text, format="turtle")
    assert len(found) > 300
    assert site.get("/ontology.jsonld").headers["content-type"] == "application/ld+json"


def test_findings_of_the_check_are_shown_with_their_projects(tmp_path: Path) -> None:
    import time

    build([folder("seeds")], tmp_path, workers=1)
    with running(serve_build(tmp_path), checked=tmp_path) as address, client(address) as site:
        for _ in range(300):
            page = site.get("/sv/quality").text
            if "kontrolleras just nu" not in page:
                break
            time.sleep(0.1)
        assert "Project-owed-cost" in page
        listed = site.get("/sv/quality?rule=Project-owed-cost").text
        assert 'href="/sv/project/22-014-S05"' in listed
        assert "Article 49(3)(h)" in site.get("/en/project/22-014-S05").text
        assert page.index("Inkluderingslyftet") < page.index("VISA") < page.index("Project-owed-cost")
        assert "<mark>minst 1650</mark>" in page
        assert "The field says 130 planned participants" in site.get("/en/project/2017-00082").text


def test_a_site_without_a_check_says_so(site: httpx.Client) -> None:
    assert "has not been checked here" in site.get("/en/quality").text


def test_the_map_has_every_region_as_a_shape_and_as_a_row(site: httpx.Client) -> None:
    page = site.get("/en/map?count=participants").text
    assert len(re.findall(r'<a href="[^"]*" aria-label="[^"]*"><path class="step-\d"', page)) == 8
    assert page.count('<th scope="row">') >= 8
    assert site.get("/en/map?count=stars").status_code == 400
    assert site.get("/en/map?method=none").status_code == 400


@pytest.mark.parametrize(
    "path", ["project/22-014-S05", "owner/2220002162", "method/bip", "region/SE12", "fund/ESF_PLUS"]
)
def test_the_picture_of_the_graph_says_the_same_as_its_table(site: httpx.Client, path: str) -> None:
    page = site.get(f"/en/explore/{path}").text
    lines = re.findall(r'<path class="edge[^>]*><title>(.*?)</title>', page)
    rows = re.findall(r"<tr><th scope=\"row\"><a [^>]*>(.*?)</a></th><td>(.*?)</td><td><a [^>]*>(.*?)</a>", page)
    assert lines
    assert sorted(lines) == sorted(" – ".join(row) for row in rows)


def test_a_box_of_the_picture_adds_its_neighbours(site: httpx.Client) -> None:
    page = site.get("/en/explore/method/bip").text
    assert '<a href="/en/explore/method/bip?and=owner%2F2220002162" class="node owner"' in page
    more = site.get("/en/explore/method/bip?and=owner%2F2220002162").text
    assert "Conecto" in more
    assert "Conecto" not in page
    assert site.get("/en/explore/method/bip?and=owner/none&and=x&and=../../etc").status_code == 200


def test_named_questions_fill_the_form(site: httpx.Client) -> None:
    page = site.get("/en/query?name=projects-in-region&region=SE11").text
    assert "/id/region/SE11&gt;" in page
    assert site.get("/en/query?name=none").status_code == 400
    assert site.get("/en/query?name=projects-in-region&region=nowhere").status_code == 400
    assert json.dumps(site.get("/openapi.json").json())
