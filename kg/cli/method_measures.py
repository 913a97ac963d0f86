"""`kg methods evaluate`: how well methods are recognised, measured against what people found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.method_scheme import AsJson
from kg.cli.output import message, write_json, write_rows

if TYPE_CHECKING:
    from kg.methods.evaluate import Counts, Evaluation, Measure

_NEAR = 0.85


def register(commands: typer.Typer) -> None:
    """Add the command to `commands`."""
    commands.command()(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Sentences a line, or facts of pages (JSON).")],
    pages: Annotated[Path | None, typer.Option(help="Folder of the pages; default: beside the facts.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the recognition against a file of texts in which people have found the methods."""
    from kg import ontology
    from kg.methods import Extractor
    from kg.methods.evaluate import evaluate as measure
    from kg.methods.gold import read_gold

    known = ontology.load()
    cases = read_gold(gold, known, pages)
    facts = any(not one.sure or case.title for case in cases for one in case.expected)
    result = measure(cases, Extractor(known), linking=facts)
    if as_json:
        from dataclasses import asdict

        write_json(asdict(result))
        return
    _write_evaluation(result)


def _write_evaluation(result: Evaluation) -> None:
    measures = [("strict", measure) for measure in result.strict]
    if result.lenient != result.strict:
        measures += [("lenient", measure) for measure in result.lenient]
    columns = ("scored", "level", "right", "false", "missed", "precision", "recall", "F1")
    write_rows(columns, [_measure_row(scored, measure) for scored, measure in measures])
    typer.echo()
    kinds = [(kind, cases, *_figures(ids), *_figures(roles)) for kind, cases, ids, roles in result.kinds]
    write_rows(("kind", "cases", "ids P", "ids R", "ids F1", "roles P", "roles R", "roles F1"), kinds)
    if result.mistakes:
        typer.echo()
        rows = [(m.case, m.what, m.method, m.role, m.expected_role, m.rule, m.sentence) for m in result.mistakes]
        write_rows(("case", "what", "method", "role", "expected", "rule", "sentence"), rows)
    if result.outside:
        _write_outside(result.outside)
    typer.echo()
    bands = [
        (f"{one.least:.2f}", one.counts.right, one.counts.false, f"{one.counts.precision:.3f}") for one in result.bands
    ]
    write_rows(("confidence from", "right", "false", "share right"), bands)
    sure = result.sure
    message(
        f"{result.cases} texts; of {sure.right + sure.false} uses with confidence 0.9 or more {sure.right} are right."
    )


def _write_outside(outside: Sequence[tuple[str, str, str]]) -> None:
    from difflib import get_close_matches

    from kg import ontology

    ids = [concept.id for concept in ontology.load().concepts("methods")]
    near = [", ".join(get_close_matches(name, ids, n=1, cutoff=_NEAR)) for _, name, _ in outside]
    typer.echo()
    rows = [(*row, meant) for row, meant in zip(outside, near, strict=True)]
    write_rows(("case", "not in the scheme, not counted", "role", "did you mean"), rows)


def _measure_row(scored: str, measure: Measure) -> tuple[str, str, int, int, int, str, str, str]:
    counts = measure.counts
    return (
        scored,
        measure.level,
        counts.right,
        counts.false,
        counts.missed,
        _with_interval(counts.precision, measure.precision),
        _with_interval(counts.recall, measure.recall),
        _with_interval(counts.f1, measure.f1),
    )


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


def _figures(counts: Counts) -> tuple[float, float, float]:
    return round(counts.precision, 3), round(counts.recall, 3), round(counts.f1, 3)
