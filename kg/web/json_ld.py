"""Descriptions of things in schema.org's terms, for search engines."""

from __future__ import annotations

from collections.abc import Mapping

from kg.search import ProjectRow, Thing
from kg.web.facts import Facts
from kg.web.views import View

_CONTEXT = "https://schema.org/"
_LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
_LONGEST = 600


def project_json_ld(view: View, thing: Thing, row: ProjectRow, facts: Facts) -> Mapping[str, object]:
    """Return a project with its owner, region, money and methods.

    A project is here a grant with the thing that it funds: schema:Project is an organisation, which has no days.
    """
    linked = view.index.targets([thing.id], "owner", "region", "fund", "method")[thing.id]
    by_relation: dict[str, list[Thing]] = {}
    for relation, other in linked:
        by_relation.setdefault(relation, []).append(other)
    description = facts.text("dcterms:description", "sv")
    found: dict[str, object | None] = {
        "@context": _CONTEXT,
        "@type": "Project",
        "@id": facts.iri,
        "name": thing.sv or thing.en,
        "identifier": row.identifier,
        "description": description[:_LONGEST] if description else None,
        "url": view.asked.absolute(f"{view.asked.language}/project/{thing.key}"),
        "parentOrganization": [_organisation(view, owner) for owner in by_relation.get("owner", ())],
        "areaServed": [{"@type": "AdministrativeArea", "name": region.sv, "@id": view.iri(region)}
                       for region in by_relation.get("region", ())],
        "knowsAbout": [_term(view, method) for method in by_relation.get("method", ())],
        "funding": _grant(view, row, by_relation.get("fund", [])),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _grant(view: View, row: ProjectRow, funds: list[Thing]) -> Mapping[str, object] | None:
    amount = row.granted if row.granted is not None else row.eu
    if amount is None and not funds:
        return None
    found: dict[str, object] = {"@type": "MonetaryGrant"}
    if funds:
        found["funder"] = [{"@type": "Organization", "name": fund.sv, "@id": view.iri(fund)} for fund in funds]
    if amount is not None and row.currency:
        found["amount"] = {"@type": "MonetaryAmount", "value": amount, "currency": row.currency}
    return found


def _organisation(view: View, owner: Thing) -> Mapping[str, object]:
    return {"@type": "Organization", "name": owner.sv or owner.en, "@id": view.iri(owner)}


def _term(view: View, method: Thing) -> Mapping[str, object]:
    return {"@type": "DefinedTerm", "name": method.label(view.asked.language), "@id": view.iri(method)}


def owner_json_ld(view: View, thing: Thing, facts: Facts) -> Mapping[str, object]:
    """Return an owner with its number and other names."""
    number = facts.text("kg:organisationNumber")
    return {
        "@context": _CONTEXT,
        **_organisation(view, thing),
        **({"taxID": number} if number else {}),
        **({"alternateName": facts.texts("skos:altLabel")} if facts.of("skos:altLabel") else {}),
        **({"sameAs": facts.texts("owl:sameAs")} if facts.of("owl:sameAs") else {}),
    }


def term_json_ld(view: View, thing: Thing, facts: Facts) -> Mapping[str, object]:
    """Return a method or code as a term of a set of terms."""
    scheme = facts.text("skos:inScheme")
    definition = facts.text("skos:definition", view.asked.language)
    return {
        "@context": _CONTEXT,
        **_term(view, thing),
        **({"termCode": thing.notation} if thing.notation else {}),
        **({"description": definition} if definition else {}),
        **({"inDefinedTermSet": scheme} if scheme else {}),
    }


def dataset_json_ld(view: View) -> Mapping[str, object]:
    """Return the whole graph as a data set."""
    asked = view.asked
    title = "ESF-KG"
    whole = asked.absolute("data.nq")
    found = {"@type": "DataDownload", "encodingFormat": "application/n-quads", "contentUrl": whole}
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": view.site.base + "id/graph/all",
        "name": title,
        "url": asked.absolute(f"{asked.language}/"),
        "license": _LICENCE,
        "inLanguage": ["sv", "en"],
        # A site over another server has no such file.
        **({"distribution": [found]} if view.site.data else {}),
    }
