"""A small graph in the shape that `kg build` gives: the facts of five projects, as N-Quads lines and as a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.literals import literal, swedish
from kg.store import EmbeddedStore, create
from kg.vocabulary import Names

NAMES = Names("https://example.org/kg/")
PREFIXES = NAMES.prefixes()
RDF_TYPE = f"<{PREFIXES['rdf']}type>"
XSD = PREFIXES["xsd"]
SHARED_QUOTE = "Inom projektet kommer tjänstedesignmetoder att användas för att öka inflytandet."


@dataclass(frozen=True)
class Use:
    method: str
    role: str
    quote: str
    matched: str


@dataclass(frozen=True)
class Page:
    identifier: str
    title: str
    owner: str
    region: str
    start: str
    end: str
    participants: int
    objective: str
    field: str
    uses: tuple[Use, ...] = ()
    text: str = ""

    @property
    def key(self) -> str:
        return self.identifier.replace("/", "-")


OWNERS = {
    "2220002485": ("Samordningsförbundet Centrala Östergötland", "coordination-association"),
    "2220002162": ("Samordningsförbundet Östra Södertörn", "coordination-association"),
    "8025185011": ("Kommunförbundet Kalmar län", "association"),
    "linkopings-kommun": ("Linköpings kommun", "municipality"),
    "motala-kommun": ("Motala kommun", "municipality"),
}
METHODS = {
    "bip": ("BIP", "BIP", "assessment"),
    "vagen-till-arbetsgivarna": ("Vägen till arbetsgivarna", "The way to employers", "employer-engagement"),
    "supported-employment": ("Supported Employment", "Supported Employment", "supported-placement"),
    "service-design": ("Tjänstedesign", "Service design", "development"),
    "motivational-interviewing": ("Motiverande samtal", "Motivational interviewing", "counselling"),
}
GROUPS = {
    "assessment": ("Bedömning", "Assessment"),
    "employer-engagement": ("Arbetsgivarinriktade metoder", "Employer engagement"),
    "supported-placement": ("Stöd till och i arbete", "Supported placement"),
    "development": ("Utveckling", "Development"),
    "counselling": ("Samtal", "Counselling"),
}
REGIONS = {
    "SE": ("Sverige", "Sweden", None),
    "SE11": ("Stockholm", "Stockholm", "SE"),
    "SE12": ("Östra Mellansverige", "East Middle Sweden", "SE"),
    "SE21": ("Småland med öarna", "Småland and the islands", "SE"),
}
PAGES = (
    Page(
        "22-045-S01", "Inkluderingslyftet", "2220002485", "SE12", "2023-08-01", "2026-07-31", 1000, "A1A", "141",
        (
            Use("bip", "trains", "Projektet ska omvandla kunskapen från BIP och VTA till färdighet.", "BIP"),
            Use("bip", "builds-on", "Den danska studien BIP visar att det går.", "BIP"),
            Use("vagen-till-arbetsgivarna", "trains", "Projektet ska omvandla kunskapen från BIP och VTA.", "VTA"),
        ),
        "Projektet utbildar personal i BIP.\n\nAllt i syfte att stärka \"befintlig\" personal.",
    ),
    Page("2017/00082", "VISA", "linkopings-kommun", "SE12", "2017-09-01", "2020-10-31", 130, "2.1", ""),
    Page(
        "22-012-S04", "Conecto", "2220002162", "SE11", "2023-03-31", "2024-12-31", 1000, "A1A", "141",
        (
            Use("service-design", "uses", SHARED_QUOTE, "tjänstedesignmetoder"),
            Use("supported-employment", "mentions", "Supported Employment är känt.", "Supported Employment"),
        ),
    ),
    Page(
        "22-014-S05", "Lumena", "2220002162", "SE11", "2023-03-31", "2026-03-31", 1600, "A2A", "140",
        (
            Use("supported-employment", "uses", "Stödet utgår från metoden Supported Employment.", "Supported Employment"),
            Use("bip", "builds-on", "Lärdomar från BIP genomsyrar arbetet.", "BIP"),
            Use("service-design", "uses", SHARED_QUOTE, "tjänstedesignmetoder"),
        ),
    ),
    Page(
        "22-005-S01", "Samverkan, inkludering och anställningsbarhet - Kalmar län (SIA)", "8025185011", "SE21",
        "2023-02-01", "2026-01-31", 584, "A2A", "140",
        (Use("motivational-interviewing", "uses", "Metoder som fokuserar på motiverande samtal.", "motiverande samtal"),),
    ),
)  # fmt: skip


def store(folder: Path, pages: tuple[Page, ...] = PAGES) -> EmbeddedStore:
    """Return a store of the pages, loaded into `folder`."""
    return store_of(lines(pages), folder)


def store_of(found: Iterable[str], folder: Path) -> EmbeddedStore:
    """Return a store of N-Quads lines, loaded into `folder`."""
    data = folder / "data.nq"
    data.write_text("".join(found), encoding="utf-8")
    create(data, folder / "store")
    return EmbeddedStore.open(folder / "store", base=NAMES.base, nquads=data)


def lines(pages: tuple[Page, ...] = PAGES) -> Iterator[str]:
    """Yield the N-Quads lines of the pages and of the concepts that they need."""
    yield from _quads("graph", "ontology", _ontology())
    yield from _quads("graph", "reference", _concepts())
    yield from _quads("graph", "derived", _owners())
    for page in pages:
        yield from _quads("source", f"source-{page.key}", _page(page))


def _quads(kind: str, key: str, found: Iterator[str]) -> Iterator[str]:
    return (f"{triple} <{NAMES.thing(kind, key)}> .\n" for triple in sorted(set(found)))


def _thing(kind: str, *keys: str) -> str:
    return f"<{NAMES.thing(kind, *keys)}>"


def _kg(name: str) -> str:
    return f"<{NAMES.term(name)}>"


def _of(name: str) -> str:
    prefix, local = name.split(":")
    return f"<{PREFIXES[prefix]}{local}>"


def _english(text: str) -> str:
    return f'"{text}"@en'


def _ontology() -> Iterator[str]:
    for name in ("Project", "Owner", "Region", "Method", "MethodUse", "Source"):
        yield f"{_kg(name)} {RDF_TYPE} {_of('owl:Class')}"
    for name in ("owner", "region", "method", "methodUse", "useOf", "fund", "programme", "specificObjective"):
        yield f"{_kg(name)} {RDF_TYPE} {_of('owl:ObjectProperty')}"
    for name, kind in (
        ("startDate", "date"),
        ("plannedParticipants", "nonNegativeInteger"),
        ("grantedSupport", "decimal"),
    ):
        yield f"{_kg(name)} {RDF_TYPE} {_of('owl:DatatypeProperty')}"
        yield f"{_kg(name)} {_of('rdfs:range')} <{XSD}{kind}>"


def _concepts() -> Iterator[str]:
    for key, (swedish_name, english_name, broader) in REGIONS.items():
        yield f"{_thing('region', key)} {RDF_TYPE} {_kg('Region')}"
        yield from _names(_thing("region", key), swedish_name, english_name)
        yield f"{_thing('region', key)} {_of('skos:notation')} {literal(key)}"
        if broader:
            yield f"{_thing('region', key)} {_of('skos:broader')} {_thing('region', broader)}"
    for key, (swedish_name, english_name, group) in METHODS.items():
        yield f"{_thing('method', key)} {RDF_TYPE} {_kg('Method')}"
        yield from _names(_thing("method", key), swedish_name, english_name)
        yield f"{_thing('method', key)} {_of('skos:broader')} {_thing('method', group)}"
    for key, names in GROUPS.items():
        yield f"{_thing('method', key)} {RDF_TYPE} {_kg('Method')}"
        yield from _names(_thing("method", key), *names)
    for kind, key, name in (
        ("fund", "ESF_PLUS", "Europeiska socialfonden+"),
        ("programme", "2021SE05SFPR", "Europeiska socialfonden+ 2021–2027"),
        ("programme", "2014SE05M9OP001", "Nationellt socialfondsprogram 2014–2020"),
    ):
        yield f"{_thing(kind, key)} {RDF_TYPE} {_kg(kind.capitalize())}"
        yield from _names(_thing(kind, key), name, name)
    for key in ("2021SE05SFPR-A1A", "2021SE05SFPR-A2A", "2014SE05M9OP001-2.1"):
        yield f"{_thing('specific-objective', key)} {RDF_TYPE} {_of('skos:Concept')}"
        yield f"{_thing('specific-objective', key)} {_of('skos:notation')} {literal(key.rpartition('-')[2])}"


def _names(subject: str, swedish_name: str, english_name: str) -> Iterator[str]:
    yield f"{subject} {_of('skos:prefLabel')} {swedish(swedish_name)}"
    yield f"{subject} {_of('skos:prefLabel')} {_english(english_name)}"


def _owners() -> Iterator[str]:
    for key, (name, owner_type) in OWNERS.items():
        yield f"{_thing('owner', key)} {RDF_TYPE} {_kg('Owner')}"
        yield f"{_thing('owner', key)} {_of('skos:prefLabel')} {swedish(name)}"
        yield f"{_thing('owner', key)} {_of('skos:altLabel')} {swedish(name.upper())}"
        yield f"{_thing('owner', key)} {_kg('ownerType')} {_thing('owner-type', owner_type)}"
        if key.isdigit():
            yield f"{_thing('owner', key)} {_kg('organisationNumber')} {literal(key)}"


def _page(page: Page) -> Iterator[str]:
    project = _thing("project", page.key)
    yield f"{project} {RDF_TYPE} {_kg('Project')}"
    yield f"{project} {_of('dcterms:identifier')} {literal(page.identifier)}"
    yield f"{project} {_of('dcterms:title')} {swedish(page.title)}"
    yield f"{project} {_of('prov:wasDerivedFrom')} {_thing('source', f'source-{page.key}')}"
    yield f"{project} {_kg('owner')} {_thing('owner', page.owner)}"
    yield f"{project} {_kg('region')} {_thing('region', page.region)}"
    yield f"{project} {_kg('startDate')} {literal(page.start, XSD + 'date')}"
    yield f"{project} {_kg('endDate')} {literal(page.end, XSD + 'date')}"
    yield f"{project} {_kg('plannedParticipants')} {literal(page.participants, XSD + 'nonNegativeInteger')}"
    programme = "2021SE05SFPR" if page.field else "2014SE05M9OP001"
    yield f"{project} {_kg('programme')} {_thing('programme', programme)}"
    yield f"{project} {_kg('specificObjective')} {_thing('specific-objective', f'{programme}-{page.objective}')}"
    if page.text:
        yield f"{project} {_of('dcterms:description')} {swedish(page.text)}"
    if page.field:
        yield f"{project} {_kg('fund')} {_thing('fund', 'ESF_PLUS')}"
        yield f"{project} {_kg('interventionField')} {_thing('intervention-field', page.field)}"
        yield f'{project} {_kg("coFinancingRate")} "0.4"^^<{XSD}decimal>'
    else:
        yield f"{project} {_kg('partner')} {_thing('owner', 'motala-kommun')}"
        yield f'{project} {_kg("totalBudget")} "15935467.0"^^<{XSD}decimal>'
        yield f'{project} {_kg("grantedSupport")} "7528536.0"^^<{XSD}decimal>'
        yield f"{project} {_kg('currency')} {literal('SEK')}"
        yield from _unit(project, page.owner)
    for use in page.uses:
        yield from _use(project, page.key, use)


def _unit(project: str, owner: str) -> Iterator[str]:
    unit = _thing("unit", owner, "social-och-omsorgsforvaltningen")
    yield f"{project} {_kg('ownerUnit')} {unit}"
    yield f"{unit} {RDF_TYPE} {_of('org:OrganizationalUnit')}"
    yield f"{unit} {_of('skos:prefLabel')} {swedish('Social- och omsorgsförvaltningen')}"
    yield f"{unit} {_of('org:unitOf')} {_thing('owner', owner)}"


def _use(project: str, key: str, use: Use) -> Iterator[str]:
    node = _thing("use", key, use.method, use.role)
    yield f"{project} {_kg('methodUse')} {node}"
    if use.role not in ("mentions", "negated"):
        yield f"{project} {_kg('method')} {_thing('method', use.method)}"
    yield f"{node} {RDF_TYPE} {_kg('MethodUse')}"
    yield f"{node} {_kg('useOf')} {_thing('method', use.method)}"
    yield f"{node} {_kg('role')} {literal(use.role)}"
    yield f"{node} {_kg('quote')} {swedish(use.quote)}"
    yield f"{node} {_kg('matchedText')} {literal(use.matched)}"
    yield f"{node} {_kg('matchRule')} {literal('longest-label')}"
    yield f'{node} {_kg("confidence")} "0.9"^^<{XSD}decimal>'
