"""The main job: from sources to a new generation of the graph, with a report of what was read and what was not.

A build is a function of its sources: the same sources and version give a byte-identical ``data.nq``.
"""

from __future__ import annotations

import gc
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING

from kg import generations, ontology, store
from kg.errors import InputError, UsageError
from kg.joining import Joined, MappedPage
from kg.link import read_links
from kg.model import Notice
from kg.owners import reviewed
from kg.reading import Progress, mapped_pages, tools, worth_processes
from kg.reading_results import SkippedFile
from kg.shards import OnCluster, open_workers
from kg.sources import files
from kg.sources.table_mapping import ListMapping, read_mapping
from kg.store import DATA, REPORT, STORE

if TYPE_CHECKING:
    from kg.columns.lists import MappedList, UnreadList

    Result = MappedPage | SkippedFile | MappedList | UnreadList

_SCRATCH = "scratch"
_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `counts` and `rules` are ordered for reading.

    `shards` is the path or URL of the folder of N-Quads that a cluster has left, if it was to leave them.
    """

    folder: Path
    generation: str
    base: str
    version: str
    counts: dict[str, int]
    rules: dict[str, int]
    notices: tuple[Notice, ...]
    shards: str = ""

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


def build(
    sources: Iterable[str | Path],
    folder: Path,
    *,
    base: str | None = None,
    workers: int | OnCluster | None = None,
    mapping: Path | None = None,
    owners: Iterable[Path] = (),
    links: Iterable[Path] = (),
    progress: Progress = lambda phase, done, total: None,
) -> Report:
    """Read `sources`, write a new generation into `folder` and make it the current one.

    Args:
        sources: files, folders or glob patterns; pages (text, HTML) and lists of operations (CSV, XLSX).
        folder: the build folder; made if missing.
        base: the base of all IRIs, ending in a slash; the ontology's own by default.
        workers: number of processes that read, or a cluster; by default one process a core if that is worth it.
        mapping: a file that tells how to read lists whose headings are not known.
        owners: files of decisions about owners, besides the installed one.
        links: files of outward links that a person has reviewed.
        progress: called now and then with phase, number done, number in all.

    Raises:
        InputError: a source is missing, not one page or list could be read, or the mapping file means nothing.
        UsageError: there is a mapping file and no list.
        BuildError: the folder cannot be written, another build holds it, or workers were lost.
    """
    terms = ontology.load(base)
    found = files.find(sources)
    columns = _columns(mapping, found, terms)
    settled = reviewed.read(owners)
    linked = [line for path in links for line in read_links(path, terms.base)]
    # Loaded before other processes are forked, these are theirs as well.
    tools(terms.base)
    wanted = workers or (cpu_count() or 1 if worth_processes(found) else 1)
    # The workers come first: they must not hold the lock, nor be forked from a process with threads.
    with open_workers(wanted) as crew, generations.locked(folder), generations.new_generation(folder) as fresh:
        scratch = fresh / _SCRATCH
        scratch.mkdir()
        with ExitStack() as beside, store.Loading(fresh / STORE) as loading:
            with _without_search_for_garbage():
                results: list[Result] = list(_loaded(mapped_pages(found.pages, terms.base, crew, progress), loading))
            loading.pause()
            read = [page for page in results if isinstance(page, MappedPage)]
            if found.lists:
                from kg.reading_lists import ListJob, mapped_lists

                job = ListJob(terms.base, columns, scratch)
                results += mapped_lists(found.lists, job, read, crew, progress)
            given = _Given(terms, settled, linked, found.others)
            with _without_search_for_garbage():
                report = _write_generation(fresh, folder, given, results, loading, progress)
            # Nothing read is held any longer: loading needs the memory and the disk.
            del results, read
            shutil.rmtree(scratch)
            progress("loading", 0, 1)
            beside.enter_context(_without_search_for_garbage())
            beside.enter_context(_indexed(fresh, terms.base))
        progress("loading", 1, 1)
    return replace(report, shards=crew.shards.url) if crew.shards else report


@contextmanager
def _without_search_for_garbage() -> Iterator[None]:
    """Let values be freed by their counts alone: Python would look through all that was read, again and again."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _indexed(fresh: Path, base: str) -> AbstractContextManager[None]:
    """Have the search index made while the store is being loaded."""
    # Imported here: it brings NumPy, which most commands do without.
    from kg import search

    return search.created_beside(fresh / DATA, base, fresh / search.FILE)


def _loaded(pages: Iterable[MappedPage | SkippedFile], loading: store.Loading) -> Iterator[MappedPage | SkippedFile]:
    """Yield all pages, and have what each says loaded while the next are being read."""
    for page in pages:
        if isinstance(page, MappedPage):
            loading.add(page.text)
        yield page


def _columns(mapping: Path | None, found: files.Found, terms: ontology.Ontology) -> ListMapping:
    if mapping is None:
        return ListMapping()
    if not found.lists:
        raise UsageError(f"{mapping} tells how to read lists, but no source is a list (CSV or XLSX)")
    return read_mapping(mapping, terms)


@dataclass(frozen=True)
class _Given:
    """What a build is given besides its sources: the ontology, decisions, links, and how many files it left alone."""

    terms: ontology.Ontology
    settled: reviewed.Reviewed
    links: Sequence[str]
    others: int


def _write_generation(
    fresh: Path,
    folder: Path,
    given: _Given,
    results: Sequence[Result],
    loading: store.Loading,
    progress: Progress,
) -> Report:
    """Write all files but store and index; return the report."""
    terms = given.terms
    pages = [result for result in results if isinstance(result, MappedPage)]
    lists = _mapped_lists(results)
    if not pages and not lists:
        reasons = "; ".join(str(notice) for result in results[:3] for notice in result.notices[:1])
        raise InputError(f"none of {len(results)} files is a project page or a list of operations: {reasons}")
    joined = Joined(pages, tools(terms.base).mapping, terms, given.settled, lists)
    texts = chain(joined.graphs(), joined.linked(given.links))
    total = len(pages) + sum(each.rows for each in lists)
    data = fresh / DATA
    with data.open("wb", buffering=_BUFFER) as file:
        written = 0
        for done, each in enumerate(texts, start=1):
            start, written = written, written + len(each.text)
            file.write(each.text)
            if each.unloaded is each.text:
                file.flush()
                loading.add_written(data, start, written)
            elif each.unloaded:
                loading.add(each.unloaded)
            if done % 500 == 0:
                progress("writing", min(done, total), total)
    report = _report(folder, generations.final_name(fresh), terms.base, results, joined, given.others)
    _write_report(fresh / REPORT, report, pages, lists)
    return report


def _mapped_lists(results: Sequence[Result]) -> list[MappedList]:
    lists = [result for result in results if not isinstance(result, MappedPage | SkippedFile)]
    if not lists:
        return []
    # Imported here: reading lists brings much that a build of pages does without.
    from kg.columns.lists import MappedList

    return [result for result in lists if isinstance(result, MappedList)]


def _report(folder: Path, generation: str, base: str, results: Sequence[Result], joined: Joined, others: int) -> Report:
    notices = [notice for result in results for notice in result.notices] + joined.notices
    rules = Counter(notice.rule for notice in notices)
    counts = {
        "sources_read": len(joined.pages) + len(joined.lists),
        "sources_skipped": len(results) - len(joined.pages) - len(joined.lists),
        "other_files": others,
        "rows": sum(each.rows for each in joined.lists),
        **joined.counts(),
        "personal_data_dropped": sum(page.personal for page in joined.pages)
        + sum(each.personal for each in joined.lists),
        "warnings": len(notices),
    }
    ordered = dict(sorted(rules.items(), key=lambda item: (-item[1], item[0])))
    return Report(folder, generation, base, version("esf-kg"), counts, ordered, tuple(notices))


def _write_report(path: Path, report: Report, pages: Sequence[MappedPage], lists: Sequence[MappedList]) -> None:
    sources: list[dict[str, object]] = [
        {"key": p.key, "name": p.name, "sha256": p.sha256, "layout": p.layout, "project": p.project} for p in pages
    ]
    for each in lists:
        source = each.source
        described = {"key": source.key, "name": source.name, "sha256": source.sha256, "layout": source.layout}
        sources.append({**described, "rows": each.rows})
    text = json.dumps({**report.as_json(), "sources": sources}, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")
