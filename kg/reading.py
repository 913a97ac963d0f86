"""Reads and maps the pages of a build, in shards that workers take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from kg import ontology
from kg.joining import MappedPage, own_text, with_uses
from kg.mentions import TextMention, mentions
from kg.methods import Extractor, Text
from kg.model import MethodUse, Notice, Project, Source
from kg.owners.known import known
from kg.reading_results import PackedPages, SkippedFile, packed, unpacked
from kg.shards import Workers
from kg.sources import files
from kg.sources.html import read_html
from kg.sources.page import PageReader
from kg.sources.table_formats import is_workbook
from kg.triples import Mapping

_BATCH = 100
_WORTH_PROCESSES = 300
"""Fewer pages than this are read faster by one process than others take to start."""
_LONG_TEXT, _LONG_WORKBOOK = 16 * 1024 * 1024, 2 * 1024 * 1024
"""Sizes in bytes of lists that are worth it, as text and as a compressed workbook."""

Progress = Callable[[str, int, int], None]
"""Called with the phase, the number done and the number in all."""


@dataclass(frozen=True)
class Tools:
    """What sources are read and mapped with."""

    reader: PageReader
    extractor: Extractor
    mapping: Mapping

    def uses(self, project: Project) -> tuple[MethodUse, ...]:
        """Return the methods that the text of a project names."""
        return self.uses_of_all([project])[0]

    def uses_of_all(self, projects: Sequence[Project]) -> list[tuple[MethodUse, ...]]:
        """Return the methods that the text of each project names; together they are read with less work."""
        found = self.extractor.extract_all([*map(_text, projects)])
        return [extraction.settled_uses() for extraction in found]


def _text(project: Project) -> Text:
    title, objective = project.value("title"), project.value("specificObjective")
    return Text(project.text, str(objective) if objective else None, str(title) if title else None)


@lru_cache(maxsize=1)
def tools(base: str) -> Tools:
    """Make the tools once in each process."""
    terms = ontology.load(base)
    # What reading looks up by itself, so that it is here before processes are forked.
    known()
    mentions("")
    return Tools(PageReader(terms), Extractor(terms), Mapping(terms))


@dataclass(frozen=True, slots=True)
class _PageShard:
    """Some page files (path, name and key of each); `texts` is what they hold where workers cannot see the files."""

    base: str
    pages: tuple[tuple[str, str, str], ...]
    texts: tuple[files.ReadFile | Notice, ...] | None


@dataclass(frozen=True, slots=True)
class _Understood:
    """A page that has been read: the project, and what was odd about the file and the page."""

    source: Source
    project: Project
    notices: tuple[Notice, ...]
    personal: int


def _map_shard(shard: _PageShard) -> PackedPages:
    """Read and map pages, one stage after another.

    Each stage has code and tables of its own, and page by page they drove each other out of the caches of the
    processor: so much the same work took a quarter longer.
    """
    with_ = tools(shard.base)
    pages = [files.SourceFile(Path(path), name, key) for path, name, key in shard.pages]
    texts = list(map(files.read, pages)) if shard.texts is None else shard.texts
    results = [_understood(file, read, with_.reader) for file, read in zip(pages, texts, strict=True)]
    understood = [each for each in results if isinstance(each, _Understood)]
    uses = with_.uses_of_all([page.project for page in understood])
    mentioned = [mentions(page.project.text) for page in understood]
    mapped = map(partial(_mapped, with_.mapping), understood, uses, mentioned)
    whole = [next(mapped) if isinstance(each, _Understood) else each for each in results]
    return packed(whole, with_.mapping.derived_graph())


def _understood(file: files.SourceFile, read: files.ReadFile | Notice, reader: PageReader) -> _Understood | SkippedFile:
    if isinstance(read, Notice):
        return SkippedFile(file.name, (read,))
    text, source = read.text, read.source
    if read.is_html:
        html = read_html(text, reader.labels)
        text, source = html.text, replace(source, address=source.address or html.address)
    page = reader.read(text, source)
    if page.project is None:
        return SkippedFile(file.name, page.notices)
    return _Understood(source, page.project, (*read.notices, *page.notices), page.personal)


def _mapped(
    mapping: Mapping, page: _Understood, uses: tuple[MethodUse, ...], mentioned: tuple[TextMention, ...]
) -> MappedPage:
    source, project = page.source, page.project
    text = mapping.project(project, uses)
    return MappedPage(
        key=source.key,
        name=source.name,
        sha256=source.sha256,
        layout=project.source.layout,
        project=project.key,
        identifier=str(project.value("identifier") or ""),
        title=str(project.value("title") or ""),
        graph=text.graph,
        text=own_text(text.graph, text.lines, text.uses),
        uses=text.uses,
        derived=tuple(mapping.derived(project)),
        owner=project.owner,
        single=tuple((fact.name, str(fact.value)) for fact in project.facts),
        notices=page.notices,
        personal=page.personal,
        mentions=mentioned,
    )


def mapped_pages(
    found: Sequence[files.SourceFile], base: str, workers: Workers, progress: Progress
) -> Iterator[MappedPage | SkippedFile]:
    """Yield each page, read and mapped, in order.

    Each use of a method is left to the first page of its project that has it: a use has one proof.
    """
    shards = _page_shards(found, base, with_texts=workers.place is not None)
    derived = tools(base).mapping.derived_graph()
    yield from _first_uses(_counted(workers.map(_map_shard, shards, "pages"), derived, len(found), progress))


def _page_shards(found: Sequence[files.SourceFile], base: str, *, with_texts: bool) -> Iterator[_PageShard]:
    for start in range(0, len(found), _BATCH):
        some = found[start : start + _BATCH]
        pages = tuple((str(file.path), file.name, file.key) for file in some)
        yield _PageShard(base, pages, tuple(map(files.read, some)) if with_texts else None)


def worth_processes(found: files.Found) -> bool:
    """Return whether several processes read all this faster than one, starting them included."""
    return len(found.pages) >= _WORTH_PROCESSES or any(_is_long(file) for file in found.lists)


def _is_long(file: files.SourceFile) -> bool:
    try:
        return file.path.stat().st_size > (_LONG_WORKBOOK if is_workbook(file.path) else _LONG_TEXT)
    except OSError:
        return False


def _first_uses(results: Iterable[MappedPage | SkippedFile]) -> Iterator[MappedPage | SkippedFile]:
    seen: set[tuple[str, str, str]] = set()
    for result in results:
        if isinstance(result, MappedPage):
            fresh = [(result.project, method, role) not in seen for method, role, _ in result.uses]
            seen.update((result.project, method, role) for method, role, _ in result.uses)
            yield result if all(fresh) else with_uses(result, fresh)
        else:
            yield result


def _counted(
    shards: Iterable[PackedPages], derived: str, total: int, progress: Progress
) -> Iterator[MappedPage | SkippedFile]:
    done = 0
    for shard in shards:
        yield from unpacked(shard, derived)
        done += len(shard.beside)
        progress("reading", done, total)
