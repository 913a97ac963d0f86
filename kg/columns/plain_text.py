"""Puts the statements of plain rows together: whole columns of text, sorted by the key of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kg.columns import plain_cells
from kg.columns.plain_homes import PlainHome, PlainHomes
from kg.columns.spill import NOBODY
from kg.columns.text import ColumnMapping
from kg.model import Scalar
from kg.sources.several import Part

_POSTCODE = "beneficiaryPostcode"
_REMEMBERED = ("region", _POSTCODE)
_BETWEEN = "\0"
_MOST_APART = 8
"""Statements of one property that stand in columns of their own."""
_SEAT = "beneficiaryMunicipality"


@dataclass(frozen=True, slots=True)
class Written:
    """The statements of rows and, without graph, what follows from them; both have the form of sorted runs."""

    text: pl.DataFrame
    derived: pl.DataFrame

    def numbered(self, numbers: pl.Series) -> pl.DataFrame:
        """Return the text with owners as `numbers` number them."""
        return self.text.with_columns(numbers.gather(self.text["owner"]).alias("owner"))


class PlainText:
    """Writes the rows of one list; remembers which values its statements hold."""

    def __init__(self, mapping: ColumnMapping, homes: PlainHomes, seat: Callable[[str], str | None]) -> None:
        self._mapping, self._homes, self._seat = mapping, homes, seat
        self._values: dict[str, dict[str, str]] = {name: {} for name in _REMEMBERED}
        self._several: set[str] = set()

    def end(self, name: str, value: Scalar) -> str:
        """Return what follows the subject in the statement that a value makes."""
        text = self._mapping.end(name, value)
        if name in self._values:
            self._values[name][text] = str(value)
        return text

    def ends(self, name: str, parts: Iterable[Part]) -> str:
        """Return what follows the subject in the statements that several values make."""
        return self.together(name, (self.end(name, part.value) for part in parts))

    def together(self, name: str, ends: Iterable[str]) -> str:
        """Return what follows the subject in several statements of a property as one text, sorted, a nul between."""
        different = sorted({*ends} - {""})
        if len(different) > 1:
            self._several.add(name)
        return _BETWEEN.join(different)

    def united(self, name: str, found: pl.Series, more: pl.Series) -> pl.Series:
        """Return for each row what both of two columns say of a property, None where one of them is None."""
        found = plain_cells.only(found, more.is_not_null())
        beside = ((more != "") & (more != found)).fill_null(value=False)
        if not beside.any():
            return found
        both = plain_cells.distinct(
            plain_cells.joined((found, more), _BETWEEN).set(~beside, None),
            lambda each: self.together(name, each.split(_BETWEEN)),
        )
        return both.zip_with(beside, found)

    def day(self, name: str, ends: pl.Series) -> pl.Series:
        """Return the days in what follows the subject in the statements of a property, empty where there is none."""
        start, _ = self._mapping.around(name, "")
        return ends.str.slice(len(start) + len('"'), len("2023-01-31")).fill_null("")

    def regions(self, ends: pl.Series | None, plain: pl.Series) -> set[str]:
        """Return the keys of the regions that plain rows name."""
        met = [] if ends is None else ends.filter(plain).unique().to_list()
        return {self._values["region"][end] for together in met if together for end in together.split(_BETWEEN)}

    def written(
        self, keys: pl.Series, ends: Mapping[str, pl.Series], home: pl.Series, owner: pl.Series, plain: pl.Series
    ) -> Written:
        """Return the statements of the plain rows."""
        _, closing = self._mapping.subject()
        columns = {"key": keys + closing, "owner": owner, "home": home, **ends}
        frame = pl.DataFrame(columns).filter(plain).sort("key", maintain_order=True)
        fixed = [(predicate, [plain_cells.same(end, len(frame))]) for predicate, end in self._mapping.fixed().items()]
        by_predicate = fixed + [(self._mapping.predicate(name), self._apart(name, frame)) for name in ends]
        owns = self._mapping.predicate("owner")
        before = _columns("before", [each for each in by_predicate if each[0] < owns])
        after = _columns("after", [each for each in by_predicate if each[0] > owns])
        text = frame.select("key", "owner").with_columns(**before, **after)
        return Written(text, self._derived(frame))

    def _apart(self, name: str, frame: pl.DataFrame) -> list[pl.Series]:
        """Return what follows the subject in the statements of a property: the first ones, the second ones.

        The last may hold what is left, with the subjects between.
        """
        if name not in self._several:
            return [frame[name]]
        first, which = plain_cells.first_of_each(frame[name])
        apart = [each.split(_BETWEEN, _MOST_APART - 1) for each in frame[name].gather(first).to_list()]
        most = max(map(len, apart), default=1)
        columns = [
            pl.Series([each[place] if place < len(each) else "" for each in apart], dtype=pl.String).gather(which)
            for place in range(most)
        ]
        opening, _ = self._mapping.subject()
        left = columns[-1].str.contains(_BETWEEN, literal=True).arg_true()
        if len(left):
            pairs = zip(columns[-1].gather(left).to_list(), frame["key"].gather(left).to_list(), strict=True)
            columns[-1].scatter(left, [ends.replace(_BETWEEN, f"{opening}{key}") for ends, key in pairs])
        return columns

    def _derived(self, frame: pl.DataFrame) -> pl.DataFrame:
        home = frame["home"]
        nothing = plain_cells.same("", len(frame))
        fund = self._homes.texts(home, lambda each: self._following(each, 1))
        known = "fund" in frame.columns
        columns = [
            (self._mapping.predicate("programme"), [self._homes.texts(home, self._programme)]),
            (self._mapping.predicate("fund"), [nothing.zip_with(frame["fund"] != "", fund) if known else fund]),
            (self._mapping.term(_SEAT), [self._seats(frame[_POSTCODE]) if _POSTCODE in frame.columns else nothing]),
        ]
        told = frame.select("key", owner=pl.lit(NOBODY, dtype=pl.Int32)).with_columns(**_columns("before", columns))
        return told.filter(pl.any_horizontal(pl.col("^before.*$") != ""))

    def _programme(self, home: PlainHome) -> str:
        return "" if home.home.programme else self._following(home, 0)

    def _following(self, home: PlainHome, which: int) -> str:
        statement = self._mapping.following(home.known)[which] if home.known else ""
        return f" {statement}\n" if statement else ""

    def _seats(self, postcodes: pl.Series) -> pl.Series:
        values = self._values[_POSTCODE]

        def seat(end: str) -> str:
            statement = self._seat(values[end]) if end else None
            return f" {statement}\n" if statement else ""

        return plain_cells.distinct(postcodes, seat)


def _columns(part: str, statements: Iterable[tuple[str, list[pl.Series]]]) -> dict[str, pl.Series]:
    """Return what follows the subject in the statements of each row, sorted, under the names of columns of a run."""
    by_predicate: dict[str, list[list[pl.Series]]] = {}
    for predicate, ends in statements:
        by_predicate.setdefault(predicate, []).append(ends)
    columns = [ends for predicate in sorted(by_predicate) for ends in _in_order(by_predicate[predicate])]
    return {f"{part}{place:03d}": ends for place, ends in enumerate(columns)}


def _in_order(columns: list[list[pl.Series]]) -> list[pl.Series]:
    """Return the statements of one property as they are, and of two, of which each has but one, the lesser one first.

    Equal ones stay once.
    """
    if len(columns) == 1:
        return columns[0]
    (one,), (two,) = columns
    less = one < two
    return [one.zip_with(less, two), two.zip_with(less, one).set(one == two, "")]
