"""Projects like a project, or like an idea: with reasons that add up, and judged by known relatives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.network import Facts, Use
from kg.network.features import cosine_side, thing_side
from kg.network.matrices import Choice
from kg.network.similar import Likeness
from kg.store import EmbeddedStore

RELATIVES = {
    "vagen-till-malet-2009-05-01": {"vagen-till-malet-genomforande-2010-02-01"},
    "vagen-till-malet-genomforande-2010-02-01": {"vagen-till-malet-2009-05-01"},
    "22-012-S04": {"22-014-S05"},
    "22-014-S05": {"22-012-S04"},
    "2016-00158": {"2017-00527"},
    "2017-00527": {"2016-00158"},
    "22-021-S02": {"22-023-S05"},
    "22-023-S05": {"22-021-S02"},
    "23-072-S01": {"23-043-S53"},
    "23-043-S53": {"23-072-S01", "23-043-S81"},
    "23-043-S81": {"23-043-S53", "23-043-S97"},
    "23-043-S97": {"23-043-S53", "23-043-S81"},
    "22-018-S01": {"23-032-S01"},
    "23-032-S01": {"22-018-S01"},
    "2022-00057": {"2018-00246"},
    "2018-00246": {"2022-00057"},
    "2022-00378": {"2022-00355", "2022-00397", "2022-00441", "2022-00500", "2022-00358", "2022-00859", "2023-00148"},
    "2022-00441": {"2022-00355", "2022-00378", "2022-00397", "2022-00500", "2022-00358", "2022-00859", "2023-00148"},
    "23-043-S39": {"2022-00500", "2022-00859", "2022-00378", "23-043-S53", "23-043-S81", "23-043-S97"},
    "22-015-S04": {"22-046-S08"},
    "22-046-S08": {"22-015-S04"},
}
"""Projects with what they are known to belong with: the project they prepare or follow, the twin of the same owner,
the same owner's other project, projects of the same call, and projects for the same ends."""


def test_a_known_relative_is_in_the_top_five_for_at_least_four_of_five(likeness: Likeness) -> None:
    found = {
        project: relatives & {each.project.key for each in likeness.to_project(project)}
        for project, relatives in RELATIVES.items()
    }

    missed = sorted(project for project, relatives in found.items() if not relatives)
    assert len(missed) <= 0.2 * len(RELATIVES), missed


def test_a_project_comes_first_for_its_preparation_and_its_twin(likeness: Likeness) -> None:
    assert likeness.to_project("vagen-till-malet-2009-05-01")[0].project.label == "Vägen till målet genomförande"
    assert likeness.to_project("22-012-S04")[0].project.label == "Lumena"


def test_the_reasons_add_up_to_the_score(likeness: Likeness, pages_facts: Facts) -> None:
    for node in pages_facts.nodes.values():
        if node.kind == "project":
            for each in likeness.to_project(node.key):
                assert 0 <= each.score <= 1
                assert sum(reason.part for reason in each.reasons) == pytest.approx(each.score, abs=0.05)
                assert [r.part for r in each.reasons] == sorted((r.part for r in each.reasons), reverse=True)


def test_reasons_name_methods_roles_quotes_owners_and_copied_text(likeness: Likeness) -> None:
    lumena = likeness.to_project("22-012-S04")[0]
    reasons = {reason.side: reason for reason in lumena.reasons}

    assert "Tjänstedesign (uses, in the same words)" in reasons["methods"].text
    assert any("tjänstedesignmetoder" in quote for quote in reasons["methods"].quotes)
    assert "of the shorter text is copied, which counts half" in reasons["text"].text
    assert reasons["owner"].text == "same owner: Samordningsförbundet Östra Södertörn"
    assert reasons["region"].text == "same region: Stockholm"
    assert [owner.label for owner in lumena.owners] == ["Samordningsförbundet Östra Södertörn"]


def test_the_project_itself_is_never_an_answer(likeness: Likeness) -> None:
    assert all(each.project.key != "22-012-S04" for each in likeness.to_project("22-012-S04", top=100))


def test_an_idea_in_a_few_sentences_finds_projects(likeness: Likeness) -> None:
    idea = "Vi vill hjälpa klienter inom kriminalvården till studier och arbete efter frigivningen."

    found = likeness.to_text(idea)

    assert {each.project.label for each in found[:2]} == {"Vägen till målet", "Vägen till målet genomförande"}
    assert "kriminalvård" in found[0].reasons[0].text


def test_methods_found_in_an_idea_count(likeness: Likeness) -> None:
    use = Use("", "method:supported-employment", "uses", "Vi arbetar med Supported Employment.", "", "", 1.0)

    found = likeness.to_text("En idé.", [use])

    assert found[0].project.label == "Lumena"
    assert found[0].reasons[0].text == "methods in common: Supported Employment (uses)"


def test_a_region_can_be_part_of_an_idea(likeness: Likeness) -> None:
    found = likeness.to_text("Unga behöver stöd.", region="SE33")

    assert "same region: Övre Norrland" in {reason.text for each in found for reason in each.reasons}
    with pytest.raises(UsageError, match="no project has the region 'SE99'"):
        likeness.to_text("Unga", region="SE99")


def test_only_chosen_projects_are_answers(likeness: Likeness) -> None:
    found = likeness.to_project("22-012-S04", top=50, choice=Choice(region="SE12"))

    assert {"22-045-S01", "2017-00082"} <= {each.project.key for each in found}
    assert "22-014-S05" not in {each.project.key for each in found}


def test_an_unknown_project_is_refused_by_name(likeness: Likeness) -> None:
    with pytest.raises(UsageError, match="no project '99-999-S99'"):
        likeness.to_project("99-999-S99")


def test_nothing_known_gives_no_reasons(small_store: EmbeddedStore, small_facts: Facts) -> None:
    found = Likeness(small_facts, {}).to_text("")

    assert all(each.score == 0 and each.reasons == () for each in found)


COUNTS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 5)), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(COUNTS)
def test_every_project_is_most_like_itself(counts: list[dict[str, float]]) -> None:
    side = cosine_side(counts)

    for place, row in enumerate(counts):
        cosines = side.cosines(side.vector(row))
        assert all(-1e-9 <= cosine <= 1 + 1e-9 for cosine in cosines)
        assert cosines[place] == pytest.approx(1.0 if row else 0.0, abs=1e-6)
        for other, cosine in enumerate(cosines.tolist()):
            assert sum(side.parts(side.vector(row), other).values()) == pytest.approx(cosine, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=8))
def test_rare_things_say_more_than_common_ones(things: list[set[str]]) -> None:
    side = thing_side([sorted(found) for found in things])

    having = {thing: sum(thing in found for found in things) for thing in side.features}
    for one in side.features:
        for two in side.features:
            if having[one] < having[two]:
                assert side.worth[side.places[one]] > side.worth[side.places[two]]
    for found, shared in zip(things, side.shared_worth(["a"]), strict=True):
        assert (shared > 0) == ("a" in found)
