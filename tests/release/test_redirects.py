"""The redirects as text; what a server makes of them is asked of a real one in the file beside this."""

from __future__ import annotations

from pathlib import Path

from kg.release import read_publication
from kg.release.redirects import htaccess, readme
from tests.release.conftest import BASE, CONFIGURATION


def test_without_a_service_there_is_no_redirect_to_one(tmp_path: Path) -> None:
    (tmp_path / "with.toml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "without.toml").write_text(
        CONFIGURATION.replace("[publisher]", "endpoint = false\n[publisher]"), "utf-8"
    )
    served, unserved = (
        htaccess(BASE, read_publication(BASE, tmp_path / name)).splitlines() for name in ("with.toml", "without.toml")
    )

    assert [line for line in served if line not in unserved] == [
        "RewriteRule ^sparql$ https://data.example.se/esf-kg/sparql [R=307,NE,QSA,L]"
    ]


def test_the_readme_names_what_the_service_asks_for(tmp_path: Path) -> None:
    (tmp_path / "release.toml").write_text(CONFIGURATION, encoding="utf-8")
    text = readme(BASE, read_publication(BASE, tmp_path / "release.toml"))

    assert text.startswith("# esf-kg\n")
    assert "Open data <data@example.se>" in text
    assert f"`{BASE}ontology#`" in text
