"""What a page is asked and what it answers, apart from HTTP: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urlencode

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
"""Languages of the pages; the first is for those who ask for neither."""
HTML, JSON, CSV = "text/html", "application/json", "text/csv"


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the Link header; `target` is an address below the public base or a whole one."""

    target: str
    relation: str
    media_type: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `path` without language and suffix, `values` the query's parameters in their order.

    `public` is the address under which the site is reached, ending in a slash; `root` is its path.
    """

    path: str
    language: Language
    values: Sequence[tuple[str, str]]
    parameters: Mapping[str, str]
    public: str

    @property
    def root(self) -> str:
        """The path of the public address, ending in a slash."""
        return _root(self.public)

    def value(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter of the query."""
        return next((value for key, value in self.values if key == name), default)

    def all(self, name: str) -> list[str]:
        """Return every value of a parameter of the query, each once."""
        return list(dict.fromkeys(value for key, value in self.values if key == name and value))

    def href(self, path: str = "", **values: str) -> str:
        """Return the address of a page in the language of this request."""
        return href(self.root, self.language, path) + _query(values)

    def in_language(self, language: Language) -> str:
        """Return the address of this very page in a language."""
        return f"{self.root}{language}/{quote(self.path)}" + (f"?{urlencode(self.values)}" if self.values else "")

    def plain(self, path: str, **values: str) -> str:
        """Return the address of a document that has no language."""
        return f"{self.root}{_quoted(path)}{_query(values)}"

    def absolute(self, path: str) -> str:
        """Return the whole address of a document that has no language."""
        return self.public + quote(path)


# Pages link to the same few hundred things over and over.
_quoted = lru_cache(maxsize=8192)(quote)


@lru_cache(maxsize=4)
def _root(public: str) -> str:
    return "/" + public.partition("://")[2].partition("/")[2]


def href(root: str, language: Language, path: str) -> str:
    """Return the address of a page in a language, below the path of the public address.

    >>> href("/", "sv", "method/mi")
    '/sv/method/mi'
    """
    return f"{root}{language}/{_quoted(path)}"


def _query(values: Mapping[str, str]) -> str:
    return f"?{urlencode(values)}" if values else ""


@dataclass(frozen=True, slots=True)
class Content:
    """An answer: bytes of one type, with what HTTP must say of it.

    `location` is the path, below the root, of the address that always gives just this (Content-Location).
    """

    body: bytes
    media_type: str
    language: Language | None = None
    links: tuple[Link, ...] = ()
    location: str | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())
