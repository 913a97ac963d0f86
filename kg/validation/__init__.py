"""Checks graphs against SHACL shapes and says in words what is wrong, about which project, and which source says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.validation.model import SEVERITIES, Finding, Report, Stated
from kg.validation.shapes import Shapes, own_shapes, read_shapes

if TYPE_CHECKING:
    import rdflib

    from kg.validation.files import Data

__all__ = [
    "SEVERITIES",
    "Finding",
    "Report",
    "Shapes",
    "Stated",
    "check_build",
    "check_files",
    "findings",
    "own_shapes",
    "read_shapes",
]


def findings(data: rdflib.Graph, shapes: Shapes | None = None) -> Report:
    """Return what SHACL finds in `data`; the triples of a dataset's graphs are judged as one graph.

    Findings name the sources of each value if `data` is a dataset with a named graph for each source.
    `shapes` are ours under their own base by default.

    Raises:
        InputError: the shapes are not legal SHACL.
    """
    from kg.validation.files import copied

    return _report(copied(data), shapes or own_shapes())


def check_build(folder: Path) -> Report:
    """Return what our shapes find in the current generation of a build.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    from kg.store import open_build

    with open_build(folder) as store:
        return findings(store.dataset, own_shapes(store.base))


def check_files(paths: Iterable[Path], shapes: Shapes | None = None, *, base: str | None = None) -> Report:
    """Return what `shapes` find in the union of RDF files.

    Without `shapes` the files are judged by ours under `base`, together with the terms, code lists and methods of the
    ontology.

    Raises:
        InputError: a file cannot be read or is not RDF, or the shapes are not legal SHACL.
        UsageError: `base` is not an absolute IRI that ends in a slash.
    """
    from kg.validation.files import read_data

    rules = shapes or own_shapes(base)
    return _report(read_data(paths, ontology_base=rules.base if shapes is None else None), rules)


def _report(data: Data, shapes: Shapes) -> Report:
    from kg.validation.judge import judgement
    from kg.validation.results import read_findings
    from kg.validation.things import Things

    report = judgement(data.graph, shapes.graph)
    return Report(read_findings(report, data.graph, shapes.graph, Things(data, shapes.base)), report)
