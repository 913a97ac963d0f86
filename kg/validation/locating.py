"""Finds the file and line that a finding is about: in pages kept in folders, and in RDF files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_SKIPPED = frozenset(("node_modules", "__pycache__", "generations"))
_WHITE = re.compile(r"\s+")
_QUOTED = 48
"""So many characters of a quote are looked for: enough to be the only place, few enough to survive a line break."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    path: Path
    line: int = 1


class Pages:
    """The pages in and below some folders, by the names that a build calls them.

    `base` is the base of the build, under which the labels of fields are read.
    """

    def __init__(self, folders: Iterable[Path], base: str | None = None) -> None:
        self._base = base
        self._by_name: dict[str, list[Path]] = {}
        for path in _files(folders):
            self._by_name.setdefault(path.name, []).append(path)
        self._lines = lru_cache(maxsize=256)(self._lines_of_fields)

    def place(self, source: str, *, fact: str = "", quote: str = "") -> Place | None:
        """Return where a source prints a fact (by the local name of its property) or a sentence, else its first line.

        None where no file, or more than one, is called so.
        """
        ending = Path(source).parts
        found = [path for path in self._by_name.get(Path(source).name, ()) if path.parts[-len(ending) :] == ending]
        if len(found) != 1:
            return None
        (path,) = found
        line = (quote and _line_of(path, quote)) or self._lines(path).get(fact, 0)
        return Place(path, line or 1)

    def _lines_of_fields(self, path: Path) -> Mapping[str, int]:
        from kg.model import Notice
        from kg.reading import tools
        from kg.sources.files import SourceFile, read

        file = SourceFile(path, path.name, "x")
        given = None if file.is_list or file.is_html else read(file)
        if given is None or isinstance(given, Notice):
            return {}
        from kg.ontology import default_base

        project = tools(self._base or default_base()).reader.read(given.text, given.source).project
        if project is None:
            return {}
        lines = {fact.name: fact.line for fact in reversed(project.facts)}
        return {**lines, "owner": project.owner.line} if project.owner else lines


class RdfFiles:
    """The lines of RDF files on which things are described."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._text = lru_cache(maxsize=16)(_text)

    def place(self, iri: str) -> Place | None:
        """Return where a thing is first described, else the first line of the first file; None without a file."""
        for pattern in _spellings(iri):
            for path in self._paths:
                text = self._text(path)
                match = pattern.search(text)
                if match:
                    return Place(path, text.count("\n", 0, match.start()) + 1)
        return Place(self._paths[0]) if self._paths else None


def _spellings(iri: str) -> Iterator[re.Pattern[str]]:
    """Yield how a file may name a thing: its IRI, a relative IRI, a prefixed name; where lines begin, then anywhere."""
    if iri.startswith("_:") or not iri:
        return
    parts = re.split(r"(?<=[/#])", iri)
    names = [re.escape(f"<{iri}>")]
    names += [rf"<{re.escape(''.join(parts[-number:]))}>" for number in (3, 2, 1) if len(parts) > number]
    if parts[-1]:
        names.append(rf"\w*:{re.escape(parts[-1])}(?=[\s;,.])")
        names.append(rf'(?:rdf:about|rdf:ID|"@id")\s*[=:]\s*"[^"]*{re.escape(parts[-1])}"')
    yield from (re.compile(rf"^[ \t]*{name}", re.MULTILINE) for name in names)
    yield from map(re.compile, names)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
            continue
        for place, inside, names in os.walk(folder):
            inside[:] = sorted(each for each in inside if not each.startswith(".") and each not in _SKIPPED)
            yield from (Path(place) / name for name in sorted(names))


def _line_of(path: Path, quote: str) -> int:
    """Return the line on which a sentence begins, whatever its white space; 0 if it does not stand there."""
    words = _WHITE.sub(" ", quote).rstrip("…").strip()[:_QUOTED].split(" ")
    text = _text(path)
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
