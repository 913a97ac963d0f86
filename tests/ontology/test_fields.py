"""Every label and heading that sources are known to print leads to exactly one field."""

from __future__ import annotations

from collections import Counter

import pytest

from kg import ontology

KINDS = frozenset(
    """identifier text date period money rate count boolean code owner organisation-number region nuts-code postcode
    place address cci fund country phrase personal iri ignored""".split()
)
SPLIT_OR_LEFT_OUT = frozenset(("period", "nuts-code", "personal", "ignored"))

PAGES = {
    "Diarienummer": "identifier",
    "Projektnummer": "identifier",
    "Namn": "title",
    "Name": "title",
    "Projektägare": "owner",
    "Projektägare organisationsnummer": "organisationNumber",
    "Region": "region",
    "NUTS-2 kod": "fieldNutsCode",
    "Programområde": "programmeArea",
    "Specifikt mål": "specificObjective",
    "Interventionstyp": "interventionField",
    "Unionens medfinansieringsgrad": "coFinancingRate",
    "Stödmottagare postnr": "beneficiaryPostcode",
    "Stödmottagare ort": "beneficiaryPlace",
    "Stödmottagarens address": "beneficiaryAddress",
    "Total projektbudget": "totalBudget",
    "Total Kostnader": "totalCost",
    "Beviljat ESF-stöd": "grantedSupport",
    "Projektperiod": "fieldPeriod",
    "Startdatum": "startDate",
    "Slutdatum": "endDate",
    "Planerat antal deltagare": "plannedParticipants",
    "Antal deltagare": "plannedParticipants",
    "Land som berörs": "country",
    "Berörd fond": "fund",
    "Program CCI": "programme",
    "Sekundärtema - Motverka barnfattigdom": "childPovertyTheme",
    "Insats av strategisk betydelse": "strategicImportance",
    "Projektfas": "projectPhase",
    "Utlysning": "call",
    "Kontaktperson": "fieldContactPerson",
    "E-post": "fieldEmail",
    "Telefonnummer": "fieldTelephone",
}
SPREADSHEET = {
    "Diarienummer / Operation ID": "identifier",
    "Stödmottagare / Beneficiary": "owner",
    "Projektägare organisationsnummer / Beneficiary ID": "organisationNumber",
    "Projektägare ort / Beneficiary city": "beneficiaryPlace",
    "Stödmottagarens land / Beneficiary country": "country",
    "Namn på insatsen / Operation Name": "title",
    "Programområde / Priority": "programmeArea",
    "Specifikt mål / Specific objective concerned": "specificObjective",
    "Interventionsområde / Intervention field": "interventionField",
    "Total projektbudget / Total budget SEK": "totalBudget",
    "Unionens medfinansieringsgrad / Union co-financing rate": "coFinancingRate",
    "EU-stöd i SEK / EU contribution SEK": "euContribution",
    "Sammanfattning / Summary": "description",
    "Sammanfattning engelsk / Summary in english": "fieldEnglishDescription",
    "Startdatum / Start date": "startDate",
    "Slutdatum / End date": "endDate",
    "EU-fond / EU fund": "fund",
    "Program CCI / Program CCI": "programme",
}
KOHESIO = {
    "Operation_Unique_Identifier": "sameAs",
    "Operation_Local_Identifier": "identifier",
    "Operation_Name_English": "fieldEnglishTitle",
    "Operation_Name_Programme_Language": "title",
    "Country": "country",
    "CountryCode": "country",
    "Postal_Code": "beneficiaryPostcode",
    "Operation_Start_Date": "startDate",
    "Operation_End_Date": "endDate",
    "Cofinancing_Rate": "coFinancingRate",
    "Total_Eligible_Expenditure_amount": "totalBudget",
    "Total_Eligible_Expenditure_Currency": "currency",
    "Project_EU_Budget": "euContribution",
    "Beneficiary_Unique_Identifier": "fieldLeftOut",
    "Beneficiary_Name": "owner",
    "Beneficiary_Local_Identifier": "organisationNumber",
    "Location_Indicator_latitude_longitude": "fieldLeftOut",
    "Category_Of_Intervention": "interventionField",
    "Category_Label": "fieldLeftOut",
    "Thematic_Objective_ID": "fieldLeftOut",
    "Policy_Objective_ID": "fieldLeftOut",
    "Specific_Objective_Label": "specificObjective",
    "Fund_Code": "fund",
    "Fund_Name": "fieldLeftOut",
    "Programme_Code": "programme",
    "Programme_Name": "fieldLeftOut",
    "Region": "region",
    "NUTS2_Label": "region",
    "NUTS3_Code": "fieldNutsCode",
    "NUTS3_Label": "region",
    "LAU_Labels": "beneficiaryPlace",
    "Programming_Period": "fieldLeftOut",
    "Operation_Summary_English": "fieldEnglishDescription",
    "Operation_Summary_Programme_Language": "description",
    "ManagingAuthority": "fieldLeftOut",
}
BILINGUAL = {half: name for heading, name in SPREADSHEET.items() for half in heading.split(" / ")}


@pytest.mark.parametrize(("label", "name"), [*PAGES.items(), *BILINGUAL.items(), *KOHESIO.items()])
def test_a_known_label_leads_to_its_field(label: str, name: str) -> None:
    assert ontology.load().field_by_label[label].name == name


def test_a_label_belongs_to_one_field_whatever_its_case() -> None:
    labels = [(label.casefold(), field.name) for field in ontology.load().fields for label in field.labels]

    assert [label for label, uses in Counter(label for label, _ in labels).items() if uses > 1] == []


def test_fields_have_known_kinds_and_at_least_one_label() -> None:
    fields = ontology.load().fields

    assert {field.kind for field in fields} == KINDS
    assert [field.name for field in fields if not field.labels] == []
    assert len({field.name for field in fields}) == len(fields)
    assert [field.iri for field in fields] == sorted(field.iri for field in fields)


@pytest.mark.parametrize(
    ("name", "datatype"),
    [
        ("startDate", "XMLSchema#date"),
        ("totalBudget", "XMLSchema#decimal"),
        ("plannedParticipants", "XMLSchema#nonNegativeInteger"),
        ("strategicImportance", "XMLSchema#boolean"),
        ("beneficiaryPostcode", "XMLSchema#string"),
        ("identifier", "XMLSchema#string"),
        ("title", "22-rdf-syntax-ns#langString"),
        ("owner", None),
        ("fieldPeriod", None),
        ("sameAs", None),
    ],
)
def test_the_range_gives_the_datatype(name: str, datatype: str | None) -> None:
    (field,) = (field for field in ontology.load().fields if field.name == name)

    assert (field.datatype or "").endswith(datatype or "")
    assert (field.datatype is None) == (datatype is None)


def test_only_fields_without_a_property_are_source_fields() -> None:
    fields = [field for field in ontology.load().fields if field.name.startswith("field")]

    assert {field.kind for field in fields} == SPLIT_OR_LEFT_OUT | {"text"}
    assert {field.name for field in fields if field.kind == "text"} == {"fieldEnglishTitle", "fieldEnglishDescription"}
