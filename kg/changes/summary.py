"""Tells what a difference means: things that came and went, and which of their values changed from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.changes.comparing import Difference, found_values
from kg.changes.naming import Naming
from kg.changes.reading import Side
from kg.ontology import default_base
from kg.release.words import Text
from kg.statements import RDF_TYPE
from kg.vocabulary import Names

State = Literal["added", "removed", "changed"]
KINDS = (
    *("project", "owner", "unit", "method", "region", "fund", "programme", "programme-area", "specific-objective"),
    *("intervention-field", "owner-type", "source"),
)
"""Kinds of things in the order in which changes are told; others come after them."""
_PARTS = ("use", "mention", "name-match")
"""Kinds of things that belong to the thing whose key begins theirs, and are told with it."""
_WHOLE = "project"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A property of a thing whose values changed: those that went and those that came, as people read them.

    `property` is its IRI. `links` tells that the values are things that were linked, such as methods.
    """

    property: str
    label: Text
    old: tuple[Text, ...]
    new: tuple[Text, ...]
    links: bool


@dataclass(frozen=True, slots=True)
class ThingChange:
    """A thing that came, went or changed; what it has is listed only for a thing that changed.

    `iri` is `_:name` for a thing without a name of its own.
    """

    iri: str
    kind: str
    key: str
    label: Text
    state: State
    values: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed: the things in a fixed order, and the bare difference."""

    old: str
    new: str
    base: str
    things: tuple[ThingChange, ...]
    difference: Difference = field(repr=False)

    def count(self, kind: str, state: State) -> int:
        """Return how many things of a kind are in a state."""
        return sum(thing.kind == kind and thing.state == state for thing in self.things)


def changes(old: Side, new: Side, difference: Difference) -> Changes:
    """Return what a difference means for people.

    Raises:
        InputError: a side cannot be read.
    """
    names = Names(difference.base or default_base())
    lost, gained = _by_subject(difference.removed), _by_subject(difference.added)
    naming = _naming(names, old, new, lost, gained)
    states = {subject: _state(lost.get(subject, {}), gained.get(subject, {})) for subject in {*lost, *gained}}
    owners = {subject: _whole(subject, names) for subject in states}
    found = []
    for subject in {*states, *filter(None, owners.values())}:
        if owners.get(subject):
            continue
        parts = [part for part, whole in owners.items() if whole == subject]
        # First what came and went, then details of what stayed.
        parts.sort(key=lambda part: (states[part] == "changed", part))
        state = states.get(subject, "changed")
        values: tuple[ValueChange, ...] = ()
        if state == "changed":
            told = {*parts, *(f"<{iri}>" for part in parts for iri in _methods_of(part, names))}
            values = (
                *_values(subject, _without(lost, told, naming), _without(gained, told, naming), naming),
                *(change for part in parts for change in _part(part, states[part], lost, gained, naming)),
            )
        kind, key = naming.kind_and_key(subject)
        found.append(ThingChange(subject.strip("<>"), kind, key, naming.label(subject), state, _merged(values)))
    found.sort(
        key=lambda each: (_rank(each.kind), each.kind, ("added", "removed", "changed").index(each.state), each.key)
    )
    return Changes(old.name, new.name, names.base, tuple(found), difference)


_Values = Mapping[str, Mapping[str, Sequence[str]]]


def _by_subject(triples: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        subject, predicate, value = triple.split(" ", 2)
        found[subject][predicate].append(value)
    return found


def _naming(names: Names, old: Side, new: Side, lost: _Values, gained: _Values) -> Naming:
    """Look up the names of every thing and property that the difference speaks of, in the new graph first."""
    wanted = {
        term for values in (lost, gained) for subject in values for term in (subject, _whole(subject, names) or "")
    }
    for values in (lost, gained):
        for described in values.values():
            wanted.update(described)
            wanted.update(value for found in described.values() for value in found if value[0] in "<_")
    wanted |= {f"<{iri}>" for term in wanted for iri in _methods_of(term, names)}
    found = [found_values(where, wanted, Naming.properties(names)) for where in (new, old)]
    return Naming(names, found)


def _methods_of(term: str, names: Names) -> Iterator[str]:
    start = f"<{names.thing('use')}"
    if term.startswith(start):
        yield names.thing("method", term.split("/")[-2])


def _state(lost: Mapping[str, Sequence[str]], gained: Mapping[str, Sequence[str]]) -> State:
    """A thing came or went with its type; one that no type tells of came or went if all its statements did."""
    if RDF_TYPE in gained and RDF_TYPE not in lost:
        return "added"
    if RDF_TYPE in lost and RDF_TYPE not in gained:
        return "removed"
    return "changed"


def _whole(subject: str, names: Names) -> str | None:
    """Return the project that a thing belongs to, or None."""
    for kind in _PARTS[:2]:
        start = f"<{names.thing(kind)}"
        if subject.startswith(start):
            return f"<{names.thing(_WHOLE, subject.removeprefix(start).partition('/')[0])}>"
    return None


def _values(subject: str, lost: _Values, gained: _Values, naming: Naming) -> Iterator[ValueChange]:
    before, after = lost.get(subject, {}), gained.get(subject, {})
    for predicate in sorted({*before, *after}, key=lambda each: (naming.property(each).en, each)):
        lost_here, gained_here = before.get(predicate, ()), after.get(predicate, ())
        old, new = naming.values(lost_here), naming.values(gained_here)
        if old == new:
            # 130 as a whole number and 130 as a number from 0 up look alike.
            old, new = naming.values(lost_here, typed=True), naming.values(gained_here, typed=True)
        links = any(value[0] == "<" for value in (*lost_here, *gained_here))
        yield ValueChange(predicate[1:-1], naming.property(predicate), old, new, links)


def _without(values: _Values, told: set[str], naming: Naming) -> _Values:
    """Return values without the links of a project to what is told with it: its uses of methods, its mentions."""
    if not told:
        return values
    return {
        subject: {
            predicate: kept
            for predicate, found in described.items()
            if (kept := [value for value in found if not (value in told and naming.leads_to_parts(predicate))])
        }
        for subject, described in values.items()
    }


def _part(part: str, state: State, lost: _Values, gained: _Values, naming: Naming) -> Iterator[ValueChange]:
    label = naming.part(part, lost.get(part, {}), gained.get(part, {}))
    if state == "changed":
        for change in _values(part, lost, gained, naming):
            text = Text(f"{change.label.sv}, {label.sv}", f"{change.label.en}, {label.en}")
            yield ValueChange(change.property, text, change.old, change.new, change.links)
    else:
        old, new = ((label,), ()) if state == "removed" else ((), (label,))
        predicate = naming.of_parts(part)
        yield ValueChange(predicate[1:-1], naming.property(predicate), old, new, links=True)


def _merged(values: Iterable[ValueChange]) -> tuple[ValueChange, ...]:
    """Return one change a property, where parts gave several."""
    found: dict[tuple[str, Text], ValueChange] = {}
    for each in values:
        before = found.get((each.property, each.label))
        found[each.property, each.label] = (
            ValueChange(each.property, each.label, before.old + each.old, before.new + each.new, each.links)
            if before
            else each
        )
    return tuple(found.values())


def _rank(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)
