"""Fills the templates of the documentation: parts for the site, and pages that stand alone for a release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg import resources, terms
from kg.documentation.examples import Examples
from kg.documentation.model import GROUPS, Reader, in_group
from kg.ontology import SCHEMES, Concept, Ontology, load
from kg.vocabulary import EXTERNAL_PREFIXES

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages link to: `thing` gives the address of a thing of ours by its IRI, `scheme` that of a scheme.

    `forms` are the names and addresses of the ontology as RDF.
    """

    thing: Callable[[str], str] = field(repr=False)
    scheme: Callable[[str], str] = field(repr=False)
    forms: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet of pages that stand alone."""
    return Path(__file__).with_name("pages.css").read_text(encoding="utf-8")


def ontology_part(ontology: Ontology, language: str, addresses: Addresses, examples: Examples) -> Markup:
    """Return the documentation of the ontology in a language, from its heading on, as HTML.

    The local name of each term is the anchor of what is said of it.

    Raises:
        InputError: a file of the ontology is damaged.
    """
    from markupsafe import Markup

    reader = _reader(ontology.base)
    found = reader.terms()
    text = (
        environment()
        .get_template("ontology.html")
        .render(
            **_wording(language),
            header=reader.header(),
            groups=[(group, in_group(found, group)) for group in GROUPS],
            rules=reader.rules(),
            aligned_terms=[term for term in found if term.aligned],
            aligned_concepts=reader.aligned_concepts(),
            schemes=_schemes(ontology.base, language),
            picture=Markup(_picture(ontology.base, language)),
            addresses=addresses,
            examples=examples,
            namespace=reader.header().namespace,
        )
    )
    return Markup(text)


def schemes_part(ontology: Ontology, language: str) -> Markup:
    """Return the lists of concepts of every scheme in a language, from the heading on, as HTML."""
    from markupsafe import Markup

    text = environment().get_template("schemes.html").render(
        **_wording(language),
        schemes=[(*scheme, ontology.concepts(scheme[0])) for scheme in _schemes(ontology.base, language)],
        kinds=SCHEMES,
        above=lambda scheme, concept: list(_above(ontology, scheme, concept, language)),
    )  # fmt: skip
    return Markup(text)


def _above(ontology: Ontology, scheme: str, concept: Concept, language: str) -> Iterator[str]:
    """Yield the names of the concepts above one; a specific objective has a programme area above it."""
    for key in concept.broader:
        found = ontology.concept(scheme, key) or ontology.concept("programme-areas", key)
        yield (found.pref.get(language) or next(iter(found.pref.values()), key)) if found else key


def page(language: str, title: str, body: Markup, pages: Mapping[str, str], home: str) -> str:
    """Return a page that stands alone; `pages` are its addresses by language, `home` that of the start page."""
    from markupsafe import Markup

    other = "en" if language == "sv" else "sv"
    return (
        environment()
        .get_template("page.html")
        .render(
            **_wording(language),
            title=title,
            body=body,
            pages=sorted(pages.items()),
            home=home,
            other=other,
            other_page=pages[other],
            style=Markup(style()),
        )
    )


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return what fills the templates; everything is escaped unless it was made as markup."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("kg.documentation"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _wording(language: str) -> dict[str, object]:
    def one(swedish: str, english: str) -> str:
        return swedish if language == "sv" else english

    def of(texts: Mapping[str, str]) -> str:
        return texts.get(language) or next(iter(texts.values()), "")

    return {"t": one, "of": of, "language": language}


@lru_cache(maxsize=8)
def _schemes(base: str, language: str) -> list[tuple[str, str, str, str, int]]:
    """Return key, IRI, label, definition and size of each concept scheme."""
    statements = terms.read(terms.files(resources.folder("ontology")), base)
    ontology = load(base)
    found = []
    for scheme in SCHEMES:
        address = ontology.names.thing("scheme", scheme)
        label, definition = (
            dict(statements.by_language(address, EXTERNAL_PREFIXES[prefix] + name)).get(language, "")
            for prefix, name in (("rdfs", "label"), ("skos", "definition"))
        )
        found.append((scheme, address, label or scheme, definition, len(ontology.concepts(scheme))))
    return found


@lru_cache(maxsize=4)
def _reader(base: str) -> Reader:
    return Reader(load(base))


@lru_cache(maxsize=8)
def _picture(base: str, language: str) -> str:
    from kg.drawing import model_picture

    return model_picture(load(base), language)
