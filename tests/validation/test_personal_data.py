"""The rules on personal data: what they must find, and what only looks like it."""

from __future__ import annotations

import pytest
import rdflib
from rdflib import DCTERMS, Literal

from kg.validation import Report, findings
from tests.validation.graphs import parsed, project

PERSONAL = {
    "Personal-email": (
        "namn.efternamn@example.se",
        "Skriv till namn@sub.example.com!",
        "namn+projekt@example.se.",
        "namn (at) example.se",
        "namn[at]example.se",
        "namn(snabel-a)example.se",
        "mailto:åsa@exempel.nu",
    ),
    "Personal-telephone": (
        "070-123 45 67",
        "070-1234567",
        "070 - 123 45 67",
        "0701234567",
        "Ring 08-12 34 56.",
        "Ring 08-123 456 78 eller kom förbi",
        "tel:0141-22 50 00",
        "013-20 60 00",
        "(013) 20 60 00",
        "040/34 50 00",
        "+46 70 123 45 67",
        "+46701234567",
        "+46 (0)13-20 60 00",
        "0046 13 20 60 00",
        "000-00000000, 031-365 00 00",
        "070\u00a0123\u00a045\u00a067",
        "070–123 45 67",
    ),
    "Personal-identity-number": (
        "121212-1212",
        "19121212-1212",
        "191212121212",
        "121212+1212",
        "1212121212",
        "Deltagaren (701063-2391) har samordningsnummer",
    ),
}
HARMLESS = (
    "15 035 467 kr",
    "1 000 046 123 kr, varav 15 035 467 123 kr",
    "Budgeten är 8501012 kronor och 2 011 110 000 kronor",
    "2017-09-01 - 2020-10-31",
    "20230301-20260228",
    "2010-08-02 till 2012-01-31",
    "den 01-03 2017 och 2016/00158 samt 2022/00378",
    "22-045-S01 och 23-043-S97",
    "222000-2485 och 2120003005",
    "https://example.se/@projekt/page",
    "https://www.google.com/maps/@59.3293,18.0686,12z",
    "https://example.se/p?dnr=0701234567&nr=8501011234",
    "https://example.se/8501011234/0701234567",
    "kl 08-17 varje dag, 08.00-17.00",
    "582 20 Linköping",
    "0,75 årsarbetskrafter, 0-100 deltagare, 10-20 % av 1 650",
    "SE212000300501, 802518-5011",
    "ISBN 978-91-7000-123-4",
    "paragraf 3 @ möte, e-post saknas",
    "2014SE05M9OP001 2021SE05SFPR001",
    "0123456789abcdef0123456789abcdef",
)
ALL = tuple(text for texts in PERSONAL.values() for text in texts) + HARMLESS


@pytest.fixture(scope="module")
def report() -> Report:
    graph = parsed(*(project(number) for number in range(len(ALL))))
    for number, text in enumerate(ALL):
        (subject,) = graph.subjects(DCTERMS.identifier, Literal(f"2017/{number:05}"))
        graph.add((subject, DCTERMS.description, Literal(text, lang="sv")))
    return findings(graph)


def rules_for(report: Report, text: str) -> set[str]:
    return {finding.rule for finding in report.findings if finding.identifier == f"2017/{ALL.index(text):05}"}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in PERSONAL.items() for text in texts])
def test_personal_data_is_found(report: Report, rule: str, text: str) -> None:
    assert rule in rules_for(report, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_personal_data_is_let_through(report: Report, text: str) -> None:
    assert rules_for(report, text) == set()


def test_a_finding_does_not_repeat_the_personal_data(report: Report) -> None:
    everything = report.turtle() + "".join(finding.line() for finding in report.findings)

    assert len(report.findings) >= 30
    for texts in PERSONAL.values():
        for text in texts:
            assert text not in everything


def test_owners_units_and_uses_are_guarded_as_well() -> None:
    graph = parsed(
        '<id/owner/a> a kg:Owner ; skos:prefLabel "Firman 070-000 00 00"@sv .',
        '<id/unit/a/b> a <http://www.w3.org/ns/org#OrganizationalUnit> ; skos:prefLabel "a.b@example.se"@sv .',
        '<id/use/a/b/c> a kg:MethodUse ; kg:quote "Se 121212-1212"@sv .',
    )
    found = {(finding.rule, finding.subject.partition(" <")[0]) for finding in findings(graph).findings}

    assert {("Personal-telephone", "Firman 070-000 00 00"), ("Personal-email", "a.b@example.se")} <= found
    assert ("Personal-identity-number", "use/a/b/c") in found


def test_amounts_and_dates_are_not_taken_for_personal_data() -> None:
    amounts = 'kg:totalBudget 2011110000.0 ; kg:currency "SEK" ; kg:startDate "2012-12-12"^^xsd:date'
    graph: rdflib.Graph = parsed(project(1, amounts))

    assert findings(graph).findings == ()
