"""Reads shapes: ours under any base, or those of a user's file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg import terms
from kg.resources import folder
from kg.validation.files import read_text

if TYPE_CHECKING:
    import rdflib

_FILE = "shapes.ttl"


@dataclass(frozen=True, slots=True)
class Shapes:
    """A shapes graph; `base` is the base of our IRIs if the shapes are ours, else None; `remarks` say what of
    them is ignored."""

    graph: rdflib.Graph = field(repr=False, compare=False)
    name: str
    base: str | None = None
    remarks: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def own_shapes(base: str | None = None) -> Shapes:
    """Return `ontology/shapes.ttl`, with all IRIs of ours under `base` (default: the one that the file declares).

    Raises:
        InputError: the file is missing or is not Turtle.
        UsageError: `base` is not an absolute IRI that ends in a slash.
    """
    path = folder("ontology") / _FILE
    declared = terms.base_of(path)
    chosen = terms.checked_base(base or declared)
    # Everywhere, not only in the BASE line: SPARQL constraints get our namespace as text from sh:declare.
    text = path.read_text(encoding="utf-8").replace(declared, chosen)
    return Shapes(read_text(text.encode(), path), _FILE, chosen)


def read_shapes(path: Path) -> Shapes:
    """Return the shapes of a file in any RDF format, and of the files beside it that it imports (``owl:imports``).

    Raises:
        InputError: a file cannot be read or is not RDF, imports itself by way of others, or holds a shape that breaks
            a syntax rule of SHACL or refers to itself.
    """
    from kg.validation.imports import read_with_imports
    from kg.validation.wellformed import refuse_problems, unknown_terms

    imported = read_with_imports(path)
    refuse_problems(imported.graph, imported.texts)
    remarks = (*imported.unread, *(f"{path}: {remark}" for remark in unknown_terms(imported.graph)))
    return Shapes(imported.graph, str(path), remarks=remarks)
