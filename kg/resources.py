"""Finds the folders that travel with the package: `ontology`, `queries` and `seeds`."""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `name`, from the wheel (`kg/data/…`) or, in a checkout, from the top level.

    Raises:
        InputError: neither place holds it, which means a broken installation.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise InputError(f"the folder {name!r} of the installation is missing: neither in the wheel nor beside the package")
