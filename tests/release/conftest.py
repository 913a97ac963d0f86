"""One release of the seeds, with a configuration as a public body would write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.release import Publication, Release, read_publication, release
from kg.store import EmbeddedStore
from tests import apache
from tests.network import built

collect_ignore = [] if apache.installed() else ["test_redirects_apache.py"]

BASE = "https://w3id.example/esf-kg/"
SITE = "https://data.example.se/esf-kg/"
CONFIGURATION = f"""
[site]
landing = "{SITE}"

[publisher]
organisation-number = "202100-5224"
name-sv = "Rådet för Europeiska socialfonden i Sverige"
name-en = "The Swedish ESF Council"

[contact]
name-sv = "Öppna data"
name-en = "Open data"
email = "data@example.se"
telephone = "+46 8 123 456 78"
"""


@dataclass(frozen=True)
class Made:
    """A release and what it was made from."""

    store: EmbeddedStore
    publication: Publication
    release: Release

    @property
    def folder(self) -> Path:
        """The folder of the release."""
        return self.release.folder


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    place = tmp_path_factory.mktemp("release")
    (place / "release.toml").write_text(CONFIGURATION, encoding="utf-8")
    with built.seeds_store(place / "built") as store:
        publication = read_publication(store.base, place / "release.toml")
        yield Made(store, publication, release(store, place / "out", publication, build=place / "built"))
