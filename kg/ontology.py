"""Reads `ontology/*.ttl`: the table of printed fields, the concept schemes, and the graphs that a build loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from kg import resources, terms
from kg.errors import InputError, VocabularyError
from kg.vocabulary import EXTERNAL_PREFIXES, Names

SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        "funds": "fund",
        "intervention-fields": "intervention-field",
        "methods": "method",
        "owner-types": "owner-type",
        "programme-areas": "programme-area",
        "programmes": "programme",
        "regions": "region",
        "specific-objectives": "specific-objective",
    }
)
"""The concept schemes, each with the kind that stands in the IRIs of its concepts."""

_SKOS = EXTERNAL_PREFIXES["skos"]
_RDFS = EXTERNAL_PREFIXES["rdfs"]
_XSD = EXTERNAL_PREFIXES["xsd"]
_LANGUAGE_TEXT = EXTERNAL_PREFIXES["rdf"] + "langString"
_DATATYPES_BY_KIND = {"text": _LANGUAGE_TEXT, "identifier": _XSD + "string"}  # where the range is not ours to state


@dataclass(frozen=True, slots=True)
class Field:
    """A property, or a source field, with the labels under which sources print it.

    `name` is the local name (``startDate``, ``title``, ``fieldPeriod``); `kind` names the parser of the printed
    value; `datatype` is the IRI of the datatype of the value, None where the value is a thing or is not kept.
    """

    name: str
    iri: str
    labels: tuple[str, ...]
    kind: str
    datatype: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its language (empty where it has none)."""

    value: str
    lang: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of one of our schemes; `broader`, `related` and `replaced_by` are ids.

    They are of the same scheme, but a specific objective has a programme area above it. `pref`, `definition` and
    `scope_notes` are by language; `exact_matches` are IRIs of public authority lists; `top` tells a top concept (of
    the methods, a group); `programme` is the id of the programme whose code it is.
    """

    id: str
    iri: str
    pref: Mapping[str, str] = field(hash=False)
    alt: tuple[Label, ...]
    hidden: tuple[Label, ...]
    notation: str | None
    broader: tuple[str, ...]
    related: tuple[str, ...]
    exact_matches: tuple[str, ...]
    definition: Mapping[str, str] = field(hash=False)
    scope_notes: Mapping[str, str] = field(hash=False)
    top: bool
    unconfirmed: bool
    deprecated: bool
    replaced_by: str | None
    programme: str | None

    def spellings(self) -> Iterator[str]:
        """Yield the notation and every label, in a fixed order."""
        if self.notation:
            yield self.notation
        yield from self.pref.values()
        yield from (label.value for label in (*self.alt, *self.hidden))


@dataclass(frozen=True, slots=True)
class Programme:
    """What follows from a programme: its funds (ids), its period, and the form of its diary numbers (a regex)."""

    id: str
    funds: tuple[str, ...]
    start: date
    end: date
    diary_number_pattern: str | None


@dataclass(frozen=True, slots=True)
class OwnerType:
    """How a type of owner is recognised; the types are tried in the order of `order`.

    `words` are words or phrases of a name in lower case, a leading ``*`` standing for any beginning of the word;
    `prefixes` are the first digits of organisation numbers.
    """

    id: str
    order: int
    words: tuple[str, ...]
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """The ontology under one base.

    `field_by_label` maps each label exactly as printed; `programmes` are by id, `owner_types` in the order in which
    they are tried; `graphs` maps the IRI of each named graph (`…/id/graph/{ontology,reference,methods}`) to its
    sorted N-Quads in UTF-8.
    """

    base: str
    fields: tuple[Field, ...] = field(repr=False)
    field_by_label: Mapping[str, Field] = field(repr=False, hash=False)
    programmes: tuple[Programme, ...] = field(repr=False)
    owner_types: tuple[OwnerType, ...] = field(repr=False)
    graphs: Mapping[str, bytes] = field(repr=False, hash=False)
    _schemes: Mapping[str, Mapping[str, Concept]] = field(repr=False, hash=False)
    _spellings: Mapping[str, Mapping[str, Concept]] = field(repr=False, hash=False)

    @property
    def names(self) -> Names:
        """The maker of IRIs for this base."""
        return Names(self.base)

    def concepts(self, scheme: str) -> tuple[Concept, ...]:
        """Return the concepts of `scheme` (a key of `SCHEMES`), by id.

        Raises:
            VocabularyError: there is no such scheme.
        """
        return tuple(_known(self._schemes, scheme).values())

    def concept(self, scheme: str, key: str) -> Concept | None:
        """Return the concept of `scheme` whose id is `key`, or None."""
        return _known(self._schemes, scheme).get(key)

    def find(self, scheme: str, printed: str) -> Concept | None:
        """Return the concept of `scheme` whose notation or label is `printed`, whatever the case and the spaces.

        None where no concept has it, or more than one (ACT is two methods, "1" an area of two programmes).
        """
        return _known(self._spellings, scheme).get(_folded(printed))


def default_base() -> str:
    """Return the base that `ontology/kg.ttl` declares."""
    return terms.base_of(resources.folder("ontology") / "kg.ttl")


def load(base: str | None = None, folder: Path | None = None) -> Ontology:
    """Return the ontology of `folder` (default: the installed one) with all IRIs of ours under `base`.

    Raises:
        InputError: a file is missing, is not Turtle, or lacks what this module reads from it.
        UsageError: `base` is not an absolute IRI that ends in a slash.
    """
    place = folder or resources.folder("ontology")
    return _load(terms.checked_base(_declared(place) if base is None else base), place)


@lru_cache(maxsize=8)
def _declared(place: Path) -> str:
    return terms.base_of(place / "kg.ttl")


# Kept by what is loaded and not by how it was asked for: the installed base is asked for by name and without.
@lru_cache(maxsize=8)
def _load(chosen: str, place: Path) -> Ontology:
    statements = terms.read(terms.files(place), chosen)
    names = Names(chosen)
    fields = tuple(_fields(statements, names))
    schemes = {scheme: _concepts(statements, names, scheme) for scheme in SCHEMES}
    return Ontology(
        base=chosen,
        fields=fields,
        field_by_label=MappingProxyType({label: item for item in fields for label in item.labels}),
        programmes=tuple(_programme(statements, names, concept) for concept in schemes["programmes"].values()),
        owner_types=tuple(sorted(_owner_types(statements, names, schemes["owner-types"]), key=lambda t: t.order)),
        graphs=MappingProxyType({graph: "".join(lines).encode() for graph, lines in statements.lines.items()}),
        _schemes=MappingProxyType(schemes),
        _spellings=MappingProxyType({scheme: _spellings(concepts) for scheme, concepts in schemes.items()}),
    )


def _fields(statements: terms.Statements, names: Names) -> Iterator[Field]:
    for iri in statements.subjects(names.term("valueKind")):
        (kind,) = statements.texts(iri, names.term("valueKind"))
        yield Field(
            name=_local(iri),
            iri=iri,
            labels=statements.texts(iri, names.term("fieldLabel")),
            kind=kind,
            datatype=_datatype(statements.text(iri, _RDFS + "range"), kind),
        )


def _datatype(range_: str | None, kind: str) -> str | None:
    if range_ is None:
        return _DATATYPES_BY_KIND.get(kind)
    return range_ if range_.startswith(_XSD) or range_ == _LANGUAGE_TEXT else None


def _concepts(statements: terms.Statements, names: Names, scheme: str) -> Mapping[str, Concept]:
    members = statements.subjects(_SKOS + "inScheme", names.thing("scheme", scheme))
    prefix = names.thing(SCHEMES[scheme], "")
    for iri in members:
        if not iri.startswith(prefix):
            raise InputError(f"the scheme {scheme} has the concept <{iri}>, whose IRI does not begin with {prefix}")
    found = (_concept(statements, names, iri) for iri in members)
    return MappingProxyType({concept.id: concept for concept in found})


def _concept(statements: terms.Statements, names: Names, iri: str) -> Concept:
    terms_of = EXTERNAL_PREFIXES["dcterms"]
    return Concept(
        id=_local(iri),
        iri=iri,
        pref=_by_language(statements, iri, "prefLabel"),
        alt=_labels(statements, iri, "altLabel"),
        hidden=_labels(statements, iri, "hiddenLabel"),
        notation=statements.text(iri, _SKOS + "notation"),
        broader=_ids(statements, iri, _SKOS + "broader"),
        related=_ids(statements, iri, _SKOS + "related"),
        exact_matches=statements.texts(iri, _SKOS + "exactMatch"),
        definition=_by_language(statements, iri, "definition"),
        scope_notes=_by_language(statements, iri, "scopeNote"),
        top=bool(statements.of(iri, _SKOS + "topConceptOf")),
        unconfirmed=statements.text(iri, names.term("unconfirmed")) == "true",
        deprecated=statements.text(iri, EXTERNAL_PREFIXES["owl"] + "deprecated") == "true",
        replaced_by=next(iter(_ids(statements, iri, terms_of + "isReplacedBy")), None),
        programme=next(iter(_ids(statements, iri, terms_of + "isPartOf")), None),
    )


def _programme(statements: terms.Statements, names: Names, concept: Concept) -> Programme:
    start, end = (statements.text(concept.iri, names.term(name)) for name in ("startDate", "endDate"))
    if start is None or end is None:
        raise InputError(f"the programme {concept.id} lacks kg:startDate or kg:endDate")
    return Programme(
        id=concept.id,
        funds=_ids(statements, concept.iri, names.term("fund")),
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        diary_number_pattern=statements.text(concept.iri, names.term("diaryNumberPattern")),
    )


def _owner_types(statements: terms.Statements, names: Names, concepts: Mapping[str, Concept]) -> Iterator[OwnerType]:
    for concept in concepts.values():
        order = statements.text(concept.iri, names.term("recognitionOrder"))
        if order is not None:
            words = statements.texts(concept.iri, names.term("nameWord"))
            prefixes = statements.texts(concept.iri, names.term("numberPrefix"))
            yield OwnerType(concept.id, int(order), words, prefixes)


def _spellings(concepts: Mapping[str, Concept]) -> Mapping[str, Concept]:
    pairs = {(_folded(text), key) for key, concept in concepts.items() for text in concept.spellings()}
    uses = Counter(text for text, _ in pairs)
    return MappingProxyType({text: concepts[key] for text, key in pairs if uses[text] == 1})


def _by_language(statements: terms.Statements, iri: str, name: str) -> Mapping[str, str]:
    return MappingProxyType(dict(statements.by_language(iri, _SKOS + name)))


def _labels(statements: terms.Statements, iri: str, name: str) -> tuple[Label, ...]:
    return tuple(Label(text, language) for language, text in statements.by_language(iri, _SKOS + name))


def _ids(statements: terms.Statements, iri: str, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(_local(value) for value in statements.texts(iri, predicate)))


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _known(schemes: Mapping[str, Mapping[str, Concept]], scheme: str) -> Mapping[str, Concept]:
    if scheme not in schemes:
        raise VocabularyError(f"there is no concept scheme {scheme!r}; there are {', '.join(sorted(schemes))}")
    return schemes[scheme]
