from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PATHS = (
    "",
    "search?q=metod",
    "search?q=zzzzzz",
    "project/22-014-S05",
    "owner/2220002162",
    "method/bip",
    "region/SE12",
    "use/22-045-S01/bip/builds-on",
    "methods",
    "owners",
    "data",
    "map",
    "explore",
    "explore/method/bip",
    "quality",
    "query?name=projects-in-region",
    "ontology",
    "downloads",
    "about",
    "licence",
    "privacy",
    "accessibility",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("language", "scheme"), [("sv", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_kind_of_page(
    browser: Browser, shown: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    # axe is put into the page by the test, which the page itself forbids.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    found = {}
    for path in PATHS:
        page.goto(f"{shown}/{language}/{path}")
        found[path] = faults(page)
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("width", [320, 640])
def test_no_page_scrolls_sideways_when_narrow_or_enlarged(browser: Browser, shown: str, width: int) -> None:
    """A window of 640 pixels is one of 1280 at 200 per cent zoom."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    wide = {}
    for path in PATHS:
        page.goto(f"{shown}/sv/{path}")
        wide[path] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert {path: more for path, more in wide.items() if more > 0} == {}


def test_the_first_key_reaches_the_skip_link_and_every_stop_is_visible(page: Page, shown: str) -> None:
    page.goto(f"{shown}/sv/project/22-014-S05")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")
