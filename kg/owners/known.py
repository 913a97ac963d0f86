"""The organisations that are known without any project page: public bodies with their numbers, and the municipalities.

The list `ontology/public-organisations.csv` holds the organisations that the Swedish data portal names, with their
organisation numbers; the municipalities come from the regions of the ontology.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from kg import ontology, resources
from kg.errors import InputError
from kg.owners.names import name_key, plain_word
from kg.values import ValueProblem, parse_organisation_number

PUBLIC_ORGANISATIONS = "public-organisations.csv"
_COLUMNS = ["number", "name"]


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """A public body: its name, and its number where the list has it."""

    name: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Known organisations by normalised name and by number.

    `municipalities` maps the normalised name of a municipality to its official names, the usual one first; `places`
    are the folded words that name places.
    """

    by_name: Mapping[str, KnownOrganisation]
    by_number: Mapping[str, KnownOrganisation]
    municipalities: Mapping[str, tuple[str, ...]]
    places: frozenset[str]

    def named(self, name: str) -> KnownOrganisation | None:
        """Return the organisation whose normalised name is that of `name`."""
        return self.by_name.get(name_key(name))


@lru_cache(maxsize=1)
def known() -> Known:
    """Return the known organisations of the installed ontology.

    Raises:
        InputError: the list is missing, or a line of it is not a valid number and a name.
    """
    listed = _public_organisations()
    regions = ontology.load().concepts("regions")
    by_name: dict[str, KnownOrganisation] = {}
    municipalities: dict[str, tuple[str, ...]] = {}
    for each in listed:
        by_name.setdefault(name_key(each.name), each)
    for region in regions:
        if not region.id.startswith("SE"):
            names = tuple(label for label in region.spellings() if label.endswith((" kommun", " stad")))
            _add_municipality(by_name, names)
            municipalities.update((name_key(name), names) for name in names)
    places = frozenset(word for region in regions for word in _place_words(region.spellings()))
    by_number = {each.number: each for each in listed if each.number}
    return Known(MappingProxyType(by_name), MappingProxyType(by_number), MappingProxyType(municipalities), places)


def _public_organisations() -> list[KnownOrganisation]:
    path = resources.folder("ontology") / PUBLIC_ORGANISATIONS
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if next(rows, None) != _COLUMNS:
                raise InputError(f"ontology/{path.name} does not open with the line {','.join(_COLUMNS)}")
            return [_organisation(row, rows.line_num) for row in rows]
    except OSError as error:
        raise InputError(f"ontology/{path.name} cannot be read: {error.strerror}") from error


def _organisation(row: list[str], line: int) -> KnownOrganisation:
    try:
        number, name = row
        return KnownOrganisation(name, parse_organisation_number(number))
    except (ValueProblem, ValueError) as error:
        rule = f"ontology/{PUBLIC_ORGANISATIONS}, line {line}: a line is an organisation number and a name"
        raise InputError(rule) from error


def _add_municipality(by_name: dict[str, KnownOrganisation], names: Iterable[str]) -> None:
    keys = {name_key(name): name for name in names}
    listed = next((by_name[key] for key in keys if key in by_name), None)
    for key, name in keys.items():
        by_name.setdefault(key, listed or KnownOrganisation(name, None))


def _place_words(labels: Iterable[str]) -> Iterable[str]:
    """Yield the folded words that name a place; of names of several words the first capitalised ones alone mislead."""
    for label in labels:
        for word in label.replace("-", " ").split():
            if word[:1].isupper() and len(word) > 2 and word not in _NO_PLACES:
                yield plain_word(word)
                yield plain_word(word).removesuffix("s")


_NO_PLACES = frozenset(
    "ESF Region Municipality Sverige Sweden Norra Södra Östra Västra Övre Mellersta Middle Upper East North South West "
    "Eastern Western Northern Southern Central Lilla Nationellt NUTS Sea Islands Island with Whole".split()
)
