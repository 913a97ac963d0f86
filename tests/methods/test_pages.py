"""The recognition on real pages, counting the methods of the scheme that link a project."""

from __future__ import annotations

from pathlib import Path

from kg import ontology
from kg.methods import Extractor
from kg.methods.evaluate import evaluate
from kg.methods.gold import read_gold

PAGES = Path(__file__).parent.parent / "pages"


def test_strict_ids_on_pages_reach_the_target(extractor: Extractor) -> None:
    cases = read_gold(PAGES / "facts.json", ontology.load())
    evaluation = evaluate(cases, extractor, linking=True)
    assert evaluation.cases == 39
    strict, lenient = evaluation.strict[0].counts, evaluation.lenient[0].counts
    assert lenient.f1 >= 0.9, evaluation.mistakes
    assert strict.f1 >= 0.9, evaluation.mistakes
    assert strict.recall == 1.0, evaluation.mistakes
