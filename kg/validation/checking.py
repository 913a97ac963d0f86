"""One check of one graph by one shapes graph, in steps of which several processes can do parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdflib import PROV

from kg.validation.certain import Certain
from kg.validation.files import ill_typed_literals_allowed
from kg.validation.judge import Wording, results_of
from kg.validation.lookup import Lookup
from kg.validation.results import findings_of
from kg.validation.screen import Screen, Screened
from kg.validation.shapegraph import ShapesGraph
from kg.validation.tasks import Answer
from kg.validation.things import NAMING, Things

if TYPE_CHECKING:
    from rdflib.term import Node

    from kg.validation.facts import Facts, Term
    from kg.validation.model import Finding
    from kg.validation.outcomes import Result
    from kg.validation.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Found:
    """What a step has found: results, and the same as findings; `rest` is what it could not tell."""

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    rest: Screened


class Checking:
    """The steps of a check.

    In another process, of the same facts and shapes, they are the same.
    """

    def __init__(self, facts: Facts, shapes: Shapes) -> None:
        self.facts, self.shapes = facts, shapes
        self.graph = facts.graph()
        self.rules = ShapesGraph(shapes.graph)
        self.screen = Screen(facts, self.rules)
        # Tests prove that our own shapes are legal; a user's are tried on a sample at least.
        self.samples = shapes.base is None

    def screened(self, number: int) -> Answer:
        """Do one task of the screen."""
        with ill_typed_literals_allowed():
            return self.screen.tasks[number].answer()

    def settled(self, screened: Screened) -> Found:
        """Find what is certain of some nodes."""
        with ill_typed_literals_allowed():
            certain = Certain(self.facts, self.rules, Wording(self.graph, self.shapes.graph))
            results, rest = certain.settled(screened, samples=self.samples)
            return Found(tuple(results), self._findings(results), rest)

    def judged(self, screened: Screened) -> Found:
        """Find all that there is of some nodes.

        Raises:
            InputError: the shapes are not legal SHACL, or pySHACL cannot judge the data by them.
        """
        with ill_typed_literals_allowed():
            results = results_of(self.graph, self.rules, screened)
            return Found(tuple(results), self._findings(results), replace(screened, nodes={}, left=frozenset()))

    def _findings(self, results: Sequence[Result]) -> tuple[Finding, ...]:
        names = Lookup(self.facts, NAMING)
        names.fetch(result.focus for result in results)
        names.fetch(source for result in results for source in names.objects(result.focus, PROV.wasDerivedFrom))
        things = Things(names, self.facts.graphs_of, self.shapes.base)
        return findings_of(results, self.graph, self.shapes.graph, things)


def together(rests: Iterable[Screened], screened: Screened) -> Screened:
    """Return what is left of all portions of `screened`."""
    nodes: dict[Node, Counter[Term]] = {}
    for rest in rests:
        for shape, found in rest.nodes.items():
            nodes.setdefault(shape, Counter()).update(found)
    return replace(screened, nodes=nodes)
