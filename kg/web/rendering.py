"""Fills the templates; everything that is put into a page is escaped unless it was made as markup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import jinja2
from markupsafe import Markup

from kg.web.answers import HTML, Asked, Content, Link
from kg.web.wording import Wording

_WORDINGS = {"sv": Wording("sv"), "en": Wording("en")}
STATIC_TYPES = {
    "site.css": "text/css",
    "site.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files that pages load, with their types."""


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("kg.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["static"] = static_path
    made.filters["json_ld"] = json_ld
    return made


def page(asked: Asked, template: str, *, status: int = 200, links: tuple[Link, ...] = (), **values: object) -> Content:
    """Return the page that a template makes; `t` in it is the wording of the language."""
    text = (
        _environment()
        .get_template(template)
        .render(asked=asked, t=_WORDINGS[asked.language], language=asked.language, href=asked.href, **values)
    )
    location = f"{asked.language}/{asked.path}"
    return Content(text.encode(), HTML, asked.language, links, location, status)


@lru_cache(maxsize=8)
def static_file(name: str) -> bytes:
    """Return a file that pages load."""
    return resources.files("kg.web").joinpath("static", name).read_bytes()


@lru_cache(maxsize=8)
def static_path(name: str) -> str:
    """Return the path of such a file below the root; it holds a hash of the file, so that it can be kept for ever."""
    mark = hashlib.sha256(static_file(name)).hexdigest()[:12]
    return f"static/{mark}/{name}"


def json_ld(value: Mapping[str, object]) -> Markup:
    """Return JSON that can stand in a script element: nothing in it can end the element or begin another.

    >>> json_ld({"name": "</script>"})
    Markup('{"name": "\\\\u003c/script\\\\u003e"}')
    """
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
