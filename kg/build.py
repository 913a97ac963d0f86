"""The main job: from sources to a new generation of the graph, with a report of what was read and what was not.

A build is a function of its sources: the same sources and version give a byte-identical ``data.nq``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

from kg import generations, ontology, store
from kg.errors import InputError
from kg.joining import Joined, MappedPage
from kg.methods import Extractor
from kg.model import Notice
from kg.sources import files
from kg.sources.page import PageReader
from kg.triples import Mapping

DATA, STORE, REPORT = "data.nq", "store", "report.json"
_BATCH = 100
_WORTH_A_POOL = 300
"""Fewer pages than this are read faster by one process than a pool takes to start."""

Progress = Callable[[str, int, int], None]
"""Called with the phase, the number done and the number in all."""


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that gave no project, with the reasons."""

    name: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `counts` and `rules` are ordered for reading."""

    folder: Path
    generation: str
    base: str
    version: str
    counts: dict[str, int]
    rules: dict[str, int]
    notices: tuple[Notice, ...]

    def as_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        notices = [
            {"source": n.source, "line": n.line, "value": n.value, "rule": n.rule, "message": n.message}
            for n in self.notices
        ]
        return {
            "base": self.base,
            "version": self.version,
            "generation": self.generation,
            "counts": self.counts,
            "warnings_by_rule": self.rules,
            "warnings": notices,
        }


@dataclass(frozen=True)
class _Tools:
    reader: PageReader
    extractor: Extractor
    mapping: Mapping


@lru_cache(maxsize=1)
def _tools(base: str) -> _Tools:
    """Make the tools once in each process."""
    terms = ontology.load(base)
    return _Tools(PageReader(terms), Extractor(terms), Mapping(terms))


def _map_file(file: files.SourceFile, base: str) -> MappedPage | SkippedFile:
    read = files.read(file)
    if isinstance(read, Notice):
        return SkippedFile(file.name, (read,))
    tools = _tools(base)
    page = tools.reader.read(read.text, read.source)
    project = page.project
    if project is None:
        return SkippedFile(file.name, page.notices)
    title, objective = project.value("title"), project.value("specificObjective")
    uses = tools.extractor.extract(
        project.text, objective=str(objective) if objective else None, title=str(title) if title else None
    ).best_uses()
    text = tools.mapping.project(project, uses)
    return MappedPage(
        key=read.source.key,
        name=read.source.name,
        sha256=read.source.sha256,
        layout=project.source.layout,
        project=project.key,
        identifier=str(project.value("identifier") or ""),
        title=str(title or ""),
        graph=text.graph,
        lines=text.lines,
        uses=text.uses,
        derived=tuple(tools.mapping.derived(project)),
        owner=project.owner,
        single=tuple((fact.name, str(fact.value)) for fact in project.facts),
        notices=page.notices,
        personal=page.personal,
    )


def _map_batch(batch: Sequence[files.SourceFile], base: str) -> list[MappedPage | SkippedFile]:
    return [_map_file(file, base) for file in batch]


def _mapped(
    found: Sequence[files.SourceFile], base: str, workers: int, progress: Progress
) -> Iterator[MappedPage | SkippedFile]:
    batches = [found[start : start + _BATCH] for start in range(0, len(found), _BATCH)]
    if workers == 1:
        results: Iterable[list[MappedPage | SkippedFile]] = (_map_batch(batch, base) for batch in batches)
        yield from _counted(results, len(found), progress)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from _counted(pool.map(_map_batch, batches, [base] * len(batches)), len(found), progress)


def _counted(
    results: Iterable[list[MappedPage | SkippedFile]], total: int, progress: Progress
) -> Iterator[MappedPage | SkippedFile]:
    done = 0
    for batch in results:
        yield from batch
        done += len(batch)
        progress("reading", done, total)


def build(
    sources: Iterable[str | Path],
    folder: Path,
    *,
    base: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda phase, done, total: None,
) -> Report:
    """Read `sources`, write a new generation into `folder` and make it the current one.

    Args:
        sources: files, folders or glob patterns.
        folder: the build folder; made if missing.
        base: the base of all IRIs, ending in a slash; the ontology's own by default.
        workers: number of processes that read; by default one a core for many files.
        progress: called now and then with phase, number done, number in all.

    Raises:
        InputError: a source is missing, or not one page could be read.
        BuildError: the folder cannot be written or another build holds it.
    """
    base = ontology.load(base).base
    found = files.find(sources)
    wanted = workers or (1 if len(found.files) < _WORTH_A_POOL else cpu_count() or 1)
    with generations.locked(folder), generations.new_generation(folder) as fresh:
        report = _write_generation(
            fresh, folder, base, _mapped(found.files, base, wanted, progress), found.others, progress
        )
        # The pages are no longer held here: loading needs the memory.
        progress("loading", 0, 1)
        store.create(fresh / DATA, fresh / STORE)
        progress("loading", 1, 1)
    return report


def _write_generation(
    fresh: Path,
    folder: Path,
    base: str,
    mapped: Iterator[MappedPage | SkippedFile],
    others: int,
    progress: Progress,
) -> Report:
    results = list(mapped)
    pages = [result for result in results if isinstance(result, MappedPage)]
    if not pages:
        reasons = "; ".join(str(notice) for result in results[:3] for notice in result.notices[:1])
        raise InputError(f"none of {len(results)} files is a project page: {reasons}")
    joined = Joined(pages, _tools(base).mapping, ontology.load(base))
    _write(fresh / DATA, joined.graphs(), len(pages), progress)
    report = _report(folder, generations.final_name(fresh), base, results, joined, others)
    _write_report(fresh / REPORT, report, pages)
    return report


def _write(path: Path, texts: Iterator[str], total: int, progress: Progress) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for done, text in enumerate(texts, start=1):
            file.write(text)
            if done % 500 == 0:
                progress("writing", min(done, total), total)


def _report(
    folder: Path, generation: str, base: str, results: Sequence[MappedPage | SkippedFile], joined: Joined, others: int
) -> Report:
    notices = [notice for result in results for notice in result.notices] + joined.notices
    rules = Counter(notice.rule for notice in notices)
    counts = {
        "sources_read": len(joined.pages),
        "sources_skipped": len(results) - len(joined.pages),
        "other_files": others,
        **joined.counts(),
        "personal_data_dropped": sum(page.personal for page in joined.pages),
        "warnings": len(notices),
    }
    ordered = dict(sorted(rules.items(), key=lambda item: (-item[1], item[0])))
    return Report(folder, generation, base, version("esf-kg"), counts, ordered, tuple(notices))


def _write_report(path: Path, report: Report, pages: Sequence[MappedPage]) -> None:
    sources = [
        {"key": p.key, "name": p.name, "sha256": p.sha256, "layout": p.layout, "project": p.project} for p in pages
    ]
    text = json.dumps({**report.as_json(), "sources": sources}, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")
