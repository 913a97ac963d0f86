from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kg import search
from kg.generations import current
from kg.vocabulary import EXTERNAL_PREFIXES
from kg.web.answers import Asked
from kg.web.facts import Value, read_facts
from kg.web.pages.method import method_page
from kg.web.serving import Site, open_build_site
from kg.web.views import View

DCTERMS = EXTERNAL_PREFIXES["dcterms"]
ANOTHER = "id/method/navigatorcentrum"


def test_every_value_names_every_source_that_states_it(opened: Site) -> None:
    most = opened.index.things("owner", limit=1)[0]
    iri = f"{opened.base}id/owner/{most.key}"
    found = read_facts(opened.store, iri)
    assert found
    named = {
        (name, value.text, graph)
        for name, values in found.values.items()
        for value in values
        for graph in value.sources
    }
    stated = opened.store.texts(f"SELECT ?p ?o ?g WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}")
    assert named == set(stated)
    assert max(len(value.sources) for values in found.values.values() for value in values) > 1


def test_a_method_that_is_no_longer_used_leads_to_what_has_taken_its_place(opened: Site) -> None:
    thing, successor = (opened.index.thing_of("method", key) for key in ("unga-in", "navigatorcentrum"))
    assert thing
    assert successor
    known = read_facts(opened.store, f"{opened.base}id/method/unga-in")
    assert known
    property_, target = (f"{start}{name}" for start, name in ((DCTERMS, "isReplacedBy"), (opened.base, ANOTHER)))
    facts = replace(known, values={**known.values, property_: (Value(target, True, None, None, ()),)})
    view = View(opened, Asked("method/unga-in", "sv", (), {}, "http://example.org/"))
    before, after = (method_page(view, thing, one).body.decode() for one in (known, facts))
    assert "används inte längre" not in before
    assert "används inte längre" in after
    assert 'href="/sv/method/navigatorcentrum"' in after.partition("används inte längre")[2][:200]


def test_an_index_of_another_version_is_made_anew(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "build")
    path = current(tmp_path / "build") / search.FILE
    path.unlink(missing_ok=True)
    path.write_text("made by another version", encoding="utf-8")
    site = open_build_site(tmp_path / "build")
    assert site.index.search(search.Query("supported employment")).total
    site.close()


def test_a_build_holds_the_index_that_is_served(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an index is made although the build has one")

    monkeypatch.setattr(search, "create", refuse)
    site = open_build_site(built)
    assert site.index.meta["projects"] == site.report["counts"]["projects"]
    site.close()
