from __future__ import annotations

from typing import Literal
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PATHS = (
    "",
    "search?q=metod",
    "search?q=metod&region=SE12&more=method",
    "search?q=zzzzzz",
    "project/22-014-S05",
    "project/2017-00082",
    "owner/2220002162",
    "method/bip",
    "region/SE12",
    "region/SE213",
    "fund/ESF_PLUS",
    "programme/2021SE05SFPR",
    "use/22-045-S01/bip/builds-on",
    "scheme/regions",
    "graph/derived",
    "projects",
    "methods",
    "owners",
    "regions",
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
    "project/none",
    "search?order=none",
)
QUERIES = ("SELECT * { ?s kg:owner ?o } LIMIT 3", "ASK { ?s kg:owner ?o }", "DESCRIBE kg:Project", "SELECT nonsense")
COLOURED = frozenset(
    "search?q=metod&region=SE12&more=method|project/22-014-S05|owner/2220002162|method/bip|map|explore/method/bip|quality|"
    "query?name=projects-in-region|ontology|search?order=none".split("|")
)
"""Pages that have every colour between them."""
RULES: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
CONTRAST: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


def opened(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer
    assert answer.status < 500, address


def faults(page: Page, rules: dict[str, object]) -> list[str]:
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def addresses(shown: str, language: str) -> list[str]:
    asked = [f"{shown}/sparql?{urlencode({'query': query, 'lang': language})}" for query in QUERIES]
    return [*(f"{shown}/{language}/{path}" for path in PATHS), *asked]


@pytest.mark.parametrize(("language", "scheme"), [("sv", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_kind_of_page_in_light_and_dark(
    browser: Browser, shown: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    """All rules in one scheme; in the other, where pages differ in nothing but colours, those on every colour."""
    # axe is put into the page by the test, which the page itself forbids.
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    found: dict[tuple[str, str], list[str]] = {}
    for address in addresses(shown, language):
        page.emulate_media(color_scheme=scheme)
        opened(page, address)
        found[address, scheme] = faults(page, RULES)
        if address.removeprefix(f"{shown}/{language}/") in COLOURED:
            page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
            found[address, "other"] = faults(page, CONTRAST)
    context.close()
    assert {place: each for place, each in found.items() if each} == {}


@pytest.mark.parametrize(("width", "language"), [(320, "sv"), (320, "en"), (640, "sv")])
def test_no_page_scrolls_sideways_when_narrow_or_enlarged(
    browser: Browser, shown: str, width: int, language: str
) -> None:
    """A window of 640 pixels is one of 1280 at 200 per cent zoom."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    wide = {}
    for address in addresses(shown, language):
        opened(page, address)
        wide[address] = page.evaluate(
            """() => {
                const room = document.documentElement.clientWidth
                const cut = [...document.querySelectorAll("main *")].filter((each) => {
                    const box = each.getBoundingClientRect()
                    return box.width > 1 && box.right > room + 1 && !each.closest(".scroll, .out, pre, svg")
                })
                const scrolls = document.documentElement.scrollWidth - room
                return cut.map((each) => each.outerHTML.slice(0, 80)).slice(0, 3).concat(scrolls > 0 ? [scrolls] : [])
            }"""
        )
    context.close()
    assert {address: more for address, more in wide.items() if more} == {}


def test_text_of_twice_the_size_is_lost_nowhere(browser: Browser, shown: str) -> None:
    """Only the letters grow, as some browsers do it: no box of a fixed height may cut them off."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    cut = {}
    for address in addresses(shown, "sv"):
        opened(page, address)
        page.add_style_tag(content="html { font-size: 212.5% !important }")
        cut[address] = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((each) => {
                const style = getComputedStyle(each)
                return style.overflow !== "visible" && !each.closest(".out, .scroll, pre, svg, textarea, select")
                    && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
            }).map((each) => each.outerHTML.slice(0, 100))"""
        )
    context.close()
    assert {address: more for address, more in cut.items() if more} == {}


def test_the_keyboard_goes_through_every_page_in_the_order_of_its_text(page: Page, shown: str) -> None:
    wrong = {}
    for address in addresses(shown, "sv"):
        opened(page, address)
        wrong[address] = page.evaluate(
            """() => {
                const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")]
                const faults = stops.filter((each) => each.tabIndex > 0)
                for (const each of stops.slice(0, 60)) {
                    each.focus({ focusVisible: true })
                    if (document.activeElement !== each) continue
                    const shape = each.closest("svg") ? each.querySelector("rect, path") : null
                    const style = getComputedStyle(each)
                    const seen = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none"
                    if (!seen && !(shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 2.5)) faults.push(each)
                }
                return faults.map((each) => each.outerHTML.slice(0, 120))
            }"""
        )
    assert {address: more for address, more in wrong.items() if more} == {}


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, shown: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    for path in ("", "search?q=metod", "project/22-014-S05", "map", "explore/method/bip"):
        page.goto(f"{shown}/sv/{path}")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        moving = "each => getComputedStyle(each).transitionDuration !== '0s' || getComputedStyle(each).animationName !== 'none'"
        assert page.evaluate(f"[...document.querySelectorAll('*')].filter({moving}).length") == 0
    context.close()


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
