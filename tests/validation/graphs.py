"""Small graphs of projects that are right but for what a test puts in."""

from __future__ import annotations

import rdflib

from kg.validation import own_shapes

HEAD = f"""BASE <{own_shapes().base}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

SOURCE = """
<id/source/page> a kg:Source ; rdfs:label "page.txt" ; dcterms:source "page.txt" ; kg:layout "P1" ;
    kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" .
<id/programme/2014SE05M9OP001> a kg:Programme ; skos:prefLabel "Programmet"@sv ; kg:fund <id/fund/ESF> ;
    skos:inScheme <id/scheme/programmes> ; kg:startDate "2014-01-01"^^xsd:date ; kg:endDate "2020-12-31"^^xsd:date ;
    kg:diaryNumberPattern "[0-9]{4}/[0-9]{5}" .
<id/scheme/funds> a skos:ConceptScheme . <id/scheme/programmes> a skos:ConceptScheme .
<id/fund/ESF> a kg:Fund ; skos:prefLabel "Socialfonden"@sv ; skos:inScheme <id/scheme/funds> .
"""


def project(number: int, more: str = "") -> str:
    """Return a project of 2014–2020 that breaks no rule, with more statements."""
    return f"""
<id/project/2017-{number:05}> a kg:Project ; dcterms:identifier "2017/{number:05}" ; dcterms:title "Prov {number}"@sv ;
    kg:programme <id/programme/2014SE05M9OP001> ; kg:plannedParticipants 0 ; prov:wasDerivedFrom <id/source/page> .
<id/project/2017-{number:05}> {more or "a kg:Project"} .
"""


def parsed(*parts: str) -> rdflib.Graph:
    """Return the graph of some Turtle after the usual head."""
    return rdflib.Graph().parse(data=HEAD + SOURCE + "".join(parts), format="turtle")
