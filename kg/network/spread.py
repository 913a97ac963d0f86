"""How a method spread, and where it is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from kg import ontology
from kg.counting import counted
from kg.errors import UsageError
from kg.methods.scheme import current
from kg.network.features import targets
from kg.network.matrices import EVERYTHING, Choice, Incidence, chosen_projects
from kg.network.projection import projection
from kg.network.reading import Facts, Node
from kg.vocabulary import slug

_WHOLE_COUNTRY = "region:SE"


@dataclass(frozen=True, slots=True)
class Step:
    """One project that has a method: its first day (ISO 8601, empty if unknown), its owners and regions, its roles.

    `new_region` and `new_owner` say whether it is the first in that region, and the first of that owner.
    """

    project: Node
    start: str
    owners: tuple[Node, ...]
    regions: tuple[Node, ...]
    roles: tuple[str, ...]
    new_region: bool
    new_owner: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A method that is in demand but that nobody in a region, or no owner of a type, has.

    `place` is the region's node or the id of the owner type; `projects` counts the projects that have the method
    elsewhere and `expected` how many the place would have if it were like the rest.
    """

    method: Node
    place: str
    projects: int
    expected: float
    nearest: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Strangers:
    """Two owners that share methods but no project: whom should I call?"""

    one: Node
    other: Node
    methods: tuple[Node, ...]


def method_of(facts: Facts, name: str) -> Node:
    """Return the method with that id, label or English label, whatever the case.

    An id, and any other name, of the scheme means the method that it means today.

    Raises:
        UsageError: the graph has no such method, or no project names it.
    """
    wanted = name.casefold().strip()
    methods = {node.key: node for node in facts.nodes.values() if node.kind == "method"}
    for key, node in methods.items():
        known = {key, node.label.casefold(), str(node.attributes.get("labelEn", "")).casefold()}
        if wanted in known or slug(name) == key:
            return node
    concept = current(ontology.load(), name)
    if concept is None or concept.id not in methods:
        raise UsageError(f"no project of the graph has the method {name!r}")
    return methods[concept.id]


def diffusion(facts: Facts, method: str, *, choice: Choice = EVERYTHING) -> list[Step]:
    """Return the projects that have a method (by id or name), in the order of their first day; unknown days last.

    Raises:
        UsageError: no project of the graph has such a method.
    """
    node = method_of(facts, method)
    projects = chosen_projects(facts, choice)
    roles: dict[str, list[str]] = defaultdict(list)
    for use in facts.uses:
        if use.method == node.id and use.role in choice.roles and use.project in projects:
            roles[use.project].append(use.role)
    owners, regions = targets(facts, "owner"), targets(facts, "region")
    ordered = sorted(roles, key=lambda project: (_start(facts, project) or "9999", project))
    seen: set[str] = set()
    steps = []
    for project in ordered:
        here, whose = regions.get(project, frozenset()), owners.get(project, frozenset())
        steps.append(
            Step(
                project=facts.nodes[project],
                start=_start(facts, project),
                owners=_nodes(facts, whose),
                regions=_nodes(facts, here),
                roles=tuple(roles[project]),
                new_region=bool(here - seen),
                new_owner=bool(whose - seen),
            )
        )
        seen |= here | whose
    return steps


def diffusion_sentence(found: Sequence[Step], method: Node) -> str:
    """Return how a method spread, in one sentence."""
    dated = [step for step in found if step.start]
    if not dated:
        return f"{method.label} is in {counted(len(found), 'project')}, none of them dated."
    first = dated[0]
    whose = ", ".join(owner.label for owner in first.owners) or "an unknown owner"
    regions = len({region.id for step in found for region in step.regions})
    owners = len({owner.id for step in found for owner in step.owners})
    now = f"{_number(len(found), 'project')} of {_number(owners, 'owner')} in {_number(regions, 'region')}"
    return f"{method.label} is first seen in {first.project.label} ({first.start[:4]}, {whose}), and by now in {now}."


def gaps(facts: Facts, by: str = "region", *, at_least: int = 2, choice: Choice = EVERYTHING) -> list[Gap]:
    """Return methods in `at_least` projects that are missing in a region, or (`by` is ``owner-type``) a type of owner.

    The gaps where most is expected come first; the whole country is no region here. `nearest` are projects to ask.

    Raises:
        UsageError: `by` is neither of the two.
    """
    places = _places(facts, by)
    projects = sorted(chosen_projects(facts, choice))
    size = Counter(place for project in projects for place in places.get(project, ()))
    having: dict[str, set[str]] = defaultdict(set)
    for use in facts.uses:
        if use.role in choice.roles:
            having[use.method].add(use.project)
    found = []
    for method, users in having.items():
        users &= set(projects)
        present = {place for project in users for place in places.get(project, ())}
        if len(users) >= at_least:
            nearest = _nodes(facts, sorted(users)[:3])
            for place in size.keys() - present:
                expected = len(users) * size[place] / len(projects)
                found.append(Gap(facts.nodes[method], place, len(users), expected, nearest))
    return sorted(found, key=lambda gap: (-round(gap.expected, 9), gap.method.id, gap.place))


def strangers(facts: Facts, *, most: int = 20, choice: Choice = EVERYTHING) -> list[Strangers]:
    """Return up to `most` pairs of owners that share methods but no project, those with the rarest methods first."""
    pairs = projection(facts, "owner", through="method", weighting="idf", choice=choice)
    together = {
        frozenset((one, other))
        for involved in _involved(facts, chosen_projects(facts, choice)).values()
        for one, other in combinations(sorted(involved), 2)
    }
    order = sorted(range(len(pairs.weight)), key=lambda place: (-round(float(pairs.weight[place]), 9), place))
    apart = (
        (one, other)
        for one, other in ((int(pairs.first[place]), int(pairs.second[place])) for place in order)
        if frozenset((pairs.nodes[one], pairs.nodes[other])) not in together
    )
    return [
        Strangers(
            facts.nodes[pairs.nodes[one]],
            facts.nodes[pairs.nodes[other]],
            _nodes(facts, _shared_columns(pairs.have, one, other)),
        )
        for one, other in islice(apart, most)
    ]


def _shared_columns(have: Incidence, one: int, other: int) -> list[str]:
    both = have.matrix[[one]] * have.matrix[[other]]
    return [have.columns[column] for column in both.nonzero()[1]]


def gaps_sentence(found: Sequence[Gap], pairs: Sequence[Strangers]) -> str:
    """Return what the gaps say, in one sentence."""
    unused = f"{_number(len(found), 'gap')} where a method in demand is unused" if found else "No gap"
    if not pairs:
        return f"{unused}; no two owners share a method without sharing a project."
    first = pairs[0]
    methods = ", ".join(method.label for method in first.methods)
    return f"{unused}; {first.one.label} and {first.other.label} share {methods} but no project."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _start(facts: Facts, project: str) -> str:
    return str(facts.nodes[project].attributes.get("startDate", ""))


def _nodes(facts: Facts, ids: Iterable[str]) -> tuple[Node, ...]:
    return tuple(facts.nodes[node] for node in sorted(ids))


def _places(facts: Facts, by: str) -> Mapping[str, frozenset[str]]:
    if by == "region":
        return {
            project: frozenset(r for r in found if r != "region:SE")
            for project, found in targets(facts, "region").items()
        }
    if by == "owner-type":
        types = {node.id: node.attributes.get("ownerType") for node in facts.nodes.values()}
        return {
            project: frozenset(str(types[owner]) for owner in found if types.get(owner))
            for project, found in targets(facts, "owner").items()
        }
    raise UsageError(f"gaps are looked for by region or owner-type, not by {by!r}")


def _involved(facts: Facts, projects: frozenset[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for link in facts.links:
        if link.relation in ("owner", "partner") and link.source in projects:
            found[link.source].add(link.target)
    return found
