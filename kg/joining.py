"""Puts the pages of a build together: joins owners, and compares uses and values over the pages of a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import LINKING_ROLES, Notice, OwnerMention
from kg.ontology import Ontology
from kg.owners import OwnerIndex, join_owners, owner_type
from kg.triples import Mapping, quads


@dataclass(frozen=True, slots=True)
class MappedPage:
    """One page read and mapped; everything that the joining step needs, and nothing more."""

    key: str
    name: str
    sha256: str
    layout: str
    project: str
    identifier: str
    title: str
    graph: str
    lines: str
    uses: tuple[tuple[str, str, str], ...]
    derived: tuple[str, ...]
    owner: OwnerMention | None
    single: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]
    personal: int


class Joined:
    """All pages of a build put together: owners joined, uses and values compared over the pages of a project."""

    def __init__(self, pages: Sequence[MappedPage], mapping: Mapping, terms: Ontology) -> None:
        self.pages = pages
        self.owners: OwnerIndex = join_owners(page.owner for page in pages if page.owner)
        self.notices: list[Notice] = []
        self.statements = 0
        self._mapping = mapping
        self._terms = terms
        self._uses: dict[str, dict[tuple[str, str], MappedPage]] = defaultdict(dict)
        self._compare()

    def _compare(self) -> None:
        """Give each use of a method to the first page that has it, and report values on which pages disagree."""
        seen: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for page in self.pages:
            for method, role, _ in page.uses:
                self._uses[page.project].setdefault((method, role), page)
            for name, value in page.single:
                first, where = seen[page.project].setdefault(name, (value, page.name))
                if value != first and where != page.name:
                    message = f"{page.identifier or page.title}: {name} is {first!r} in {where}; both are kept"
                    self.notices.append(Notice(page.name, 0, value, "sources-disagree", message))

    def graphs(self) -> Iterator[str]:
        """Yield the N-Quads text of each graph: the sources in order, what was inferred, then the ontology."""
        for page in self.pages:
            yield self._counted(quads(page.graph, self._page_lines(page)))
        yield self._counted(quads(f"<{self._mapping.names.thing('graph', 'derived')}>", self._derived_lines()))
        for text in self._terms.graphs.values():
            yield self._counted(text.decode("utf-8"))

    def _counted(self, text: str) -> str:
        self.statements += text.count("\n")
        return text

    def _page_lines(self, page: MappedPage) -> Iterator[str]:
        yield from page.lines.split("\n")
        first = self._uses[page.project]
        for method, role, lines in page.uses:
            if first[method, role] is page:
                yield from lines.split("\n")
        owner = self.owners.owner_of(page.owner) if page.owner else None
        if page.owner and owner:
            yield from self._mapping.ownership(page.project, page.owner, owner)

    def _derived_lines(self) -> Iterator[str]:
        for page in self.pages:
            yield from page.derived
        for owner in self.owners.all():
            yield from self._mapping.owner(owner, owner_type(owner, self._terms.owner_types))

    def counts(self) -> dict[str, int]:
        """Return what the graph holds."""
        regions = {value for page in self.pages for name, value in page.single if name == "region"}
        linked = {key for uses in self._uses.values() for key in uses if key[1] in LINKING_ROLES}
        return {
            "projects": len({page.project for page in self.pages}),
            "owners": len(self.owners.all()),
            "regions": len(regions),
            "methods": len({method for method, _ in linked}),
            "uses": sum(len(uses) for uses in self._uses.values()),
            "triples": self.statements,
        }
