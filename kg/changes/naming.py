"""Names things, properties and values of two graphs for people, in Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kg.ontology import load
from kg.release.words import Text
from kg.statements import XSD, iri, literal, triples
from kg.vocabulary import EXTERNAL_PREFIXES, Names

_NAMES = ("skos:prefLabel", "dcterms:title", "rdfs:label")
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "nonNegativeInteger"))
_WORDS = {
    "dcterms:title": Text("namn", "name"),
    "dcterms:description": Text("beskrivning", "description"),
    "dcterms:identifier": Text("diarienummer", "diary number"),
    "prov:wasDerivedFrom": Text("källa", "source"),
    "rdf:type": Text("slag", "type"),
    "skos:prefLabel": Text("namn", "name"),
    "skos:altLabel": Text("annat namn", "other name"),
    "skos:definition": Text("definition", "definition"),
    "skos:broader": Text("överordnat begrepp", "broader concept"),
    "owl:sameAs": Text("samma som", "same as"),
    "kg:methodUse": Text("metod i texten", "method in the text"),
    "kg:method": Text("metod", "method"),
}
"""What is said here for properties whose labels in the ontology are about the property, or of other vocabularies."""
_ROLES = {
    "develops": Text("utvecklar", "develops"),
    "trains": Text("utbildar i", "trains staff in"),
    "builds-on": Text("bygger på", "builds on"),
    "uses": Text("använder", "uses"),
    "mentions": Text("nämner", "mentions"),
    "negated": Text("använder inte", "does not use"),
}
LONGEST = 90
"""Characters of a text that are shown; a longer one is cut around what changed."""

_Found = Mapping[str, Mapping[str, Sequence[str]]]


class Naming:
    """Names the terms of one comparison; `found` are the names by thing, of the new graph and then of the old."""

    def __init__(self, names: Names, found: Sequence[_Found]) -> None:
        self._names, self._found = names, found
        self._things = names.thing("x").removesuffix("x/")
        self._prefixes = names.prefixes()
        self._ontology = _labels_of_terms(names)

    @staticmethod
    def properties(names: Names) -> set[str]:
        """Return the properties by which things are named."""
        prefixes = names.prefixes()
        shorts = (*_NAMES, "kg:useOf", "kg:role", "kg:refersTo")
        return {f"<{prefixes[short.split(':')[0]]}{short.split(':')[1]}>" for short in shorts}

    def kind_and_key(self, thing: str) -> tuple[str, str]:
        """Return kind and key of a thing of ours; of any other the empty kind, and its short IRI."""
        full = iri(thing) if thing[0] == "<" else thing
        if full.startswith(self._things):
            kind, _, key = full.removeprefix(self._things).partition("/")
            return kind, key
        return "", self.short(full)

    def short(self, full: str) -> str:
        """Return an IRI with a prefix where one is known."""
        for prefix, namespace in self._prefixes.items():
            if full.startswith(namespace):
                return f"{prefix}:{full.removeprefix(namespace)}"
        return full

    def label(self, thing: str) -> Text:
        """Return the name of a thing in both languages, or its key."""
        for found in self._found:
            named = found.get(thing, {})
            for short in _NAMES:
                values = [literal(value) for value in named.get(self._iri(short), ()) if value[0] == '"']
                if values:
                    by_tag = {value.language or "": value.value for value in values}
                    any_one = values[0].value
                    return Text(by_tag.get("sv", any_one), by_tag.get("en", any_one))
        key = self.kind_and_key(thing)[1]
        return Text(key, key)

    def property(self, predicate: str) -> Text:
        """Return the label of a property, or its short IRI."""
        short = self.short(iri(predicate))
        return _WORDS.get(short) or self._ontology.get(predicate) or Text(short, short)

    def leads_to_parts(self, predicate: str) -> bool:
        """Return whether a property leads to parts of a project, or to the methods of such."""
        return predicate in (self._iri("kg:methodUse"), self._iri("kg:mention"), self._iri("kg:method"))

    def of_parts(self, part: str) -> str:
        """Return the property that leads to a part of a project."""
        return self._iri("kg:methodUse" if self.kind_and_key(part)[0] == "use" else "kg:mention")

    def part(self, part: str, *stated: Mapping[str, Sequence[str]]) -> Text:
        """Return the name of a part of a project: a method with its role, or what is mentioned."""
        kind, key = self.kind_and_key(part)
        if kind == "use":
            _, method, role = key.split("/", 2)
            name, word = self.label(f"<{self._names.thing('method', method)}>"), _ROLES.get(role, Text(role, role))
            return Text(f"{name.sv} ({word.sv})", f"{name.en} ({word.en})")
        predicates = (self._iri("kg:refersTo"), self._iri("kg:matchedText"))
        found = [value for predicate in predicates for each in stated for value in each.get(predicate, ())]
        return self._value(found[0]) if found else self.label(part)

    def values(self, values: Iterable[str], *, typed: bool = False) -> tuple[Text, ...]:
        """Return values as people read them, with the name of their datatype or language if `typed`."""
        return tuple(self._with_type(value) if typed else self._value(value) for value in values)

    def _with_type(self, value: str) -> Text:
        shown = self._value(value)
        if value[0] != '"':
            return shown
        found = literal(value)
        kind = found.language or self.short(found.datatype or f"{XSD}string")
        return Text(f"{shown.sv} ({kind})", f"{shown.en} ({kind})")

    def _value(self, value: str) -> Text:
        if value[0] != '"':
            return self.label(value)
        found = literal(value)
        if found.datatype in _NUMBERS:
            number = f"{Decimal(found.value):,f}"
            return Text(number.translate(str.maketrans(",.", "\u202f,")), number)
        if found.datatype and found.datatype.endswith("#boolean"):
            return Text("ja", "yes") if found.value in ("true", "1") else Text("nej", "no")
        return Text(found.value, found.value)

    def _iri(self, short: str) -> str:
        prefix, _, local = short.partition(":")
        return f"<{self._prefixes[prefix]}{local}>"


def _labels_of_terms(names: Names) -> dict[str, Text]:
    ontology = load(names.base)
    lines = ontology.graphs[names.thing("graph", "ontology")].decode().split("\n")
    predicate = f"<{EXTERNAL_PREFIXES['rdfs']}label>"
    found: dict[str, dict[str, str]] = {}
    for triple in triples(lines):
        subject, this, value = triple.split(" ", 2)
        if this == predicate:
            label = literal(value)
            found.setdefault(subject, {})[label.language or ""] = label.value
    return {subject: Text(tags["sv"], tags["en"]) for subject, tags in found.items() if {"sv", "en"} <= tags.keys()}
