"""What is wrong with the scheme of methods as SKOS: each fault with its line in the file, the concept and the rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg import terms
from kg.errors import InputError
from kg.methods.scheme import folded
from kg.vocabulary import EXTERNAL_PREFIXES, Names

FILE = "methods.ttl"
SHARED = "Shared label: "
"""How a note begins by which a concept declares that it shares a label with another."""

_ALIGNMENT = "alignment.ttl"
_SKOS = EXTERNAL_PREFIXES["skos"]
_DCTERMS, _OWL, _RDF, _RDFS = (EXTERNAL_PREFIXES[name] for name in ("dcterms", "owl", "rdf", "rdfs"))
_LABELS = ("prefLabel", "altLabel", "hiddenLabel")
_LANGUAGES = ("en", "sv")
_LINKS = (*(_SKOS + name for name in ("broader", "related", "inScheme", "topConceptOf")), _RDFS + "seeAlso")
_NOTES = ("definition", "scopeNote", "editorialNote", "note", "example", "historyNote", "changeNote", "notation")
_MATCHES = ("closeMatch", "broadMatch", "relatedMatch")
_OTHERS = (_OWL + "deprecated", _RDF + "type", *(_DCTERMS + name for name in ("isReplacedBy", "source", "created")))
_KNOWN = frozenset((*_LINKS, *_OTHERS, *(_SKOS + name for name in (*_LABELS, *_NOTES, *_MATCHES))))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the concept `id`, in one sentence, by which rule, and at which line of which file."""

    id: str
    rule: str
    problem: str
    file: str = FILE
    line: int = 0


def faults(folder: Path) -> tuple[Fault, ...]:
    """Return what breaks the rules of the scheme in the file `methods.ttl` of `folder`, by line.

    Raises:
        InputError: a file is missing or is not Turtle.
    """
    path = folder / FILE
    base = terms.base_of(path)
    names = Names(base)
    lines = _Lines(path)
    scheme = _Scheme(terms.read((path,), base), names)
    found = [*lines.repeated(), *scheme.faults(), *_alignment(folder, base, names, scheme.ids())]
    placed = (lines.placed(fault) for fault in found)
    return tuple(sorted(placed, key=lambda fault: (fault.file, fault.line, fault.id, fault.problem)))


def _alignment(folder: Path, base: str, names: Names, ids: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the links of methods to other vocabularies, where the folder has a file of them."""
    path = folder / _ALIGNMENT
    if not path.is_file():
        return
    start = names.thing("method", "")
    statements, lines = terms.read((path,), base), _Lines(path)
    for iri in sorted(statements.values):
        if iri.startswith(start):
            key = iri.removeprefix(start)
            if key not in ids:
                problem = "is linked to another vocabulary and is not in the scheme"
                yield lines.placed(Fault(key, "alignment", problem, _ALIGNMENT))
            if statements.of(iri, _SKOS + "exactMatch"):
                problem = "has skos:exactMatch; a skill or a programme is not a method, skos:closeMatch says enough"
                yield lines.placed(Fault(key, "alignment", problem, _ALIGNMENT))


class _Lines:
    """Where the concepts stand in a file."""

    _BLOCK = re.compile(r"^<id/method/([^>]+)>")

    def __init__(self, path: Path) -> None:
        try:
            self._lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {error}") from error
        self._name = path.name
        self._starts: defaultdict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._lines, start=1):
            if found := self._BLOCK.match(line):
                self._starts[found[1]].append(number)

    def repeated(self) -> Iterator[Fault]:
        for key, (first, *others) in self._starts.items():
            for line in others:
                yield Fault(key, "one block", f"has a block at line {first} already", self._name, line)

    def placed(self, fault: Fault) -> Fault:
        """Return the fault with its line: the first of the block that holds what the problem quotes, or the block's."""
        if fault.line or fault.file != self._name:
            return fault
        if fault.id not in self._starts:
            named = (at for at, line in enumerate(self._lines, start=1) if f"<id/method/{fault.id}>" in line)
            return replace(fault, line=next(named, 1))
        start = self._starts[fault.id][-1]
        quoted = re.findall(r"'([^']+)'|\b((?:skos|owl|dcterms|kg):\w+)", fault.problem)
        wanted = [(text or term).casefold() for text, term in quoted]
        for number, line in enumerate(self._lines[start:], start=start + 1):
            if line.startswith("."):
                break
            if any(one in line.casefold() for one in wanted):
                return replace(fault, line=number)
        return replace(fault, line=start)


class _Scheme:
    """The statements about the methods, with short ids."""

    def __init__(self, statements: terms.Statements, names: Names) -> None:
        self._statements = statements
        self._start = names.thing("method", "")
        self._types = {_SKOS + "Concept": "skos:Concept", names.term("Method"): "kg:Method"}
        self._known = _KNOWN | {names.term("unconfirmed")}
        self._prefixes = names.prefixes()
        self._scheme = names.thing("scheme", "methods")
        self._members = statements.subjects(_SKOS + "inScheme", self._scheme)

    def ids(self) -> frozenset[str]:
        return frozenset(self._id(iri) for iri in self._members)

    def faults(self) -> Iterator[Fault]:
        owners = self._owners()
        for iri in sorted(iri for iri in self._statements.values if iri.startswith(self._start)):
            checks = {
                "a known concept": self._kind(iri),
                "labels and definitions": self._texts(iri),
                "hierarchy": self._hierarchy(iri),
                "related": self._related(iri),
                "replacement": self._succession(iri),
                "shared label": self._sharing(iri, owners),
            }
            for rule, problems in checks.items():
                for problem in problems:
                    yield Fault(self._id(iri), rule, problem)
        for iri in sorted(set(self._top_concepts()) - set(self._members)):
            yield Fault(self._id(iri), "hierarchy", "is skos:hasTopConcept of the scheme and is not in it")

    def _id(self, iri: str) -> str:
        return iri.removeprefix(self._start)

    def _values(self, iri: str, name: str) -> Sequence[str]:
        return self._statements.texts(iri, _SKOS + name)

    def _top_concepts(self) -> Sequence[str]:
        return self._values(self._scheme, "hasTopConcept")

    def _kind(self, iri: str) -> Iterator[str]:
        if iri not in self._members:
            yield "is not skos:inScheme <id/scheme/methods>, so that nobody finds it"
        types = self._statements.texts(iri, _RDF + "type")
        for wanted, name in self._types.items():
            group = name == "kg:Method" and self._statements.of(iri, _SKOS + "topConceptOf")
            if (wanted in types) == bool(group):
                yield f"is a group and yet said to be a {name}" if group else f"is not said to be a {name}"
        for predicate in self._statements.values[iri]:
            if predicate not in self._known:
                yield f"has {self._short(predicate)}, which the scheme does not use: misspelt?"
        for predicate in _LINKS:
            for value in self._statements.of(iri, predicate):
                if not str(value).startswith("<"):
                    yield f"links to {value.value!r}, which is a text and not an address in <>"

    def _short(self, iri: str) -> str:
        of = ((prefix, start) for prefix, start in self._prefixes.items() if iri.startswith(start))
        short = (f"{prefix}:{iri.removeprefix(start)}" for prefix, start in of)
        return next(short, f"<{iri}>")

    def _texts(self, iri: str) -> Iterator[str]:
        for name in ("prefLabel", "definition"):
            languages = sorted(language for language, _ in self._statements.by_language(iri, _SKOS + name))
            if languages != list(_LANGUAGES):
                found = ", ".join(language or "no language" for language in languages) or "none"
                yield f"needs one skos:{name} in each of {', '.join(_LANGUAGES)}, and has {found}"
        labels = [pair for name in _LABELS for pair in self._statements.by_language(iri, _SKOS + name)]
        for language, label in sorted({pair for pair in labels if labels.count(pair) > 1}):
            yield f"has the label {label!r}@{language} more than once"
        for language, text in (*labels, *self._statements.by_language(iri, _SKOS + "definition")):
            if language not in _LANGUAGES:
                yield f"has {text!r} in the language {language!r}, not in one of {', '.join(_LANGUAGES)}"
            if not text.strip():
                yield "has an empty label or definition"
            elif text != text.strip():
                yield f"has {text!r} with a space at its beginning or end"

    def _hierarchy(self, iri: str) -> Iterator[str]:
        top = bool(self._statements.of(iri, _SKOS + "topConceptOf"))
        broader = self._values(iri, "broader")
        for other in broader:
            if other not in self._members:
                yield f"has the broader concept {self._id(other)!r}, which is not in the scheme"
            elif self._deprecated(other):
                yield f"has the broader concept {self._id(other)!r}, which is owl:deprecated"
        if top != (iri in self._top_concepts()):
            yield "needs both skos:topConceptOf here and skos:hasTopConcept of the scheme, or neither"
        if not top and not broader:
            yield "has neither a broader concept nor skos:topConceptOf, so that nobody finds it"
        if iri in self._above(iri):
            yield "is its own broader concept, by way of others"
        elif broader and not any(self._statements.of(above, _SKOS + "topConceptOf") for above in self._above(iri)):
            yield "does not lead up to a top concept"

    def _above(self, iri: str) -> set[str]:
        above: set[str] = set()
        waiting = list(self._values(iri, "broader"))
        while waiting:
            following = waiting.pop()
            if following not in above:
                above.add(following)
                waiting += self._values(following, "broader")
        return above

    def _related(self, iri: str) -> Iterator[str]:
        for other in self._values(iri, "related"):
            if other not in self._members or self._deprecated(other):
                yield f"is skos:related to {self._id(other)!r}, which is not in the scheme or is deprecated"
            elif other == iri or other in self._above(iri) or iri in self._above(other):
                yield f"is skos:related to {self._id(other)!r}, which is itself, above it or below it"

    def _succession(self, iri: str) -> Iterator[str]:
        deprecated = self._deprecated(iri)
        successors = self._statements.texts(iri, _DCTERMS + "isReplacedBy")
        if deprecated and len(successors) != 1:
            yield f"is owl:deprecated and needs one dcterms:isReplacedBy, and has {len(successors)}"
        if successors and not deprecated:
            yield "has dcterms:isReplacedBy and is not owl:deprecated"
        for other in successors:
            if other not in self._members or self._deprecated(other):
                yield f"is replaced by {self._id(other)!r}, which is not in the scheme or is deprecated too"

    def _deprecated(self, iri: str) -> bool:
        return self._statements.text(iri, _OWL + "deprecated") == "true"

    def _sharing(self, iri: str, owners: Mapping[str, Sequence[str]]) -> Iterator[str]:
        declared = self._declared(iri)
        for label, sharing in owners.items():
            others = ", ".join(self._id(other) for other in sharing if other != iri)
            if iri in sharing and others and label not in declared:
                yield f"shares the label {label!r} with {others} and does not declare it"
            elif label in declared and not (iri in sharing and others):
                yield f"declares that it shares the label {label!r}, and does not"
        for label in sorted(declared - owners.keys()):
            yield f"declares that it shares the label {label!r}, which no method has"

    def _owners(self) -> Mapping[str, Sequence[str]]:
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for iri in self._members:
            if not self._deprecated(iri):
                for label in sorted({folded(text) for name in _LABELS for text in self._values(iri, name)}):
                    owners[label].append(iri)
        return owners

    def _declared(self, iri: str) -> set[str]:
        notes = self._values(iri, "editorialNote")
        return {folded(note.removeprefix(SHARED)) for note in notes if note.startswith(SHARED)}
