"""The scheme of methods itself: which concept a name means today, and what is wrong with the scheme as SKOS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import terms
from kg.ontology import Concept, Ontology
from kg.vocabulary import EXTERNAL_PREFIXES, Names

FILE = "methods.ttl"
SHARED = "Shared label: "
"""How a note begins by which a concept declares that it shares a label with another."""

_SKOS = EXTERNAL_PREFIXES["skos"]
_LABELS = ("prefLabel", "altLabel", "hiddenLabel")
_LANGUAGES = ("en", "sv")


def current(ontology: Ontology, printed: str) -> Concept | None:
    """Return the method whose id or label is `printed`, or the one that has taken its place; None if not just one."""
    concepts = {concept.id: concept for concept in ontology.concepts("methods")}
    if printed in concepts:
        return concepts[successor(concepts, printed)]
    wanted = _folded(printed)
    named = {
        successor(concepts, concept.id)
        for concept in concepts.values()
        if any(_folded(spelling) == wanted for spelling in concept.spellings())
    }
    return concepts[named.pop()] if len(named) == 1 else None


def successor(concepts: Mapping[str, Concept], key: str) -> str:
    """Return the id of the concept that stands for `key` today: itself, or the last of its replacements."""
    seen = {key}
    while (following := concepts[key].replaced_by) in concepts and following not in seen:
        key = following or key
        seen.add(key)
    return key


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the concept `id`, in one sentence that names the rule."""

    id: str
    problem: str


def faults(folder: Path) -> tuple[Fault, ...]:
    """Return what breaks the rules of the scheme in the file `methods.ttl` of `folder`, by id.

    Raises:
        InputError: a file is missing or is not Turtle.
    """
    path = folder / FILE
    base = terms.base_of(path)
    scheme = _Scheme(terms.read((path,), base), Names(base))
    return tuple(sorted(scheme.faults(), key=lambda fault: (fault.id, fault.problem)))


class _Scheme:
    """The statements about the methods, with short ids."""

    def __init__(self, statements: terms.Statements, names: Names) -> None:
        self._statements = statements
        self._start = names.thing("method", "")
        self._members = statements.subjects(_SKOS + "inScheme", names.thing("scheme", "methods"))

    def faults(self) -> Iterator[Fault]:
        for iri in self._members:
            for problem in (*self._labels(iri), *self._hierarchy(iri), *self._succession(iri)):
                yield Fault(self._id(iri), problem)
        for label, owners in self._owners().items():
            for iri in owners if len(owners) > 1 else ():
                if label not in self._declared(iri):
                    others = ", ".join(self._id(other) for other in owners if other != iri)
                    yield Fault(self._id(iri), f"shares the label {label!r} with {others} and does not declare it")

    def _id(self, iri: str) -> str:
        return iri.removeprefix(self._start)

    def _values(self, iri: str, name: str) -> Sequence[str]:
        return self._statements.texts(iri, _SKOS + name)

    def _labels(self, iri: str) -> Iterator[str]:
        for name in ("prefLabel", "definition"):
            languages = sorted(language for language, _ in self._statements.by_language(iri, _SKOS + name))
            if languages != list(_LANGUAGES):
                found = ", ".join(languages) or "none"
                yield f"needs one skos:{name} in each of {', '.join(_LANGUAGES)}, and has {found}"
        labels = [pair for name in _LABELS for pair in self._statements.by_language(iri, _SKOS + name)]
        for language, label in sorted({pair for pair in labels if labels.count(pair) > 1}):
            yield f"has the label {label!r}@{language} more than once"

    def _hierarchy(self, iri: str) -> Iterator[str]:
        tops = self._statements.of(iri, _SKOS + "topConceptOf")
        broader = self._values(iri, "broader")
        for other in broader:
            if other not in self._members:
                yield f"has the broader concept {self._id(other)!r}, which is not in the scheme"
        if not tops and not broader:
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

    def _succession(self, iri: str) -> Iterator[str]:
        deprecated = self._deprecated(iri)
        successors = self._statements.texts(iri, EXTERNAL_PREFIXES["dcterms"] + "isReplacedBy")
        if deprecated and len(successors) != 1:
            yield f"is owl:deprecated and needs one dcterms:isReplacedBy, and has {len(successors)}"
        if successors and not deprecated:
            yield "has dcterms:isReplacedBy and is not owl:deprecated"
        for other in successors:
            if other not in self._members or self._deprecated(other):
                yield f"is replaced by {self._id(other)!r}, which is not in the scheme or is deprecated too"

    def _deprecated(self, iri: str) -> bool:
        return self._statements.text(iri, EXTERNAL_PREFIXES["owl"] + "deprecated") == "true"

    def _owners(self) -> Mapping[str, Sequence[str]]:
        owners: defaultdict[str, list[str]] = defaultdict(list)
        for iri in self._members:
            if not self._deprecated(iri):
                for label in sorted({_folded(text) for name in _LABELS for text in self._values(iri, name)}):
                    owners[label].append(iri)
        return owners

    def _declared(self, iri: str) -> set[str]:
        notes = self._values(iri, "editorialNote")
        return {_folded(note.removeprefix(SHARED)) for note in notes if note.startswith(SHARED)}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
