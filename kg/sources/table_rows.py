"""Reads batches of rows into columns of typed values under the names of the ontology, and each row as a `Project`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress

from kg.codes import CODE_SCHEMES, Codes
from kg.model import Fact, OwnerMention, Project, Scalar, Source
from kg.ontology import Ontology
from kg.sources.several import Part
from kg.sources.table import Batch, Column, Table
from kg.sources.table_columns import Cells
from kg.sources.table_headings import folded
from kg.sources.table_homes import Homes
from kg.sources.table_keys import Keys
from kg.sources.table_mapping import ListMapping
from kg.sources.table_money import Money
from kg.sources.table_operations import are_operations
from kg.sources.table_owners import Owners
from kg.sources.table_problems import Problems
from kg.sources.table_several import SeveralCells, places_as_regions, typed_cells
from kg.sources.table_texts import read_texts
from kg.sources.table_values import TypedCells, parser, period_parser
from kg.vocabulary import slug

_READ_ELSEWHERE = frozenset(
    "identifier cci text money owner organisation-number personal ignored period".split()
)  # kinds that need more than their own cell, or give more than one value
SWEDISH_ONLY = frozenset(("beneficiaryPostcode",))
"""Properties that operations of other countries do not have."""
_Several = dict[str, dict[int, list[Part]]]
PERIOD = ("startDate", "endDate")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a list, read: sequences of equal length, None where a row has no value.

    `columns` are by the name of the property; `printed` holds the print of codes; `several` holds, by property and
    place of the row, the values of cells that name more than the one in the column; `texts` are the descriptions, empty
    where a row has none; `scopes` are numbers of programmes that the ontology does not have.
    """

    source: Source
    keys: Sequence[str]
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Scalar | None]]
    printed: Mapping[str, Sequence[str]]
    texts: Sequence[str]
    languages: Sequence[str]
    scopes: Sequence[str | None]
    owners: Sequence[OwnerMention | None]
    several: Mapping[str, Mapping[int, Sequence[Part]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def project(self, place: int) -> Project:
        """Return the row at `place` as a project."""
        number = self.numbers[place]
        facts: list[Fact] = []
        for name, column in self.columns.items():
            value = column[place]
            if value is not None:
                printed = self.printed[name][place] if name in self.printed else str(value)
                facts.append(Fact(name, value, printed, number))
                facts += (Fact(name, *part, number) for part in self.several.get(name, {}).get(place, ()))
        return Project(
            self.keys[place],
            self.source,
            tuple(facts),
            self.owners[place],
            self.texts[place],
            self.languages[place],
            self.scopes[place],
        )

    def projects(self) -> Iterator[Project]:
        """Yield every row as a project."""
        return map(self.project, range(len(self)))


class RowReader:
    """Reads the batches of one list; the first batch of a table decides what is ambiguous in its columns.

    `personal` counts the personal data that were left out so far; `homes`, `owners` and `money` read what needs more
    than one cell; `constants` are the values, by property, that hold where a row's own cells are empty.
    """

    money: Money

    def __init__(
        self, ontology: Ontology, codes: Codes, source: Source, mapping: ListMapping, problems: Problems
    ) -> None:
        self.personal = 0
        self._codes, self._source, self._mapping, self._problems = codes, source, mapping, problems
        self._kinds = {each.name: each.kind for each in ontology.fields}
        self._keys = Keys(ontology, codes, slug(source.key))
        self.homes = Homes(mapping, codes, self._keys, problems)
        self.owners = Owners(problems)
        self._typed: dict[tuple[int, str], TypedCells] = {}
        self.constants = {name: self._constant(name, printed) for name, printed in mapping.constants.items()}
        self._table: Table | None = None

    def _constant(self, name: str, printed: str) -> Scalar | None:
        kind = self._kinds[name]
        if kind in _READ_ELSEWHERE or name == "currency":
            return None
        cells = TypedCells(parser(kind, name, self._codes, (printed,)))
        value = cells[printed]
        for problem in cells.failed.values():
            self._problems.add(problem.rule, f"the constant {name}: {problem}", value=printed)
        return value

    def properties_of(self, column: Column) -> list[str]:
        """Return the properties that the cells of a column fill by themselves."""
        return [name for place, name in self._typed if place == column.place]

    def typed(self, column: Column, name: str) -> TypedCells:
        """Return the values of one such property by printed cell."""
        return self._typed[column.place, name]

    def begin(self, batch: Batch) -> None:
        """Let a batch, without reading it, decide what is ambiguous in the columns of its table."""
        self._begin(batch.table, Cells.of(batch))

    def begin_once(self, batch: Batch) -> None:
        """Let the first batch of a table decide, and no other."""
        if batch.table is not self._table:
            self.begin(batch)

    def read(self, batch: Batch) -> Rows:
        """Return the rows of a batch that name an operation."""
        cells = Cells.of(batch)
        self.begin_once(batch)
        printed = self.homes.printed(cells)
        operations = are_operations(cells, printed, self._keys.is_diary_number, self._problems)
        if not all(operations):
            cells = cells.where(operations)
            printed = list(compress(printed, operations))
        several: _Several = {}
        countries = self._values(cells, "country", several)
        operated = self.homes.of(cells, printed, countries)
        mentions = self.owners.of(cells, operated.abroad)
        texts = read_texts(cells, mentions.persons, self._problems)
        self.personal += mentions.removed + texts.removed + _filled(cells, "personal")
        columns = self._columns(cells, operated.swedish, several) | texts.columns
        columns |= self.money.of(cells, operated.swedish)
        columns["country"] = countries
        columns["identifier"] = [code or None for code in operated.codes]
        columns["programme"] = [home.programme for home in operated.homes]
        self._check_periods(cells, columns)
        return Rows(
            source=self._source,
            keys=operated.keys,
            numbers=cells.numbers,
            columns={name: column for name, column in sorted(columns.items()) if any(v is not None for v in column)},
            printed={name: _prints(cells, name, several) for name in CODE_SCHEMES if name in columns},
            texts=texts.descriptions,
            languages=self.homes.languages(operated.homes),
            scopes=[home.scope for home in operated.homes],
            owners=mentions.owners,
            several={name: {place: parts[1:] for place, parts in rows.items()} for name, rows in several.items()},
        )

    def _begin(self, table: Table, cells: Cells) -> None:
        self._table = table
        self.homes.begin(table.language)
        self._typed = {}
        for column, sample in cells.columns:
            kind, name = column.field.kind, column.field.name
            if kind == "period":
                for which, each in enumerate(PERIOD):
                    self._typed[column.place, each] = TypedCells(period_parser(which))
            elif kind not in _READ_ELSEWHERE and name != "currency":
                self._typed[column.place, _property(column)] = typed_cells(kind, name, self._codes, sample)
                if kind == "place":
                    self._typed[column.place, "region"] = places_as_regions(self._codes)
        self.money = Money(cells, self._mapping.constants.get("currency") or table.currency, self._problems)
        if not cells.has("identifier"):
            message = "no column holds a code of the operations, so they join with no other source"
            self._problems.add("no-identifier-column", message, sheet=table.sheet, row=table.header_row)

    def _columns(
        self, cells: Cells, swedish: Sequence[bool | None], several: _Several
    ) -> dict[str, list[Scalar | None]]:
        names = {name for _, name in self._typed} | self.constants.keys()
        at_home = [each is not False for each in swedish]
        return {
            name: self._values(cells, name, several, at_home if name in SWEDISH_ONLY else None)
            for name in sorted(names - {"country", "currency", "programme"})
        }

    def _values(
        self, cells: Cells, name: str, several: _Several, only: Sequence[bool] | None = None
    ) -> list[Scalar | None]:
        """Return the typed values of a property: of each row the first of its columns that can be read.

        Where `only` is given, the cells of the other rows are passed over. Of cells with several values all are put
        into `several`, the one that is returned first.
        """
        found: list[Scalar | None] = []
        more: dict[int, list[Part]] = {}
        columns = [(c, printed) for c, printed in cells.columns if (c.place, name) in self._typed]
        for column, every in sorted(columns, key=lambda each: rank_of(each[0])):
            printed = every
            typed = self._typed[column.place, name]
            if only is not None and not all(only):
                printed = [cell if wanted else "" for cell, wanted in zip(printed, only, strict=True)]
            values = typed.column(printed)
            if not typed.all_plain():
                wanted = printed
                # Several places are no other words for the region.
                if found and column.field.kind != "place":
                    wanted = [p if v is None else "" for p, v in zip(printed, found, strict=True)]
                self._meet_problems(cells, column, typed, wanted, more)
            found = values if not found else [a if a is not None else b for a, b in zip(found, values, strict=True)]
        if more:
            several[name] = {place: _different(found[place], parts) for place, parts in more.items()}
        constant = self.constants.get(name)
        if not found:
            return [constant] * len(cells)
        return found if constant is None else [constant if value is None else value for value in found]

    def _meet_problems(
        self, cells: Cells, column: Column, typed: TypedCells, printed: Sequence[str], more: dict[int, list[Part]]
    ) -> None:
        """Report what is wrong with some cells of a column, and add the values of those with several to `more`."""
        self._problems.cells(cells, column, printed, typed.failed)
        if isinstance(typed, SeveralCells):
            self._problems.parts(cells, column, printed, typed.partly)
            for place, cell in enumerate(printed) if typed.several else ():
                if cell in typed.several:
                    more.setdefault(place, []).extend(typed.several[cell])

    def _check_periods(self, cells: Cells, columns: Mapping[str, Sequence[Scalar | None]]) -> None:
        if not all(name in columns for name in PERIOD):
            return
        for number, start, end in zip(cells.numbers, *(columns[name] for name in PERIOD), strict=True):
            if isinstance(start, date) and isinstance(end, date) and start > end:
                message = "the operation ends before it starts"
                value = f"{start} - {end}"
                self._problems.add("period-reversed", message, sheet=cells.sheet, row=number, value=value)


def _different(first: Scalar | None, parts: Sequence[Part]) -> list[Part]:
    """Return the parts with different values, the one with the first value, which may be of another cell, first."""
    found = {part.value: part for part in reversed(parts)}
    begin = Part(first, str(first)) if first is not None else parts[0]
    begin = found.pop(begin.value, begin)
    return [begin, *reversed(found.values())]


def _prints(cells: Cells, name: str, several: _Several) -> list[str]:
    """Return for each row how the first value of a property is printed."""
    printed = list(cells.first(name))
    for place, parts in several.get(name, {}).items():
        printed[place] = parts[0].printed
    return printed


def _property(column: Column) -> str:
    return "region" if column.field.kind == "nuts-code" else column.field.name


def rank_of(column: Column) -> tuple[int, int]:
    """Return what orders the columns of one property: of several regions the NUTS-2 one, as on pages, comes first."""
    if column.field.kind == "place":
        return (3, column.place)
    heading = folded(column.heading)
    return (0 if "nuts2" in heading else 2 if "nuts3" in heading and "label" in heading else 1, column.place)


def _filled(cells: Cells, kind: str) -> int:
    return sum(1 for _, printed in cells.named(kind) for cell in printed if cell.strip())
