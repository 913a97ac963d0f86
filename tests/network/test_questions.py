"""Communities, standing, spread, gaps and shape of the network, each with a sentence that says what it means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import networkx as nx
import pytest

from kg import ontology
from kg.errors import UsageError
from kg.network import Facts
from kg.network.communities import communities, communities_sentence
from kg.network.matrices import Choice
from kg.network.shape import components, components_sentence, concentration, concentration_sentence
from kg.network.spread import diffusion, diffusion_sentence, gaps, gaps_sentence, method_of, strangers
from kg.network.standing import bridges, bridges_sentence, central, central_sentence, linked

NOTHING = Facts({}, (), ())


def test_a_community_is_named_by_what_holds_it_together(small_facts: Facts) -> None:
    (found,) = communities(small_facts, "project")

    assert [member.label for member in found.members] == ["Conecto", "Lumena", "Inkluderingslyftet"]
    assert found.name == "BIP, Tjänstedesign"
    assert found.density == pytest.approx(2 / 3)
    assert communities_sentence([found], "project", "method") == (
        "One community; the largest has 3 members, held together by BIP, Tjänstedesign."
    )


def test_communities_are_always_the_same(pages_facts: Facts) -> None:
    assert communities(pages_facts) == communities(pages_facts)
    assert all(len(each.members) > 1 for each in communities(pages_facts))


def test_communities_of_many_things_rest_on_the_heaviest_pairs(
    pages_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = communities(pages_facts)
    monkeypatch.setattr("kg.network.communities._ALL_PAIRS_UP_TO", 10)

    assert communities(pages_facts) == whole  # nobody here shares methods with more than ten others

    monkeypatch.setattr("kg.network.communities._HEAVIEST", 1)
    pruned = communities(pages_facts)
    assert pruned == communities(pages_facts)
    assert {member.id for each in pruned for member in each.members} == {m.id for each in whole for m in each.members}
    assert all(0 < each.density <= 1 for each in pruned)


def test_the_middle_is_where_most_ways_lead(small_facts: Facts) -> None:
    found = central(small_facts)

    assert [each.node.key for each in found[:2]] == ["bip", "service-design"]
    exact = nx.betweenness_centrality(linked(small_facts))
    assert {each.node.id: each.betweenness for each in found} == pytest.approx(
        {node: value for node, value in exact.items() if not node.startswith("project:")}
    )
    assert central_sentence(found).startswith("BIP links most: ")


def test_a_bridge_holds_parts_together_that_nothing_else_does(small_facts: Facts) -> None:
    (bip,) = bridges(small_facts)

    assert bip.node.key == "bip"
    assert bip.parts == (2, 1)
    assert [project.label for project in bip.projects] == ["Lumena", "Inkluderingslyftet"]
    assert bridges_sentence([bip]) == "Without BIP its part of the network falls into pieces of 2 and 1 projects."


def test_a_method_spreads_in_the_order_of_days(small_facts: Facts) -> None:
    found = diffusion(small_facts, "BIP")

    assert [(step.project.label, step.start, step.roles, step.new_region, step.new_owner) for step in found] == [
        ("Lumena", "2023-03-31", ("builds-on",), True, True),
        ("Inkluderingslyftet", "2023-08-01", ("trains", "builds-on"), True, True),
    ]
    assert diffusion_sentence(found, method_of(small_facts, "bip")) == (
        "BIP is first seen in Lumena (2023, Samordningsförbundet Östra Södertörn),"
        " and by now in 2 projects of 2 owners in 2 regions."
    )


@pytest.mark.parametrize("name", ["service-design", "Tjänstedesign", "service design", "TJÄNSTEDESIGN"])
def test_a_method_is_found_by_id_or_name_in_either_language(small_facts: Facts, name: str) -> None:
    assert method_of(small_facts, name).key == "service-design"


def test_an_old_id_and_any_spelling_mean_the_method_of_today(
    small_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ontology.load()
    old = known.concept("methods", "design-thinking")
    assert old
    gone = replace(old, deprecated=True, replaced_by="service-design")
    concepts = MappingProxyType({**known._schemes["methods"], old.id: gone})
    monkeypatch.setattr(ontology, "load", lambda: replace(known, _schemes={**known._schemes, "methods": concepts}))
    assert {method_of(small_facts, name).key for name in ("design-thinking", "designsprint", "tjänstedesigner")} == {
        "service-design"
    }


def test_an_unknown_method_is_refused_by_name(small_facts: Facts) -> None:
    with pytest.raises(UsageError, match="has the method 'trolleri'"):
        diffusion(small_facts, "trolleri")


def test_a_gap_is_a_method_in_demand_that_a_region_lacks(small_facts: Facts) -> None:
    found = gaps(small_facts)

    assert [(gap.method.key, gap.place, gap.projects) for gap in found] == [
        ("service-design", "region:SE12", 2),
        ("bip", "region:SE21", 2),
        ("service-design", "region:SE21", 2),
    ]
    assert found[0].expected == pytest.approx(2 * 2 / 5)
    assert [project.label for project in found[1].nearest] == ["Lumena", "Inkluderingslyftet"]


def test_gaps_of_types_of_owners(small_facts: Facts) -> None:
    assert {gap.place for gap in gaps(small_facts, "owner-type")} == {"association", "municipality"}
    with pytest.raises(UsageError, match="not by 'colour'"):
        gaps(small_facts, "colour")


def test_owners_that_share_a_method_but_no_project_should_call(small_facts: Facts) -> None:
    (pair,) = strangers(small_facts)

    assert {pair.one.key, pair.other.key} == {"2220002162", "2220002485"}
    assert [method.key for method in pair.methods] == ["bip"]
    assert gaps_sentence([], [pair]) == (
        "No gap; Samordningsförbundet Östra Södertörn and Samordningsförbundet Centrala Östergötland"
        " share BIP but no project."
    )


def test_parts_and_lonely_projects_are_counted(small_facts: Facts) -> None:
    found = components(small_facts)

    assert [[project.label for project in part.projects] for part in found] == [
        ["Conecto", "Lumena", "Inkluderingslyftet"],
        ["VISA"],
        ["Samverkan, inkludering och anställningsbarhet - Kalmar län (SIA)"],
    ]
    assert components_sentence(found) == (
        "5 projects in 3 parts; the largest holds 3, and 2 projects share neither owner nor method with any other."
    )


def test_concentration_adds_up(small_facts: Facts) -> None:
    found = concentration(small_facts)

    assert (found.owners, found.projects) == (4, 5)
    assert found.largest == pytest.approx(1)
    assert found.herfindahl == pytest.approx(0.4**2 + 3 * 0.2**2)
    assert found.gini == pytest.approx(0.15)
    assert (found.holdings[0].owner.key, found.holdings[0].participants) == ("2220002162", 2600)
    assert sum(holding.share for holding in found.holdings) == pytest.approx(1)


def test_every_question_can_be_asked_of_some_projects(small_facts: Facts) -> None:
    choice = Choice(period=(date(2017, 1, 1), date(2020, 12, 31)))

    assert [[project.label for project in part.projects] for part in components(small_facts, choice=choice)] == [
        ["VISA"]
    ]
    assert concentration(small_facts, choice=choice).projects == 1
    assert strangers(small_facts, choice=choice) == []
    assert diffusion(small_facts, "bip", choice=choice) == []
    assert gaps(small_facts, choice=choice) == []


def test_an_empty_graph_gives_answers_too() -> None:
    assert communities_sentence(communities(NOTHING), "owner", "method").startswith("No two things")
    assert central_sentence(central(NOTHING)) == "No owner or method links two others."
    assert bridges_sentence(bridges(NOTHING)).startswith("Nothing falls apart")
    assert components_sentence(components(NOTHING)) == "There are no projects."
    assert concentration_sentence(concentration(NOTHING)) == "No project has a known owner."
    assert gaps_sentence(gaps(NOTHING), strangers(NOTHING)).startswith("No gap")
