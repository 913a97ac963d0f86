"""What the five seed pages must give, and must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import ontology, resources
from kg.methods import Extraction, Extractor
from kg.methods.extract import SURE
from kg.methods.gold import Case, read_gold
from kg.model import MethodUse, Role

PAGES = Path(__file__).parent.parent / "pages"
EXPECTED = {
    "22-045-S01": {("bip", "trains"), ("vta", "trains")},
    "22-014-S05": {
        ("supported-employment", "uses"),
        ("supported-education", "uses"),
        ("case-management", "uses"),
        ("bip", "builds-on"),
        ("md1", "builds-on"),
        ("service-design", "uses"),
    },
    "22-012-S04": {("service-design", "uses")},
    "22-005-S01": {("mi", "uses")},
    "2017/00082": set[tuple[str, str]](),
}
GENERIC = ("metodutveckling", "samverkan", "mätmetoder", "Metodutvecklingen")


@pytest.fixture(scope="module")
def seeds() -> dict[str, Case]:
    cases = read_gold(PAGES / "seed-facts.json", ontology.load(), resources.folder("seeds"))
    return {case.id: case for case in cases}


def _extraction(extractor: Extractor, case: Case) -> Extraction:
    return extractor.extract(case.text, objective=case.objective, title=case.title)


@pytest.mark.parametrize("number", EXPECTED)
def test_the_seeds_give_their_methods_with_roles(number: str, seeds: dict[str, Case], extractor: Extractor) -> None:
    found = _extraction(extractor, seeds[number]).best_uses()
    assert EXPECTED[number] <= {(use.method, use.role) for use in found}
    named = {method for method, _ in EXPECTED[number]}
    assert not {use.role for use in found if use.method in named} & {"mentions", "negated"}


@pytest.mark.parametrize("number", EXPECTED)
def test_generic_words_are_no_methods(number: str, seeds: dict[str, Case], extractor: Extractor) -> None:
    for use in _extraction(extractor, seeds[number]).uses:
        assert not any(word in use.matched for word in GENERIC)


def test_professions_in_a_list_of_staff_are_rejected_with_a_reason(
    seeds: dict[str, Case], extractor: Extractor
) -> None:
    found = _extraction(extractor, seeds["2017/00082"])
    assert found.uses == ()
    (therapists,) = (one for one in found.rejected if one.matched == "arbetsterapeuter")
    assert "profession" in therapists.reason


def test_what_is_unsure_is_stated_as_a_mere_mention() -> None:
    def use(method: str, role: Role, confidence: float) -> MethodUse:
        return MethodUse(method, role, "MI.", 0, 2, "MI", "rule", confidence)

    found = Extraction((use("mi", "uses", SURE), use("lean", "develops", 0.3), use("cbt", "negated", 0.3)), ())

    assert [(each.method, each.role) for each in found.settled_uses()] == [
        ("cbt", "negated"),
        ("lean", "mentions"),
        ("mi", "uses"),
    ]
