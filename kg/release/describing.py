"""The files by which a release describes itself: catalogue, VoID, schema.org, start pages, citation, redirects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.documentation.rendering import style
from kg.export.rdfxml import rdf_xml
from kg.release.catalogue import PREFIXES, Catalogued, catalogue
from kg.release.citation import citation
from kg.release.documents import Document
from kg.release.publication import LICENCES
from kg.release.redirects import htaccess, readme, redirectable
from kg.release.void import VOID, Dataset, void_triples
from kg.release.words import Text, page_name
from kg.turtle import turtle

if TYPE_CHECKING:
    import jinja2

_DOCUMENTS = (
    ("ontology/{page}", Text("Ontologin: termer, regler och samband", "The ontology: terms, rules and relations")),
    ("schemes/{page}", Text("Kodlistorna: metoder, fonder, regioner", "The code lists: methods, funds, regions")),
    ("ontology/ontology.ttl", Text("Ontologin som Turtle", "The ontology as Turtle")),
    ("ontology/shapes.ttl", Text("Reglerna som SHACL", "The rules as SHACL")),
    ("schemes/methods.ttl", Text("Metoderna som SKOS", "The methods as SKOS")),
    ("queries/examples.ttl", Text("Färdiga SPARQL-frågor", "Ready SPARQL queries")),
)
_REPORT = (
    "quality/{page}",
    Text("Datakvalitet: vad någon bör se över", "Data quality: what someone should look at"),
)
_DESCRIPTIONS = (
    ("catalog.ttl", Text("Katalogen enligt DCAT-AP-SE, som Turtle", "The catalogue in DCAT-AP-SE, as Turtle")),
    ("catalog.rdf", Text("Katalogen som RDF/XML", "The catalogue as RDF/XML")),
    ("void.ttl", Text("Vad grafen innehåller, i siffror (VoID)", "What the graph holds, in numbers (VoID)")),
    ("dataset.jsonld", Text("Beskrivning för sökmotorer (schema.org)", "Description for search engines (schema.org)")),
    ("CITATION.cff", Text("Så citerar du", "How to cite")),
    ("SHA256SUMS", Text("Kontrollsummor för alla filer", "Checksums of all files")),
)


def files(given: Catalogued, *, with_report: bool) -> Iterator[Document]:
    """Yield the path and the text of every file that describes the release.

    `with_report` tells that it holds a report on data quality.
    """
    found = catalogue(given)
    yield "catalog.ttl", turtle(found, PREFIXES, (given.names.base,))
    yield "catalog.rdf", rdf_xml(found, PREFIXES)
    yield "void.ttl", turtle(_void(given), {**given.names.prefixes(), "void": VOID}, (f"{given.dataset}>",))
    described = json.dumps(schema_org(given), ensure_ascii=False, indent=2)
    yield "dataset.jsonld", [f"{described}\n"]
    for language in Text.TAGS:
        yield page_name(language), [start_page(given, language, with_report=with_report)]
    yield "CITATION.cff", [citation(given.publication, given.version, given.modified)]
    if redirectable(given.names.base, given.publication):
        yield "w3id/.htaccess", [htaccess(given.names.base, given.publication)]
        yield "w3id/README.md", [readme(given.names.base, given.publication)]


def _void(given: Catalogued) -> list[str]:
    publication, download = given.publication, given.publication.download
    dataset = Dataset(
        iri=given.dataset,
        partition=f"{given.dataset}#",
        title=publication.title,
        description=publication.description,
        licence=publication.licence,
        publisher=publication.publisher.iri,
        homepage=publication.landing,
        endpoint=publication.endpoint,
        dumps=[download + quote(part.path) for part in given.parts if part.path.startswith("data/")],
        modified=given.modified.isoformat(),
        endings=("jsonld", "nq", "nt", "rdf", "trig", "ttl"),
    )
    return sorted(set(void_triples(dataset, given.statistics, given.names)))


def schema_org(given: Catalogued) -> Mapping[str, Any]:
    """Return the data set in schema.org's terms, as a JSON-LD document."""
    publication, counted = given.publication, given.statistics
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": given.dataset,
        "name": [{"@language": tag, "@value": text} for tag, text in publication.title.pairs()],
        "description": [{"@language": tag, "@value": text} for tag, text in publication.description.pairs()],
        "url": publication.landing,
        "identifier": given.dataset,
        "version": given.version,
        "keywords": [word for tag in Text.TAGS for word in publication.keywords[tag]],
        "license": publication.licence,
        "isAccessibleForFree": True,
        "inLanguage": list(Text.TAGS),
        "datePublished": given.issued.isoformat(),
        "dateModified": given.modified.isoformat(),
        "spatialCoverage": {"@type": "Country", "name": "Sverige", "sameAs": "https://www.wikidata.org/entity/Q34"},
        "publisher": {"@type": "Organization", "@id": publication.publisher.iri, "name": publication.publisher.name.sv},
        "creator": {"@type": "Organization", "@id": publication.publisher.iri, "name": publication.publisher.name.sv},
        "distribution": [
            {
                "@type": "DataDownload",
                "@id": given.distribution(part.path),
                "name": part.holds.en,
                "encodingFormat": part.form.media_type,
                "contentUrl": publication.download + quote(part.path),
                "contentSize": f"{part.size} B",
                "sha256": part.sha256,
            }
            for part in given.parts
        ],
    }
    if counted.first_day and counted.last_day:
        found["temporalCoverage"] = f"{counted.first_day}/{counted.last_day}"
    return found


def start_page(given: Catalogued, language: str, *, with_report: bool) -> str:
    """Return the HTML page that a reader of the folder meets first; it loads nothing."""
    documents = (*_DOCUMENTS, _REPORT) if with_report else _DOCUMENTS
    from markupsafe import Markup

    def wording(swedish: str, english: str) -> str:
        return swedish if language == "sv" else english

    publication, other = given.publication, "en" if language == "sv" else "sv"
    described = json.dumps(schema_org(given), ensure_ascii=False).replace("&", "\\u0026").replace("<", "\\u003c")
    licences = {iri: name for name, iri in LICENCES.items()}
    template = _templates().get_template("index.html")
    return template.render(
        t=wording,
        language=language,
        other=other,
        other_page=page_name(other),
        pages=[(tag, page_name(tag)) for tag in Text.TAGS],
        title=publication.title.in_language(language),
        description=publication.description.in_language(language),
        publication=publication,
        version=given.version,
        modified=given.modified.isoformat(),
        licence=licences.get(publication.licence, publication.licence),
        figures=_figures(given, language),
        groups={
            "tables": [part for part in given.parts if part.path.startswith("tables/")],
            "data": [part for part in given.parts if not part.path.startswith("tables/")],
        },
        documents=[(path.format(page=page_name(language)), text) for path, text in documents],
        descriptions=_DESCRIPTIONS,
        size=lambda size: _size(size, language),
        json_ld=Markup(described),
        style=Markup(style()),
    )


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("kg.release"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _figures(given: Catalogued, language: str) -> list[tuple[str, str]]:
    counted, names = given.statistics, given.names
    shown = (
        ("Project", Text("projekt", "projects")),
        ("Owner", Text("organisationer", "organisations")),
        ("MethodUse", Text("användningar av metoder, med citat", "uses of methods, with quotes")),
    )
    found = [(counted.classes.get(names.term(name), 0), text) for name, text in shown]
    return [
        (_number(count, language), text.in_language(language))
        for count, text in (*found, (counted.triples, Text("utsagor", "statements")))
    ]


def _number(count: int, language: str) -> str:
    return f"{count:,}".replace(",", "\u202f" if language == "sv" else ",")


def _size(size: int, language: str) -> str:
    """Return a size in bytes, or rounded in kB, MB or GB."""
    units = ("byte" if language == "sv" else "bytes", "kB", "MB", "GB")
    value, place = float(size), 0
    while value >= 1000 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    text = f"{value:.0f}" if place == 0 or value >= 100 else f"{value:.1f}"
    return f"{text.replace('.', ',') if language == 'sv' else text}\u00a0{units[place]}"
