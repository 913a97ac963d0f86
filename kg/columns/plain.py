"""Maps the rows of a list whose cells are all printed plainly, as whole columns; the other rows are handed back.

What the distinct cells of a column mean is asked of the same readers that read single rows, so that both ways give the
same statements; a row with a problem is never plain. No Python runs for a single plain row, save for a new owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from kg.codes import CODE_SCHEMES
from kg.columns import plain_cells
from kg.columns.plain_homes import PlainHomes
from kg.columns.plain_owners import PlainOwners, PrintedOwners
from kg.columns.plain_text import PlainText, Written
from kg.columns.section import Columns
from kg.columns.text import ColumnMapping
from kg.literals import DECIMAL_END
from kg.ontology import Programme
from kg.sources.labels import DESCRIPTION
from kg.sources.table import Column
from kg.sources.table_rows import PERIOD, SWEDISH_ONLY, RowReader, rank_of
from kg.sources.table_several import all_parts
from kg.sources.table_texts import ENGLISH_TEXT, TITLES
from kg.sources.table_values import TypedCells

_BETWEEN = "\0"
_MOST_KEPT = 100_000
"""Distinct cells of a column that are remembered."""
_NOT_BY_THEMSELVES = frozenset(("country", "currency", "programme", *CODE_SCHEMES))


@dataclass(frozen=True, slots=True)
class PlainRows:
    """The plain rows of a batch, and in `others` the places of the rows that need a closer look.

    `written` numbers their owners by place in `owners`, which has the `key` of each and the `line` where it is first.
    """

    written: Written
    owners: pl.DataFrame
    others: list[int]
    regions: set[str]
    personal: int


@dataclass(slots=True)
class _Work:
    """A batch under way: the cells of its columns, and by property what follows the subject in each row's statements.

    What follows is empty where there is no statement, and None in rows that are not plain; see `PlainText.together`.
    """

    rows: int
    columns: Sequence[Column]
    cells: dict[int, pl.Series]
    home: pl.Series
    ends: dict[str, pl.Series] = field(default_factory=dict)

    def named(self, wanted: str) -> list[Column]:
        return [each for each in self.columns if wanted in (each.field.name, each.field.kind)]

    def first(self, wanted: str) -> pl.Series:
        return plain_cells.stripped([self.cells[each.place] for each in self.named(wanted)], self.rows)

    def same(self, text: str) -> pl.Series:
        return plain_cells.same(text, self.rows)


class _Told(dict[str, str | None]):
    """What follows the subject in the statements that each printed cell of a column makes, see `PlainText.ends`."""

    def __init__(self, text: PlainText, name: str, typed: TypedCells) -> None:
        super().__init__()
        self._text, self._name, self._typed = text, name, typed
        self._answers = plain_cells.Answers(self.__getitem__)

    def column(self, cells: pl.Series) -> pl.Series:
        """Return what follows the subject in the statements of a column, None where a cell is not plain."""
        if len(self) > _MOST_KEPT:
            self.clear()
        self._typed.forget_many()
        return self._answers.of(cells)

    def __missing__(self, printed: str) -> str | None:
        parts = all_parts(self._typed, printed)
        self[printed] = told = None if parts is None else self._text.ends(self._name, parts)
        return told


class PlainMapper:
    """Maps the plain rows of one table of a list; `seat` gives the statement about the municipality of a postcode.

    `usable` is False where all rows have to be looked at one by one: where no column holds the codes of operations,
    two columns hold one code of the programme, or the mapping file gives one.

    Raises:
        re.error: the pattern of a diary number is none that whole columns can be searched for.
    """

    def __init__(
        self,
        reader: RowReader,
        mapping: ColumnMapping,
        columns: Sequence[Column],
        programmes: Sequence[Programme],
        seat: Callable[[str], str | None],
    ) -> None:
        self._reader, self._mapping = reader, mapping
        self._columns = [each for each in columns if each.field.kind != "ignored"]
        self._homes = PlainHomes(reader, mapping, self._columns, programmes)
        self._text = PlainText(mapping, self._homes, seat)
        self._told: dict[tuple[int, str], _Told] = {}
        self._plain_owners = PlainOwners(reader.owners)
        names = [each.field.name for each in self._columns]
        self.usable = (
            any(each.field.kind == "identifier" for each in self._columns)
            and all(names.count(name) < 2 for name in CODE_SCHEMES)
            and all(reader.constants.get(name) is None for name in CODE_SCHEMES)
        )

    def mapped(self, rows: Columns, described: frozenset[str]) -> PlainRows:
        """Return the plain rows among some mapped; those about projects that are `described` are never plain."""
        cells = {each.place: rows.frame[str(each.place)] for each in self._columns}
        identifiers = [cells[each.place] for each in self._columns if each.field.kind == "identifier"]
        home, keys, code = self._homes.of(plain_cells.stripped(identifiers, len(rows)), cells)
        if described:
            keys = plain_cells.only(keys, ~keys.is_in(list(described)).fill_null(value=False))
        work = _Work(len(rows), self._columns, cells, home, self._homes.ends(home, code))
        for name, ends in self._all_ends(work):
            work.ends[name] = ends
        plain = self._plain(work, keys)
        owner, owners = self._owners(work, plain, rows.numbers)
        plain &= owner.is_not_null()
        personal = [cells[each.place].filter(plain) for each in work.named("personal")]
        return PlainRows(
            self._text.written(keys, work.ends, home, owner, plain),
            owners,
            (~plain).arg_true().to_list(),
            self._text.regions(work.ends.get("region"), plain),
            sum(1 for printed in personal for cell in printed if cell.strip()),
        )

    def _all_ends(self, work: _Work) -> Iterator[tuple[str, pl.Series]]:
        yield from self._properties(work)
        yield from self._codes(work)
        yield from self._money(work)
        yield from self._titles(work)

    def _plain(self, work: _Work, keys: pl.Series) -> pl.Series:
        plain = keys.is_not_null()
        for ends in work.ends.values():
            if ends.null_count():
                plain &= ends.is_not_null()
        # Summaries are searched for methods, row by row.
        if work.named(DESCRIPTION):
            plain &= work.first(DESCRIPTION) == ""
        titles = [work.ends[name] for name in TITLES if name in work.ends]
        if titles:
            plain &= plain_cells.first_filled(titles) != ""
        if all(name in work.ends for name in PERIOD):
            first, last = (self._text.day(name, work.ends[name]) for name in PERIOD)
            plain &= (last == "") | (first <= last)
        return plain.fill_null(value=False)

    def _properties(self, work: _Work) -> Iterator[tuple[str, pl.Series]]:
        """Yield what the typed columns say, of several columns of one property the first that says something."""
        by_name: dict[str, list[Column]] = {}
        for column in sorted(self._columns, key=rank_of):
            for name in self._reader.properties_of(column):
                by_name.setdefault(name, []).append(column)
        for name in sorted((by_name.keys() | self._reader.constants.keys()) - _NOT_BY_THEMSELVES):
            columns = by_name.get(name, ())
            ends = [self._typed(name, column, work.cells[column.place]) for column in columns]
            if name in SWEDISH_ONLY:
                abroad = self._homes.flags(work.home, lambda each: each.swedish is False)
                ends = [each.set(abroad, "") for each in ends]
            value = self._reader.constants.get(name)
            if value is not None:
                ends.append(work.same(self._text.end(name, value)))
            if ends:
                found = plain_cells.first_filled(ends)
                # Several places in a cell are told beside any region.
                beside = [each for each, column in zip(ends, columns, strict=False) if column.field.kind == "place"]
                for each in beside if name == "region" else ():
                    found = self._text.united(name, found, each)
                yield name, found

    def _typed(self, name: str, column: Column, cells: pl.Series) -> pl.Series:
        if column.field.kind == "iri":
            return plain_cells.between(*self._mapping.around(name, ""), plain_cells.addresses(cells))
        told = self._told.get((column.place, name))
        if told is None:
            told = self._told[column.place, name] = _Told(self._text, name, self._reader.typed(column, name))
        return told.column(cells)

    def _codes(self, work: _Work) -> Iterator[tuple[str, pl.Series]]:
        for column in self._columns:
            name = column.field.name
            if name in CODE_SCHEMES:
                known = work.home.cast(pl.String).fill_null("")
                pairs = plain_cells.joined([known, work.cells[column.place]], _BETWEEN)
                yield name, plain_cells.distinct(pairs, lambda pair, column=column: self._code(column, pair))  # type: ignore[misc]

    def _code(self, column: Column, pair: str) -> str | None:
        name = column.field.name
        place, _, printed = pair.partition(_BETWEEN)
        parts = all_parts(self._reader.typed(column, name), printed)
        if not place or parts is None:
            return None
        home = self._homes.at(int(place))
        programme = home.known or home.home.scope
        ends = (self._mapping.code_end(name, str(part.value), part.printed, programme) for part in parts)
        return self._text.together(name, ends)

    def _money(self, work: _Work) -> Iterator[tuple[str, pl.Series]]:
        money = self._reader.money
        fallback = self._fallback(work)
        chosen = work.same("")
        found: dict[str, pl.Series] = {}
        for column in work.named("money"):
            name = column.field.name
            amount = plain_cells.amounts(
                work.cells[column.place], zero_is_nothing=money.typed[column.place].zero_is_nothing
            )
            before = found.get(name, work.same(""))
            currency = work.same(column.currency) if column.currency else fallback
            used = (amount != "") & (before == "")
            other = (currency == "") | ((chosen != "") & (chosen != currency))
            unclear = amount.is_null() | (used & other).fill_null(value=True)
            chosen = currency.zip_with((used & (chosen == "")).fill_null(value=False), chosen)
            found[name] = plain_cells.only(plain_cells.first_filled([before, amount]), ~unclear)
        for name, amounts in found.items():
            start, end = self._mapping.around(name, "")
            yield name, plain_cells.between(f'{start}"', f'"{DECIMAL_END}{end}', amounts)
        yield "currency", plain_cells.distinct(chosen, lambda each: self._text.end("currency", each) if each else "")

    def _fallback(self, work: _Work) -> pl.Series:
        """Return the currency of amounts whose heading names none."""
        money = self._reader.money
        default = self._homes.texts(work.home, lambda each: str(money.default(each.swedish) or ""))
        if not work.named("currency"):
            return default

        def currency(printed: str) -> str | None:
            value = money.currencies[printed]
            return str(value or "") if printed not in money.currencies.failed else None

        return plain_cells.first_filled([plain_cells.distinct(work.first("currency"), currency), default])

    def _titles(self, work: _Work) -> Iterator[tuple[str, pl.Series]]:
        for name in (*TITLES, ENGLISH_TEXT):
            if work.named(name):
                start, _ = self._mapping.around(name, "")
                end = self._homes.texts(work.home, lambda each, name=name: self._mapping.around(name, each.language)[1])  # type: ignore[misc]
                yield name, plain_cells.between(start, end, plain_cells.texts(work.first(name)))

    def _owners(self, work: _Work, plain: pl.Series, numbers: Sequence[int]) -> tuple[pl.Series, pl.DataFrame]:
        """Return the owner of each row by its place in the table of those that plain rows name, and that table."""
        abroad = self._homes.texts(work.home, lambda each: each.abroad).fill_null("")
        printed = PrintedOwners(work.first("owner"), work.first("organisation-number"), abroad)
        return self._plain_owners.of(printed, plain, numbers)
