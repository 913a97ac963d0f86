"""Colours of the kinds of things, alike in pictures and in files for other programs.

They are the eight colours of Okabe and Ito, which people with any form of colour blindness can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as ``#rrggbb`` in four strengths.

    `strong` is for lines and shapes, `tint` for surfaces, `ink` for text on the tint, `deep` for surfaces under white
    text; both texts have a contrast of at least 4.5 to 1 (WCAG 2.2, level AA).
    """

    strong: str
    tint: str
    ink: str
    deep: str


BLUE = Colour("#0072B2", "#E1EFF8", "#00466E", "#00639B")
VERMILION = Colour("#D55E00", "#FBE9DC", "#853A00", "#B04E00")
GREEN = Colour("#009E73", "#DCF2EA", "#005D44", "#007A59")
PURPLE = Colour("#CC79A7", "#F7E8F1", "#83335E", "#A34C7C")
ORANGE = Colour("#E69F00", "#FCF1D9", "#6E4C00", "#8F6300")
SKY = Colour("#56B4E9", "#E6F4FC", "#175577", "#1B6F9C")
YELLOW = Colour("#F0E442", "#FCFADB", "#5C5600", "#6F6A00")
GREY = Colour("#8A8F98", "#F0F1F3", "#3F444C", "#5A606A")

KIND_COLOURS: Mapping[str, Colour] = MappingProxyType(
    {
        "project": BLUE,
        "owner": VERMILION,
        "method": GREEN,
        "region": PURPLE,
        "fund": ORANGE,
        "programme": SKY,
        "unit": YELLOW,
    }
)
"""Colours by kind of node; other kinds are grey."""


def colour_of(kind: str) -> Colour:
    """Return the colour of a kind of thing.

    >>> colour_of("project").strong
    '#0072B2'
    """
    return KIND_COLOURS.get(kind, GREY)
