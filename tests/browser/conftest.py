from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kg.build import build
from kg.resources import folder
from kg.web.endpoint import Endpoint
from kg.web.serving import serve_build
from tests.site.running import running

CHROMIUM = os.environ.get("KG_CHROMIUM", "/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Not for the whole session: while the tool is open a loop runs in this thread, and other tests run their own.
    assert Path(CHROMIUM).exists(), f"these tests need a browser: install Debian's package chromium (no {CHROMIUM})"
    with sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="package")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of the seeds, with its SPARQL endpoint."""
    out = tmp_path_factory.mktemp("browser") / "build"
    base = build([folder("seeds")], out, workers=1).base
    with running(serve_build(out), sparql=lambda page: Endpoint(out, base=base, page=page)) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport={"width": 1280, "height": 900})
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
