"""Tells for whole columns which operation each row is and where it belongs, asking once for each distinct answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kg.columns import plain_cells
from kg.columns.text import ColumnMapping
from kg.model import Scalar
from kg.ontology import Programme
from kg.sources.table import Column
from kg.sources.table_keys import Home
from kg.sources.table_rows import RowReader, rank_of

_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class PlainHome:
    """Where operations belong, as `kg.sources.table_homes` tells; `known` is the programme, printed or proven.

    `prefix` stands before the code in keys, None where the key is the code alone, as on pages.
    """

    home: Home
    known: str | None
    prefix: str | None
    swedish: bool | None
    abroad: str
    language: str


class PlainHomes:
    """Reads programme, number and country of rows of one table.

    Raises:
        re.error: the pattern of a diary number is none that whole columns can be searched for.
    """

    def __init__(
        self, reader: RowReader, mapping: ColumnMapping, columns: Sequence[Column], programmes: Sequence[Programme]
    ) -> None:
        self._reader, self._mapping = reader, mapping
        self._numbered = [each for each in programmes if each.diary_number_pattern]
        self._cci = [each for each in columns if each.field.kind == "cci"]
        countries = [each for each in columns if "country" in reader.properties_of(each)]
        self._countries = sorted(countries, key=rank_of)
        self._all: list[PlainHome] = []
        self._places: dict[str, int | None] = {}
        self._check_patterns()

    def _check_patterns(self) -> None:
        for each in self._numbered:
            try:
                pl.Series(["x"]).str.contains(str(each.diary_number_pattern))
            except pl.exceptions.ComputeError as error:
                raise re.error(f"{each.diary_number_pattern}: {error}") from error

    def of(self, printed: pl.Series, cells: Mapping[int, pl.Series]) -> tuple[pl.Series, pl.Series, pl.Series]:
        """Return for each row the place of its home (see `at`), the key of its project, and its code."""
        prefixes, code = plain_cells.codes(printed)
        diary = plain_cells.same("", len(code))
        for place, each in reversed(list(enumerate(self._numbered))):
            sure = code.str.contains(f"^(?:{each.diary_number_pattern})$").fill_null(value=False)
            diary = plain_cells.same(str(place), len(code)).zip_with(sure, diary)
        cci = plain_cells.stripped([cells[each.place] for each in self._cci], len(code))
        parts = [cci, prefixes, diary, *(cells[each.place] for each in self._countries)]
        together = plain_cells.joined(parts, _BETWEEN)
        # Of a code that is not plain the programme is not known.
        home = plain_cells.only(plain_cells.distinct(together, self._place, pl.Int32), code.is_not_null())
        prefix = self.texts(home, lambda each: each.prefix)
        alone = code.str.replace_all("/", "-", literal=True)
        keys = (prefix + plain_cells.safe(code)).zip_with(prefix.is_not_null(), alone)
        return home, plain_cells.only(keys, home.is_not_null()), code

    def _place(self, together: str) -> int | None:
        if together not in self._places:
            found = self._home(together.split(_BETWEEN))
            self._places[together] = None if found is None else len(self._all)
            if found is not None:
                self._all.append(found)
        return self._places[together]

    def _home(self, parts: Sequence[str]) -> PlainHome | None:
        if len(parts) != 3 + len(self._countries):
            return None
        cci, prefix, diary, *printed = parts
        country = self._reader.constants.get("country")
        for column, cell in reversed(list(zip(self._countries, printed, strict=True))):
            typed = self._reader.typed(column, "country")
            value = typed[cell]
            if value is None and cell in typed.failed:
                return None
            country = country if value is None else value
        homes = self._reader.homes
        home = homes.settled(cci.strip() or prefix, country)
        return None if home is None else self._described(home, self._numbered[int(diary)].id if diary else None)

    def _described(self, home: Home, proven: str | None) -> PlainHome:
        homes = self._reader.homes
        on_pages = home.numbers_like_pages and proven is not None
        return PlainHome(
            home=home,
            known=home.programme or (proven if on_pages else None),
            prefix=None if on_pages else homes.prefix(home),
            swedish=(proven is not None or None) if home.swedish is None else home.swedish,
            abroad=homes.abroad(home),
            language=homes.languages([home])[0],
        )

    def at(self, place: int) -> PlainHome:
        """Return the home at a place."""
        return self._all[place]

    def texts(self, home: pl.Series, text: Callable[[PlainHome], str | None]) -> pl.Series:
        """Return what `text` tells of the home of each row, None where it is not known."""
        return pl.Series([*map(text, self._all)], dtype=pl.String).gather(home)

    def flags(self, home: pl.Series, test: Callable[[PlainHome], bool]) -> pl.Series:
        """Return whether `test` holds for the home of each row, false where that is not known."""
        return pl.Series([*map(test, self._all)], dtype=pl.Boolean).gather(home).fill_null(value=False)

    def ends(self, home: pl.Series, code: pl.Series) -> dict[str, pl.Series]:
        """Return the statement ends of programme, country and identifier."""
        start, end = self._mapping.around("identifier", "")
        return {
            "programme": self.texts(home, lambda each: self._end("programme", each.home.programme)),
            "country": self.texts(home, lambda each: self._end("country", each.home.country)),
            "identifier": start + code + end,
        }

    def _end(self, name: str, value: Scalar | None) -> str:
        return "" if value is None else self._mapping.end(name, value)
