"""Tells by one text whether a build would give what is there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kg.errors import InputError
from kg.resources import folder
from kg.sources import files
from kg.sources.records import read_record
from kg.update.plan import Plan

_CHUNK = 1 << 20


def fingerprint(plan: Plan) -> str:
    """Return a text that differs when a build from the plan would: its sources, settings, our ontology and version.

    Raises:
        InputError: a source is missing or cannot be read.
    """
    whole = sha256()
    settings = (version("esf-kg"), plan.base or "", str(plan.mapping is not None))
    for text in (*settings, *_contents(plan)):
        whole.update(f"{text}\n".encode())
    return whole.hexdigest()


def _contents(plan: Plan) -> Iterator[str]:
    for source in files.find(plan.sources).files:
        digest = _digest(source.path)
        yield f"{source.key} {source.name} {digest}"
        if not source.is_list:
            record = read_record(source.path, source.name, digest)
            # Not when it was retrieved: the same page fetched again is nothing new.
            yield f"{record.address}"
    given = [*([plan.mapping] if plan.mapping else []), *plan.owners, *plan.links]
    for path in (*given, *_inside(folder("ontology"))):
        yield f"{path.name} {_digest(path)}"


def _inside(place: Path) -> Iterable[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    found = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    return found.hexdigest()
