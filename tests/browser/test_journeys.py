from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def either(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in a browser with and without scripts: everything must work in both."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_search_choose_open_a_method_read_a_quote_follow_to_another_owner(either: Page, shown: str) -> None:
    page = either
    page.goto(f"{shown}/sv/")
    page.fill("#q", "jobb")
    page.fill("#q", "metoder")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sv/search?q=metoder")
    page.locator(".facets a[href*='region=SE11']").click()
    page.wait_for_url("**region=SE11*")
    expect(page.locator(".chosen .chip")).to_contain_text("Stockholm")
    page.locator(".cards h3 a", has_text="Lumena").click()
    page.wait_for_url("**/project/22-014-S05")
    page.locator(".uses h3 a", has_text="BIP").first.click()
    page.wait_for_url("**/method/bip")
    expect(page.locator("blockquote mark").first).to_contain_text("BIP")
    page.locator("[aria-labelledby=owners] a", has_text="Samordningsförbundet Centrala Östergötland").click()
    expect(page.locator("h1")).to_have_text("Samordningsförbundet Centrala Östergötland")


def test_an_example_query_is_run_and_its_answer_followed(either: Page, shown: str) -> None:
    page = either
    page.goto(f"{shown}/en/query")
    page.locator("#examples ~ ul a").first.click()
    page.wait_for_url("**name=*")
    page.goto(f"{shown}/en/query")
    page.locator("button", has_text="Run the query").click()
    page.wait_for_url("**/sparql?*")
    page.locator("table.answer td a", has_text="Lumena").first.click()
    expect(page.locator("h1")).to_have_text("Lumena")


def test_turtle_is_downloaded_from_the_page_of_a_project(either: Page, shown: str) -> None:
    page = either
    page.goto(f"{shown}/en/project/22-014-S05")
    address = page.locator(".formats a", has_text="Turtle").get_attribute("href")
    answer = page.request.get(f"{shown}{address}")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "22-014-S05" in answer.text()


def test_names_are_suggested_and_reached_with_the_arrow_keys(page: Page, shown: str) -> None:
    page.goto(f"{shown}/sv/")
    page.locator("#q").press_sequentially("supported emp")
    page.locator(".suggestions a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sv/method/supported-employment")


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_stored(page: Page, shown: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("", "search?q=bip", "project/22-014-S05", "map", "explore/method/bip"):
        page.goto(f"{shown}/en/{path}")
    assert all(address.startswith(shown) for address in asked)
    assert complaints == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
