from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.build import build
from kg.resources import folder
from kg.web.serving import Site, open_build_site, serve_build
from tests.site.running import client, running

HERE = Path(__file__).parent
PAGES = HERE.parent / "pages"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, the test pages, and a page whose values are markup that must never act."""
    out = tmp_path_factory.mktemp("site") / "build"
    build([folder("seeds"), PAGES, HERE / "hostile.txt"], out, workers=1)
    return out


@pytest.fixture(scope="session")
def opened(built: Path) -> Iterator[Site]:
    found = open_build_site(built)
    yield found
    found.close()


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    with running(serve_build(built)) as found:
        yield found


@pytest.fixture(scope="session")
def site(address: str) -> Iterator[httpx.Client]:
    with client(address) as found:
        yield found
