"""What sources say differently of a project, until it is settled which of it lists and pages show."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.conflicts import SourcedValue, SourceRank, one_each
from kg.search.schema import CURRENCY, MONEY, PLACE

if TYPE_CHECKING:
    from kg.search.reading import Read

_MONEY = frozenset(PLACE[name] for name in MONEY)
_CURRENCY = PLACE[CURRENCY]
_NONE = -1
_Slot = int | str
"""The place of a value, or the language of a title."""
_Said = dict[int, str]
"""What each graph says, by its number."""


class Told:
    """The values of those projects that several graphs describe.

    Most projects have one source, so of each only the graph is kept that was the first to say something of it.
    """

    def __init__(self) -> None:
        self._graphs: dict[bytes, int] = {}
        self._first: array[int] = array("i")
        self._said: dict[int, dict[_Slot, _Said]] = {}

    def kept(self, project: int, slot: _Slot, known: str | None, text: str, rest: bytes) -> str:
        """Return the value to keep for now: the least, of values that one source gives.

        `rest` is the line from the value on, with the graph.
        """
        graph = rest[rest.rfind(b" <") + 1 : rest.rfind(b">") + 1]
        number = self._graphs.setdefault(graph, len(self._graphs))
        first = self._first_of(project, number)
        slots = self._said.get(project)
        if number == first and (slots is None or slot not in slots):
            return text if known is None else min(text, known)
        if text == known and slot != _CURRENCY and (slots is None or slot not in slots):
            return text
        if slots is None:
            slots = self._said[project] = {}
        said = slots.setdefault(slot, {} if known is None else {first: known})
        said[number] = min(text, said.get(number, text))
        return text if known is None else known

    def _first_of(self, project: int, graph: int) -> int:
        """Return the graph that was the first to say something of a project: this one, if none was before."""
        if project >= len(self._first):
            self._first.extend([_NONE] * (project + 1 - len(self._first)))
        if self._first[project] == _NONE:
            self._first[project] = graph
        return self._first[project]

    def settle(self, read: Read, source_of: Callable[[bytes], SourceRank]) -> None:
        """Put the preferred values and titles in their places; `source_of` tells the source of a graph."""
        sources = [source_of(graph) for graph in self._graphs] if self._said else []
        for project, slots in self._said.items():
            values, labels = read.projects[project], read.things[project].labels
            first, currencies = self._first[project], slots.get(_CURRENCY)
            if currencies:
                # Of an amount that only the first source gives, the currency may still be that of another.
                for place in _MONEY - slots.keys():
                    if (text := values[place]) is not None:
                        slots[place] = {first: text}
            told: dict[_Slot, list[SourcedValue]] = {}
            for slot, said in slots.items():
                units = currencies if currencies and slot in _MONEY else {}
                told[slot] = [SourcedValue(text, sources[g], units.get(g, "")) for g, text in said.items()]
            chosen = one_each(told, _MONEY)
            for slot in slots:
                value = chosen.get(slot)
                if isinstance(slot, str):
                    labels[slot] = value.value if value else labels[slot]
                else:
                    values[slot] = value.value if value else None
            amounts = (chosen.get(place) for place in _MONEY)
            if currencies and (amount := next(filter(None, amounts), None)):
                values[_CURRENCY] = amount.unit or None
        self._said.clear()
