"""Columns whose cells may each name several values: regions, codes, places."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from kg.codes import Codes
from kg.model import Scalar
from kg.sources import several
from kg.sources.several import Part, Several
from kg.sources.table_values import Addresses, TypedCells, parser
from kg.values import ValueProblem, tidy


class SeveralCells(TypedCells):
    """The values of a column whose cells may each name several: of each cell the first one, and the others by cell.

    `several` holds all values of the cells that name more than one, `partly` what is wrong with parts of others.
    """

    def __init__(self, read: Callable[[str], Several]) -> None:
        super().__init__(lambda text: None)
        self._read = read
        self.several: dict[str, tuple[Part, ...]] = {}
        self.partly: dict[str, tuple[tuple[ValueProblem, str], ...]] = {}

    def _value(self, printed: str, text: str) -> Scalar | None:
        if "\n" in printed or "\r" in printed:
            lines = unicodedata.normalize("NFC", printed).splitlines()
            text = "\n".join(line for each in lines if (line := tidy(each)))
        found = self._read(text)
        if len(found.parts) > 1:
            self.several[printed] = found.parts
        if found.problems:
            self.partly[printed] = found.problems
        return found.parts[0].value if found.parts else None

    def all_plain(self) -> bool:
        """Return whether that is so for every cell that has been read."""
        return not (self.failed or self.several or self.partly)

    def _forget(self) -> None:
        super()._forget()
        self.several.clear()
        self.partly.clear()


def all_parts(typed: TypedCells, printed: str) -> tuple[Part, ...] | None:
    """Return all values of a cell of a column, None where there is something to report."""
    value = typed[printed]
    if printed in typed.failed:
        return None
    if isinstance(typed, SeveralCells):
        if printed in typed.partly:
            return None
        if printed in typed.several:
            return typed.several[printed]
    return () if value is None else (Part(value, printed.strip()),)


def typed_cells(kind: str, name: str, codes: Codes, sample: Sequence[str]) -> TypedCells:
    """Return the reader of a column of the kind; `sample` are cells of the column, which decide what is ambiguous."""
    match kind:
        case "iri":
            return Addresses()
        case "code" if name in several.WITH_SEVERAL_CODES:
            return SeveralCells(lambda text: several.printed_codes(name, text))
        case "region" | "nuts-code":
            return SeveralCells(lambda text: several.regions(text, codes))
        case "place":
            return _one_place(codes, parser(kind, name, codes, sample))
    return TypedCells(parser(kind, name, codes, sample))


def _one_place(codes: Codes, place: Callable[[str], Scalar]) -> TypedCells:
    """Return the reader of those cells of a column of places that name one."""

    def read(text: str) -> Several:
        if several.places(text, codes).parts:
            return Several(())
        return Several((Part(place(tidy(text)), text),))

    return SeveralCells(read)


def places_as_regions(codes: Codes) -> TypedCells:
    """Return the reader of those cells of a column of places that name several."""
    return SeveralCells(lambda text: several.places(text, codes))
