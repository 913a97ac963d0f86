"""Measures the recognition of methods: ``python -m tests.benchmarks.bench_methods [--spacy PYTHON]``.

Speed in MB of UTF-8 text a second of processor time, over generated pages, over the given pages, which name a method
every 500 letters, and over the given sentences, where each text is one sentence with a name, the densest there is; once
as it is in a long run, where builds hand over a hundred texts at a time, and once for an extractor that has seen no word
yet. Beside it the target, a bare Aho–Corasick
scan and a plain longest match over the labels of the same texts, and the entity ruler of spaCy, which runs in the
interpreter PYTHON where it is installed (a table row says so where it is not); and quality on three sets of sentences.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import ontology, resources
from kg.methods import Extractor, Text
from kg.methods.evaluate import Counts
from kg.methods.gold import Case, read_gold
from kg.model import Source
from kg.ontology import Ontology
from kg.sources.page import PageReader
from tests.benchmarks.generator import pages

PAGES = 1_000
RUNS = 15
BATCH = 100
FIRST_RUNS = 3
TARGET = 3.0
_OURS = "kg methods extract"
HERE = Path(__file__).parent
SENTENCES = HERE.parent / "methods"
_SPACY = """
import json, sys, time, spacy
task = json.load(sys.stdin)
nlp = spacy.blank("sv")
ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
ruler.add_patterns([{"label": "M", "pattern": label, "id": method} for label, method in task["labels"]])
found = lambda text: sorted({entity.ent_id_ for entity in nlp(text).ents})
started = time.process_time()
for text in task["texts"]:
    nlp(text)
seconds = time.process_time() - started
json.dump({"version": spacy.__version__, "seconds": seconds, "ids": [found(text) for text in task["cases"]]}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A way of finding methods: its speed in MB a second, and ids on the given, our own and the unseen sentences."""

    way: str
    text: str
    speed: float | None
    given: str = ""
    own: str = ""
    unseen: str = ""


def _labels() -> list[tuple[str, str]]:
    concepts = [concept for concept in ontology.load().concepts("methods") if concept.broader]
    return [(label, concept.id) for concept in concepts for label in concept.spellings()]


def _generated() -> list[str]:
    reader = PageReader(ontology.load())
    read = (reader.read(page.text, Source(page.name, page.name, "")).project for page in pages(PAGES))
    return [project.text for project in read if project]


def _speed(texts: Sequence[str], run: Callable[[], object]) -> float:
    """Return MB a second: the best of several runs over all texts, which other work on the machine disturbs least."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return round(size / best, 2)


def _one_by_one(texts: Sequence[str], call: Callable[[str], object]) -> float:
    def run() -> None:
        for text in texts:
            call(text)

    return _speed(texts, run)


def _extract(extractor: Extractor, texts: Sequence[str]) -> None:
    for first in range(0, len(texts), BATCH):
        extractor.extract_all([Text(text) for text in texts[first : first + BATCH]])


def _first_speed(texts: Sequence[str], known: Ontology) -> float:
    """Return MB a second of extractors that read each text for the first time, the best of a few."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    best = float("inf")
    for _ in range(FIRST_RUNS):
        extractor = Extractor(known)
        started = time.process_time()
        _extract(extractor, texts)
        best = min(best, time.process_time() - started)
    return round(size / best, 2)


def _quality(cases: Sequence[Case], found: Iterable[set[str]]) -> str:
    counts = [0, 0, 0]
    for case, ids in zip(cases, found, strict=True):
        expected = {one.method for one in case.expected if one.method}
        counts = [counts[0] + len(expected & ids), counts[1] + len(ids - expected), counts[2] + len(expected - ids)]
    total = Counts(*counts)
    return f"{total.precision:.3f} / {total.recall:.3f} / {total.f1:.3f}"


class _Plain:
    """The plain longest match: labels in any case at word boundaries, nothing else."""

    def __init__(self, labels: Sequence[tuple[str, str]]) -> None:
        self._methods = [method for _, method in labels]
        texts = [label.lower() for label, _ in labels]
        self.scan = AhoCorasick(texts, matchkind=MatchKind.LeftmostLongest)

    def ids(self, text: str) -> set[str]:
        lower = text.lower()
        return {
            self._methods[number]
            for number, start, end in self.scan.find_matches_as_indexes(lower)
            if not lower[max(start - 1, 0) : start].isalnum() and not lower[end : end + 1].isalnum()
        }


def _spacy(python: str, texts: Sequence[str], cases: Sequence[Case]) -> tuple[str, float, list[set[str]]] | None:
    """Return version, speed and ids found by spaCy's entity ruler in another interpreter, None where it has no spaCy."""
    task = {"labels": _labels(), "texts": texts, "cases": [case.text for case in cases]}
    done = subprocess.run([python, "-c", _SPACY], input=json.dumps(task), capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    answer = json.loads(done.stdout)
    size = sum(len(text.encode()) for text in texts) / 1e6
    return answer["version"], round(size / answer["seconds"], 2), [set(ids) for ids in answer["ids"]]


def run(python: str) -> list[Row]:
    """Return the rows of the table."""
    known = ontology.load()
    sets = [read_gold(SENTENCES / f"{name}sentences.jsonl", known) for name in ("", "own-", "unseen-")]
    generated = _generated()
    real = [case.text for case in read_gold(HERE.parent / "pages" / "facts.json", known)]
    real += [
        case.text for case in read_gold(HERE.parent / "pages" / "seed-facts.json", known, resources.folder("seeds"))
    ]
    extractor, plain = Extractor(known), _Plain(_labels())

    def ids(text: str) -> set[str]:
        return {use.method for use in extractor.extract(text).best_uses()}

    def quality(call: Callable[[str], set[str]]) -> list[str]:
        return [_quality(cases, (call(case.text) for case in cases)) for cases in sets]

    texts = {"generated": generated, "given pages": real, "sentences": [case.text for cases in sets for case in cases]}
    rows: list[Row] = []
    for name, some in texts.items():
        shown = name == "generated"
        rows += [
            Row("bare Aho–Corasick scan", name, _one_by_one(some, plain.scan.find_matches_as_indexes)),
            Row("plain longest match", name, _one_by_one(some, plain.ids), *(quality(plain.ids) if shown else ())),
            Row(_OURS, name, _speed(some, partial(_extract, extractor, some)), *(quality(ids) if shown else ())),
            Row(f"{_OURS}, new words", name, _first_speed(some, known)),
        ]
    every = [case for cases in sets for case in cases]
    other = _spacy(python, generated[:200], every)
    if other is None:
        return [*rows, Row(f"spaCy entity ruler: not installed in {Path(python).name}", "", None)]
    version, speed, found = other
    ends = [sum(map(len, sets[: number + 1])) for number in range(len(sets))]
    figures = [_quality(cases, found[end - len(cases) : end]) for cases, end in zip(sets, ends, strict=True)]
    return [*rows, Row(f"spaCy {version} entity ruler", "generated", speed, *figures)]


def _write(rows: Sequence[Row]) -> None:
    print(f"{'way':<32}{'text':<12}{'MB/s':>8}{'target':>8}   {'ids P / R / F1, given':<24}{'own':<24}unseen")
    for row in rows:
        target = TARGET if row.way.startswith(_OURS) and row.text != "sentences" else ""
        speeds = f"{row.speed or '':>8}{target:>8}"
        print(f"{row.way:<32}{row.text:<12}{speeds}   {row.given:<24}{row.own:<24}{row.unseen}")
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "target MB/s": TARGET}
    text = json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=1, ensure_ascii=False)
    (results / "methods.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    _write(run(sys.argv[2] if sys.argv[1:2] == ["--spacy"] else sys.executable))
