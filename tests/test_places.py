"""A postcode leads to municipality, county and region, and the regions have shapes."""

from __future__ import annotations

import csv
from functools import cache
from itertools import pairwise

import pytest
from rdflib import URIRef

from kg import ontology
from kg.codes import Codes
from kg.places import Place, Places, outlines, postcode_runs
from kg.resources import folder
from kg.values import ValueProblem
from tests.ontology.files import BASE, graph


@cache
def _places() -> Places:
    return Places(ontology.load())


@pytest.mark.parametrize(
    ("postcode", "place"),
    [
        ("58220", Place("0580", "SE123", "SE12")),
        ("13681", Place("0136", "SE110", "SE11")),
        ("39127", Place("0880", "SE213", "SE21")),
        ("72186", Place("1980", "SE125", "SE12")),
        ("98140", Place("2584", "SE332", "SE33")),
        ("10000", None),
        ("99999", None),
    ],
)
def test_a_postcode_lies_in_a_municipality(postcode: str, place: Place | None) -> None:
    assert _places().place(postcode) == place


def test_between_two_municipalities_of_a_county_the_county_is_sure() -> None:
    runs = postcode_runs()
    gaps = [f"{int(one.last) + 1:05d}" for one, two in pairwise(runs) if int(two.first) - int(one.last) > 1]
    places = [_places().place(postcode) for postcode in gaps]

    assert len(gaps) > 100
    assert all(place is None or place.municipality is None for place in places)
    assert sum(place is not None for place in places) > len(places) / 2


def test_the_table_is_in_order_and_covers_every_municipality() -> None:
    rows = list(csv.DictReader((folder("ontology") / "postcodes.csv").read_text("utf-8").splitlines()))
    codes = [code for row in rows for code in (row["first"], row["last"])]
    municipalities = {region.id for region in ontology.load().concepts("regions") if not region.id.startswith("SE")}

    assert codes == sorted(codes)
    assert {row["municipality"] for row in rows} == municipalities
    assert (folder("ontology") / "postcodes.csv").stat().st_size < 20_000


@pytest.mark.parametrize(
    ("postcode", "regions", "outside"),
    [
        ("65340", ["SE12"], True),
        ("65340", ["SE31"], False),
        ("65340", ["SE311"], False),
        ("65340", ["1780"], False),
        ("65340", ["SE12", "SE31"], False),
        ("65340", ["SE"], False),
        ("65340", [], False),
        ("99999", ["SE12"], False),
    ],
)
def test_a_postcode_outside_the_regions_of_the_project_is_told(
    postcode: str, regions: list[str], outside: bool
) -> None:
    message = _places().outside(postcode, regions)

    assert bool(message) == outside
    assert not outside or ("Karlstads kommun" in message and "SE12" in message)


def test_the_eight_regions_have_shapes_and_a_point_inside_their_largest_part() -> None:
    shapes = {outline.code: outline.polygons for outline in outlines()}

    assert sorted(shapes) == ["SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33"]
    for code, polygons in shapes.items():
        region = URIRef(f"{BASE}id/region/{code}")
        latitude = graph("regions.ttl").value(region, URIRef("https://schema.org/latitude"))
        longitude = graph("regions.ttl").value(region, URIRef("https://schema.org/longitude"))
        point = (float(str(longitude)), float(str(latitude)))
        assert all(55 < y < 70 and 10 < x < 25 for rings in polygons for ring in rings for x, y in ring)
        assert _inside(point, max(polygons, key=lambda rings: len(rings[0]))[0])


def _inside(point: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("printed", "region"),
    [
        ("Ostra Mellansverige", "SE12"),
        ("Småland/Öarna", "SE21"),
        ("SE21 - Småland med öarna", "SE21"),
        ("Småland och öarna (SE21)", "SE21"),
        ("SE 21", "SE21"),
        ("SE213: Kalmar county", "SE213"),
        ("Stockholm län", "SE110"),
        ("Kalmars kommun", "0880"),
        ("Habo kommun", "0643"),
        ("Håbo kommun", "0305"),
        ("ESF Nationellt", "SE"),
    ],
)
def test_a_region_is_known_in_any_spelling(printed: str, region: str) -> None:
    assert Codes(ontology.load()).region(printed) == region


@pytest.mark.parametrize("printed", ["SE99", "Atlantis", "SE12 - Sydsverige", "SE 999 Mittlandet", "Habö kommun"])
def test_what_may_mean_two_regions_means_none(printed: str) -> None:
    with pytest.raises(ValueProblem):
        Codes(ontology.load()).region(printed)
