"""The page that `kg quality --format html` writes can be used by everybody, in both languages, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from kg.build import build
from kg.quality import QualityReport, quality
from kg.quality.page import html_page
from kg.resources import folder
from tests.browser.test_accessible import BUT_CONTRAST, CONTRAST, LOOKS, SIDEWAYS, faults

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> QualityReport:
    out = tmp_path_factory.mktemp("quality") / "build"
    build([folder("seeds")], out, workers=1)
    return quality(out)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_the_quality_page(
    browser: Browser, report: QualityReport, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "quality.html"
    path.write_text(html_page(report, language), encoding="utf-8")
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(path.as_uri())
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true }")

    assert len(report.issues) > 3
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page, BUT_CONTRAST) == []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert faults(page, CONTRAST, LOOKS) == []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == []
    context.close()


def test_links_and_the_choice_of_severity_work_without_a_script(
    browser: Browser, report: QualityReport, tmp_path: Path
) -> None:
    path = tmp_path / "quality.html"
    path.write_text(html_page(report, "en"), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    rule = next(name for name, issues in report.by_rule.items() if issues[0].severity == "Warning")
    page.goto(f"{path.as_uri()}#rule-{rule}")

    assert page.locator(f"#rule-{rule} li").first.is_visible()
    assert page.locator("details.of-Info").first.is_visible()
    page.locator("#only-Warning").check()
    assert not page.locator("details.of-Info").first.is_visible()
    assert page.locator("details.of-Warning").first.is_visible()
    context.close()
