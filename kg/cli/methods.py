"""`kg methods`: which methods a text names, and what texts name that the scheme lacks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import method_measures, method_scheme
from kg.cli.method_scheme import AsJson
from kg.cli.output import message, write_json, write_rows
from kg.counting import counted
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.methods import Extraction, Extractor
    from kg.methods.candidates import Candidate
    from kg.model import MethodUse

_KEYS = ("method", "role", "quote", "start", "end", "matched", "rule", "confidence")
_STDIN = "-"

commands = typer.Typer(no_args_is_help=True, help="Recognise methods in texts, and look at the scheme of methods.")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    method_scheme.register(commands)
    method_measures.register(commands)
    app.add_typer(commands, name="methods")


@commands.command()
def extract(
    file: Annotated[str, typer.Argument(help="A text or project page, - for standard input.")] = _STDIN,
    as_json: AsJson = False,
    jsonl: Annotated[str | None, typer.Option(help='Lines of {"id", "text"}, - for standard input.')] = None,
    explain: Annotated[
        bool, typer.Option(help="Show the text with each match, and what was rejected and why.")
    ] = False,
    objective: Annotated[
        str | None, typer.Option(help="Code of the project's specific objective, such as A1A.")
    ] = None,
) -> None:
    """Find the methods that a text names, with role, rule, confidence and the sentence that proves it."""
    extractor = _extractor()
    if jsonl is not None:
        for line in _lines(jsonl):
            typer.echo(json.dumps(_answer(line, extractor, objective), ensure_ascii=False))
        return
    text, title, stated, offset = _text(file)
    found = extractor.extract(text, objective=objective or stated, title=title)
    if explain:
        from kg.cli.explaining import explained

        typer.echo(explained(text, found))
    elif as_json:
        write_json([_use(use, offset) for use in found.uses])
    else:
        columns = ("method", "role", "matched", "rule", "confidence", "sentence")
        write_rows(columns, [(u.method, u.role, u.matched, u.rule, u.confidence, u.quote) for u in found.uses])
        uses, rejected = counted(len(found.uses), "use"), counted(len(found.rejected), "look-alike")
        message(f"{uses} found, {rejected} rejected; --explain shows both.")


@commands.command()
def candidates(
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Pages, other texts, folders, globs, -; default: seeds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose names that texts present as methods and that the scheme lacks."""
    from kg.methods.candidates import candidates as propose

    found = propose(_texts(sources or []), _ontology())
    if as_json:
        from dataclasses import asdict

        write_json([asdict(candidate) for candidate in found])
    else:
        write_rows(("name", "times", "projects", "cue", "nearest", "sentence"), [_candidate_row(one) for one in found])


def _candidate_row(one: Candidate) -> tuple[str, int, str, str, str, str]:
    return one.name, one.times, ", ".join(one.projects), ", ".join(one.cues), one.nearest or "", one.sentences[0]


def _texts(sources: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield key and description of every project page."""
    from kg import resources
    from kg.model import Notice
    from kg.sources import files
    from kg.sources.html import read_html
    from kg.sources.page import PageReader

    reader = PageReader(_ontology())
    named = [str(source) for source in sources if str(source) != _STDIN]
    if len(named) < len(sources):
        yield "standard input", _read(_STDIN)
        if not named:
            return
    for file in files.find(named or [resources.folder("seeds")]).files:
        read = files.read(file)
        if isinstance(read, Notice):
            message(str(read))
            continue
        text = read_html(read.text, reader.labels).text if read.is_html else read.text
        project = reader.read(text, read.source).project
        # Any other text is searched as it is, as by kg methods extract.
        yield (project.key, project.text) if project else (file.path.name, text)


def _ontology() -> Any:
    from kg import ontology

    return ontology.load()


def _extractor() -> Extractor:
    from kg.methods import Extractor

    return Extractor(_ontology())


def _read(name: str) -> str:
    """Return the text of a file or of standard input; of a web page what it shows, as kg build reads it."""
    from kg.sources.html import HTML_SUFFIXES, charset, is_markup, read_html
    from kg.sources.page import PageReader

    try:
        data = sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
        if not is_markup(data, named=Path(name).suffix.lower() in HTML_SUFFIXES):
            return data.decode("utf-8-sig")
        html = data.decode(charset(data, None))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read as UTF-8 text: {error}") from error
    message("a web page: start and end count in the text that it shows")
    return read_html(html, PageReader(_ontology()).labels).text


def _text(name: str) -> tuple[str, str | None, str | None, int]:
    """Return the text to search, the project's name and objective, and where in the file the text begins.

    Of a project page only the description is searched.
    """
    from kg.model import Source
    from kg.sources.page import PageReader

    text = _read(name)
    project = PageReader(_ontology()).read(text, Source(key=name, name=name, sha256="")).project
    if project is None or not project.facts:
        return text, None, None, 0
    title, objective = project.value("title"), project.value("specificObjective")
    offset = text.find(project.text)
    if offset < 0:
        message("personal data were left out of the description: start and end count from its beginning")
    return project.text, str(title) if title else None, str(objective) if objective else None, max(offset, 0)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file or of standard input, a line at a time, however long it is."""
    try:
        with nullcontext(sys.stdin.buffer) if name == _STDIN else Path(name).open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _entry(line, f"line {number} of {name}")
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error}") from error


def _entry(line: bytes, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
        return {"id": entry["id"], "text": str(entry["text"]), "objective": entry.get("objective")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f'{place} is not an object with "id" and "text": {error!r}') from error


def _answer(line: dict[str, Any], extractor: Extractor, objective: str | None) -> dict[str, Any]:
    found: Extraction = extractor.extract(line["text"], objective=line["objective"] or objective)
    return {"id": line["id"], "uses": [_use(use) for use in found.uses]}


def _use(use: MethodUse, offset: int = 0) -> dict[str, Any]:
    shifted = {"start": use.start + offset, "end": use.end + offset}
    return {key: shifted.get(key, getattr(use, key)) for key in _KEYS}
