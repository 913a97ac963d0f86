"""Makes facts and texts of projects in memory, as many as wanted, the same ones for the same number.

They have the skew of real ones: few owners have many projects, few methods are in most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.network import Facts, Link, Node, Use

_METHODS, _WORDS, _TEXT = 128, 8_000, 150
_YEARS = tuple({"startDate": f"{year}-03-01", "endDate": f"{year + 2}-12-31"} for year in range(2008, 2026))


@dataclass(frozen=True)
class Synthetic:
    facts: Facts
    texts: dict[str, str]


def synthetic(size: int) -> Synthetic:
    """Return `size` projects, a third as many owners of which most have some, 128 methods, and texts of 150 words."""
    projects = [f"project:{number:07}" for number in range(size)]
    owners = _draws(size, max(10, size // 3), seed=1)
    things = {
        "owner": [f"owner:{number}" for number in range(max(10, size // 3))],
        "region": [f"region:SE{number}" for number in range(8)],
        "specificObjective": [f"specific-objective:{number}" for number in range(12)],
    }
    methods = [f"method:{number}" for number in range(_METHODS)]
    ids = (*methods, *things["owner"], *things["region"], *things["specificObjective"])
    nodes = {node: _node(node, {}) for node in ids}
    nodes |= {node: _node(node, _YEARS[number % len(_YEARS)]) for number, node in enumerate(projects)}
    links = tuple(
        Link(project, relation, things[relation][place])
        for number, (project, owner) in enumerate(zip(projects, owners, strict=True))
        for relation, place in (("owner", owner), ("region", number % 8), ("specificObjective", number % 12))
    )
    return Synthetic(Facts(nodes, links, tuple(_uses(projects, methods))), dict(_texts(projects)))


def _uses(projects: list[str], methods: list[str]) -> Iterator[Use]:
    """Yield up to three methods a project, each in words of its own."""
    numbers = np.random.default_rng(2).integers(0, 4, len(projects)).tolist()
    drawn = iter(_draws(sum(numbers), _METHODS, seed=3))
    for project, number in zip(projects, numbers, strict=True):
        for method in sorted({next(drawn) for _ in range(number)}):
            yield Use(project, methods[method], "uses", f"Vi arbetar med {method} i {project}.", "", "", 0.9)


def _texts(projects: list[str]) -> Iterator[tuple[str, str]]:
    words = [f"{chr(97 + number % 26)}ord{_letters(number)}" for number in range(_WORDS)]
    for number, project in enumerate(projects):
        yield project, " ".join([words[place] for place in _draws(_TEXT, _WORDS, seed=10 + number)])


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


def _draws(number: int, most: int, *, seed: int) -> list[int]:
    """Return `number` numbers below `most`; half of the draws fall on an eighth of the numbers."""
    found: list[int] = (np.random.default_rng(seed).random(number) ** 3 * most).astype(int).tolist()
    return found


def _node(node: str, attributes: dict[str, str]) -> Node:
    kind, _, key = node.partition(":")
    return Node(node, kind, key, "", node, attributes)
