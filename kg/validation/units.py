"""Takes shapes apart into units that can be screened and judged by themselves, and says which nodes each looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF
from rdflib.term import Node

from kg.validation.shapegraph import Path, Shape, ShapesGraph, Targets

_TYPE = f"<{RDF.type}>"


@dataclass(frozen=True, slots=True)
class Reach:
    """How focus nodes are reached: from targets, by the paths of property shapes that stand above."""

    targets: Targets
    hops: tuple[Path, ...] = ()

    @property
    def focus(self) -> str:
        """The variable of the focus node."""
        return f"?f{len(self.hops)}"

    @property
    def variables(self) -> str:
        """The variables of target and focus: pySHACL judges a node once for each way it is reached."""
        return " ".join(f"?f{number}" for number in range(len(self.hops) + 1))

    def pattern(self, classes: Iterable[str]) -> str:
        """Return the pattern that binds the variables; `classes` are the target classes and those below them.

        Targets that are no IRIs are left out; empty if there are no others.
        """
        targets = self._targets(sorted(set(classes)))
        steps = "".join(f" ?f{number} {hop.sparql} ?f{number + 1} ." for number, hop in enumerate(self.hops))
        return f"{{ SELECT DISTINCT ?f0 WHERE {{ {targets} }} }}{steps}" if targets else ""

    def _targets(self, classes: list[str]) -> str:
        parts = []
        if classes:
            kinds = " ".join(f"<{name}>" for name in classes)
            parts.append(f"VALUES ?t {{ {kinds} }} ?f0 {_TYPE} ?t" if len(classes) > 1 else f"?f0 {_TYPE} {kinds}")
        parts += [f"?f0 <{name}> ?o" for name in self.targets.subjects_of]
        parts += [f"?s <{name}> ?f0" for name in self.targets.objects_of]
        names = [str(node) for node in self.targets.nodes if isinstance(node, ox.NamedNode)]
        if names:
            parts.append(f"VALUES ?f0 {{ {' '.join(names)} }}")
        return " UNION ".join(f"{{ {part} }}" for part in parts)


@dataclass(frozen=True, slots=True)
class Unit:
    """A shape as it is reached in one way; `whole` says that its property shapes are judged with it."""

    shape: Shape
    reach: Reach
    whole: bool


def units(shapes: ShapesGraph, left: frozenset[Node], altered: frozenset[str]) -> Iterator[Unit]:
    """Yield the units of all shapes with targets, but for those that are `left` to be judged as they are.

    The property shapes of a shape are units of their own, unless the shape must stay as it is: because it is a
    condition in another or left, because its constraints look at its property shapes, because its focus nodes cannot be
    told by a query, or because its path leads over `altered` predicates to literals whose form is not certain.
    """
    fixed = shapes.conditions | shapes.with_all_below(left) | shapes.indivisible
    for node, targets in shapes.roots:
        if node not in left:
            yield from _units(shapes, node, Reach(targets), (fixed, altered))


def _units(
    shapes: ShapesGraph, node: Node, reach: Reach, fixed: tuple[frozenset[Node], frozenset[str]]
) -> Iterator[Unit]:
    shape = shapes.shape(node)
    if shape.deactivated:
        return
    whole = node in fixed[0] or shapes.recursive(node) or not _tellable(shape, reach, fixed[1])
    yield Unit(shape, reach, whole)
    if not whole:
        below = reach if shape.path is None else Reach(reach.targets, (*reach.hops, shape.path))
        for child in sorted(shapes.children(node), key=str):
            yield from _units(shapes, child, below, fixed)


def _tellable(shape: Shape, reach: Reach, altered: frozenset[str]) -> bool:
    """Return whether queries can name the focus nodes of what stands under a shape."""
    named = all(isinstance(node, ox.NamedNode) for node in reach.targets.nodes)
    path = shape.path
    return named and (path is None or (path.sparql is not None and path.predicates.isdisjoint(altered)))
