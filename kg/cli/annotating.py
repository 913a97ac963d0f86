"""Writes findings of `kg check` and issues of `kg quality` as places in files: SARIF and GitHub annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from kg.cli.output import write_json

if TYPE_CHECKING:
    from kg.quality import Issue
    from kg.validation import Finding
    from kg.validation.annotations import Annotation
    from kg.validation.locating import Pages, Place, RdfFiles

FORMATS = ("sarif", "github")
PagesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--pages",
        metavar="FOLDER",
        help="With sarif and github: where the pages lie; by default the folder you are in.",
    ),
]


def write_annotations(found: Iterable[Annotation], fmt: str, out: TextIO) -> None:
    """Write annotations in one of `FORMATS`."""
    from importlib.metadata import version

    from kg.validation.annotations import github, sarif

    if fmt == "sarif":
        write_json(sarif(found, tool="kg", version=version("esf-kg")), out)
    else:
        out.writelines(github(list(found)))


def pages_in(folders: Sequence[Path] | None, base: str | None = None) -> Pages:
    """Return the pages of some folders, by default of the one we are in."""
    from kg.validation.locating import Pages

    return Pages(folders or [Path()], base)


def of_findings(findings: Iterable[Finding], language: str, places: Pages | RdfFiles) -> Iterator[Annotation]:
    """Yield findings as annotations: at the field of a page, or where a file describes the thing."""
    from kg.validation.annotations import Annotation
    from kg.validation.locating import RdfFiles

    for each in findings:
        if isinstance(places, RdfFiles):
            place = places.place(each.focus)
        else:
            stated = [source for value in each.stated for source in value.sources]
            place = _first(places, [*stated, *each.sources], fact=_local(each.path or ""))
        who = " ".join(part for part in (each.identifier, each.title) if part) or each.subject
        values = "; ".join(map(str, each.stated))
        said = each.message(language) + (f" {values}" if values else "")
        key = "\n".join((each.shape, each.component, each.focus, each.path or "", each.value or ""))
        yield Annotation(each.severity, each.rule, each.message(language), said, who, key, *_shown(place))


def of_issues(issues: Iterable[Issue], language: str, pages: Pages) -> Iterator[Annotation]:
    """Yield issues as annotations: at the sentence, the line or the field that they are about."""
    from kg.quality.plain import rule_label
    from kg.validation.annotations import Annotation
    from kg.validation.locating import Place

    for each in issues:
        place = _first(pages, each.sources, fact=each.fact, quote=each.quote)
        if place and each.line:
            place = Place(place.path, each.line)
        label = rule_label(each.rule, [each])[language]
        said = f"{each.message(language)} {each.suggestion(language)}"
        who = each.about.shown or ", ".join(each.sources) or each.rule
        yield Annotation(each.severity, each.rule, label, said, who, each.id, *_shown(place))


def _first(pages: Pages, sources: Iterable[str], *, fact: str = "", quote: str = "") -> Place | None:
    found = (pages.place(source, fact=fact, quote=quote) for source in sources)
    return next((place for place in found if place), None)


def _shown(place: Place | None) -> tuple[Path | None, int]:
    """Return path and line, the path as seen from where we are if it lies below."""
    if place is None:
        return None, 1
    path, here = place.path.resolve(), Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path), place.line


def _local(path: str) -> str:
    return path.strip("<>").replace("#", "/").rpartition("/")[2] if path.count("<") == 1 else ""
