"""Compares the statements of two graphs, source by source and all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.changes.reading import Side, Statement

_PROJECT = "ontology#Project>"
_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class Difference:
    """The statements in which two graphs differ.

    `added` and `removed` are sorted triples that only the new, or only the old graph states at all; `moved` counts
    statements of one graph of a source that changed although another source still says the same. `base` is the base of
    our IRIs, None where neither side has any project.
    """

    added: Sequence[str] = field(repr=False, hash=False)
    removed: Sequence[str] = field(repr=False, hash=False)
    moved: int
    base: str | None

    @property
    def same(self) -> bool:
        """Whether the two state the same, from the same sources."""
        return not (self.added or self.removed or self.moved)


def difference(old: Side, new: Side) -> Difference:
    """Return how two graphs differ; named graphs are compared where both sides have them.

    Raises:
        InputError: a side cannot be read.
    """
    by_graph = old.has_graphs and new.has_graphs
    base = _Base()
    only_old = {_key(each, by_graph=by_graph) for each in base.watched(old.statements())}
    only_new = set()
    for each in base.watched(new.statements()):
        key = _key(each, by_graph=by_graph)
        # Most statements stand on both sides and are forgotten here; what is left of each is only its own.
        if key in only_old:
            only_old.discard(key)
        else:
            only_new.add(key)
    # A statement that a file repeats met its like the first time, and so looked new the second.
    only_new -= _known(only_new, old, by_graph=by_graph)
    removed, added = _triples(only_old), _triples(only_new)
    still = _stated(new, removed) if by_graph else set()
    before = _stated(old, added) if by_graph else set()
    moved = sum(key.partition(_SEPARATOR)[0] in still for key in only_old)
    moved += sum(key.partition(_SEPARATOR)[0] in before for key in only_new)
    return Difference(sorted(added - before), sorted(removed - still), moved, base.found)


class _Base:
    """Finds the base of our IRIs while statements pass by."""

    def __init__(self) -> None:
        self.found: str | None = None

    def watched(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        for each in statements:
            if self.found is None and each.triple.endswith(_PROJECT):
                self.found = each.triple.rpartition(" <")[2].removesuffix(_PROJECT)
            yield each


def _key(each: Statement, *, by_graph: bool) -> str:
    return f"{each.triple}{_SEPARATOR}{each.graph}" if by_graph else each.triple


def _known(keys: set[str], where: Side, *, by_graph: bool) -> set[str]:
    return {key for each in where.statements() if (key := _key(each, by_graph=by_graph)) in keys} if keys else set()


def _triples(keys: Iterable[str]) -> set[str]:
    # A tab never stands in a canonical triple: in a literal it is escaped.
    return {key.partition(_SEPARATOR)[0] for key in keys}


def _stated(where: Side, triples: set[str]) -> set[str]:
    return {each.triple for each in where.statements() if each.triple in triples} if triples else set()


def found_values(where: Side, subjects: set[str], predicates: set[str]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the values that a graph has for some subjects and predicates, all of them terms as text."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in where.statements():
        subject, predicate, value = each.triple.split(" ", 2)
        if subject in subjects and predicate in predicates and value not in found[subject][predicate]:
            found[subject][predicate].append(value)
    return found
