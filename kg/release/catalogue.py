"""The catalogue of a release in DCAT, as the profiles DCAT-AP 3.0.1 and DCAT-AP-SE 3.0.1 and their harvesters want it.

The rules of the Swedish portal, beyond the profiles: every main entity has an absolute IRI of its own and is no blank
node, the publisher has its official IRI, and the licence is the IRI that the portal compares letter by letter.
What an authority list says of its own entries is repeated only as far as the profiles ask for it: class and label.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from kg.literals import in_language, literal
from kg.release.parts import Part
from kg.release.publication import Contact, Publication
from kg.release.statistics import Statistics
from kg.release.words import Text
from kg.vocabulary import EXTERNAL_PREFIXES, Names

PREFIXES = {
    **{name: EXTERNAL_PREFIXES[name] for name in ("dcat", "dcterms", "foaf", "rdf", "rdfs", "skos", "xsd")},
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_SWEDEN, _THEMES, _THEME = f"{_AUTHORITY}country/SWE", f"{_AUTHORITY}data-theme", f"{_AUTHORITY}data-theme/SOCI"
_LANGUAGES = {
    f"{_AUTHORITY}language/SWE": Text("svenska", "Swedish"),
    f"{_AUTHORITY}language/ENG": Text("engelska", "English"),
}
_PUBLIC, _STABLE = f"{_AUTHORITY}access-right/PUBLIC", f"{_AUTHORITY}planned-availability/STABLE"
_PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"
_LICENCE_TYPES = {
    "http://creativecommons.org/publicdomain/zero/1.0/": "http://purl.org/adms/licencetype/PublicDomain",
    "http://creativecommons.org/licenses/by/4.0/": "http://purl.org/adms/licencetype/Attribution",
    "http://creativecommons.org/licenses/by-sa/4.0/": "http://purl.org/adms/licencetype/ShareAlike",
}
_LABELS = {
    _THEMES: Text("Datateman", "Data themes"),
    _THEME: Text("Befolkning och samhälle", "Population and society"),
    _PUBLIC: Text("offentlig", "public"),
    _STABLE: Text("stabil", "stable"),
    f"{_AUTHORITY}file-type/SPARQLQ": Text("SPARQL-fråga", "SPARQL query"),
}
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What the catalogue is made from; `issued` is the first day of the release, `modified` the last change."""

    publication: Publication
    names: Names
    parts: tuple[Part, ...]
    statistics: Statistics
    issued: date
    modified: date
    version: str

    @property
    def dataset(self) -> str:
        """The IRI of the data set."""
        return self.names.thing("dataset", "esf-kg")

    @property
    def service(self) -> str:
        """The IRI of the query service."""
        return self.names.thing("service", "sparql")

    def distribution(self, key: str) -> str:
        """The IRI of a distribution."""
        return self.names.thing("distribution", quote(key))


def catalogue(given: Catalogued) -> list[str]:
    """Return the catalogue as sorted triples."""
    writer = _Writer(given)
    writer.catalogue()
    writer.dataset()
    for part in given.parts:
        writer.file(part)
    if given.publication.endpoint:
        writer.service(given.publication.endpoint)
    writer.agents()
    writer.authorities()
    return sorted(set(writer.triples))


class _Writer:
    """Gathers triples, and remembers what of the authority lists they name."""

    def __init__(self, given: Catalogued) -> None:
        self.triples: list[str] = []
        self._given, self._publication = given, given.publication
        self._contact = given.names.thing("contact", "publisher")
        self._file_types: dict[str, Text] = {}

    def catalogue(self) -> None:
        given, subject = self._given, self._given.names.thing("catalogue", "esf-kg")
        self._say(subject, "rdf:type", "dcat:Catalog")
        self._described(subject, self._publication.title, self._publication.description)
        self._common(subject)
        self._say(subject, "foaf:homepage", self._publication.landing)
        self._say(subject, "dcterms:language", *_LANGUAGES)
        self._say(subject, "dcat:themeTaxonomy", _THEMES)
        self._say(subject, "dcterms:spatial", _SWEDEN)
        self._say(subject, "dcat:dataset", given.dataset)
        if self._publication.endpoint:
            self._say(subject, "dcat:service", given.service)

    def dataset(self) -> None:
        given, publication, subject = self._given, self._publication, self._given.dataset
        ontology = given.names.term("Project").partition("#")[0]
        self._say(subject, "rdf:type", "dcat:Dataset", "void:Dataset")
        self._described(subject, publication.title, publication.description)
        self._common(subject, licence=False)
        self._keywords(subject)
        self._contacted(subject)
        self._text(subject, "dcterms:identifier", literal(subject))
        self._text(subject, "dcat:version", literal(given.version))
        self._say(subject, "dcterms:language", *_LANGUAGES)
        self._say(subject, "dcterms:spatial", _SWEDEN)
        self._say(subject, "dcat:theme", _THEME)
        self._say(subject, "dcterms:accessRights", _PUBLIC)
        self._say(subject, "dcterms:accrualPeriodicity", f"{_AUTHORITY}frequency/{publication.frequency}")
        self._say(subject, "dcterms:conformsTo", ontology)
        self._say(ontology, "rdf:type", "dcterms:Standard")
        self._say(subject, "dcat:landingPage", publication.landing)
        self._say(publication.landing, "rdf:type", "foaf:Document")
        self._say(subject, "dcat:distribution", *(given.distribution(part.path) for part in given.parts))
        if publication.endpoint:
            self._say(subject, "dcat:distribution", given.distribution("sparql"))
        self._period(subject)

    def file(self, part: Part) -> None:
        subject, address = self._given.distribution(part.path), self._publication.download + quote(part.path)
        self._distribution(subject, part.holds, part.form.name, address)
        self._say(subject, "dcat:downloadURL", address)
        self._say(address, "rdf:type", "rdfs:Resource")
        self._say(subject, "dcat:mediaType", self._media_type(part.form.media_type))
        self._format(subject, f"file-type/{part.form.file_type}", part.form.name)
        if part.compressed:
            self._say(subject, "dcat:compressFormat", self._media_type("application/gzip"))
        self._text(subject, "dcat:byteSize", literal(str(part.size), PREFIXES["xsd"] + "nonNegativeInteger"))
        self._say(subject, "spdx:checksum", f"{subject}/checksum")
        self._say(f"{subject}/checksum", "rdf:type", "spdx:Checksum")
        self._say(f"{subject}/checksum", "spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        self._say(PREFIXES["spdx"] + "checksumAlgorithm_sha256", "rdf:type", "spdx:ChecksumAlgorithm")
        self._text(f"{subject}/checksum", "spdx:checksumValue", literal(part.sha256, PREFIXES["xsd"] + "hexBinary"))

    def service(self, endpoint: str) -> None:
        given, subject = self._given, self._given.service
        name = Text("SPARQL-tjänst för ESF-projekt", "SPARQL service for ESF projects")
        about = Text(
            "Frågor enligt SPARQL 1.1 Protocol; endast läsning.", "Questions by the SPARQL 1.1 Protocol; read only."
        )
        offered = given.distribution("sparql")
        self._distribution(offered, about, Text("SPARQL", "SPARQL"), endpoint)
        self._format(offered, "file-type/SPARQLQ", _LABELS[f"{_AUTHORITY}file-type/SPARQLQ"])
        self._say(offered, "dcat:mediaType", self._media_type("application/sparql-results+json"))
        self._say(offered, "dcat:accessService", subject)
        self._say(subject, "rdf:type", "dcat:DataService")
        self._described(subject, name, about)
        self._common(subject)
        self._keywords(subject)
        self._contacted(subject)
        self._format(subject, "file-type/SPARQLQ", _LABELS[f"{_AUTHORITY}file-type/SPARQLQ"])
        self._say(subject, "dcat:endpointURL", endpoint)
        self._say(subject, "dcat:endpointDescription", endpoint)
        self._say(endpoint, "rdf:type", "rdfs:Resource")
        self._say(subject, "dcat:servesDataset", given.dataset)
        self._say(subject, "dcat:theme", _THEME)
        self._say(subject, "dcterms:accessRights", _PUBLIC)
        self._say(subject, "dcterms:conformsTo", _PROTOCOL)
        self._say(subject, "dcat:landingPage", self._publication.landing)
        self._say(_PROTOCOL, "rdf:type", "dcterms:Standard")

    def agents(self) -> None:
        publisher = self._publication.publisher
        self._say(publisher.iri, "rdf:type", "foaf:Agent")
        self._texts(publisher.iri, "foaf:name", publisher.name)
        self._texts(publisher.iri, "dcterms:description", publisher.description or publisher.name)
        self._text(publisher.iri, "dcterms:identifier", literal(publisher.number or publisher.iri))
        kind = _PUBLISHER_TYPE + publisher.kind
        self._say(publisher.iri, "dcterms:type", kind)
        self._concept(kind, Text(publisher.kind, publisher.kind), _PUBLISHER_TYPE.removesuffix("/"))
        if self._publication.contact:
            self._contact_point(self._publication.contact)

    def authorities(self) -> None:
        publication = self._publication
        for name, label in _LANGUAGES.items():
            self._labelled(name, "dcterms:LinguisticSystem", label)
        self._labelled(_SWEDEN, "dcterms:Location", Text("Sverige", "Sweden"))
        self._labelled(_PUBLIC, "dcterms:RightsStatement", _LABELS[_PUBLIC])
        self._labelled(_STABLE, "skos:Concept", _LABELS[_STABLE])
        self._labelled(f"{_AUTHORITY}frequency/{publication.frequency}", "dcterms:Frequency", None)
        self._say(_THEMES, "rdf:type", "skos:ConceptScheme")
        self._texts(_THEMES, "dcterms:title", _LABELS[_THEMES])
        self._concept(_THEME, _LABELS[_THEME], _THEMES)
        for name, label in self._file_types.items():
            self._labelled(name, "dcterms:MediaTypeOrExtent", label)
        self._say(publication.licence, "rdf:type", "dcterms:LicenseDocument")
        kind = _LICENCE_TYPES.get(publication.licence)
        if kind:
            self._say(publication.licence, "dcterms:type", kind)
            local = kind.rpartition("/")[2]
            self._concept(kind, Text(local, local), kind.rpartition("/")[0])

    def _described(self, subject: str, title: Text, about: Text) -> None:
        self._texts(subject, "dcterms:title", title)
        self._texts(subject, "dcterms:description", about)

    def _common(self, subject: str, *, licence: bool = True) -> None:
        self._say(subject, "dcterms:publisher", self._publication.publisher.iri)
        self._dated(subject)
        if licence:
            self._say(subject, "dcterms:license", self._publication.licence)

    def _dated(self, subject: str) -> None:
        for name, day in (("dcterms:issued", self._given.issued), ("dcterms:modified", self._given.modified)):
            self._text(subject, name, literal(day))

    def _keywords(self, subject: str) -> None:
        for tag, words in self._publication.keywords.items():
            for word in words:
                self._text(subject, "dcat:keyword", in_language(word, tag))

    def _contacted(self, subject: str) -> None:
        if self._publication.contact:
            self._say(subject, "dcat:contactPoint", self._contact)

    def _contact_point(self, contact: Contact) -> None:
        self._say(self._contact, "rdf:type", "vcard:Kind", "vcard:Organization")
        self._texts(self._contact, "vcard:fn", contact.name)
        self._say(self._contact, "vcard:hasEmail", f"mailto:{contact.email}")
        if contact.telephone:
            digits = "".join(char for char in contact.telephone if char.isdigit())
            self._say(self._contact, "vcard:hasTelephone", f"{self._contact}/telephone")
            self._say(f"{self._contact}/telephone", "rdf:type", "vcard:Voice")
            self._say(f"{self._contact}/telephone", "vcard:hasValue", f"tel:+{digits}")
        if contact.page:
            self._say(self._contact, "vcard:hasURL", contact.page)

    def _period(self, subject: str) -> None:
        counted, period = self._given.statistics, f"{subject}/period"
        if counted.first_day:
            self._say(subject, "dcterms:temporal", period)
            self._say(period, "rdf:type", "dcterms:PeriodOfTime")
            day = PREFIXES["xsd"] + "date"
            self._text(period, "dcat:startDate", literal(counted.first_day, day))
            if counted.last_day:
                self._text(period, "dcat:endDate", literal(counted.last_day, day))

    def _distribution(self, subject: str, holds: Text, form: Text, address: str) -> None:
        self._say(subject, "rdf:type", "dcat:Distribution")
        self._described(subject, Text(f"{holds.sv} ({form.sv})", f"{holds.en} ({form.en})"), holds)
        self._say(subject, "dcat:accessURL", address)
        self._say(subject, "dcterms:license", self._publication.licence)
        self._say(subject, "dcatap:availability", _STABLE)
        self._dated(subject)
        self._say(subject, "dcterms:language", *_LANGUAGES)

    def _format(self, subject: str, key: str, label: Text) -> None:
        self._file_types[_AUTHORITY + key] = label
        self._say(subject, "dcterms:format", _AUTHORITY + key)

    def _media_type(self, name: str) -> str:
        self._say(_IANA + name, "rdf:type", "dcterms:MediaType")
        self._text(_IANA + name, "rdfs:label", literal(name))
        return _IANA + name

    def _labelled(self, subject: str, kind: str, label: Text | None) -> None:
        self._say(subject, "rdf:type", kind)
        if label:
            self._texts(subject, "skos:prefLabel", label)

    def _concept(self, subject: str, label: Text, scheme: str) -> None:
        self._labelled(subject, "skos:Concept", label)
        self._say(subject, "skos:inScheme", scheme)

    def _texts(self, subject: str, name: str, text: Text) -> None:
        for tag, value in text.pairs():
            self._text(subject, name, in_language(value, tag))

    def _text(self, subject: str, name: str, term: str) -> None:
        self.triples.append(f"<{subject}> <{_full(name)}> {term}")

    def _say(self, subject: str, name: str, *values: str) -> None:
        self.triples += [f"<{subject}> <{_full(name)}> <{_full(value)}>" for value in values]


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name
