"""Writes what sources say as N-Quads text: one named graph a source, and one for what the build inferred.

Text and not objects: Oxigraph loads N-Quads text far faster than statements one by one, and the text is also the
file that is published. Terms are written in the canonical form, so that equal statements are equal lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from kg.codes import CODE_SCHEMES, COUNTRY, Codes, iri_safe
from kg.errors import VocabularyError
from kg.literals import escaped, in_language, literal, swedish
from kg.model import LINKING_ROLES, MethodUse, Project, Scalar, Source
from kg.ontology import SCHEMES, Ontology
from kg.values import tidy
from kg.vocabulary import EXTERNAL_PREFIXES, project_key

RDF_TYPE = f"<{EXTERNAL_PREFIXES['rdf']}type>"
_XSD = EXTERNAL_PREFIXES["xsd"]


def _external(name: str) -> str:
    prefix, local = name.split(":")
    return f"<{EXTERNAL_PREFIXES[prefix]}{local}>"


_LABEL, _PREF = _external("rdfs:label"), _external("skos:prefLabel")
_NOTATION, _IN_SCHEME = _external("skos:notation"), _external("skos:inScheme")
_CONCEPT = _external("skos:Concept")
DERIVED_FROM, _SOURCE = _external("prov:wasDerivedFrom"), _external("dcterms:source")
_GENERATED = _external("prov:generatedAtTime")
_DESCRIPTION = _external("dcterms:description")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes predicate and object of the values of one property: what stands before, the value itself, what follows.

    With `tagged` the language of the source's text follows as well.
    """

    start: str
    lexical: Callable[[Any], str]
    end: str
    tagged: bool = False

    def __call__(self, value: Scalar, language: str) -> str:
        """Return the statement's predicate and object."""
        return f"{self.start}{self.lexical(value)}{self.ending(language)}"

    def ending(self, language: str) -> str:
        """Return what follows the value."""
        return f"{self.end}@{language}" if self.tagged else self.end


@dataclass(frozen=True, slots=True)
class CodeText:
    """A code as text: predicate and object of the statement about the project, and the lines of an unlisted concept."""

    statement: str
    concept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectText:
    """The N-Quads of one project page, in two parts because uses of a method are joined over the pages of a project.

    `graph` is the graph's IRI in angle brackets; `lines` lack the graph and the full stop and are joined by line
    breaks, because one long string travels between processes much faster than many short ones; `uses` holds, for each
    method and role, the lines of that use.
    """

    graph: str
    lines: str
    uses: tuple[tuple[str, str, str], ...]


class Mapping:
    """Maps projects to statements with the terms, data types and code lists of one ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self.names = ontology.names
        self.codes = Codes(ontology)
        self._fields = {field.name: field for field in ontology.fields}
        self._writers: dict[str, Writer] = {}
        # A programme has few codes, and they are the same on page after page.
        self._codes_kept = lru_cache(maxsize=4096)(self._code)
        self._term = {name: f"<{self.names.term(name)}>" for name in _TERMS}

    def graph(self, source: Source) -> str:
        """Return the IRI of the source, which is also its graph, in angle brackets."""
        return f"<{self.names.thing('source', source.key)}>"

    def derived_graph(self) -> str:
        """Return the IRI, in angle brackets, of the graph of what follows from sources that do not print it."""
        return f"<{self.names.thing('graph', 'derived')}>"

    def project_iri(self, key: str) -> str:
        """Return the IRI of a project in angle brackets."""
        return f"<{self.names.thing('project', key)}>"

    def project(self, project: Project, uses: Iterable[MethodUse]) -> ProjectText:
        """Return the statements of one page about one project, without its owner."""
        subject = self.project_iri(project.key)
        lines = [f"{subject} {RDF_TYPE} {self._term['Project']}"]
        programme = self.programme(project) or project.scope
        for fact in project.facts:
            if fact.name in CODE_SCHEMES:
                code = self.code(fact.name, str(fact.value), fact.printed, programme)
                lines += (f"{subject} {code.statement}", *code.concept)
            else:
                lines.append(f"{subject} {self.statement(fact.name, fact.value, project.language)}")
        if project.text:
            lines.append(f"{subject} {_DESCRIPTION} {in_language(project.text, project.language)}")
        lines.append(f"{subject} {DERIVED_FROM} {self.graph(project.source)}")
        lines.extend(self.source(project.source))
        groups = tuple((use.method, use.role, "\n".join(self._use(subject, project.key, use))) for use in uses)
        return ProjectText(self.graph(project.source), "\n".join(lines), groups)

    def programme(self, project: Project) -> str | None:
        """Return the programme that the page prints or that its diary number or first day proves."""
        printed = project.value("programme")
        if printed:
            return str(printed)
        identifier, start = project.value("identifier"), project.value("startDate")
        return self.proven_programme(project.key, project.scope, identifier, start)

    def proven_programme(
        self, key: str, scope: str | None, identifier: Scalar | None, start: Scalar | None
    ) -> str | None:
        """Return the programme that a diary number or the first day proves, if the number is the project's own key."""
        if scope or (identifier and key != project_key(str(identifier))):
            return None
        day = start if isinstance(start, date) else None
        return self.codes.programme_of(str(identifier) if identifier else None, day)

    def derived(self, project: Project) -> Iterator[str]:
        """Yield what is not printed but follows: the programme from the number or the day, the fund from it."""
        subject, programme = self.project_iri(project.key), self.programme(project)
        if programme:
            for statement in self.following(programme, project.value("programme"), project.value("fund")):
                yield f"{subject} {statement}"

    def following(self, programme: str, printed: Scalar | None, fund: Scalar | None) -> Iterator[str]:
        """Yield predicate and object of what follows from a programme where no programme or no fund is printed."""
        if not printed:
            yield self.statement("programme", programme)
        known = self.codes.fund_of(programme)
        if known and not fund:
            yield self.statement("fund", known)

    def predicate(self, name: str) -> str:
        """Return the property that the values called `name` fill, in angle brackets.

        Raises:
            VocabularyError: no value of a project is called so.
        """
        try:
            return _ENGLISH.get(name) or f"<{self._fields[name].iri}>"
        except KeyError:
            raise VocabularyError(f"the ontology has no field called {name!r}") from None

    def statement(self, name: str, value: Scalar, language: str = "sv") -> str:
        """Return predicate and object of the statement that a value makes; for codes there is `code`.

        Raises:
            VocabularyError: no value of a project is called so.
        """
        return self.writer(name)(value, language)

    def writer(self, name: str) -> Writer:
        """Return the function that writes predicate and object of the values called `name`, given value and language.

        Raises:
            VocabularyError: no value of a project is called so.
        """
        writer = self._writers.get(name)
        if writer is None:
            writer = self._writers[name] = self._new_writer(name, self.predicate(name))
        return writer

    def _new_writer(self, name: str, predicate: str) -> Writer:
        if name in _THINGS:
            return Writer(f"{predicate} <{self.names.thing(name, '')}", str, ">")
        if name in ("country", "sameAs"):
            return Writer(f"{predicate} <{COUNTRY if name == 'country' else ''}", str, ">")
        datatype = self._fields[name].datatype
        if name in _ENGLISH:
            return Writer(f'{predicate} "', escaped, '"@en')
        if (datatype or "").endswith("#langString"):
            return Writer(f'{predicate} "', escaped, '"', tagged=True)
        if (datatype or "").endswith("#string"):
            return Writer(f'{predicate} "', escaped, '"')
        return Writer(f"{predicate} ", partial(literal, datatype=datatype), "")

    def code(self, name: str, value: str, printed: str, programme: str | None) -> CodeText:
        """Return what a code of a programme says; one that no scheme lists gets a concept with its print as label."""
        return self._codes_kept(name, value, printed, programme)

    def _code(self, name: str, value: str, printed: str, programme: str | None) -> CodeText:
        scheme = CODE_SCHEMES[name]
        identity = self.codes.concept_id(scheme, programme, value)
        concept = f"<{self.names.thing(SCHEMES[scheme], iri_safe(identity))}>"
        statement = f"{self._term[name]} {concept}"
        if self.codes.knows(scheme, identity):
            return CodeText(statement, ())
        lines = (
            f"{concept} {RDF_TYPE} {_CONCEPT}",
            f"{concept} {_NOTATION} {literal(value)}",
            f"{concept} {_PREF} {swedish(tidy(printed))}",
            f"{concept} {_IN_SCHEME} <{self.names.thing('scheme', scheme)}>",
        )
        return CodeText(statement, lines)

    def source(self, source: Source) -> Iterator[str]:
        """Yield the description of a source."""
        subject = self.graph(source)
        yield f"{subject} {RDF_TYPE} {self._term['Source']}"
        yield f"{subject} {_LABEL} {literal(source.name)}"
        yield f"{subject} {_SOURCE} " + (f"<{source.address}>" if source.address else literal(source.name))
        yield f"{subject} {self._term['sha256']} {literal(source.sha256)}"
        if source.layout:
            yield f"{subject} {self._term['layout']} {literal(source.layout)}"
        if source.retrieved:
            yield f"{subject} {_GENERATED} {literal(source.retrieved, _XSD + 'dateTime')}"

    def _use(self, subject: str, project_key: str, use: MethodUse) -> Iterator[str]:
        node = f"<{self.names.thing('use', project_key, use.method, use.role)}>"
        method = f"<{self.names.thing('method', use.method)}>"
        term = self._term
        yield f"{subject} {term['methodUse']} {node}"
        if use.role in LINKING_ROLES:
            yield f"{subject} {term['method']} {method}"
        yield f"{node} {RDF_TYPE} {term['MethodUse']}"
        yield f"{node} {term['useOf']} {method}"
        yield f"{node} {term['role']} {literal(use.role)}"
        yield f"{node} {term['quote']} {swedish(use.quote)}"
        yield f"{node} {term['quoteStart']} {literal(use.start, _XSD + 'nonNegativeInteger')}"
        yield f"{node} {term['quoteEnd']} {literal(use.end, _XSD + 'nonNegativeInteger')}"
        yield f"{node} {term['matchedText']} {literal(use.matched)}"
        yield f"{node} {term['matchRule']} {literal(use.rule)}"
        yield f"{node} {term['confidence']} {_confidence(use.confidence)}"


@lru_cache(maxsize=1024)
def _confidence(value: float) -> str:
    return literal(Decimal(str(round(value, 3))))


_TITLE = _external("dcterms:title")
_ENGLISH = {"fieldEnglishTitle": _TITLE, "fieldEnglishDescription": _DESCRIPTION}
_THINGS = frozenset(("region", "fund", "programme"))
_TERMS = (
    *("Project", "Source", "MethodUse", "methodUse", "method", "useOf", "role", "quote", "quoteStart"),
    *("quoteEnd", "matchedText", "matchRule", "confidence"),
    *("sha256", "layout", "currency", "country", "region", "fund", "programme", *CODE_SCHEMES),
)


def quads(graph: str, lines: Iterable[str]) -> str:
    """Return distinct `lines` in alphabetical order as N-Quads of one `graph` (an IRI in angle brackets)."""
    ordered = sorted(set(lines))
    end = f" {graph} .\n"
    return end.join(ordered) + end if ordered else ""
