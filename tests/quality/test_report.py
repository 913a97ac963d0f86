"""The quality report of the seeds and the test pages: what it finds, how it ranks, and that it leaves nothing out."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from typer.testing import CliRunner, Result

from kg.build import build
from kg.cli import app
from kg.cli.quality import FORMATS, pieces
from kg.quality import QualityReport
from kg.quality.model import Issue, ranked
from kg.quality.page import html_page
from kg.quality.rdf import quality_nquads, quality_turtle
from kg.quality.rulebook import rules
from kg.resources import folder
from kg.validation import SEVERITIES, check_build

SH = rdflib.SH


def of_rule(report: QualityReport, rule: str) -> dict[str, Issue]:
    return {issue.about.identifier: issue for issue in report.issues if issue.rule == rule}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["quality", *map(str, arguments)])


def test_texts_contradict_the_planned_participants_of_two_projects_only(report: QualityReport) -> None:
    found = of_rule(report, "text-participants")

    assert {(key, issue.value, issue.found) for key, issue in found.items()} == {
        ("2017/00082", "130", "150"),
        ("22-045-S01", "1000", "minst 1650"),
    }
    assert "22-005-S01" not in found  # 584 in field and text
    assert all(issue.found in issue.quote for issue in found.values())
    assert found["22-045-S01"].message("sv") == (
        "Fältet säger 1000 planerade deltagare, men texten ”minst 1650” (personal)."
    )


def test_a_number_that_only_the_text_has_is_advice(report: QualityReport) -> None:
    (issue,) = of_rule(report, "text-participants-unstated").values()

    assert (issue.about.identifier, issue.found, issue.severity) == ("23-043-S39", "minst 100", "Info")


def test_a_text_contradicts_the_start_of_one_project(report: QualityReport) -> None:
    (issue,) = of_rule(report, "text-startDate").values()

    assert (issue.about.identifier, issue.value, issue.found) == ("2022/00441", "2022-11-01", "20 juni 2022")
    assert not of_rule(report, "text-endDate")


def test_names_that_texts_spell_otherwise_are_found(report: QualityReport) -> None:
    found = of_rule(report, "text-title")

    assert {(key, issue.found) for key, issue in found.items()} == {
        ("2022/00125", "Förskola i Framtiden"),
        ("23-072-S01", "Föräldrarkraft"),
    }


def test_what_the_check_and_the_build_find_is_all_there(report: QualityReport, built: Path) -> None:
    from kg.store.embedded import read_report

    checked = Counter((each.rule, each.focus) for each in check_build(built).findings)
    read = Counter((each["rule"], each["line"]) for each in read_report(built)["warnings"])

    assert Counter((i.rule, i.focus) for i in report.issues if i.kind == "shape") == checked
    assert Counter((i.rule, i.line) for i in report.issues if i.kind == "reading") == read
    assert checked
    assert read


def test_issues_are_ranked_and_speak_both_languages(report: QualityReport) -> None:
    assert report.issues == ranked(reversed(report.issues))
    assert [issue.cost for issue in report.issues] == sorted((i.cost for i in report.issues), reverse=True)
    assert report.issues[0].rule == "text-participants"
    for issue in report.issues:
        assert issue.message("sv") != issue.message("en")
        assert issue.suggestion("sv") != issue.suggestion("en")
        assert 1 <= issue.cost <= 100
        assert issue.severity in SEVERITIES
    assert len({issue.id for issue in report.issues}) == len(report.issues)


def test_totals_agree_with_the_issues(report: QualityReport) -> None:
    assert sum(report.severities.values()) == len(report.issues)
    assert sum(map(len, report.by_rule.values())) == len(report.issues)
    assert report.by_source["23-043-S39.txt"] == sum("23-043-S39.txt" in i.sources for i in report.issues)
    assert report.by_owner["Linköpings kommun"] == sum("Linköpings kommun" in i.about.owners for i in report.issues)


def test_completeness_counts_what_article_49_asks_for(report: QualityReport) -> None:
    known = {(each.letter, each.fact): each for each in report.completeness}
    missing = Counter(issue.rule for issue in report.issues if issue.rule.startswith("Project-owed"))

    assert known["h", "totalCost"].bound_known == 0
    assert known["f", "startDate"].bound - known["f", "startDate"].bound_known == missing["Project-owed-start"]
    assert known["a", "owner"].bound - known["a", "owner"].bound_known == missing["Project-owed-beneficiary"]
    assert known["–", "identifier"].bound_share == 1
    assert not known["n", "interventionField"].confirmed
    assert known["", "plannedParticipants"].known < report.projects


def test_sources_that_disagree_are_one_issue_each(tmp_path: Path) -> None:
    page = (folder("seeds") / "002_3126d651b0f30110.txt").read_text(encoding="utf-8")
    (tmp_path / "one.txt").write_text(page, encoding="utf-8")
    (tmp_path / "two.txt").write_text(page.replace("\n1000\n", "\n1200\n"), encoding="utf-8")
    build([tmp_path / "one.txt", tmp_path / "two.txt"], tmp_path / "build", workers=1)
    result = json.loads(run(tmp_path / "build", "-f", "json").stdout)
    about = [issue for issue in result["issues"] if issue["property"] == "plannedParticipants"]

    assert [(issue["rule"], issue["sources"]) for issue in about] == [("sources-disagree", ["one.txt", "two.txt"])]
    assert "Planerat antal deltagare: 1000 (one.txt); 1200 (two.txt)" in about[0]["messages"]["sv"]


def test_every_rule_has_two_texts_and_a_cost() -> None:
    for rule in rules().values():
        assert 1 <= rule.cost <= 100
        assert all(rule.label[language] and rule.suggestion[language] for language in ("sv", "en"))


def test_the_graph_holds_every_issue_and_every_measurement(report: QualityReport) -> None:
    graph = rdflib.Graph().parse(data="".join(quality_turtle(report)), format="turtle")
    results = set(graph.objects(None, SH.result))
    measured = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dqv#QualityMeasurement")))

    assert len(results) == len(report.issues)
    assert len(measured) == len(report.completeness)
    for result in results:
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, needed))) == 1
        assert {getattr(text, "language", "") for text in graph.objects(result, SH.resultMessage)} == {"sv", "en"}
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


def test_the_graph_is_a_graph_of_its_own_beside_the_build(report: QualityReport) -> None:
    store = pyoxigraph.Store()
    store.load("".join(quality_nquads(report)).encode(), pyoxigraph.RdfFormat.N_QUADS)

    assert [graph.value for graph in store.named_graphs()] == [f"{report.base}id/graph/quality"]


def test_the_page_is_whole_and_loads_nothing(report: QualityReport) -> None:
    for language, title in (("sv", "Datakvalitet"), ("en", "Data quality")):
        page = html_page(report, language)
        assert f'<html lang="{language}">' in page
        assert f"<h1>{title}</h1>" in page
        assert "<mark>minst 1650</mark>" in page
        assert not any(sign in page for sign in ("<script", "http:", "https:", "src=", "@import", "url("))
        assert page.count('<details class="of-') == len(report.by_rule)
        links, places = re.findall('href="#([^"]+)"', page), re.findall('id="([^"]+)"', page)
        assert set(links) <= set(places)
        assert len(places) == len(set(places))


def test_the_page_tells_once_what_many_projects_lack(report: QualityReport) -> None:
    page = html_page(report, "en")
    first = page[page.index('id="first"') : page.index('id="rules"')]
    lacking = len(report.by_rule["Project-owed-cost"])

    assert lacking >= 5
    assert first.count("<code>Project-owed-cost</code>") == 1
    assert f"{lacking} issues in {lacking} projects" in first
    assert "Concept-confirmed" not in first


def test_the_page_holds_what_is_worth_reading_and_tells_how_much_is_left(report: QualityReport) -> None:
    from dataclasses import replace

    issue = report.by_rule["Project-owed-cost"][0]
    many = tuple(replace(issue, value=str(number)) for number in range(5000))
    page = html_page(replace(report, issues=many), "en")

    assert page.count("<li>") < 300
    assert "and 4,800 more" in page


def test_reasons_and_notices_are_told_in_swedish(report: QualityReport) -> None:
    (outside,) = (issue for issue in report.issues if issue.rule == "postcode-outside-region")

    assert outside.message("sv") == (
        "Stödmottagarens postnummer ligger utanför regionen: ”65340”. Postnumret ligger i Karlstads kommun i "
        "Norra Mellansverige (SE31), projektet i Östra Mellansverige (SE12); båda behålls."
    )
    assert "godta fyndet" in outside.suggestion("sv")


def test_markup_in_values_is_text(report: QualityReport) -> None:
    from dataclasses import replace

    evil = replace(report.issues[0], quote="<img src=x> minst 1650 <b>", value="<i>")
    page = html_page(replace(report, issues=(evil,)), "en")

    assert "<img" not in page
    assert "&lt;img src=x&gt; <mark>minst 1650</mark>" in page


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_holds_the_issues_and_no_personal_data(report: QualityReport, fmt: str) -> None:
    text = "".join(pieces(report, fmt, "sv", 0))

    assert "1650" in text
    assert not re.search(r"[\w.]@[\w-]+\.\w", text)
    assert not re.search(r"\b07\d[- ]\d{3}", text)


def test_the_command_writes_the_same_each_time(built: Path, report: QualityReport, tmp_path: Path) -> None:
    written = run(built, "--format", "json", "--out", tmp_path / "report.json")

    assert (written.exit_code, written.stdout) == (0, "")
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == "".join(pieces(report, "json", "en", 0))
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_text_tells_how_many_it_left_out(built: Path, report: QualityReport) -> None:
    shown = run(built, "--limit", 3).stdout

    assert "  3. " in shown
    assert "  4. " not in shown
    assert f"and {len(report.issues) - 3} more" in shown


REVERSED = """22-999-S01 - Vägen fram

Diarienummer:
22-999-S01
Namn:
Vägen fram
Startdatum:
2024-03-31
Slutdatum:
2023-12-31
Projektägare organisationsnummer:
2120000449
Antal deltagare:
40

Projektet startar vårterminen 2023. Målet är att sammanlagt 120 deltagare, varav hälften kvinnor, ska få stöd.
"""


def test_a_violation_gives_exit_code_1_until_somebody_accepts_it(tmp_path: Path) -> None:
    (tmp_path / "reversed.txt").write_text(REVERSED, encoding="utf-8")
    build([tmp_path / "reversed.txt"], tmp_path / "build", workers=1)
    first = run(tmp_path / "build", "--format", "json")
    issues = json.loads(first.stdout)["issues"]
    faults = [issue for issue in issues if issue["severity"] == "Violation"]
    entries = [
        f'[[accepted]]\nrule = "{fault["rule"]}"\nissue = "{fault["id"]}"\nreason = "Known."\nexpires = 2999-01-01\n'
        for fault in faults
    ]
    (tmp_path / "accepted.toml").write_text("\n".join(entries), encoding="utf-8")
    second = run(tmp_path / "build", "--format", "json", "--accepted", tmp_path / "accepted.toml")

    assert {issue["rule"] for issue in issues} >= {"text-participants", "text-startDate", "period-reversed"}
    assert faults
    assert first.exit_code == 1
    assert second.exit_code == 0
    assert len(json.loads(second.stdout)["accepted"]) == len(faults)


def test_every_fact_is_named_in_both_languages(report: QualityReport) -> None:
    for known in report.completeness:
        assert known.labels["sv"] != known.labels["en"] or known.labels["sv"] in ("Region", "Program"), known.fact


def test_wrong_calls_end_with_exit_code_2(built: Path) -> None:
    assert run(built, "--format", "xml").exit_code == 2
    assert run(built, "--lang", "de").exit_code == 2
    assert run(built.parent).exit_code == 3
