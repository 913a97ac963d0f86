"""Whether a fetched page shows a project, read as the build will read it.

Sites answer 200 with a form to log in, with their start page or with an excuse. Such a page must not take the place of
a project that was fetched before.
"""

from __future__ import annotations

from functools import cache

from kg import ontology
from kg.model import Source
from kg.sources.html import charset, is_markup, read_html
from kg.sources.page import IDENTIFIER, PageReader
from kg.sources.records import charset_of
from kg.values import ValueProblem
from kg.vocabulary import project_key


def check_shown(content: bytes, content_type: str, address: str, number: str | None) -> None:
    """Check that a page shows a project, and the one with the diary number `number` if one was asked for.

    Raises:
        ValueProblem: `no-project` or `another-project`.
    """
    named = not content_type.lower().startswith("text/plain")
    if is_markup(content, named=named):
        html = content.decode(charset(content, charset_of(content_type)), errors="replace")
        text = read_html(html, _reader().labels).text
    else:
        text = content.decode("utf-8-sig", errors="replace")
    project = _reader().read(text, Source(key="page", name=address, sha256="")).project
    if project is None:
        message = f"{address} shows no project: neither a known field label nor a heading with a diary number"
        raise ValueProblem("no-project", message)
    found = str(project.value("identifier") or "")
    if number and IDENTIFIER.fullmatch(found) and project_key(found) != project_key(number):
        raise ValueProblem("another-project", f"{address} shows the project {found} and not {number}")


@cache
def _reader() -> PageReader:
    return PageReader(ontology.load())
