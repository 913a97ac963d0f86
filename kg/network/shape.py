"""The shape of the whole: its separate parts, and how much a few owners have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.counting import counted
from kg.network.matrices import EVERYTHING, Choice, chosen_projects
from kg.network.reading import Facts, Node
from kg.network.standing import degree_counts, linked


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the network that no owner or method links to the rest."""

    projects: tuple[Node, ...]
    owners: tuple[Node, ...]
    methods: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What an owner has: projects, their share of all, and the planned participants that are known (None if none)."""

    owner: Node
    projects: int
    share: float
    participants: int | None


@dataclass(frozen=True, slots=True)
class Concentration:
    """How the projects are spread over owners.

    `largest` is the share of the ten owners with most projects; `herfindahl` is the sum of squared shares (1 when one
    owner has all, near 0 when nobody has much); `gini` is 0 when all have alike and near 1 when one has nearly all.
    """

    owners: int
    projects: int
    largest: float
    herfindahl: float
    gini: float
    holdings: tuple[Holding, ...]


_LARGEST = 10


def components(facts: Facts, *, choice: Choice = EVERYTHING) -> list[Component]:
    """Return the separate parts of the network of projects, owners and methods, those with most projects first."""
    import networkx as nx

    found = []
    for part in nx.connected_components(linked(facts, choice)):
        kinds = {kind: tuple(facts.nodes[n] for n in sorted(part) if n.startswith(kind)) for kind in _KINDS}
        found.append(Component(kinds["project:"], kinds["owner:"], kinds["method:"]))
    return sorted(found, key=lambda each: (-len(each.projects), [project.id for project in each.projects]))


_KINDS = ("project:", "owner:", "method:")


def components_sentence(found: Sequence[Component]) -> str:
    """Return what the parts say, in one sentence."""
    if not found:
        return "There are no projects."
    projects = sum(len(each.projects) for each in found)
    alone = sum(len(each.projects) == 1 for each in found)
    shares = "shares" if alone == 1 else "share"
    return (
        f"{counted(projects, 'project')} in {counted(len(found), 'part')}; the largest holds {len(found[0].projects)},"
        f" and {counted(alone, 'project')} {shares} neither owner nor method with any other."
    )


def concentration(facts: Facts, *, choice: Choice = EVERYTHING) -> Concentration:
    """Return how the chosen projects are spread over owners; a project with two owners counts for both."""
    projects = chosen_projects(facts, choice)
    counts = degree_counts(facts, "owner", projects)
    total = sum(counts.values())
    participants = _participants(facts, projects)
    ordered = sorted(counts, key=lambda owner: (-counts[owner], facts.nodes[owner].label))
    shares = [counts[owner] / total for owner in ordered]
    return Concentration(
        owners=len(counts),
        projects=len(projects),
        largest=sum(shares[:_LARGEST]),
        herfindahl=sum(share**2 for share in shares),
        gini=_gini(sorted(counts.values())),
        holdings=tuple(
            Holding(facts.nodes[owner], counts[owner], share, participants.get(owner))
            for owner, share in zip(ordered, shares, strict=True)
        ),
    )


def concentration_sentence(found: Concentration) -> str:
    """Return what the spread says, in one sentence."""
    if not found.owners:
        return "No project has a known owner."
    largest = min(_LARGEST, found.owners)
    have = "has" if found.projects == 1 else "have"
    return (
        f"{counted(found.projects, 'project')} {have} {counted(found.owners, 'owner')};"
        f" the {largest} with most {'owns' if largest == 1 else 'own'} {found.largest:.0%} of them"
        f" (Herfindahl {found.herfindahl:.3f}, Gini {found.gini:.2f})."
    )


def _participants(facts: Facts, projects: frozenset[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for link in facts.links:
        planned = facts.nodes[link.source].attributes.get("plannedParticipants")
        if link.relation == "owner" and link.source in projects and isinstance(planned, int):
            found[link.target] = found.get(link.target, 0) + planned
    return found


def _gini(ascending: Sequence[int]) -> float:
    total = sum(ascending)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(ascending, 1))
    return 2 * weighted / (len(ascending) * total) - (len(ascending) + 1) / len(ascending)
