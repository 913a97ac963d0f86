"""Puts the sources of a build together: joins owners, and compares uses and values over the sources of a project."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import TYPE_CHECKING

from kg.agreement import Agreement
from kg.joining.comparing import Account, Comparison
from kg.joining.organisations import OrganisationText, unit_labels
from kg.joining.relations import Relations
from kg.mentions import TextMention
from kg.model import LINKING_ROLES, Notice, OwnerMention
from kg.ontology import Ontology
from kg.owners import Owner, OwnerIndex, join_owners, type_teller
from kg.owners.grouping import primary_key
from kg.owners.known import known
from kg.owners.reviewed import Reviewed, unmet
from kg.places import Places
from kg.triples import Mapping, quads
from kg.vocabulary import slug

if TYPE_CHECKING:
    import polars as pl

    from kg.columns.lists import MappedList
    from kg.columns.shard import ListedProject, ListUse

Uses = tuple[tuple[str, str, str], ...]
"""Method, role and statements (less graph and full stop, joined by line breaks) of uses of methods."""


@dataclass(frozen=True, slots=True)
class MappedPage:
    """One page read and mapped; everything that the joining step needs, and nothing more.

    `text` is the N-Quads that the page gives without a look at other pages, those of `uses` among them, in order:
    made where the page was read, for there are many who read, and only one who joins.
    """

    key: str
    name: str
    sha256: str
    layout: str
    project: str
    identifier: str
    title: str
    graph: str
    text: bytes
    uses: Uses
    derived: tuple[str, ...]
    owner: OwnerMention | None
    single: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]
    personal: int
    mentions: tuple[TextMention, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphText:
    """N-Quads of one graph; `unloaded` is what of them no page had said by itself."""

    text: bytes
    unloaded: bytes


def own_text(graph: str, lines: str, uses: Uses) -> bytes:
    """Return the N-Quads of the statements of a page, given like those of its uses, in order."""
    return quads(graph, "\n".join((lines, *(each for _, _, each in uses))).split("\n")).encode()


def with_uses(page: MappedPage, kept: Sequence[bool]) -> MappedPage:
    """Return a page with some of its uses only."""
    uses = tuple(compress(page.uses, kept))
    end = f" {page.graph} .\n"
    dropped, stays = (
        {f"{line}{end}".encode() for _, _, lines in some for line in lines.split("\n")} for some in (page.uses, uses)
    )
    dropped -= stays
    text = b"".join(line for line in page.text.splitlines(keepends=True) if line not in dropped)
    return replace(page, text=text, uses=uses)


def merged(text: bytes, more: bytes) -> bytes:
    """Return the lines of both texts, each once, in order; `text` is in order, and `more` is short."""
    lines = text.splitlines(keepends=True)
    for line in more.splitlines(keepends=True):
        place = bisect_left(lines, line)
        if place == len(lines) or lines[place] != line:
            lines.insert(place, line)
    return b"".join(lines)


class Joined:
    """All pages of a build put together: owners joined, and values compared over the pages of a project.

    Each use of a method stands with one page of its project only.
    """

    def __init__(
        self,
        pages: Sequence[MappedPage],
        mapping: Mapping,
        terms: Ontology,
        reviewed: Reviewed | None = None,
        lists: Sequence[MappedList] = (),
    ) -> None:
        self.pages, self.lists = pages, lists
        self.owners: OwnerIndex = join_owners((mention for _, mention in self._mentions()), reviewed)
        self._owner_of = {page.key: self.owners.owner_of(page.owner) for page in pages if page.owner}
        self.notices: list[Notice] = []
        self.statements = 0
        self._mapping = mapping
        self._terms = terms
        self._places = Places(terms)
        self._text = OrganisationText(terms.names)
        self._units = unit_labels(
            (mention, owner) for _, mention in self._mentions() if (owner := self.owners.owner_of(mention))
        )
        self._listed: list[pl.Series] = []
        self._list_uses: set[tuple[str, str, str]] = set()
        self._uses = {(page.project, method, role) for page in pages for method, role, _ in page.uses}
        self._compare()
        self._doubt()
        self._unmet(reviewed or Reviewed())
        titled = [(page.project, page.title, self._owner_of.get(page.key)) for page in pages]
        self._relations = Relations(terms.names, self.owners, titled)

    def _mentions(self) -> Iterator[tuple[str, OwnerMention]]:
        """Yield every mention of an owner with the name of its source."""
        yield from ((page.name, page.owner) for page in self.pages if page.owner)
        yield from ((each.source.name, mention) for each in self.lists for mention in each.mentions)

    def _owner(self, source: MappedPage | ListedProject) -> Owner | None:
        if isinstance(source, MappedPage):
            return self._owner_of.get(source.key)
        return self.owners.owner_of(source.owner) if source.owner else None

    def _doubt(self) -> None:
        """Put each doubt about an owner as a notice on the first source that shows it."""
        shown: dict[str | None, tuple[str, int]] = {}
        for name, mention in self._mentions() if self.owners.doubts else ():
            for value in (mention.number, primary_key(mention)):
                shown.setdefault(value, (name, mention.line))
        for doubt in self.owners.doubts:
            name, line = shown[doubt.value]
            self.notices.append(Notice(name, line, doubt.value, doubt.rule, doubt.message))

    def _unmet(self, reviewed: Reviewed) -> None:
        """Tell names in decisions of the user that nobody bears here: most often they are misspelt."""
        names = (self.owners.by_name, self.owners.by_number, known().by_name)
        for file, line, name in unmet(reviewed, lambda key: any(key in each for each in names)):
            message = "a decision names an owner whom no source of this build names; is it misspelt?"
            self.notices.append(Notice(file, line, name, "decision-unmet", message))

    def _compare(self) -> None:
        """Report values on which sources disagree."""
        comparison = Comparison(Agreement(self._places.within))
        described: Iterator[tuple[str, MappedPage | ListedProject]] = chain(
            ((page.name, page) for page in self.pages),
            ((each.source.name, listed) for each in self.lists for listed in each.listed),
        )
        for where, source in described:
            owner = self._owner(source)
            values = (*source.single, ("owner", owner.label)) if owner else source.single
            comparison.add(source.project, Account(where, source.identifier or source.title, values))
        self.notices.extend(comparison.notices())

    def graphs(self) -> Iterator[GraphText]:
        """Yield the N-Quads text of each graph: the sources in order, what was inferred, then the ontology."""
        for page in self.pages:
            joined = quads(page.graph, self._joined_lines(page)).encode()
            yield self._counted(merged(page.text, joined), joined)
        for each in self.lists:
            yield from (self._counted(text) for text in self._list_texts(each))
        derived = self._mapping.derived_graph()
        yield from (self._counted(text) for text in self._derived_texts(derived))
        for lines in self._terms.graphs.values():
            yield self._counted(lines)

    def linked(self, lines: Iterable[str]) -> Iterator[GraphText]:
        """Yield the graph of outward links, of those lines whose subject is an owner of the build or a region."""
        names = self._mapping.names
        ours = {f"<{names.thing('owner', owner.key)}>" for owner in self.owners.all()}
        ours |= {f"<{names.thing('region', region.id)}>" for region in self._terms.concepts("regions")}
        known = [line for line in lines if line.split(" ", 1)[0] in ours]
        if known:
            graph = f"<{names.thing('graph', 'links')}>"
            yield self._counted(quads(graph, known).encode())

    def _counted(self, text: bytes, unloaded: bytes | None = None) -> GraphText:
        self.statements += text.count(b"\n")
        return GraphText(text, text if unloaded is None else unloaded)

    def _derived_texts(self, graph: str) -> Iterator[bytes]:
        if not self.lists:
            yield quads(graph, self._derived_lines()).encode()
            return
        from kg.joining.lists import derived_texts

        yield from derived_texts(graph, self._derived_lines(), self.lists, self._mapping.project_iri("")[:-1])

    def _list_texts(self, mapped: MappedList) -> Iterator[bytes]:
        # Imported here: lists bring much that a build of pages does without.
        from kg.joining.lists import ListText

        text = ListText(mapped, self._mapping, self._ownership, self._new_uses(mapped))
        yield from text.texts()
        self._listed += text.keys
        self.notices += text.notices

    def _new_uses(self, mapped: MappedList) -> Iterator[ListUse]:
        """Yield the uses of a list that no earlier source has: a use has one proof, in the words of one source."""
        for use in mapped.uses:
            key = (use.project, use.method, use.role)
            if key not in self._list_uses and key not in self._uses:
                self._list_uses.add(key)
                yield use

    def _ownership(self, subject: str, mention: OwnerMention) -> Iterator[str]:
        owner = self.owners.owner_of(mention)
        if owner:
            unit = self._units.get((owner.key, slug(mention.unit or "")))
            yield from self._text.ownership(subject, mention, owner, unit)

    def _joined_lines(self, page: MappedPage) -> Iterator[str]:
        owner = self._owner_of.get(page.key)
        if page.owner and owner:
            unit = self._units.get((owner.key, slug(page.owner.unit or "")))
            yield from self._text.ownership(self._mapping.project_iri(page.project), page.owner, owner, unit)
        yield from self._relations.lines(page.project, page.mentions, owner)

    def _derived_lines(self) -> Iterator[str]:
        for page in self.pages:
            yield from page.derived
            yield from self._seat(page)
        type_of = type_teller(self._terms.owner_types)
        for owner in self.owners.all():
            yield from self._text.owner(owner, type_of(owner))
        yield from self._text.units((key, label) for (key, _), label in self._units.items())
        yield from self._relations.organisations()

    def _seat(self, page: MappedPage) -> Iterator[str]:
        """Yield the municipality in which the postcode of the beneficiary lies."""
        for name, value in page.single:
            place = self._places.place(value) if name == "beneficiaryPostcode" else None
            if place and place.municipality:
                municipality = self._mapping.names.thing("region", place.municipality)
                term = self._mapping.names.term("beneficiaryMunicipality")
                yield f"{self._mapping.project_iri(page.project)} <{term}> <{municipality}>"

    def counts(self) -> dict[str, int]:
        """Return what the graph holds."""
        regions = {value for page in self.pages for name, value in page.single if name == "region"}
        regions.update(*(each.regions for each in self.lists))
        used = [(method, role) for _, method, role in (*self._uses, *self._list_uses)]
        return {
            "projects": self._number_of_projects(),
            "owners": len(self.owners.all()),
            "regions": len(regions),
            "methods": len({method for method, role in used if role in LINKING_ROLES}),
            "uses": len(used),
            "triples": self.statements,
        }

    def _number_of_projects(self) -> int:
        projects = {page.project for page in self.pages}
        if not self._listed:
            return len(projects)
        import polars as pl

        return pl.concat([pl.Series(list(projects), dtype=pl.String), *self._listed]).n_unique()
