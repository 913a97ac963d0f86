"""The network of one graph, read once and asked many times: what `kg network` answers, for Python."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack

from kg.errors import UsageError
from kg.model import LINKING_ROLES
from kg.network.graph import graph_of
from kg.network.matrices import Choice
from kg.network.pair_graph import bipartite, graph_of_pairs
from kg.network.projection import projection
from kg.network.reading import Facts, Use, read
from kg.network.sharing import Shared, shared_of
from kg.network.similar import Likeness, Similar
from kg.network.texts import descriptions
from kg.network.weighing import Weighting
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx

    Period = tuple[date | None, date | None]


class Chosen(TypedDict, total=False):
    """Which projects and uses count; what is left out chooses all."""

    roles: Collection[str] | None
    period: tuple[date | None, date | None] | None
    region: str | None
    fund: str | None


class Network:
    """Projects, owners, methods and regions of a store as NetworkX graphs and as explained answers.

    Wherever projects can be chosen: `roles` are roles of methods (by default those that link), `period` is the first
    and last day of which projects must run on any (None is open), `region` and `fund` are keys (``SE12``).
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def facts(self) -> Facts:
        """All nodes, links and uses, read when first asked for."""
        return read(self._store)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self.facts, descriptions(self._store))

    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the whole graph; `kg.network.network` says what nodes and edges have."""
        return graph_of(self.facts)

    def bipartite(
        self,
        kind: str,
        other: str,
        **chosen: Unpack[Chosen],
    ) -> nx.Graph[str]:
        """Return the graph of two kinds of things, such as projects and methods.

        Raises:
            UsageError: an unknown kind, role, region or fund.
        """
        return bipartite(self.facts, kind, other, _choice(**chosen))

    def projection(
        self,
        kind: str,
        *,
        through: str,
        weighting: Weighting = "count",
        min_overlap: int = 1,
        top: int | None = None,
        **chosen: Unpack[Chosen],
    ) -> nx.Graph[str]:
        """Return the graph of things of one kind that share things of another, with what they share on each edge.

        `kg.network.projection.projection` says what the weightings are. With `top` only pairs stay that are among the
        `top` heaviest of one of their sides: large networks need that.

        Raises:
            UsageError: an unknown kind, weighting, role, region or fund.
        """
        choice = _choice(**chosen)
        pairs = projection(
            self.facts, kind, through=through, weighting=weighting, min_overlap=min_overlap, top=top, choice=choice
        )
        return graph_of_pairs(pairs, self.facts, choice=choice)

    def shared(self, *, at_least: int = 2) -> list[Shared]:
        """Return the methods and owners that link `at_least` projects, those with most projects first."""
        return list(shared_of(self.facts, at_least=at_least))

    def similar(
        self, project: str | None = None, *, text: str | None = None, region: str | None = None, top: int = 5
    ) -> list[Similar]:
        """Return the projects most like a project (diary number or key), or like an idea in a few sentences.

        Raises:
            UsageError: neither or both are given, or there is no such project or region.
        """
        if project is not None and text is None:
            return self._likeness.to_project(project, top=top, choice=_choice(region=region))
        if text is not None and project is None:
            return self._likeness.to_text(text, methods_of(text, self._store), region=region, top=top)
        raise UsageError("name a project or give a text, one of the two")


def methods_of(text: str, store: Store) -> list[Use]:
    """Return the methods that a text names, as uses of no project."""
    from kg.methods import Extractor
    from kg.ontology import load

    found = Extractor(load(store.base)).extract(text).best_uses()
    return [
        Use("", f"method:{use.method}", use.role, use.quote, use.matched, use.rule, use.confidence) for use in found
    ]


def _choice(
    roles: Collection[str] | None = None,
    period: Period | None = None,
    region: str | None = None,
    fund: str | None = None,
) -> Choice:
    return Choice(roles=LINKING_ROLES if roles is None else roles, period=period, region=region, fund=fund)
