"""Writes owners, their units and why names were joined, for the graphs of sources and the derived graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.literals import literal, swedish
from kg.model import OwnerMention
from kg.owners import NameMatch, Owner
from kg.triples import RDF_TYPE
from kg.vocabulary import DATAPORTAL_ORGANISATION, EXTERNAL_PREFIXES, Names, slug

_XSD = EXTERNAL_PREFIXES["xsd"]
_DATES = {10: "date", 7: "gYearMonth", 4: "gYear"}


def _external(name: str) -> str:
    prefix, local = name.split(":")
    return f"<{EXTERNAL_PREFIXES[prefix]}{local}>"


_LABEL, _PREF, _ALT = _external("rdfs:label"), _external("skos:prefLabel"), _external("skos:altLabel")
_UNIT, _UNIT_OF = _external("org:OrganizationalUnit"), _external("org:unitOf")
_SAME_AS, _DATE = _external("owl:sameAs"), _external("dcterms:date")


class OrganisationText:
    """Makes statements about organisations with the terms of one base."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def _term(self, name: str) -> str:
        return f"<{self._names.term(name)}>"

    def node(self, key: str) -> str:
        """Return the IRI of an organisation in angle brackets."""
        return f"<{self._names.thing('owner', key)}>"

    def _unit(self, key: str, unit: str) -> str:
        return f"<{self._names.thing('unit', key, slug(unit))}>"

    def ownership(self, project: str, mention: OwnerMention, owner: Owner, unit_label: str | None) -> Iterator[str]:
        """Yield what a source says about the owner of a project.

        Args:
            project: IRI of the project in angle brackets.
            mention: the owner as the source prints it.
            owner: the owner that the mention means.
            unit_label: the label that the unit has in the derived graph; another spelling is kept beside it.
        """
        node = self.node(owner.key)
        yield f"{project} {self._term('owner')} {node}"
        yield f"{node} {RDF_TYPE} {self._term('Owner')}"
        if mention.number:
            yield f"{node} {self._term('organisationNumber')} {literal(mention.number)}"
        for spelling in mention.spellings:
            if spelling != owner.label:
                yield f"{node} {_ALT} {swedish(spelling)}"
        if mention.unit:
            unit = self._unit(owner.key, mention.unit)
            yield f"{project} {self._term('ownerUnit')} {unit}"
            yield f"{unit} {RDF_TYPE} {_UNIT}"
            yield f"{unit} {_UNIT_OF} {node}"
            if mention.unit != unit_label:
                yield f"{unit} {_ALT} {swedish(mention.unit)}"

    def owner(self, owner: Owner, owner_type: str | None) -> Iterator[str]:
        """Yield what the build inferred about an owner from all its mentions, and why its names were joined."""
        node = self.node(owner.key)
        yield f"{node} {RDF_TYPE} {self._term('Owner')}"
        yield f"{node} {_PREF} {swedish(owner.label)}"
        if owner_type:
            yield f"{node} {self._term('ownerType')} <{self._names.thing('owner-type', owner_type)}>"
        if owner.number:
            yield f"{node} {_SAME_AS} <{DATAPORTAL_ORGANISATION}{owner.number}>"
            if not owner.printed_number:
                yield f"{node} {self._term('organisationNumber')} {literal(owner.number)}"
        if owner.official and owner.official != owner.label:
            yield f"{node} {_ALT} {swedish(owner.official)}"
        for match in owner.matches:
            yield from self._match(owner, match)

    def _match(self, owner: Owner, match: NameMatch) -> Iterator[str]:
        node = f"<{self._names.thing('name-match', owner.key, slug(match.name))}>"
        yield f"{self.node(owner.key)} {self._term('nameMatch')} {node}"
        yield f"{node} {RDF_TYPE} {self._term('NameMatch')}"
        yield f"{node} {_LABEL} {literal(f'{match.name} = {owner.label} ({match.rule})')}"
        yield f"{node} {self._term('matchedText')} {literal(match.name)}"
        yield f"{node} {self._term('matchRule')} {literal(match.rule)}"
        if match.date:
            yield f"{node} {_DATE} {literal(match.date, _XSD + _DATES[len(match.date)])}"

    def units(self, labels: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield the one label of each unit, from (key of the owner, label)."""
        for key, label in labels:
            yield f"{self._unit(key, label)} {_PREF} {swedish(label)}"


def unit_labels(mentions: Iterable[tuple[OwnerMention, Owner]]) -> dict[tuple[str, str], str]:
    """Return one label for each unit, by key of the owner and slug of the unit: the one with the fewest capitals."""
    found: dict[tuple[str, str], str] = {}
    for mention, owner in mentions:
        if mention.unit:
            key = (owner.key, slug(mention.unit))
            found[key] = min(found.get(key, mention.unit), mention.unit, key=_rank)
    return found


def _rank(label: str) -> tuple[bool, int, str]:
    return (label.isupper(), sum(char.isupper() for char in label), label)
