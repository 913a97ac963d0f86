"""Pages of text, each written out in both languages, and the list of what can be downloaded."""

from __future__ import annotations

from kg.web.answers import Content
from kg.web.pages.lists import ALL_LISTS
from kg.web.pages.search import MOST_EXPORTED
from kg.web.rendering import page
from kg.web.routes import Handler
from kg.web.views import View

TEXTS = ("about", "licence", "privacy", "accessibility")


def text_page(name: str) -> Handler:
    """Return the handler of a page of text."""

    def answer(view: View, form: str) -> Content:
        meta = view.index.meta
        return page(
            view.asked,
            f"{name}.{view.asked.language}.html",
            name=name,
            base=view.site.base,
            projects=meta["projects"],
            version=view.site.report.get("version", ""),
        )

    return answer


def downloads_page(view: View, form: str) -> Content:
    """Return the page of downloads."""
    data = view.site.data
    return page(
        view.asked,
        "downloads.html",
        size=data.stat().st_size if data and data.exists() else None,
        lists=ALL_LISTS,
        projects=view.index.columns.size,
        most=MOST_EXPORTED,
        built=view.site.built,
    )
