"""The table of all pages."""

from __future__ import annotations

from kg.web.pages.method import TAKES as THING_TAKES
from kg.web.pages.search import TAKES, search_answer
from kg.web.pages.start import start_page
from kg.web.pages.thing import thing_answer
from kg.web.routes import DOCUMENT, Page

PAGES: tuple[Page, ...] = (
    Page("", start_page),
    Page("search", search_answer, takes=TAKES, forms=("html", "json", "csv", "ttl")),
    Page("{kind:kind}/{key:path}", thing_answer, takes=THING_TAKES, forms=DOCUMENT, open_ended=True),
)
"""Every page, those with fixed paths first."""
