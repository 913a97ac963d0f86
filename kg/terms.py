"""The statements of `ontology/*.ttl` under a chosen base, looked up by subject and predicate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, UsageError

if TYPE_CHECKING:
    import pyoxigraph

    Value = pyoxigraph.NamedNode | pyoxigraph.Literal

_BASE_LINE = re.compile(r"BASE <([^<>\s]+)>")
_BASE_RULE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^<>\"{}|\\^`\s#?]+/")
_SHAPES = "shapes.ttl"  # constraints, read by the checker and not part of the graph
_GRAPHS = {"kg.ttl": "ontology", "alignment.ttl": "ontology", "methods.ttl": "methods"}
_OTHER_FILES = "reference"


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything that the files say: N-Quads lines by graph, and values by subject and predicate."""

    lines: Mapping[str, Sequence[str]] = field(repr=False)
    values: Mapping[str, Mapping[str, Sequence[Value]]] = field(repr=False)

    def of(self, subject: str, predicate: str) -> Sequence[Value]:
        """Return the values of `predicate` of `subject`, both IRIs, in the order of the file."""
        return self.values.get(subject, {}).get(predicate, ())

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the values as text: of a literal its lexical form, of a thing its IRI."""
        return tuple(value.value for value in self.of(subject, predicate))

    def text(self, subject: str, predicate: str) -> str | None:
        """Return the first value as text, or None."""
        return next(iter(self.texts(subject, predicate)), None)

    def by_language(self, subject: str, predicate: str) -> tuple[tuple[str, str], ...]:
        """Return (language, text) of every literal, the language empty where there is none."""
        return tuple((getattr(value, "language", None) or "", value.value) for value in self.of(subject, predicate))

    def subjects(self, predicate: str, value: str | None = None) -> list[str]:
        """Return, sorted, the subjects that have `predicate`, with `value` (as text) if one is given."""
        return sorted(
            subject
            for subject, pairs in self.values.items()
            if predicate in pairs and (value is None or value in self.texts(subject, predicate))
        )


def _shown(path: Path) -> str:
    """Return a file as people know it: one of ours by its folder, one of theirs as they named it."""
    return f"ontology/{path.name}" if path.parent.name == "ontology" else str(path)


def base_of(path: Path) -> str:
    """Return the base that the first line of a Turtle file declares.

    Raises:
        InputError: the file is missing or does not open with a line `BASE <…>`.
    """
    return _base_and_text(path)[0]


def checked_base(base: str) -> str:
    """Return `base` if IRIs can be made from it.

    Raises:
        UsageError: it is not an absolute IRI that ends in a slash.

    >>> checked_base("https://example.org/x/")
    'https://example.org/x/'
    """
    if _BASE_RULE.fullmatch(base):
        return base
    raise UsageError(f"the base {base!r} is not an absolute IRI that ends in a slash, like https://example.org/kg/")


def read(paths: Iterable[Path], base: str) -> Statements:
    """Read Turtle files, with `base` in the place of the one that each declares.

    The graph of a file is `{base}id/graph/ontology`, `…/methods` or, for every other file, `…/reference`.

    Raises:
        InputError: a file is not Turtle, has a blank node, or does not open with its base.
    """
    lines: dict[str, list[str]] = defaultdict(list)
    values: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for path in paths:
        graph = f"{base}id/graph/{_GRAPHS.get(path.name, _OTHER_FILES)}"
        for subject, predicate, value in _triples(path, base):
            lines[graph].append(f"<{subject}> <{predicate}> {value} <{graph}> .\n")
            values[subject][predicate].append(value)
    return Statements({graph: sorted(set(found)) for graph, found in sorted(lines.items())}, values)


def files(folder: Path) -> tuple[Path, ...]:
    """Return the Turtle files of `folder` that hold terms and concepts, by name; shapes are not among them."""
    return tuple(path for path in sorted(folder.glob("*.ttl")) if path.name != _SHAPES)


def _triples(path: Path, base: str) -> Iterable[tuple[str, str, Value]]:
    import pyoxigraph

    declared, text = _base_and_text(path)
    # Not only the BASE line: the header of kg.ttl states its namespace as text, which must follow.
    text = text.replace(declared, base)
    try:
        for triple in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE):
            if not isinstance(triple.subject, pyoxigraph.NamedNode) or isinstance(triple.object, pyoxigraph.BlankNode):
                raise InputError(f"{_shown(path)} has a blank node: every subject and value needs an IRI")
            yield triple.subject.value, triple.predicate.value, triple.object
    except SyntaxError as error:
        raise InputError(f"{_shown(path)} is not Turtle: {error}") from error


def _base_and_text(path: Path) -> tuple[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    found = _BASE_LINE.match(text)
    if not found:
        raise InputError(f"{_shown(path)} does not open with a line 'BASE <…>'")
    return found[1], text
