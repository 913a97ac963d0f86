"""What lists of other countries print: headings by language, and funds; kept in `ontology/list-headings.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from kg import resources
from kg.errors import InputError

FILE = "list-headings.toml"
_PRINTED = "printed"


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Mapping[str, Any]]:
    path = resources.folder("ontology") / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"ontology/{FILE} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"ontology/{FILE} is not TOML in UTF-8: {error}") from error
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def headings() -> Mapping[str, tuple[str, ...]]:
    """Return the headings of all languages by the name of the property that they mean.

    Raises:
        InputError: the file is missing or damaged.

    >>> "Begindatum" in headings()["startDate"]
    True
    """
    found: dict[str, tuple[str, ...]] = {}
    for language, table in _file().items():
        if language != _PRINTED:
            for name, words in table.items():
                found[name] = (*found.get(name, ()), *words)
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def languages() -> Mapping[str, frozenset[str]]:
    """Return the languages (BCP 47) in which each heading of the file stands.

    Raises:
        InputError: the file is missing or damaged.

    >>> sorted(languages()["Begindatum"])
    ['nl']
    """
    found: dict[str, frozenset[str]] = {}
    for language, table in _file().items():
        if language != _PRINTED:
            for heading in (each for words in table.values() for each in words):
                found[heading] = found.get(heading, frozenset()) | {language}
    return MappingProxyType(found)


def fund(printed: str) -> str:
    """Return what Swedish and English lists print for a fund; other texts as they are.

    >>> fund("FSE+"), fund("ESF+")
    ('ESF+', 'ESF+')
    """
    known = {name.casefold(): ours for name, ours in _file()[_PRINTED]["fund"].items()}
    return str(known.get(" ".join(printed.split()).casefold(), printed))
