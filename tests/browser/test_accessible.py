from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kg.web.answers import LANGUAGES

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
    "use/22-045-S01/bip/trains",
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
MISTAKEN = ("/project/none", "order=none", "nonsense&lang=sv", "nonsense&lang=en")
QUERIES = ("SELECT * { ?s kg:owner ?o } LIMIT 3", "ASK { ?s kg:owner ?o }", "DESCRIBE kg:Project", "SELECT nonsense")
AXE = Axe().axe_script
RULES: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "preload": False,
    "resultTypes": ["violations"],
    # What is at fault is shown by its HTML; the shortest selector of each element that was looked at takes long to find.
    "selectors": False,
}
CONTRAST: dict[str, object] = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
BUT_CONTRAST: dict[str, object] = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
# Contrast takes axe longer than all else, and a table of a hundred rows has no more colours than one of three: three
# elements are kept of those that are alike in colour, ground, size and weight of their letters, and every field.
LOOKS = """(() => {
    const seen = {}
    const ground = (each) => {
        const own = getComputedStyle(each).backgroundColor
        return own === "rgba(0, 0, 0, 0)" && each.parentElement ? ground(each.parentElement) : own
    }
    return [...document.querySelectorAll("body *")].filter((each) => {
        if (each.matches("input, select, textarea, button")) return true
        if (![...each.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim())) return false
        const style = getComputedStyle(each)
        const look = [style.color, style.opacity, style.fontSize, style.fontWeight, ground(each)].join()
        seen[look] = (seen[look] || 0) + 1
        return seen[look] <= 3
    })
})()"""

SIDEWAYS = """() => {
    const room = document.documentElement.clientWidth
    const cut = [...document.querySelectorAll("main *")].filter((each) => {
        const box = each.getBoundingClientRect()
        return box.width > 1 && box.right > room + 1 && !each.closest(".scroll, .out, pre, svg")
    })
    const scrolls = document.documentElement.scrollWidth - room
    return cut.map((each) => each.outerHTML.slice(0, 80)).slice(0, 3).concat(scrolls > 0 ? [`${scrolls} pixels`] : [])
}"""
CUT_OFF = """() => {
    const whole = document.documentElement.style
    whole.setProperty("font-size", "212.5%", "important")
    const cut = [...document.querySelectorAll("body *")].filter((each) => {
        const style = getComputedStyle(each)
        return style.overflow !== "visible" && !each.closest(".out, .scroll, pre, svg, textarea, select")
            && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
    })
    whole.removeProperty("font-size")
    return cut.map((each) => each.outerHTML.slice(0, 100))
}"""
STOPS = """() => {
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


def faults(page: Page, rules: dict[str, object], within: str = "document") -> list[str]:
    """Return what axe finds on the page that is open, in the elements that a script names."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate(f"axe.run({within}, {json.dumps(rules)}).then((each) => each.violations)")
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def addresses(shown: str, language: str) -> list[str]:
    asked = [f"{shown}/sparql?{urlencode({'query': query, 'lang': language})}" for query in QUERIES]
    return [*(f"{shown}/{language}/{path}" for path in PATHS), *asked]


def looked_at(page: Page, language: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what each check finds on the page that is open."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    yield f"rules {language}", faults(page, BUT_CONTRAST)
    if language == "sv":
        yield "light", faults(page, CONTRAST, LOOKS)
        page.emulate_media(color_scheme="dark")
        yield "dark", faults(page, CONTRAST, LOOKS)
        yield "cut off", page.evaluate(CUT_OFF)
        yield "stops", page.evaluate(STOPS)
        page.set_viewport_size({"width": 640, "height": 700})
        yield "enlarged", page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": 320, "height": 700})
    yield f"narrow {language}", page.evaluate(SIDEWAYS)


@pytest.fixture(scope="module")
def found(browser: Browser, shown: str) -> Mapping[str, Mapping[str, list[str]]]:
    """What is wrong, by check and address: every page is opened once in each language, and there looked at in every way.

    Loading and laying out a page takes longer than most looks at it.
    """
    # axe is put into the page by the test, which the page itself forbids; so the browser keeps it for all of them.
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(AXE)
    page = context.new_page()
    wrong: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for language in LANGUAGES:
        for address in addresses(shown, language):
            answer = page.goto(address)
            assert answer
            assert (answer.status == 200) != address.endswith(MISTAKEN), (address, answer.status)
            for check, faulty in looked_at(page, language):
                wrong[check][address] = faulty
    context.close()
    return wrong


def nothing_in(found: Mapping[str, Mapping[str, list[str]]], check: str) -> bool:
    """Return whether a check found nothing on any page, and show what it found."""
    assert len(found[check]) == len(PATHS) + len(QUERIES)
    assert {address: faulty for address, faulty in found[check].items() if faulty} == {}
    return True


@pytest.mark.parametrize("check", ["rules sv", "rules en", "light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(found: Mapping[str, Mapping[str, list[str]]], check: str) -> None:
    """The rule of contrast in light and in dark, for one language, as the other has the same colours; the rest in both."""
    assert nothing_in(found, check)


@pytest.mark.parametrize("check", ["narrow sv", "narrow en", "enlarged"])
def test_no_page_scrolls_sideways_when_narrow_or_enlarged(
    found: Mapping[str, Mapping[str, list[str]]], check: str
) -> None:
    """A narrow window has 320 pixels; one of 640 is one of 1280 at 200 per cent zoom."""
    assert nothing_in(found, check)


def test_text_of_twice_the_size_is_lost_nowhere(found: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Only the letters grow, as some browsers do it: no box of a fixed height may cut them off."""
    assert nothing_in(found, "cut off")


def test_the_keyboard_goes_through_every_page_in_the_order_of_its_text(
    found: Mapping[str, Mapping[str, list[str]]],
) -> None:
    assert nothing_in(found, "stops")


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
