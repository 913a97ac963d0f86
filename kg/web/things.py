"""The table of facts of a thing: each property with its label, its values as people write them, and their sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.agreement import MONEY
from kg.vocabulary import EXTERNAL_PREFIXES
from kg.web.facts import Facts, Value, described_sources
from kg.web.views import DOCUMENT_KINDS, View
from kg.web.wording import Wording

_SHARES = frozenset(("coFinancingRate", "confidence"))
_ORDER = """dcterms:identifier skos:prefLabel rdfs:label skos:altLabel skos:notation kg:organisationNumber kg:ownerType
    kg:owner kg:ownerUnit org:unitOf kg:partner kg:startDate kg:endDate kg:region kg:fund kg:programme kg:programmeArea
    kg:specificObjective kg:interventionField kg:plannedParticipants kg:totalBudget kg:totalCost kg:grantedSupport
    kg:euContribution kg:coFinancingRate kg:currency kg:strategicImportance kg:childPovertyTheme kg:beneficiaryPlace
    kg:beneficiaryPostcode kg:beneficiaryAddress kg:country kg:projectPhase kg:call kg:continues skos:definition
    skos:scopeNote skos:broader skos:related dcterms:isPartOf skos:exactMatch skos:closeMatch owl:sameAs""".split()
MOST_SOURCES = 40
"""An owner of a thousand projects has a thousand sources; each is named on the page of its project."""
_XSD = EXTERNAL_PREFIXES["xsd"]
# Labels of properties that are not of our ontology; the message is called after the property.
_FOREIGN = "property"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source as a numbered note: its page here, its own name, its address elsewhere, and when it was read."""

    number: int
    href: str
    name: str
    address: str | None
    retrieved: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class FactValue:
    """A value as it is shown; `href` where it is a thing with a page, `outside` where the page is elsewhere."""

    text: str
    href: str | None
    outside: bool
    language: str | None
    notes: tuple[SourceNote, ...]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A property with its label, the address that explains it, and its values."""

    short: str
    label: str
    href: str | None
    meaning: str | None
    values: tuple[FactValue, ...]


def source_notes(view: View, facts: Facts) -> dict[str, SourceNote]:
    """Return the sources of a thing's facts, numbered in the order of their names, the first `MOST_SOURCES` of them."""
    graphs = sorted({graph for values in facts.values.values() for value in values for graph in value.sources})
    graphs = graphs[:MOST_SOURCES]
    described = described_sources(view.site.store, graphs)
    return {graph: _note(view, graph, number, described.get(graph, {})) for number, graph in enumerate(graphs, start=1)}


def _note(view: View, graph: str, number: int, own: Mapping[str, str]) -> SourceNote:
    asked = view.asked
    path = view.naming.path(graph) or ""
    if path.startswith("graph/"):
        label = view_label(view, f"graph.{path.partition('/')[2]}") or path
        return SourceNote(number, asked.href(path), label, None, None, path == "graph/derived")
    address = own.get("dcterms:source")
    web = address if address and address.startswith(("http://", "https://")) else None
    name = own.get("rdfs:label") or view.naming.label(graph, asked.language)
    return SourceNote(number, asked.href(path), name, web, own.get("prov:generatedAtTime"), False)


def view_label(view: View, name: str) -> str | None:
    """Return a message if there is one of that name."""
    wording = Wording(view.asked.language)
    return wording(name) if wording.has(name) else None


def fact_rows(
    view: View,
    facts: Facts,
    notes: Mapping[str, SourceNote],
    hidden: Iterable[str] = (),
    only: Iterable[str] = (),
    *,
    called: Mapping[str, str] | None = None,
) -> list[FactRow]:
    """Return the rows of the table, in a fixed order, without the properties that are hidden.

    `called` names the messages for properties that mean something of their own on this page.
    """
    chosen = frozenset(only)
    shorts = {view.site.terms.short(iri): iri for iri in facts.values}
    names = [name for name in shorts if name not in frozenset(hidden) and (not chosen or name in chosen)]
    names.sort(key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    rows = (_row(view, facts, notes, short, shorts[short]) for short in names)
    wording, own = Wording(view.asked.language), called or {}
    return [replace(row, label=wording(own[row.short])) if row.short in own else row for row in rows]


def _row(view: View, facts: Facts, notes: Mapping[str, SourceNote], short: str, iri: str) -> FactRow:
    terms, language = view.site.terms, view.asked.language
    term = terms.by_iri.get(iri)
    own, name = short.startswith("kg:"), short.partition(":")[2]
    label = terms.label(iri, language) or view_label(view, f"{_FOREIGN}.{short.replace(':', '-')}") or short
    return FactRow(
        short=short,
        label=label[:1].upper() + label[1:],
        href=f"{view.asked.href('ontology')}#{name}" if own else None,
        meaning=term.text("definition", language) if term else None,
        values=_merged(
            (
                _value(view, facts, notes, name, each)
                for value in facts.values[iri]
                for each in _by_currency(facts, name, value)
            ),
            language,
        ),
    )


def _merged(values: Iterable[FactValue], language: str) -> tuple[FactValue, ...]:
    """Return values, those in the language of the page first; what reads the same in both languages stands once."""
    found: dict[tuple[str, str | None], FactValue] = {}
    for value in sorted(values, key=lambda value: value.language not in (None, language)):
        known = found.setdefault((value.text, value.href), value)
        if known is not value:
            notes = tuple(dict.fromkeys((*known.notes, *value.notes)))
            found[value.text, value.href] = replace(known, notes=notes)
    return tuple(found.values())


def _value(view: View, facts: Facts, notes: Mapping[str, SourceNote], name: str, value: Value) -> FactValue:
    sources = tuple(notes[graph] for graph in value.sources if graph in notes)
    if value.is_thing:
        path, language = view.naming.path(value.text), view.asked.language
        thing = view.naming.thing(value.text)
        # A kind of thing that has no page of its own is named and not linked.
        here = path is not None and path.partition("/")[0] in DOCUMENT_KINDS
        elsewhere = value.text if not path and value.text.startswith(("http://", "https://")) else None
        href = view.asked.href(path) if path and here else elsewhere
        code = thing.notation if thing and thing.notation and thing.notation != thing.label(language) else None
        label_language = thing.label_language(language) if thing else None
        return FactValue(view.naming.label(value.text, language), href, not path, label_language, sources, code)
    return FactValue(_written(view, facts, name, value), None, False, value.language, sources)


def _by_currency(facts: Facts, name: str, value: Value) -> Iterator[Value]:
    """Yield an amount once for each currency in which sources mean it, and any other value as it is."""
    currencies = facts.of("kg:currency")
    if name not in MONEY or len(currencies) < 2:
        yield value
        return
    sources: dict[str, list[str]] = {}
    for source in value.sources:
        sources.setdefault(_currency(facts, (source,)), []).append(source)
    yield from (replace(value, sources=tuple(some)) for some in sources.values())


def _currency(facts: Facts, sources: Collection[str]) -> str:
    """Return the currency of the amounts that sources give."""
    found = facts.of("kg:currency")
    known = (each.text for each in found if len(found) < 2 or not set(sources).isdisjoint(each.sources))
    return next(known, "")


def _written(view: View, facts: Facts, name: str, value: Value) -> str:
    wording = Wording(view.asked.language)
    if name in MONEY:
        return wording.money(value.text, _currency(facts, value.sources))
    if name in _SHARES:
        return wording.share(value.text)
    if value.datatype == f"{_XSD}date":
        return wording.day(value.text)
    if value.datatype == f"{_XSD}boolean":
        return wording("fact.yes" if value.text == "true" else "fact.no")
    if name == "plannedParticipants":
        return wording.number(value.text)
    return value.text
