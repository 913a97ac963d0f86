"""The redirects read as Apache's mod_rewrite reads them, and followed as browsers and programs would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kg.release import read_publication
from kg.release.redirects import htaccess, readme
from tests.release.conftest import CONFIGURATION

BASE = "https://w3id.example/esf-kg/"
SITE = "https://data.example.se/esf-kg/"
RELEASE = f"{SITE}release/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Condition:
    """One RewriteCond: the header that it looks at, its pattern, and whether it is joined to the next by or."""

    header: str
    pattern: re.Pattern[str]
    joined: bool


@dataclass(frozen=True)
class Rule:
    """One RewriteRule with its conditions."""

    pattern: re.Pattern[str]
    target: str
    flags: str
    conditions: list[Condition] = field(default_factory=list)

    def applies(self, headers: dict[str, str]) -> bool:
        """Whether all groups of conditions joined by or have one that holds."""
        held, group = True, False
        for condition in self.conditions:
            group = group or bool(condition.pattern.search(headers.get(condition.header, "")))
            if not condition.joined:
                held, group = held and group, False
        return held


def _rules(text: str) -> list[Rule]:
    found: list[Rule] = []
    waiting: list[Condition] = []
    for line in text.splitlines():
        match line.split():
            case ["RewriteCond", variable, pattern, *flags]:
                header = variable.strip("%{}").removeprefix("HTTP:").removeprefix("HTTP_").lower().replace("_", "-")
                ignored = re.IGNORECASE if "[NC]" in flags else re.NOFLAG
                waiting.append(Condition(header, re.compile(pattern, ignored), "[OR]" in flags))
            case ["RewriteRule", pattern, target, flags]:
                found.append(Rule(re.compile(pattern), target, flags, waiting))
                waiting = []
    return found


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    path = tmp_path_factory.mktemp("redirects") / "release.toml"
    path.write_text(CONFIGURATION, encoding="utf-8")
    return _rules(htaccess(BASE, read_publication(BASE, path)))


def _followed(rules: list[Rule], path: str, accept: str, language: str = "") -> tuple[str, str]:
    headers = {"accept": accept, "accept-language": language}
    for rule in rules:
        found = rule.pattern.search(path)
        if found and rule.applies(headers):
            status = re.search(r"R=(\d+)", rule.flags)
            return status[1] if status else "", rule.target.replace(
                "$1", found[1] if found.groups() and found[1] else ""
            )
    return "404", ""


@pytest.mark.parametrize(
    ("path", "accept", "language", "target"),
    [
        ("ontology", BROWSER, "sv-SE,sv;q=0.9,en;q=0.8", "ontology/index.html"),
        ("ontology", BROWSER, "en-GB,en;q=0.9", "ontology/index.en.html"),
        ("ontology", BROWSER, "", "ontology/index.en.html"),
        ("ontology", "text/turtle", "sv", "ontology/ontology.ttl"),
        ("ontology", "application/ld+json", "", "ontology/ontology.jsonld"),
        ("ontology", "application/rdf+xml", "", "ontology/ontology.rdf"),
        ("ontology", "application/n-triples", "", "ontology/ontology.nt"),
        ("ontology", "*/*", "", "ontology/ontology.ttl"),
        ("ontology/0.1.0", BROWSER, "sv", "ontology/index.html"),
        ("ontology/0.1.0", "text/turtle", "", "ontology/ontology.ttl"),
        ("ontology.html", BROWSER, "sv", "ontology/index.html"),
        ("ontology.html", "*/*", "", "ontology/index.en.html"),
        ("shapes", "*/*", "", "ontology/shapes.ttl"),
        ("shape/Project-title", "*/*", "", "ontology/shapes.ttl"),
        ("id/dataset/esf-kg", "*/*", "", "catalog.ttl"),
        ("id/distribution/data/kg.ttl.gz", BROWSER, "", "catalog.ttl"),
    ],
)
def test_terms_and_descriptions_lead_into_the_release(
    path: str, accept: str, language: str, target: str, rules: list[Rule]
) -> None:
    assert _followed(rules, path, accept, language) == ("303", RELEASE + target)


def test_things_lead_to_the_site_and_questions_to_the_service(rules: list[Rule]) -> None:
    assert _followed(rules, "id/project/22-045-S01", BROWSER) == ("303", f"{SITE}id/project/22-045-S01")
    assert _followed(rules, "id/project/22-045-S01", "text/turtle") == ("303", f"{SITE}id/project/22-045-S01")
    assert _followed(rules, "sparql", "*/*") == ("307", f"{SITE}sparql")
    assert _followed(rules, "release/data/kg.nq.gz", "*/*") == ("302", f"{RELEASE}data/kg.nq.gz")
    assert _followed(rules, "", BROWSER) == ("302", SITE)
    assert _followed(rules, "ontologyx", BROWSER)[0] == "404"


def test_without_a_service_there_is_no_redirect_to_one(tmp_path: Path) -> None:
    (tmp_path / "release.toml").write_text(
        CONFIGURATION.replace("[publisher]", "endpoint = false\n[publisher]"), "utf-8"
    )
    publication = read_publication(BASE, tmp_path / "release.toml")

    assert _followed(_rules(htaccess(BASE, publication)), "sparql", "*/*")[0] == "404"


def test_the_readme_names_what_the_service_asks_for(tmp_path: Path) -> None:
    (tmp_path / "release.toml").write_text(CONFIGURATION, encoding="utf-8")
    text = readme(BASE, read_publication(BASE, tmp_path / "release.toml"))

    assert text.startswith("# esf-kg\n")
    assert "Open data <data@example.se>" in text
    assert f"`{BASE}ontology#`" in text
