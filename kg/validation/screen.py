"""Finds, fast, the nodes that may break a shape: never too few, so that the judge need look at no others.

Each constraint of each unit is screened in one of three ways: by a query, which passes only what is certainly right; by
testing each value that occurs, once; or, where neither is certain, by putting every focus node on the list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import pyoxigraph as ox
from rdflib import SH
from rdflib.term import Node, URIRef

from kg.validation.conditions import LONGEST_LIST, Condition, answered, broken_patterns
from kg.validation.evaluator import NO_CONSTRAINT, Evaluator
from kg.validation.facts import Facts, Term
from kg.validation.model import Screening
from kg.validation.queries import ConstraintQueries
from kg.validation.shapegraph import ShapesGraph, local_name
from kg.validation.sparql_constraints import declared_prefixes, sparql_body
from kg.validation.tasks import Answer, Task, Workers, in_threads
from kg.validation.units import Reach, Unit, units
from kg.validation.verdicts import Test, Verdict


@dataclass(frozen=True, slots=True)
class Screened:
    """What is left to be judged.

    `nodes` holds, by shape, each node with the number of ways in which it is reached; `apart` are the shapes whose
    property shapes are listed by themselves; `left` keep their targets, because these cannot be looked up.
    `queried` and `tested` count constraints by how they were screened; `unscreened` names those of which every focus
    node is judged, as shape and parameter.
    """

    nodes: Mapping[Node, Counter[Term]]
    apart: frozenset[Node]
    left: frozenset[Node]
    queried: int
    tested: int
    unscreened: tuple[tuple[Node, URIRef], ...]

    def summary(self, shapes: ShapesGraph) -> Screening:
        """Return how much was screened, with names for people."""
        names = sorted({f"{shapes.name(shape)}.{local_name(parameter)}" for shape, parameter in self.unscreened})
        targets = sorted(f"{shapes.name(shape)}.target" for shape in self.left)
        return Screening(self.queried, self.tested, (*names, *targets))


@dataclass(frozen=True, slots=True)
class _Job:
    """A test of values that waits for the values of its path."""

    number: int
    test: Test


class Screen:
    """Screens facts by one shapes graph, once.

    Two screens of the same facts and shapes have the same tasks, so that several processes may share them.
    """

    def __init__(self, facts: Facts, shapes: ShapesGraph) -> None:
        self._facts, self._shapes = facts, shapes
        self._evaluator = Evaluator(facts, shapes)
        self._queries = ConstraintQueries(facts, self._evaluator)
        self._left = frozenset(shape for shape, targets in shapes.roots if self._unsure(Reach(targets)))
        self._units = tuple(units(shapes, self._left, facts.altered))
        self._jobs: dict[str, list[_Job]] = defaultdict(list)
        self._conditions: dict[tuple[str, str], list[tuple[int, Condition]]] = defaultdict(list)
        self._tasks: list[Task] = []
        self._reached: dict[Reach, Counter[Term]] = {}
        self._ways: Counter[str] = Counter()
        self._unscreened: list[tuple[Node, URIRef]] = []

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """All that is to be done, the longest first: all literals are read for some of it."""
        for number, unit in enumerate(self._units):
            for parameter in unit.shape.constraints:
                self._constraint(number, unit, parameter)
        conditions = [Task(partial(self._broken_conditions, *item), query=True) for item in self._conditions.items()]
        tests = [Task(partial(self._tested_values, *item), query=False) for item in self._jobs.items()]
        return (*conditions, *tests, *self._tasks)

    def screened(self, *, samples: bool, workers: Workers = in_threads) -> Screened:
        """Return what is left to be judged; with `samples` at least one node a unit, so that faulty shapes show."""
        nodes_of: dict[int, Counter[Term]] = defaultdict(Counter)
        for answer in workers(self.tasks):
            for number, nodes in answer:
                # A node that several constraints found is judged once for each way in which it is reached.
                nodes_of[number] |= nodes
        found: dict[Node, Counter[Term]] = defaultdict(Counter)
        for number, unit in enumerate(self._units):
            nodes = nodes_of[number]
            if samples and not nodes and any(str(name) not in NO_CONSTRAINT for name in unit.shape.constraints):
                nodes = self._foci(unit.reach, "", limit=1)
            found[unit.shape.node] += nodes
        apart = frozenset(unit.shape.node for unit in self._units if not unit.whole)
        return Screened(found, apart, self._left, self._ways["query"], self._ways["test"], tuple(self._unscreened))

    def _add(self, number: int, nodes: Callable[[], Counter[Term]], *, query: bool, way: str | None = None) -> None:
        self._tasks.append(Task(lambda: [(number, nodes())], query))
        if way:
            self._ways[way] += 1

    def _ask(self, number: int, body: str, *, rest: str = "", head: str = "") -> None:
        self._add(number, partial(self._foci, self._units[number].reach, body, rest=rest, head=head), query=True)

    def _unsure(self, reach: Reach) -> bool:
        return not self._facts.altered.isdisjoint(reach.targets.objects_of)

    def _constraint(self, number: int, unit: Unit, parameter: URIRef) -> None:
        if str(parameter) in NO_CONSTRAINT or (parameter == SH.property and not unit.whole):
            return
        if parameter == SH.sparql:
            for constraint in unit.shape.constraints[parameter]:
                self._sparql(number, unit, constraint)
            return
        if parameter == SH.qualifiedValueShape:
            self._add(number, partial(self._qualified, unit), query=False, way="test")
            return
        bodies = self._queries.bodies(unit.shape, parameter, unit.reach.focus)
        if bodies is not None:
            for body in bodies:
                self._ask(number, body)
            self._ways["query"] += 1
            return
        test = self._evaluator.test(unit.shape, parameter)
        if test is not None:
            self._tested(number, unit, parameter, test)
        elif self._evaluator.knows(parameter):
            self._add(number, partial(self._one_by_one, unit, parameter), query=False, way="test")
        else:
            self._give_up(number, unit, parameter)

    def _give_up(self, number: int, unit: Unit, parameter: URIRef) -> None:
        self._add(number, partial(self._all_foci, unit.reach), query=True)
        self._unscreened.append((unit.shape.node, parameter))

    def _sparql(self, number: int, unit: Unit, constraint: Node) -> None:
        body = sparql_body(self._facts, self._shapes, unit.shape, constraint, unit.reach.focus)
        prefixes = declared_prefixes(self._shapes, constraint)
        head = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in sorted(prefixes.items()))
        if body is None or not answered(f"{head}ASK {{ {body.whole} }}"):
            self._give_up(number, unit, SH.sparql)
            return
        self._ways["query"] += 1
        if body.also:
            self._ask(number, body.also)
        if body.values is None:
            self._ask(number, body.core, rest=body.rest, head=head)
        else:
            condition = Condition(unit.reach.focus, body.core, body.values)
            self._conditions[head, body.values.path].append((number, condition))

    def _broken_conditions(self, place: tuple[str, str], jobs: list[tuple[int, Condition]]) -> Answer:
        head, path = place
        broken = broken_patterns(self._facts, head, path, [condition for _, condition in jobs])
        return [
            (number, self._foci(self._units[number].reach, pattern, head=head))
            for (number, _), pattern in zip(jobs, broken, strict=True)
            if pattern
        ]

    def _tested(self, number: int, unit: Unit, parameter: URIRef, test: Test) -> None:
        path = unit.shape.path
        if path is None or path.sparql is None:
            self._add(number, partial(self._one_by_one, unit, parameter), query=False, way="test")
        elif path.predicates.isdisjoint(self._facts.altered):
            self._jobs[path.sparql].append(_Job(number, test))
            self._ways["test"] += 1
        elif path.kind == "iri":
            self._add(number, partial(self._with_bad_pairs, unit, path.iri, test), query=False, way="test")
        else:
            self._ask(number, f"{unit.reach.focus} {path.sparql} ?v .")
            self._unscreened.append((unit.shape.node, parameter))

    def _with_bad_pairs(self, unit: Unit, predicate: str, test: Test) -> Counter[Term]:
        bad = {subject for subject, value in self._facts.pairs(predicate) if test(value) is not True}
        return _among(self._all_foci(unit.reach), bad) if bad else Counter()

    def _one_by_one(self, unit: Unit, parameter: URIRef) -> Counter[Term]:
        def holds(focus: Term) -> Verdict:
            values = self._evaluator.values(unit.shape.path, focus)
            return self._evaluator.holds(unit.shape, parameter, focus, values)

        return _among(self._all_foci(unit.reach), lambda focus: holds(focus) is not True)

    def _qualified(self, unit: Unit) -> Counter[Term]:
        path = unit.shape.path
        if path is None or path.sparql is None or not path.predicates.isdisjoint(self._facts.altered):
            return self._one_by_one(unit, SH.qualifiedValueShape)
        pattern = self._pattern(unit.reach)
        values: dict[Term, list[Term]] = defaultdict(list)
        if pattern:
            query = f"SELECT DISTINCT {unit.reach.focus} ?v WHERE {{ {pattern} {unit.reach.focus} {path.sparql} ?v }}"
            for focus, value in self._facts.rows(query):
                values[focus].append(value)  # type: ignore[index, arg-type]

        def breaks(focus: Term) -> bool:
            found = values.get(focus, [])
            return self._evaluator.holds(unit.shape, SH.qualifiedValueShape, focus, found) is not True

        return _among(self._all_foci(unit.reach), breaks)

    def _tested_values(self, path: str, jobs: list[_Job]) -> Answer:
        """Test each value at the end of a path once, then look up the focus nodes that have a bad one."""
        bad: list[set[Term]] = [set() for _ in jobs]
        for (value,) in self._facts.rows(f"SELECT DISTINCT ?v WHERE {{ ?s {path} ?v }}"):
            for job, found in zip(jobs, bad, strict=True):
                if value is not None and job.test(value) is not True:
                    found.add(value)
        return [
            (job.number, self._with_values(self._units[job.number].reach, path, found))
            for job, found in zip(jobs, bad, strict=True)
            if found
        ]

    def _with_values(self, reach: Reach, path: str, values: set[Term]) -> Counter[Term]:
        step = f"{reach.focus} {path} ?v ."
        listed = " ".join(map(str, values))
        if len(listed) <= LONGEST_LIST and not any(isinstance(value, ox.BlankNode) for value in values):
            return self._foci(reach, f"{{ SELECT {reach.focus} WHERE {{ VALUES ?v {{ {listed} }} {step} }} }}")
        pattern = self._pattern(reach)
        rows = self._facts.rows(f"SELECT DISTINCT {reach.variables} ?v WHERE {{ {pattern} {step} }}") if pattern else ()
        return self._with_static(reach, Counter(chain[-1] for chain in {row[:-1] for row in rows if row[-1] in values}))

    def _all_foci(self, reach: Reach) -> Counter[Term]:
        if reach not in self._reached:
            self._reached[reach] = self._foci(reach, "")
        return self._reached[reach]

    def _foci(
        self, reach: Reach, body: str, *, rest: str = "", head: str = "", limit: int | None = None
    ) -> Counter[Term]:
        """Return the focus nodes for which `body` holds, each with the number of ways in which it is reached.

        So it does if `rest`, which only takes away, is joined to it.
        """
        pattern = self._pattern(reach)
        parts = (body, f"{body} {rest}") if rest else (body,)
        if not pattern or any(self._nowhere(reach, part, head) for part in parts):
            return self._with_static(reach, Counter())
        end = f" LIMIT {limit}" if limit else ""
        rows = self._facts.rows(f"{head}SELECT DISTINCT {reach.variables} WHERE {{ {pattern} {parts[-1]} }}{end}")
        return self._with_static(reach, Counter(row[-1] for row in rows))

    def _nowhere(self, reach: Reach, body: str, head: str) -> bool:
        """Return whether a pattern holds for nothing at all, target or not: mostly so, and faster than a join."""
        if not body or body.lstrip().startswith(("MINUS", "FILTER")):
            return False
        return next(self._facts.rows(f"{head}SELECT {reach.focus} WHERE {{ {body} }} LIMIT 1"), None) is None

    @staticmethod
    def _with_static(reach: Reach, nodes: Counter[Term | None]) -> Counter[Term]:
        """Add the targets that no query can name, blank nodes and literals, which are judged in any case."""
        found = Counter({node: number for node, number in nodes.items() if node is not None})
        if not reach.hops:
            found |= Counter(node for node in reach.targets.nodes if not isinstance(node, ox.NamedNode))
        return found

    def _pattern(self, reach: Reach) -> str:
        return reach.pattern(name for top in reach.targets.classes for name in self._evaluator.subclasses(top))


def _among(nodes: Counter[Term], chosen: set[Term] | Callable[[Term], bool]) -> Counter[Term]:
    keeps = chosen.__contains__ if isinstance(chosen, set) else chosen
    return Counter({node: number for node, number in nodes.items() if keeps(node)})
