"""Fills the templates; everything that is put into a page is escaped unless it was made as markup."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import cast

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup, escape

from kg.web.answers import HTML, Asked, Content, Language, Link
from kg.web.views import ThingLink
from kg.web.wording import Wording

STATIC_TYPES = {
    "site.css": "text/css",
    "site.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files that pages load, with their types."""


_MESSAGE = re.compile(r"""\{\{ t\((?:"([\w.-]+)"|'([\w.-]+)')\) \}\}""")


class _Messages(Extension):
    """Puts the messages that a template names outright into it when it is compiled: a page has some hundred of them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Called by Jinja before it reads a template."""
        wording = cast(Wording, self.environment.globals["t"])
        return _MESSAGE.sub(lambda found: escape(wording(found[1] or found[2])), source)


@lru_cache(maxsize=2)
def _environment(language: Language) -> jinja2.Environment:
    """Return the environment of a language: a template is compiled for each."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("kg.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[_Messages],
    )
    made.globals |= {"static": static_path, "t": Wording(language), "language": language}
    made.filters |= {"json_ld": json_ld, "links": links}
    return made


def page(asked: Asked, template: str, *, status: int = 200, links: tuple[Link, ...] = (), **values: object) -> Content:
    """Return the page that a template makes; `t` in it is the wording of the language."""
    text = _environment(asked.language).get_template(template).render(asked=asked, href=asked.href, **values)
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


def links(things: Iterable[ThingLink]) -> Markup:
    """Return links to things with commas between them."""
    return Markup(", ".join(thing.html for thing in things))


def json_ld(value: Mapping[str, object]) -> Markup:
    """Return JSON that can stand in a script element: nothing in it can end the element or begin another.

    >>> json_ld({"name": "</script>"})
    Markup('{"name": "\\\\u003c/script\\\\u003e"}')
    """
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
