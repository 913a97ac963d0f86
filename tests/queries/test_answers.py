"""The answers to the competency questions on the seeds, and on messy data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kg.graph import Graph
from kg.queries import Value
from kg.store import Plain
from kg.vocabulary import Names


def table(graph: Graph, name: str, *columns: str, **parameters: Value) -> list[tuple[Plain, ...]]:
    """Return the columns of an answer as plain values; things by key, our terms by name."""
    names = Names(graph.store.base)
    found = []
    for record in graph.query(name, **parameters).records():
        values = (record[column] for column in columns or record)
        found.append(tuple(shortened(value, names) for value in values))
    return found


def shortened(value: Plain, names: Names) -> Plain:
    if isinstance(value, str):
        for start in (f"{names.base}id/", names.prefixes()["kg"]):
            value = value.removeprefix(start)
    return value


def test_question_1_the_projects_of_an_owner(seeds: Graph) -> None:
    assert table(seeds, "owner-projects", "project", "title", "start", "end", "participants", owner="2220002162") == [
        ("project/22-012-S04", "Conecto", date(2023, 3, 31), date(2024, 12, 31), 1000),
        ("project/22-014-S05", "Lumena", date(2023, 3, 31), date(2026, 3, 31), 1600),
    ]
    assert table(seeds, "owner-totals", "ownerName", "projects", "firstStart", "participants", owner="2220002162") == [
        ("Samordningsförbundet Östra Södertörn", 2, date(2023, 3, 31), 2600),
    ]
    amounts = table(seeds, "money-by-owner", "meaning", "amount", "known", "unknown", owner="2220002162")
    assert amounts == [
        (meaning, None, 0, 2) for meaning in ("euContribution", "grantedSupport", "totalBudget", "totalCost")
    ]


def test_question_2_the_projects_of_a_method_with_their_words(seeds: Graph) -> None:
    for method in ("supported-employment", "supported-education", "case-management"):
        found = table(seeds, "method-evidence", "project", "title", "role", "quote", method=method)
        assert [row[:3] for row in found] == [("project/22-014-S05", "Lumena", "uses")]
        assert "utifrån metoderna Supported Employment, Supported Education och Case management." in str(found[0][3])


def test_question_2_a_broader_method_has_the_evidence_of_its_narrower_ones(seeds: Graph) -> None:
    found = table(seeds, "method-family-evidence", "narrower", "title", method="supported-placement")

    assert ("method/supported-employment", "Lumena") in found
    assert table(seeds, "method-evidence", method="supported-placement") == []


def test_question_3_the_methods_of_several_projects(seeds: Graph) -> None:
    columns = ("method", "projects", "owners", "quotes", "repeatedQuotes")
    found = {row[0]: row[1:] for row in table(seeds, "shared-methods", *columns)}

    assert found["method/bip"][:2] == (2, 2)
    assert found["method/bip"][3] == 0
    assert found["method/service-design"] == (2, 1, 1, 1)
    projects = table(seeds, "repeated-quotes", "title", "quote", method="service-design")
    assert [row[0] for row in projects] == ["Conecto", "Lumena"]
    assert projects[0][1] == projects[1][1]
    assert "tjänstedesignmetoder" in str(projects[0][1])


def test_question_3_within_a_region(seeds: Graph) -> None:
    assert "method/service-design" in [row[0] for row in table(seeds, "shared-methods", "method", region="SE11")]
    assert table(seeds, "shared-methods", "method", region="SE21") == []


def test_question_4_whom_to_call(seeds: Graph) -> None:
    found = table(seeds, "owners-to-call", "ownerName", "otherOwnerName", method="bip")

    assert sorted(found) == [
        ("Samordningsförbundet Centrala Östergötland", "Samordningsförbundet Östra Södertörn"),
        ("Samordningsförbundet Östra Södertörn", "Samordningsförbundet Centrala Östergötland"),
    ]
    assert table(seeds, "owners-to-call", method="service-design") == []


def test_question_5_what_runs_where_and_when(seeds: Graph) -> None:
    def running(region: str, day: Value) -> list[Plain]:
        return [row[0] for row in table(seeds, "projects-on-date", "title", region=region, date=day)]

    assert running("SE11", "2024-06-01") == ["Conecto", "Lumena"]
    assert running("SE12", date(2024, 6, 1)) == ["Inkluderingslyftet"]
    assert running("SE21", "2024-06-01") == ["Samverkan, inkludering och anställningsbarhet - Kalmar län (SIA)"]
    assert running("SE12", "2020-10-31") == ["VISA"]
    assert running("SE12", "2020-11-01") == []
    assert len(running("SE", "2024-06-01")) == 4
    assert len(running("Östra Sverige", "2024-06-01")) == 3


def test_question_5_the_projects_of_a_region_and_a_year(seeds: Graph) -> None:
    def running(region: str, year: Value) -> list[Plain]:
        return [row[0] for row in table(seeds, "projects-in-region", "title", region=region, year=year)]

    assert running("SE12", 2018) == ["VISA"]
    assert running("SE12", "2026") == ["Inkluderingslyftet"]
    assert running("SE11", 2025) == ["Lumena"]


def test_question_6_planned_participants(seeds: Graph) -> None:
    columns = ("programmeCode", "participants", "unknown")
    old, new = "2014SE05M9OP001", "2021SE05SFPR"

    assert table(seeds, "participants-by-programme", *columns) == [(old, 130, 0), (new, 4184, 0)]
    assert table(seeds, "participants-by-objective", "objectiveCode", *columns) == [
        ("2.1", old, 130, 0),
        ("A1A", new, 2000, 0),
        ("A2A", new, 2184, 0),
    ]
    assert table(seeds, "participants-by-region", "regionCode", *columns) == [
        ("SE12", old, 130, 0),
        ("SE11", new, 2600, 0),
        ("SE12", new, 1000, 0),
        ("SE21", new, 584, 0),
    ]
    assert table(seeds, "participants-by-area", "areaCode", *columns, programme=new) == [("A", new, 4184, 0)]
    assert table(seeds, "participants-by-year", "startYear", *columns) == [(2017, old, 130, 0), (2023, new, 4184, 0)]


def test_question_7_money(seeds: Graph) -> None:
    assert table(seeds, "money-by-fund", "fundCode", "meaning", "currency", "amount", "known", "unknown") == [
        ("ESF", "euContribution", None, None, 0, 1),
        ("ESF", "grantedSupport", "SEK", Decimal(7528536), 1, 0),
        ("ESF", "totalBudget", "SEK", Decimal(15935467), 1, 0),
        ("ESF", "totalCost", None, None, 0, 1),
        ("ESF+", "euContribution", None, None, 0, 4),
        ("ESF+", "grantedSupport", None, None, 0, 4),
        ("ESF+", "totalBudget", None, None, 0, 4),
        ("ESF+", "totalCost", None, None, 0, 4),
    ]
    by_objective = table(seeds, "money-by-objective", "objectiveCode", "meaning", "amount", "unknown")
    assert ("2.1", "totalBudget", Decimal(15935467), 0) in by_objective
    assert ("A1A", "totalBudget", None, 2) in by_objective


def test_question_9_staff_training_beside_participants(seeds: Graph) -> None:
    assert table(seeds, "staff-training-pairs", "trainingTitle", "trainingCode", "participantTitle") == [
        ("Conecto", "A1A", "Lumena")
    ]


def test_question_11_who_takes_part(seeds: Graph) -> None:
    found = table(seeds, "project-organisations", "role", "name", project="2017/00082")

    assert found[0] == ("owner", "Linköpings kommun")
    assert found[-1] == ("unit", "Social- och omsorgsförvaltningen")


def test_question_14_what_breaks_a_rule(seeds: Graph) -> None:
    found = table(seeds, "rule-findings", "severity", "rule", "project")

    assert {row[0] for row in found} == {"warning"}
    assert [row[2] for row in found if row[1] == "total-cost-missing-49-3-h"] == [
        "project/22-005-S01",
        "project/22-012-S04",
        "project/22-014-S05",
        "project/22-045-S01",
    ]


def test_question_15_where_a_fact_comes_from(seeds: Graph) -> None:
    found = table(seeds, "fact-sources", "property", "value", "source", "sourceName", project="2017/00082")

    assert ("plannedParticipants", 130, "source/001-34e8efa4cf7d6957", "001_34e8efa4cf7d6957.txt") in found
    assert ("fund", "fund/ESF", "graph/derived", None) in found
    assert [row[-1] for row in table(seeds, "sources", "sourceName", "projects")] == [1] * 5


def test_owners_by_projects(seeds: Graph) -> None:
    found = table(seeds, "owners-by-projects", "ownerName", "ownerType", "projects")

    assert found[0] == ("Samordningsförbundet Östra Södertörn", "samordningsförbund", 2)
    assert [row[2] for row in found] == [2, 1, 1, 1]
    assert table(seeds, "shared-owners", "owner", "projects") == [("owner/2220002162", 2)]


def test_methods_by_region(seeds: Graph) -> None:
    found = table(seeds, "methods-by-region", "regionCode", "projects", method="bip")

    assert found == [("SE11", 1), ("SE12", 1)]
    assert ("SE21", "method/bip") in table(seeds, "method-gaps", "regionCode", "method")
    assert ("SE11", "method/bip") not in table(seeds, "method-gaps", "regionCode", "method")


def test_what_is_known_of_a_project(seeds: Graph) -> None:
    found = table(seeds, "project-facts", "property", "propertyName", "value", "valueName", project="22-014-S05")

    assert ("region", "region", "region/SE11", "Stockholm") in found
    assert ("plannedParticipants", "planerat antal deltagare", 1600, None) in found


def test_the_share_of_projects_with_each_property(seeds: Graph) -> None:
    found = {row[0]: row[1:] for row in table(seeds, "coverage", "property", "known", "projects", "share")}

    assert found["totalBudget"] == (1, 5, Decimal("0.2"))
    assert found["owner"] == (5, 5, Decimal(1))
    assert found["partner"][1] == 5


def test_graphs_of_a_project_and_of_an_owner(seeds: Graph) -> None:
    names = Names(seeds.store.base)
    project = seeds.construct("project-graph", project="Lumena")
    owner = seeds.construct("owner-graph", owner="2220002162")

    assert f"{names.thing('region', 'SE11')}" in {str(value) for value in project.objects()}
    assert {str(subject) for subject in owner.subjects()} == {
        names.thing("owner", "2220002162"),
        names.thing("project", "22-012-S04"),
        names.thing("project", "22-014-S05"),
    }


def test_no_answer_holds_a_contact_person(seeds: Graph) -> None:
    # Only the form is searched for: the person's name must not stand in a test either.
    for name in ("project-facts", "fact-sources"):
        texts = [str(value) for row in seeds.query(name).rows for value in row]
        assert not [text for text in texts if "@" in text]


def test_participants_on_which_sources_disagree_count_low_and_are_told(tangled: Graph) -> None:
    columns = ("programmeCode", "projects", "participants", "unknown", "disagreeing")

    assert table(tangled, "participants-by-programme", *columns) == [
        ("2014SE05M9OP001", 1, 130, 0, 0),
        ("2021SE05SFPR", 2, 100, 0, 1),
        ("unknown", 1, None, 1, 0),
    ]
    assert table(tangled, "participants-by-region", "programmeCode", "regionCode", "participants") == [
        ("2014SE05M9OP001", "SE11", 130),
        ("2014SE05M9OP001", "SE12", 130),
        ("2021SE05SFPR", "SE11", 100),
        ("2021SE05SFPR", "SE12", 0),
        ("unknown", None, None),
    ]
    assert table(tangled, "owner-totals", "owner", "programmeCode", *columns[1:], owner="2220002162") == [
        ("owner/2220002162", "2021SE05SFPR", 1, 100, 0, 1),
        ("owner/2220002162", "unknown", 1, None, 1, 0),
    ]


def test_money_is_added_within_one_meaning_and_currency(tangled: Graph) -> None:
    columns = ("fundCode", "meaning", "currency", "amount", "known", "unknown", "disagreeing")
    found = table(tangled, "money-by-fund", *columns)

    assert [row for row in found if row[0] == "ESF+"] == [
        ("ESF+", "euContribution", None, None, 0, 1, 0),
        ("ESF+", "euContribution", "EUR", Decimal(32), 1, 0, 0),
        ("ESF+", "grantedSupport", None, None, 0, 1, 0),
        ("ESF+", "grantedSupport", "SEK", Decimal(11), 1, 0, 0),
        ("ESF+", "totalBudget", "EUR", Decimal(80), 1, 0, 0),
        ("ESF+", "totalBudget", "SEK", Decimal(910), 2, 0, 1),
        ("ESF+", "totalCost", None, None, 0, 2, 0),
    ]
    assert {row[5] for row in found if row[0] is None} == {1}
    assert len(table(tangled, "project-money", project="22-001-S01")) == 4


def test_one_row_for_a_project_of_many_sources(tangled: Graph) -> None:
    assert table(tangled, "owner-projects", "title", "start", "end", "participants", owner="2220002162") == [
        ("Beta", None, None, None),
        ("Alfa", date(2023, 1, 1), date(2025, 6, 30), 100),
    ]
    assert table(tangled, "projects-on-date", "regionCode", "title", date="2024-06-01") == [("SE11", "Alfa")]


def test_sources_that_disagree(tangled: Graph) -> None:
    assert table(tangled, "conflicting-values", "project", "property", "value", "otherValue") == [
        ("project/22-001-S01", "endDate", date(2024, 12, 31), date(2025, 6, 30)),
        ("project/22-001-S01", "plannedParticipants", 100, 120),
    ]


def test_rules_that_are_broken(tangled: Graph) -> None:
    found = table(tangled, "rule-findings", "severity", "rule", "property", "value", project="22-003-S01")

    assert found[:4] == [
        ("violation", "field-of-another-period", "interventionField", "102"),
        ("violation", "rate-not-a-share", "coFinancingRate", Decimal(40)),
        ("violation", "start-after-end", "startDate", date(2024, 5, 1)),
        ("violation", "support-above-budget", "grantedSupport", Decimal(11)),
    ]
    assert [row[:2] for row in found[4:]] == [("warning", "purpose-missing-49-3-e")]
    everything = table(tangled, "rule-findings", "rule", "project")
    assert not [row for row in everything if row[1] == "project/2017-00001"]


def test_a_method_said_not_to_be_used_links_nothing(tangled: Graph) -> None:
    assert table(tangled, "shared-methods", "method", "projects", "owners", "quotes", "repeatedQuotes") == [
        ("method/one", 3, 2, 2, 1)
    ]
    assert table(tangled, "shared-methods", "method", "projects", region="SE1") == [("method/one", 2)]
    roles = table(tangled, "method-roles", "method", "role", "projects", method="two")
    assert roles == [("method/two", "builds-on", 1), ("method/two", "negated", 1)]


def test_owners_of_a_common_project_need_no_introduction(tangled: Graph) -> None:
    assert table(tangled, "owners-to-call", "owner", "otherOwner", "method") == [
        ("owner/2220002162", "owner/2220002485", "method/one"),
        ("owner/2220002485", "owner/2220002162", "method/one"),
    ]


def test_a_project_that_continues_another(tangled: Graph) -> None:
    assert table(tangled, "continuations", "title", "earlierTitle") == [("Delta", "Gamma")]
