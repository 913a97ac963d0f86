from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.documentation.model import Reader, shapes_by_subject
from kg.documentation.rendering import LANGUAGES, Addresses, ontology_part, schemes_part
from kg.ontology import SCHEMES, load
from kg.release import Release, read_publication, release
from kg.release.words import page_name
from kg.vocabulary import CLASSES, PROPERTIES, SOURCE_FIELDS, TERMS
from tests.network import built

BASE = "https://other.example/kg/"
_ADDRESSES = Addresses(thing=str, scheme=str)


class _Checked(HTMLParser):
    """Gathers anchors and links, and refuses elements that are not closed in their order."""

    VOID = frozenset(("br", "link", "meta", "hr", "img", "rect", "path", "polygon", "circle", "line"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    place = tmp_path_factory.mktemp("documented")
    with built.seeds_store(place / "built") as store:
        return release(store, place / "out", read_publication(store.base))


def _page(made: Release, folder: str, language: str) -> _Checked:
    return _Checked((made.folder / folder / page_name(language)).read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_local_name_of_every_term_is_an_anchor(language: str, made: Release) -> None:
    anchors = _page(made, "ontology", language).anchors

    assert set(anchors) >= TERMS
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", ["ontology", "schemes"])
def test_every_link_within_the_release_leads_somewhere(folder: str, language: str, made: Release) -> None:
    page = _page(made, folder, language)
    others = {name: _page(made, name, language) for name in ("ontology", "schemes")}
    inner = [link for link in page.links if "://" not in link]

    assert len(inner) > 50 or folder == "schemes"
    for link in inner:
        path, _, anchor = link.partition("#")
        target = (made.folder / folder / path).resolve() if path else made.folder / folder / page_name(language)
        assert target.is_file(), link
        if anchor:
            assert anchor in (others[target.parent.name] if path else page).anchors, link


def test_every_term_says_where_it_is_defined() -> None:
    ontology = load(BASE)
    reader = Reader(ontology)
    ours = [term for term in reader.terms() if term.iri.startswith(f"{BASE}ontology#")]

    assert {term.name for term in ours} == TERMS
    assert {term.defined_by for term in ours} == {f"{BASE}ontology"}
    assert all(
        set(term.label) == set(term.definition) == {"sv", "en"} for term in ours if term.name not in SOURCE_FIELDS
    )


def test_the_header_has_the_basics_of_a_findable_ontology() -> None:
    header = Reader(load(BASE)).header()

    assert header.version_iri == f"{BASE}ontology/{header.version}"
    assert header.licence.startswith("https://creativecommons.org/publicdomain/zero/")
    assert header.prior_version == "", "the first version has none before it"
    assert header.created <= header.modified


def test_properties_have_examples_from_the_seeds(made: Release) -> None:
    text = (made.folder / "ontology/index.en.html").read_text("utf-8")
    section = re.search(r'id="endDate">.*?</section>', text, re.DOTALL)
    with_example = len(re.findall(r"<dt>in the graph</dt>", text))

    assert section
    assert re.search(r"in the graph</dt><dd><a [^>]*>[^<]+</a>: \d{4}-\d\d-\d\d", section[0])
    assert with_example > 0.7 * len(CLASSES | PROPERTIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_with_a_message_is_listed(language: str, made: Release) -> None:
    anchors = _page(made, "ontology", language).anchors
    rules = [
        subject[1:-1].rpartition("/")[2]
        for subject, values in shapes_by_subject(BASE).items()
        if "<http://www.w3.org/ns/shacl#message>" in values
    ]

    assert len(rules) > 100
    assert {f"shape-{rule}" for rule in rules} <= set(anchors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_of_every_scheme_is_listed(language: str) -> None:
    ontology = load(BASE)
    anchors = set(_Checked(str(schemes_part(ontology, language))).anchors)

    for scheme, kind in SCHEMES.items():
        assert {f"{kind}/{concept.id}" for concept in ontology.concepts(scheme)} <= anchors


def test_the_pages_follow_the_base_and_the_language() -> None:
    swedish, english = (str(ontology_part(load(BASE), language, _ADDRESSES, {})) for language in LANGUAGES)

    assert f"{BASE}ontology#" in swedish
    assert "w3id.org" not in swedish
    assert "Datamodellen" in swedish
    assert "The data model" in english
    assert "trycks som" in swedish
    assert "trycks som" not in english


def test_what_sources_print_cannot_become_markup() -> None:
    hostile = Addresses(thing=lambda iri: f'"><script>{iri}', scheme=str)
    text = str(ontology_part(load(BASE), "en", hostile, {}))

    assert "<script" not in text


def test_the_pictures_of_both_languages_are_there(made: Release) -> None:
    found = sorted(path.name for path in Path(made.folder / "ontology").glob("*.svg"))

    assert found == ["model.en.svg", "model.sv.svg"]
