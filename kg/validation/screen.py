"""Finds, fast, the nodes that may break a shape: never too few, so that the judge need look at no others.

Each constraint of each unit is screened in one of three ways: by a query, which passes only what is certainly right; by
testing each value that occurs, once; or, where neither is certain, by putting every focus node on the list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox
from rdflib import SH
from rdflib.term import Node, URIRef

from kg.validation.conditions import LONGEST_LIST, Condition, answered, broken_patterns
from kg.validation.evaluator import NO_CONSTRAINT, Evaluator
from kg.validation.facts import Facts, Term
from kg.validation.model import Screening
from kg.validation.queries import ConstraintQueries
from kg.validation.shapegraph import ShapesGraph
from kg.validation.sparql_constraints import declared_prefixes, sparql_body
from kg.validation.units import Reach, Unit, units
from kg.validation.verdicts import Test, Verdict

_THREADS = 2
"""Queries at once."""


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

    def summary(self) -> Screening:
        """Return how much was screened, with names for people."""
        names = sorted({f"{_local(shape)}.{_local(parameter)}" for shape, parameter in self.unscreened})
        return Screening(self.queried, self.tested, (*names, *sorted(f"{_local(shape)}.target" for shape in self.left)))


@dataclass(frozen=True, slots=True)
class _Job:
    """A test of values that waits for the values of its path."""

    unit: Unit
    test: Test


class Screen:
    """Screens facts by one shapes graph, once."""

    def __init__(self, facts: Facts, shapes: ShapesGraph) -> None:
        self._facts, self._shapes = facts, shapes
        self._evaluator = Evaluator(facts, shapes)
        self._queries = ConstraintQueries(facts, self._evaluator)
        self._found: dict[int, Counter[Term]] = defaultdict(Counter)
        self._jobs: dict[str, list[_Job]] = defaultdict(list)
        self._conditions: dict[tuple[str, str], list[tuple[Unit, Condition]]] = defaultdict(list)
        self._queued: list[tuple[Unit, Callable[[], Counter[Term]]]] = []
        self._reached: dict[Reach, Counter[Term]] = {}
        self._ways: Counter[str] = Counter()
        self._unscreened: list[tuple[Node, URIRef]] = []

    def screened(self, *, samples: bool) -> Screened:
        """Return what is left to be judged; with `samples` at least one node a unit, so that faulty shapes show."""
        left = frozenset(shape for shape, targets in self._shapes.roots if self._unsure(Reach(targets)))
        parts = tuple(units(self._shapes, left, self._facts.altered))
        for unit in parts:
            for parameter in unit.shape.constraints:
                self._constraint(unit, parameter)
        self._work()
        nodes: dict[Node, Counter[Term]] = defaultdict(Counter)
        for unit in parts:
            found = self._found[id(unit)]
            if samples and not found and any(str(name) not in NO_CONSTRAINT for name in unit.shape.constraints):
                found = self._foci(unit.reach, "", limit=1)
            nodes[unit.shape.node] += found
        apart = frozenset(unit.shape.node for unit in parts if not unit.whole)
        return Screened(nodes, apart, left, self._ways["query"], self._ways["test"], tuple(self._unscreened))

    def _work(self) -> None:
        """Do what was put off: the queries, of which Oxigraph answers several at once, beside the tests in Python."""
        pool = ThreadPoolExecutor(_THREADS, "screen")
        try:
            # The longest first: all literals are read for some of them.
            conditions = [pool.submit(self._broken_conditions, *item) for item in self._conditions.items()]
            queries = [(unit, pool.submit(query)) for unit, query in self._queued]
            for path, jobs in self._jobs.items():
                self._test_values(path, jobs)
            found = [pair for answer in conditions for pair in answer.result()]
            for unit, nodes in (*found, *((unit, answer.result()) for unit, answer in queries)):
                self._keep(unit, nodes)
        finally:
            pool.shutdown(cancel_futures=True)

    def _later(self, unit: Unit, body: str, *, rest: str = "", head: str = "") -> None:
        self._queued.append((unit, partial(self._foci, unit.reach, body, rest=rest, head=head)))

    def _unsure(self, reach: Reach) -> bool:
        return not self._facts.altered.isdisjoint(reach.targets.objects_of)

    def _constraint(self, unit: Unit, parameter: URIRef) -> None:
        if str(parameter) in NO_CONSTRAINT or (parameter == SH.property and not unit.whole):
            return
        if parameter == SH.sparql:
            for constraint in unit.shape.constraints[parameter]:
                self._sparql(unit, constraint)
            return
        if parameter == SH.qualifiedValueShape:
            self._keep(unit, self._qualified(unit), "test")
            return
        bodies = self._queries.bodies(unit.shape, parameter, unit.reach.focus)
        if bodies is not None:
            for body in bodies:
                self._later(unit, body)
            self._ways["query"] += 1
            return
        test = self._evaluator.test(unit.shape, parameter)
        if test is not None:
            self._tested(unit, parameter, test)
        elif self._evaluator.knows(parameter):
            self._keep(unit, self._one_by_one(unit, parameter), "test")
        else:
            self._keep(unit, self._all_foci(unit.reach))
            self._unscreened.append((unit.shape.node, parameter))

    def _keep(self, unit: Unit, nodes: Counter[Term], way: str | None = None) -> None:
        # A node that several constraints found is judged once for each way in which it is reached.
        self._found[id(unit)] |= nodes
        if way:
            self._ways[way] += 1

    def _sparql(self, unit: Unit, constraint: Node) -> None:
        body = sparql_body(self._facts, self._shapes, unit.shape, constraint, unit.reach.focus)
        prefixes = declared_prefixes(self._shapes, constraint)
        head = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in sorted(prefixes.items()))
        if body is None or not answered(f"{head}ASK {{ {body.whole} }}"):
            self._keep(unit, self._all_foci(unit.reach))
            self._unscreened.append((unit.shape.node, SH.sparql))
            return
        self._ways["query"] += 1
        if body.also:
            self._later(unit, body.also)
        if body.values is None:
            self._later(unit, body.core, rest=body.rest, head=head)
        else:
            condition = Condition(unit.reach.focus, body.core, body.values)
            self._conditions[head, body.values.path].append((unit, condition))

    def _broken_conditions(
        self, place: tuple[str, str], jobs: list[tuple[Unit, Condition]]
    ) -> list[tuple[Unit, Counter[Term]]]:
        head, path = place
        broken = broken_patterns(self._facts, head, path, [condition for _, condition in jobs])
        return [
            (unit, self._foci(unit.reach, pattern, head=head))
            for (unit, _), pattern in zip(jobs, broken, strict=True)
            if pattern
        ]

    def _tested(self, unit: Unit, parameter: URIRef, test: Test) -> None:
        path = unit.shape.path
        if path is None or path.sparql is None:
            self._keep(unit, self._one_by_one(unit, parameter), "test")
        elif path.predicates.isdisjoint(self._facts.altered):
            self._jobs[path.sparql].append(_Job(unit, test))
            self._ways["test"] += 1
        elif path.kind == "iri":
            bad = {subject for subject, value in self._facts.pairs(path.iri) if test(value) is not True}
            self._keep(unit, _among(self._all_foci(unit.reach), bad) if bad else Counter(), "test")
        else:
            self._keep(unit, self._foci(unit.reach, f"{unit.reach.focus} {path.sparql} ?v ."))
            self._unscreened.append((unit.shape.node, parameter))

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

    def _test_values(self, path: str, jobs: list[_Job]) -> None:
        """Test each value at the end of a path once, then look up the focus nodes that have a bad one."""
        bad: list[set[Term]] = [set() for _ in jobs]
        for (value,) in self._facts.rows(f"SELECT DISTINCT ?v WHERE {{ ?s {path} ?v }}"):
            for job, found in zip(jobs, bad, strict=True):
                if value is not None and job.test(value) is not True:
                    found.add(value)
        for job, found in zip(jobs, bad, strict=True):
            if found:
                self._keep(job.unit, self._with_values(job.unit.reach, path, found))

    def _with_values(self, reach: Reach, path: str, values: set[Term]) -> Counter[Term]:
        step = f"{reach.focus} {path} ?v ."
        listed = " ".join(map(str, values))
        if len(listed) <= LONGEST_LIST and not any(isinstance(value, ox.BlankNode) for value in values):
            return self._foci(reach, f"VALUES ?v {{ {listed} }} {step}")
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


def _local(node: Node) -> str:
    return str(node).replace("#", "/").rpartition("/")[2]


def _among(nodes: Counter[Term], chosen: set[Term] | Callable[[Term], bool]) -> Counter[Term]:
    keeps = chosen.__contains__ if isinstance(chosen, set) else chosen
    return Counter({node: number for node, number in nodes.items() if keeps(node)})
