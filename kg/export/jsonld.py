"""JSON-LD with short keys: the context made from the ontology, and the document written one property a line.

Coercion only shortens: a value of another kind than its key expects is written out in full, so nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.errors import InputError
from kg.statements import RDF_TYPE, XSD, Description, descriptions, iri, literal
from kg.vocabulary import EXTERNAL_PREFIXES, Names

_ID, _LANGUAGE = "@id", "@language"
_EXTERNAL = {
    "altLabel": ("skos:altLabel", _LANGUAGE),
    "broader": ("skos:broader", _ID),
    "closeMatch": ("skos:closeMatch", _ID),
    "comment": ("rdfs:comment", _LANGUAGE),
    "definition": ("skos:definition", _LANGUAGE),
    "description": ("dcterms:description", _LANGUAGE),
    "exactMatch": ("skos:exactMatch", _ID),
    "generatedAtTime": ("prov:generatedAtTime", f"{XSD}dateTime"),
    "identifier": ("dcterms:identifier", ""),
    "inScheme": ("skos:inScheme", _ID),
    "isDefinedBy": ("rdfs:isDefinedBy", _ID),
    "label": ("rdfs:label", _LANGUAGE),
    "notation": ("skos:notation", ""),
    "prefLabel": ("skos:prefLabel", _LANGUAGE),
    "sameAs": ("owl:sameAs", _ID),
    "scopeNote": ("skos:scopeNote", _LANGUAGE),
    "source": ("dcterms:source", ""),
    "title": ("dcterms:title", _LANGUAGE),
    "topConceptOf": ("skos:topConceptOf", _ID),
    "unitOf": ("org:unitOf", _ID),
    "wasDerivedFrom": ("prov:wasDerivedFrom", _ID),
}
"""Keys for properties of other vocabularies: the property, and what its values are taken for."""
_OWL, _RDFS = EXTERNAL_PREFIXES["owl"], EXTERNAL_PREFIXES["rdfs"]
_RANGE = f"<{_RDFS}range>"
_INTEGERS = frozenset(f"{XSD}{name}" for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long"))
# Fifteen digits are exact in every JSON reader; JSON numbers with a fraction are not, so decimals stay text.
_EXACT_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}").fullmatch
_SUFFIX = r"[A-Za-z0-9_][A-Za-z0-9_./-]*"
_quoted = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Context:
    """The short keys of a JSON-LD document.

    `document` is the JSON value of ``@context``; `keys` maps property IRIs to keys, `kinds` those keys to what their
    values are taken for (``@id``, ``@language``, a datatype IRI or nothing), `types` class IRIs to names,
    `prefixes` names to namespaces.
    """

    document: Mapping[str, object] = field(repr=False)
    keys: Mapping[str, str] = field(repr=False)
    kinds: Mapping[str, str] = field(repr=False)
    types: Mapping[str, str] = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)


def context(found: Sequence[str], names: Names) -> Context:
    """Return the context for sorted triples that hold the ontology; each of its terms becomes a key."""
    prefixes = dict(sorted({**names.prefixes(), "id": names.thing("x").removesuffix("x/")}.items()))
    namespace = prefixes["kg"]
    properties = dict(_EXTERNAL)
    classes: list[str] = []
    for described in descriptions(triple for triple in found if triple.startswith(f"<{namespace}")):
        name = iri(described.subject).removeprefix(namespace)
        declared = described.values.get(RDF_TYPE, ())
        if f"<{_OWL}Class>" in declared:
            classes.append(name)
        elif f"<{_OWL}ObjectProperty>" in declared:
            properties[name] = (f"kg:{name}", _ID)
        elif f"<{_OWL}DatatypeProperty>" in declared:
            properties[name] = (f"kg:{name}", _datatype(described))
    return Context(
        document={
            **prefixes,
            **{name: f"kg:{name}" for name in classes},
            **{key: _definition(short, kind) for key, (short, kind) in sorted(properties.items())},
        },
        keys={_full(short, prefixes): key for key, (short, _) in properties.items()},
        kinds={key: kind for key, (_, kind) in properties.items()},
        types={f"{namespace}{name}": name for name in classes},
        prefixes=prefixes,
    )


def document(found: Sequence[str], shape: Context) -> Iterator[str]:
    """Yield the pieces of a JSON-LD document of sorted triples, one node a subject.

    Raises:
        InputError: an IRI cannot be told from a short one of the context.
    """
    writer = _Writer(shape)
    yield f'{{\n"@context": {context_text(shape)},\n"@graph": ['
    separator = "\n"
    for described in descriptions(found):
        yield separator + writer.node(described)
        separator = ",\n"
    yield "\n]\n}\n"


def context_text(shape: Context) -> str:
    """Return the context as JSON text, one key a line."""
    pairs = (f"  {_quoted(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in shape.document.items())
    return "{\n" + ",\n".join(pairs) + "\n}"


def _full(short: str, prefixes: Mapping[str, str]) -> str:
    prefix, name = short.split(":")
    return prefixes[prefix] + name


def _datatype(described: Description) -> str:
    ranges = [iri(term) for term in described.values.get(_RANGE, ())]
    typed = len(ranges) == 1 and ranges[0].startswith(XSD) and ranges[0] != f"{XSD}string"
    return ranges[0] if typed else ""


def _definition(short: str, kind: str) -> str | dict[str, str]:
    if not kind:
        return short
    if kind == _LANGUAGE:
        return {_ID: short, "@container": _LANGUAGE}
    return {_ID: short, "@type": f"xsd:{kind.removeprefix(XSD)}" if kind.startswith(XSD) else kind}


class _Writer:
    """Writes nodes with the keys of one context."""

    def __init__(self, shape: Context) -> None:
        self._shape = shape
        namespaces = {namespace: name for name, namespace in sorted(shape.prefixes.items(), reverse=True)}
        longest_first = sorted(namespaces, key=len, reverse=True)
        match = re.compile(f"({'|'.join(map(re.escape, longest_first))})({_SUFFIX})").fullmatch
        self._identity = lru_cache(maxsize=1 << 18)(lambda term: _quoted(self._short(iri(term), match, namespaces)))
        self._key = lru_cache(maxsize=None)(self._property)
        self._type = lru_cache(maxsize=None)(self._type_name)

    def node(self, described: Description) -> str:
        lines = [f'"@id": {self._identity(described.subject)}']
        for predicate, values in described.values.items():
            if predicate == RDF_TYPE and all(value[0] == "<" for value in values):
                lines.insert(1, f'"@type": {_one_or_list([self._type(value) for value in values])}')
            else:
                lines.extend(self._lines(predicate, values))
        return "{" + ",\n ".join(lines) + "}"

    def _lines(self, predicate: str, values: Sequence[str]) -> Iterator[str]:
        key, kind, full = self._key(predicate)
        if kind != _LANGUAGE:
            yield f"{key}: {_one_or_list([self._value(value, kind) for value in values])}"
            return
        by_language: dict[str, list[str]] = {}
        others: list[str] = []
        for value in values:
            text = None if value[0] == "<" else literal(value)
            if text and text.language:
                by_language.setdefault(text.language, []).append(_quoted(text.value))
            else:
                others.append(self._value(value, ""))
        if by_language:
            pairs = (f"{_quoted(tag)}: {_one_or_list(texts)}" for tag, texts in sorted(by_language.items()))
            yield f"{key}: {{{', '.join(pairs)}}}"
        if others:
            yield f"{full}: {_one_or_list(others)}"

    def _value(self, term: str, kind: str) -> str:
        if term[0] == "<":
            text = self._identity(term)
            return text if kind == _ID else f'{{"@id": {text}}}'
        value = literal(term)
        text = _quoted(value.value)
        if value.language:
            return f'{{"@value": {text}, "@language": {_quoted(value.language)}}}'
        if value.datatype in (None, f"{XSD}string"):
            return f'{{"@value": {text}}}' if kind else text
        if value.datatype != kind:
            return f'{{"@value": {text}, "@type": {self._identity(f"<{value.datatype}>")}}}'
        if value.datatype in _INTEGERS and _EXACT_INTEGER(value.value):
            return value.value
        return value.value if value.datatype == f"{XSD}boolean" and value.value in ("true", "false") else text

    def _property(self, predicate: str) -> tuple[str, str, str]:
        """Return the key, the kind of its values, and the key for values of other kinds."""
        term = iri(predicate)
        key = self._shape.keys.get(term)
        full = self._identity(predicate)
        return (_quoted(key), self._shape.kinds[key], full) if key else (full, "", full)

    def _type_name(self, term: str) -> str:
        name = self._shape.types.get(iri(term))
        return _quoted(name) if name else self._identity(term)

    def _short(self, full: str, match: Callable[[str], re.Match[str] | None], namespaces: Mapping[str, str]) -> str:
        found = match(full)
        if found:
            return f"{namespaces[found[1]]}:{found[2]}"
        scheme, _, rest = full.partition(":")
        if scheme in self._shape.document and not rest.startswith("//"):
            raise InputError(f"<{full}> would be read as a short IRI in JSON-LD: its scheme {scheme!r} is a key")
        return full


def _one_or_list(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
