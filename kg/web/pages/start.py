"""The first page: the search, and what the graph holds, how fresh it is and what it does not know."""

from __future__ import annotations

from kg.web.answers import Content
from kg.web.json_ld import dataset_json_ld
from kg.web.rendering import page
from kg.web.views import View

_SHOWN = 12


def start_page(view: View, form: str) -> Content:
    """Return the first page."""
    index = view.index
    meta = index.meta
    newest = index.columns.everything[:5].tolist()
    return page(
        view.asked,
        "start.html",
        counts={
            "project": meta["projects"],
            "owner": index.figures.count("owner", used=True),
            "method": meta["methods"],
            "region": len(index.columns.spread("region")[0]),
        },
        uses=meta["uses"],
        methods=view.links(index.things("method", used=True, limit=_SHOWN)),
        regions=view.links(index.valued("region", limit=_SHOWN)),
        newest=view.cards(newest),
        totals=view.totals(),
        built=view.site.built,
        read=meta["newest"],
        sources=meta["sources"],
        undated=meta["undated_sources"],
        json_ld=dataset_json_ld(view),
    )
