"""The report on data quality as files of a release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from kg.quality import quality
from kg.quality.page import html_page
from kg.quality.plain import plain_report
from kg.quality.rdf import quality_turtle
from kg.release.documents import Document
from kg.release.words import Text, page_name


def quality_report(build: Path, day: date) -> Iterator[Document]:
    """Yield the report of a build as pages in both languages, as JSON and as Turtle, as of the day of the release.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    # A build that is made again has another number, and says the same.
    report = replace(quality(build, today=day), generation=day.isoformat())
    for language in Text.TAGS:
        yield f"quality/{page_name(language)}", [html_page(report, language)]
    yield "quality/quality.json", [json.dumps(plain_report(report), ensure_ascii=False, indent=2) + "\n"]
    yield "quality/quality.ttl", quality_turtle(report)
