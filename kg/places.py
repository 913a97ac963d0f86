"""Places: from a postcode to municipality, county and NUTS region, and the shapes of the regions for maps.

`ontology/postcodes.csv` has one line a run of postcodes of one municipality (first, last, municipality code). It is
derived from the data set Swedish Geodata (CC0; codes of Statistics Sweden, postcodes of Dataman, September 2024) by
joining neighbours: a postcode that the data set lacks belongs where both its neighbours belong.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from kg import resources
from kg.errors import InputError
from kg.ontology import Ontology

POSTCODES = "postcodes.csv"
SHAPES = "nuts2.geojson"
COUNTRY = "SE"
_COLUMNS = ["first", "last", "municipality"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a postcode lies, as codes; `municipality` is None where only county and NUTS-2 region are sure."""

    municipality: str | None
    county: str
    region: str


@dataclass(frozen=True, slots=True)
class PostcodeRun:
    """Neighbouring postcodes of one municipality."""

    first: str
    last: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of a region: its code, and polygons of rings of (longitude, latitude) in degrees, outer ring first."""

    code: str
    polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


@lru_cache(maxsize=1)
def postcode_runs() -> tuple[PostcodeRun, ...]:
    """Return the runs of postcodes in ascending order.

    Raises:
        InputError: the table is missing, not in order, or has a line of another form.
    """
    path = resources.folder("ontology") / POSTCODES
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        raise InputError(f"ontology/{POSTCODES} cannot be read: {error.strerror}") from error
    if not rows or rows[0] != _COLUMNS:
        raise InputError(f"ontology/{POSTCODES} does not open with the line {','.join(_COLUMNS)}")
    return tuple(_checked_runs(rows[1:]))


def _checked_runs(rows: Iterable[list[str]]) -> Iterable[PostcodeRun]:
    before = ""
    for line, row in enumerate(rows, start=2):
        if [len(cell) for cell in row] != [5, 5, 4] or not before < row[0] <= row[1]:
            raise InputError(f"ontology/{POSTCODES}, line {line}: a line is two ascending postcodes and a municipality")
        before = row[1]
        yield PostcodeRun(*row)


class Places:
    """Looks up postcodes, with the regions of one ontology above the municipalities."""

    def __init__(self, ontology: Ontology) -> None:
        regions = {concept.id: concept for concept in ontology.concepts("regions")}
        self._above: Mapping[str, str] = MappingProxyType(
            {code: concept.broader[0] for code, concept in regions.items() if concept.broader}
        )
        self._names = {code: concept.pref["sv"] for code, concept in regions.items()}
        self._runs = postcode_runs()
        self._firsts = [run.first for run in self._runs]

    def place(self, postcode: str) -> Place | None:
        """Return where a postcode (five digits) lies, None where the table cannot tell.

        Between the runs of two municipalities only their county is sure, if they share it.
        """
        at = bisect_right(self._firsts, postcode)
        if not at:
            return None
        run = self._runs[at - 1]
        county = self._above[run.municipality]
        if postcode <= run.last:
            return Place(run.municipality, county, self._above[county])
        following = self._runs[at].municipality if at < len(self._runs) else ""
        if self._above.get(following) != county:
            return None
        return Place(None, county, self._above[county])

    def name(self, code: str) -> str:
        """Return the Swedish name of a region or municipality."""
        return self._names[code]

    def within(self, code: str, outer: str) -> bool:
        """Return whether a region is another one or lies inside it; everything lies inside the country.

        >>> from kg import ontology
        >>> places = Places(ontology.load())
        >>> places.within("0580", "SE12"), places.within("0580", "SE21")
        (True, False)
        """
        while code != outer and code in self._above:
            code = self._above[code]
        return code == outer

    def outside(self, postcode: str, regions: Iterable[str]) -> str:
        """Return what to say when a postcode lies in none of the regions that a source names, else an empty text."""
        place = self.place(postcode)
        named = tuple(regions)
        if not place or not named:
            return ""
        finest = place.municipality or place.county
        if any(self.within(finest, region) or self.within(region, finest) for region in named):
            return ""
        seat = f"{self.name(finest)} in {self.name(place.region)} ({place.region})"
        printed = ", ".join(f"{self.name(region)} ({region})" for region in named)
        return f"the beneficiary's postcode lies in {seat}, the project in {printed}; both are kept"


def outlines() -> tuple[Outline, ...]:
    """Return the shapes of the eight NUTS-2 regions, by code; made from open data of Statistics Sweden (CC0).

    Raises:
        InputError: the file is missing or is not GeoJSON with polygons.
    """
    path = resources.folder("ontology") / SHAPES
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return tuple(sorted(map(_outline, features), key=lambda outline: outline.code))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"ontology/{SHAPES} is not GeoJSON with one polygon feature a region: {error}") from error


def _outline(feature: Mapping[str, Mapping[str, object]]) -> Outline:
    geometry = feature["geometry"]
    coordinates = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    assert isinstance(coordinates, list)
    polygons = tuple(tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings) for rings in coordinates)
    return Outline(str(feature["properties"]["nuts"]), polygons)
