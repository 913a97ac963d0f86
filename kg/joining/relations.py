"""Resolves what texts say of earlier projects and of partners, and writes it with the words that show it.

A project is found by its diary number, or by name and owner together; an organisation by the exact normalised name of
an owner, a public organisation or a municipality. What is not found stays as a mention without a target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kg.literals import literal, swedish
from kg.mentions import TextMention
from kg.owners import Owner, OwnerIndex
from kg.owners.known import KnownOrganisation, known
from kg.owners.names import name_key
from kg.triples import RDF_TYPE
from kg.vocabulary import DATAPORTAL_ORGANISATION, EXTERNAL_PREFIXES, Names, project_key, slug

_LABEL, _PREF = f"<{EXTERNAL_PREFIXES['rdfs']}label>", f"<{EXTERNAL_PREFIXES['skos']}prefLabel>"
_ORGANISATION, _SAME_AS = f"<{EXTERNAL_PREFIXES['org']}Organization>", f"<{EXTERNAL_PREFIXES['owl']}sameAs>"
WITH_OWNER = frozenset(("beside-owner", "listed"))
MUNICIPALITIES = frozenset(("beside-owner", "municipality"))
_COUNT = EXTERNAL_PREFIXES["xsd"] + "nonNegativeInteger"


class Relations:
    """Resolves mentions against the projects and owners of a build; `projects` are key, title and owner."""

    def __init__(self, names: Names, owners: OwnerIndex, projects: Sequence[tuple[str, str, Owner | None]]) -> None:
        self._names, self._owners = names, owners
        self._numbers = {key for key, _, _ in projects}
        self._titles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._others: dict[str, tuple[str, str | None]] = {}
        # One mention has one proof, in the words of the first page that has it.
        self._written: set[tuple[str, str, str]] = set()
        for key, title, owner in projects:
            if title and owner:
                self._titles[name_key(title), owner.key].add(key)

    def _term(self, name: str) -> str:
        return f"<{self._names.term(name)}>"

    def lines(self, project: str, mentions: Iterable[TextMention], owner: Owner | None) -> Iterator[str]:
        """Yield the statements of a page about what its text mentions; `owner` is that of the project."""
        for each in self._with_owner(mentions, owner):
            mentioned = (project, each.relation, slug(each.name))
            if mentioned in self._written:
                continue
            self._written.add(mentioned)
            if each.relation == "continues":
                target = self._project(project, each.name, owner)
                # "Resultaten från Studiefrämjandet" names who had them.
                if not target and self._owners.named(each.name):
                    continue
                if target != self._names.thing("project", project):
                    yield from self._mention(project, each, target)
            else:
                key = self._organisation(each)
                if key and (owner is None or key != owner.key):
                    yield from self._mention(project, each, self._names.thing("owner", key))

    def _with_owner(self, mentions: Iterable[TextMention], owner: Owner | None) -> Iterator[TextMention]:
        """Yield the mentions, but those that only stand together only where the owner is one of them."""
        told = tuple(mentions)
        own = {
            each.quote
            for each in told
            if each.rule in WITH_OWNER and owner is not None and self._organisation(each) == owner.key
        }
        yield from (each for each in told if each.rule not in WITH_OWNER or each.quote in own)

    def _project(self, own: str, name: str, owner: Owner | None) -> str:
        """Return the IRI of the project that a name or number means, of the own project too; empty if unknown."""
        if project_key(name) in self._numbers:
            return self._names.thing("project", project_key(name))
        same = self._titles.get((name_key(name), owner.key), set()) if owner else set()
        if own in same or len(same) == 1:
            return self._names.thing("project", own if own in same else next(iter(same)))
        return ""

    def _organisation(self, mention: TextMention) -> str:
        """Return the key of the organisation that is surely meant, else an empty text."""
        name = f"{mention.name} kommun" if mention.rule in MUNICIPALITIES else mention.name
        # "Arbetsförmedlingen i Borlänge" is the authority, unless an owner is called so.
        for called in dict.fromkeys((name, name.partition(" i ")[0])):
            if owner := self._owners.named(called):
                return owner.key
            if public := known().named(called):
                return self._public(public)
        return ""

    def _public(self, public: KnownOrganisation) -> str:
        if public.number and public.number in self._owners.by_number:
            return public.number
        key = public.number or slug(public.name)
        self._others[key] = (public.name, public.number)
        return key

    def _mention(self, project: str, mention: TextMention, target: str) -> Iterator[str]:
        subject = f"<{self._names.thing('project', project)}>"
        node = f"<{self._names.thing('mention', project, mention.relation, slug(mention.name))}>"
        if target:
            yield f"{subject} {self._term(mention.relation)} <{target}>"
        yield f"{subject} {self._term('mention')} {node}"
        yield f"{node} {RDF_TYPE} {self._term('Mention')}"
        yield f"{node} {_LABEL} {literal(mention.name)}"
        yield f"{node} {self._term('relation')} {literal(mention.relation)}"
        if target:
            yield f"{node} {self._term('refersTo')} <{target}>"
        yield f"{node} {self._term('matchedText')} {literal(mention.name)}"
        yield f"{node} {self._term('matchRule')} {literal(mention.rule)}"
        yield f"{node} {self._term('quote')} {swedish(mention.quote)}"
        yield f"{node} {self._term('quoteStart')} {literal(str(mention.start), _COUNT)}"
        yield f"{node} {self._term('quoteEnd')} {literal(str(mention.end), _COUNT)}"

    def organisations(self) -> Iterator[str]:
        """Yield the descriptions of partners that own no project here, once the lines of all pages are written."""
        for key, (name, number) in sorted(self._others.items()):
            node = f"<{self._names.thing('owner', key)}>"
            yield f"{node} {RDF_TYPE} {_ORGANISATION}"
            yield f"{node} {_PREF} {swedish(name)}"
            if number:
                yield f"{node} {_SAME_AS} <{DATAPORTAL_ORGANISATION}{number}>"
