"""The things of a graph by IRI, looked up by property, for tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.statements import descriptions, iri, literal
from kg.vocabulary import Names


class Things:
    """Looks up values of things in sorted triples; a thing is a term such as ``<http://…>``."""

    def __init__(self, found: Sequence[str], names: Names) -> None:
        self._names = names
        self._prefixes = names.prefixes()
        self._start = names.thing("x").removesuffix("x/")
        self._values = {described.subject: described.values for described in descriptions(found)}
        self._users = self._used_by()

    def of_class(self, name: str) -> list[str]:
        """Return the things of one of our classes, sorted."""
        wanted, predicate = f"<{self._names.term(name)}>", self._predicate("rdf:type")
        return [thing for thing, values in self._values.items() if wanted in values.get(predicate, ())]

    def values(self, thing: str, name: str) -> Sequence[str]:
        """Return the terms that the property `name`, such as ``kg:owner``, has for `thing`."""
        return self._values.get(thing, {}).get(self._predicate(name), ())

    def texts(self, thing: str, name: str, language: str | None = None) -> list[str]:
        """Return the values as text: of a thing its key, of a literal (in `language` if given) its lexical form."""
        found = []
        for term in self.values(thing, name):
            if term[0] == "<":
                found.append(self.key(term))
            elif language is None or literal(term).language == language:
                found.append(literal(term).value)
        return found

    def label(self, thing: str) -> str:
        """Return the Swedish label, or any, or the key."""
        for name in ("skos:prefLabel", "dcterms:title", "rdfs:label"):
            found = self.texts(thing, name, "sv") or self.texts(thing, name)
            if found:
                return found[0]
        return self.key(thing)

    def key(self, thing: str) -> str:
        """Return what follows the kind in an IRI of ours (``22-045-S01``), or any other IRI whole."""
        full = iri(thing)
        return full.removeprefix(self._start).partition("/")[2] if full.startswith(self._start) else full

    def users(self, thing: str) -> Sequence[str]:
        """Return the projects that have `thing` as owner, method or use of a method, sorted."""
        return self._users.get(thing, ())

    def _used_by(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for project in self.of_class("Project"):
            for name in ("kg:owner", "kg:method", "kg:methodUse"):
                for value in self.values(project, name):
                    found[value][project] = None
        return {thing: list(projects) for thing, projects in found.items()}

    def _predicate(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"<{self._prefixes[prefix]}{local}>"
