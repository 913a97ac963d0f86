"""Reads what projects share from the search index of a build, in a tenth of the time that its statements take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.model import LINKING_ROLES, ROLES
from kg.network.reading import Facts, Link, Node, Use
from kg.search import Index, Thing, UseRow
from kg.vocabulary import Names

_SHARED = ("owner", "method")


@dataclass(frozen=True, slots=True)
class Brief:
    """A method or owner that links two or more projects, with the numbers of projects and of their owners.

    `first` are the labels of the projects whose keys come first.
    """

    kind: str
    label: str
    projects: int
    owners: int
    first: tuple[str, ...]


def briefly_shared(index: Index, most: int, named: int) -> tuple[list[Brief], int]:
    """Return the `most` things that `sharing.shared_of` yields first, briefly, and how many it yields in all.

    Of each the labels of `named` projects are given. A build may have a million projects, of which few are named here.
    """
    found: list[Brief] = []
    total = 0
    for kind in ("method", "owner"):
        numbers, projects = index.columns.spread(kind)
        shared = projects >= 2
        total += int(np.count_nonzero(shared))
        ranked = _most_first(index, numbers[shared], projects[shared], most - len(found))
        found += (_brief(index, thing, named) for thing in ranked)
    return found, total


def _most_first(index: Index, numbers: np.ndarray, projects: np.ndarray, most: int) -> list[Thing]:
    """Return the things with most projects, of those with as many by their labels."""
    if most <= 0:
        return []
    if len(numbers) > most:
        enough = projects >= np.partition(projects, -most)[-most]
        numbers, projects = numbers[enough], projects[enough]
    counted = zip(index.many(numbers.tolist()), projects.tolist(), strict=True)
    ranked = sorted(counted, key=lambda each: (-each[1], _label(each[0]), _id(each[0])))
    return [thing for thing, _ in ranked[:most]]


def _brief(index: Index, thing: Thing, named: int) -> Brief:
    projects = index.columns.having(thing.kind, thing.id)
    linked, owners = index.columns.pairs("owner")
    known = 1 if thing.kind == "owner" else len(np.unique(owners[np.isin(linked, projects)]))
    first = tuple(map(_label, index.first_by_key(projects.tolist(), named)))
    return Brief(thing.kind, _label(thing), len(projects), known, first)


def facts(index: Index) -> Facts:
    """Return projects, owners and methods with their labels, the links between them, and the uses that make a link.

    It is what `read` gives of a store for the relations owner and method, but for methods that are only mentioned.
    """
    things = {thing.id: thing for kind in ("project", *_SHARED) for thing in index.things(kind)}
    names = Names(index.meta["base"])
    links = [Link(_id(things[source]), relation, _id(things[target])) for source, relation, target in _linked(index)]
    reached = {link.target for link in links}
    nodes = [_node(thing, names) for thing in things.values() if thing.kind == "project" or _id(thing) in reached]
    uses = (
        _use(row, things)
        for thing in things.values()
        if thing.kind == "method" and _id(thing) in reached
        for row in index.uses(method=thing.id, roles=sorted(LINKING_ROLES))
    )
    return Facts(
        nodes={node.id: node for node in nodes},
        links=tuple(links),
        uses=tuple(sorted(uses, key=lambda use: (use.project, use.method, ROLES.index(use.role)))),
    )


def _linked(index: Index) -> Iterator[tuple[int, str, int]]:
    for relation in _SHARED:
        projects, targets = index.columns.pairs(relation)
        yield from (
            (source, relation, target) for source, target in zip(projects.tolist(), targets.tolist(), strict=True)
        )


def _id(thing: Thing) -> str:
    return f"{thing.kind}:{thing.key}"


def _node(thing: Thing, names: Names) -> Node:
    attributes = {"labelEn": thing.en} if thing.en else {}
    iri = names.thing(thing.kind, thing.key)
    return Node(_id(thing), thing.kind, thing.key, iri, _label(thing), attributes)


def _label(thing: Thing) -> str:
    return thing.sv or thing.en or thing.key


def _use(row: UseRow, things: dict[int, Thing]) -> Use:
    return Use(
        project=_id(things[row.project]),
        method=_id(things[row.method]),
        role=row.role,
        quote=row.quote or "",
        matched=row.matched or "",
        rule=row.rule or "",
        confidence=float(row.confidence or 1),
    )
