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
from tests.browser.test_accessible import RULES, faults


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> QualityReport:
    out = tmp_path_factory.mktemp("quality") / "build"
    build([folder("seeds")], out, workers=1)
    return quality(out)


# Each language in both schemes and at both widths.
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("sv", "light", 320), ("sv", "dark", 1280), ("en", "dark", 320), ("en", "light", 1280)],
)
def test_axe_finds_nothing_on_the_quality_page(
    browser: Browser,
    report: QualityReport,
    tmp_path: Path,
    language: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    path = tmp_path / "quality.html"
    path.write_text(html_page(report, language), encoding="utf-8")
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(path.as_uri())
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true }")

    assert len(report.issues) > 3
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
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
