"""What projects share: the methods and owners that link two or more of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.network.reading import Facts, Node, read
from kg.store import Store

_SHARED = ("owner", "method")


@dataclass(frozen=True, slots=True)
class Shared:
    """A method or owner that links two or more projects.

    `projects` and `owners` are nodes in the order of their keys. `quotes` are the distinct sentences that prove a
    method, each once; `same_words` says whether one sentence stands in two or more of the projects, which hints at
    copied text rather than at two decisions to use the method; it is None for an owner.
    """

    kind: Literal["method", "owner"]
    node: Node
    projects: tuple[Node, ...]
    owners: tuple[Node, ...]
    quotes: tuple[str, ...] = ()
    same_words: bool | None = None


def shared(store: Store, *, at_least: int = 2) -> list[Shared]:
    """Return the methods and then the owners that link `at_least` projects, those with most projects first.

    The nodes have their labels and no other attributes: all attributes of everything are read by `network.read`.

    Raises:
        EndpointError: the server fails.
    """
    return list(shared_of(read(store, only=_SHARED), at_least=at_least))


def shared_of(facts: Facts, *, at_least: int = 2) -> Iterator[Shared]:
    """Yield the same from facts already read."""
    by_method = _projects(facts, "method")
    by_owner = _projects(facts, "owner")
    owner_of = _targets(facts, "owner")
    quotes = _quotes(facts)
    for method in _most_first(by_method, facts, at_least):
        yield Shared(
            kind="method",
            node=facts.nodes[method],
            projects=_nodes(by_method[method], facts),
            owners=_nodes({owner for project in by_method[method] for owner in owner_of.get(project, ())}, facts),
            quotes=tuple(quotes[method]),
            same_words=any(len(projects) > 1 for projects in quotes[method].values()),
        )
    for owner in _most_first(by_owner, facts, at_least):
        yield Shared("owner", facts.nodes[owner], _nodes(by_owner[owner], facts), (facts.nodes[owner],))


def _projects(facts: Facts, relation: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for link in facts.links:
        if link.relation == relation:
            found[link.target].add(link.source)
    return found


def _targets(facts: Facts, relation: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for link in facts.links:
        if link.relation == relation:
            found[link.source].add(link.target)
    return found


def _quotes(facts: Facts) -> Mapping[str, Mapping[str, set[str]]]:
    """Return, for each method, its quotes in the order of projects, with the projects that have each."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for use in facts.linking_uses():
        if use.quote:
            found[use.method][use.quote].add(use.project)
    return found


def _most_first(by_thing: Mapping[str, set[str]], facts: Facts, at_least: int) -> list[str]:
    enough = (thing for thing, projects in by_thing.items() if len(projects) >= at_least)
    return sorted(enough, key=lambda thing: (-len(by_thing[thing]), facts.nodes[thing].label, thing))


def _nodes(ids: Iterable[str], facts: Facts) -> tuple[Node, ...]:
    return tuple(facts.nodes[node] for node in sorted(ids))
