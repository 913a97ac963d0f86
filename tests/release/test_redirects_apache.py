"""The redirects in a real Apache: every rule, with the headers that browsers and programs send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.release import read_publication
from kg.release.redirects import htaccess
from tests import apache
from tests.release.conftest import BASE, CONFIGURATION, SITE

RELEASE = f"{SITE}release/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("apache") / "release.toml"
    path.write_text(CONFIGURATION, encoding="utf-8")
    rules = htaccess(BASE, read_publication(BASE, path))
    with apache.serving({"esf-kg/.htaccess": rules, "index.html": ""}) as found:
        yield f"{found}/esf-kg/"


def _followed(address: str, path: str, accept: str, language: str = "") -> tuple[int, str]:
    headers = {"Accept": accept, **({"Accept-Language": language} if language else {})}
    answer = httpx.get(address + path, headers=headers)
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize(
    ("path", "accept", "language", "target"),
    [
        ("ontology", BROWSER, "sv-SE,sv;q=0.9,en;q=0.8", "ontology/index.html"),
        ("ontology", BROWSER, "en-GB,en;q=0.9", "ontology/index.en.html"),
        ("ontology", BROWSER, "", "ontology/index.en.html"),
        ("ontology", "application/xhtml+xml", "SV", "ontology/index.html"),
        ("ontology", "application/xhtml+xml", "", "ontology/index.en.html"),
        ("ontology", "text/turtle", "sv", "ontology/ontology.ttl"),
        ("ontology", "application/ld+json", "", "ontology/ontology.jsonld"),
        ("ontology", "application/rdf+xml", "", "ontology/ontology.rdf"),
        ("ontology", "application/n-triples", "", "ontology/ontology.nt"),
        ("ontology", "*/*", "", "ontology/ontology.ttl"),
        ("ontology/0.1.0", BROWSER, "sv", "ontology/index.html"),
        ("ontology/0.1.0", BROWSER, "en", "ontology/index.en.html"),
        ("ontology/0.1.0", "application/ld+json", "", "ontology/ontology.jsonld"),
        ("ontology/0.1.0", "text/turtle", "", "ontology/ontology.ttl"),
        ("ontology.html", BROWSER, "sv", "ontology/index.html"),
        ("ontology.html", "*/*", "", "ontology/index.en.html"),
        ("shapes", "*/*", "", "ontology/shapes.ttl"),
        ("shape/Project-title", "*/*", "", "ontology/shapes.ttl"),
        ("id/catalogue", "*/*", "", "catalog.ttl"),
        ("id/dataset/esf-kg", "text/turtle", "", "catalog.ttl"),
        ("id/distribution/data/kg.ttl.gz", BROWSER, "", "catalog.ttl"),
        ("id/contact", "*/*", "", "catalog.ttl"),
    ],
)
def test_terms_and_descriptions_lead_into_the_release(
    path: str, accept: str, language: str, target: str, address: str
) -> None:
    assert _followed(address, path, accept, language) == (303, RELEASE + target)


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("id/project/22-045-S01", 303, f"{SITE}id/project/22-045-S01"),
        ("id/project/22-045-S01?format=ttl", 303, f"{SITE}id/project/22-045-S01?format=ttl"),
        ("id/unit/2220002485/v%C3%A4st", 303, f"{SITE}id/unit/2220002485/v%c3%a4st"),
        ("id/unit/a%20b", 303, f"{SITE}id/unit/a%20b"),
        ("id/unit/a%20b?q=a%20b%26c", 303, f"{SITE}id/unit/a%20b?q=a%20b%26c"),
        ("id/datasets", 303, f"{SITE}id/datasets"),
        ("sparql?query=ASK%20%7B%7D", 307, f"{SITE}sparql?query=ASK%20%7B%7D"),
        ("release/data/kg.nq.gz", 302, f"{RELEASE}data/kg.nq.gz"),
        ("", 302, SITE),
    ],
)
def test_things_lead_to_the_site_with_their_names_still_escaped(
    path: str, status: int, target: str, address: str
) -> None:
    found = _followed(address, path, "*/*")

    assert (found[0], found[1].replace("%C3%A4", "%c3%a4")) == (status, target)


def test_an_address_with_escapes_or_other_letters_is_sent_as_it_is(tmp_path: Path) -> None:
    """In a target of Apache's rules `%2` and `$1` mean what a pattern has found."""
    path = tmp_path / "release.toml"
    site = '[site]\nlanding = "https://data.example.se/a%20b/å/$1/"\ndownload = "https://räka.example/%C3%A5/%20/"\n'
    path.write_text(f'{site}endpoint = "https://data.example.se/a%20b/sparql?a=%26"', encoding="utf-8")
    rules = htaccess(BASE, read_publication(BASE, path))
    with apache.serving({"esf-kg/.htaccess": rules, "index.html": ""}) as found:
        address = f"{found}/esf-kg/"
        targets = [_followed(address, path, "*/*")[1] for path in ("", "id/a%20b", "ontology", "release/x", "sparql")]

    landing, download = "https://data.example.se/a%20b/%c3%a5/$1/", "https://xn--rka-qla.example/%c3%a5/%20/"
    expected = [landing, f"{landing}id/a%20b", f"{download}ontology/ontology.ttl", f"{download}x"]
    assert [target.replace("%C3%A5", "%c3%a5") for target in targets] == [
        *expected,
        "https://data.example.se/a%20b/sparql?a=%26",
    ]


def test_a_form_that_is_sent_to_the_service_is_sent_again_as_it_was(address: str) -> None:
    answer = httpx.post(f"{address}sparql", data={"query": "ASK {}"})

    assert (answer.status_code, answer.headers["location"]) == (307, f"{SITE}sparql")


def test_what_no_rule_knows_is_not_there(address: str) -> None:
    assert _followed(address, "ontologyx", "*/*")[0] == 404
    assert _followed(address, "ontology/latest", BROWSER)[0] == 404
