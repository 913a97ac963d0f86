"""Reads N-Quads lines into what the index needs: things with labels, links, values, uses and texts."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from sys import intern

from kg.conflicts import SourceRank
from kg.search.schema import NUMBER, PLACE, RELATIONS, SCALARS, USE
from kg.search.told import Told
from kg.statements import unescaped
from kg.vocabulary import Names

_BATCH = 2_000
_PREF = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
_ALT = ("skos:altLabel", "skos:hiddenLabel")
_TITLE = "dcterms:title"
_REPEATED = frozenset(("start", "end", "rate", "currency", "place"))
"""Values that many projects share, so that each is kept once."""
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Draft:
    """What was read of one thing; labels are by language, the empty text standing for none.

    There may be millions, of which few have other names.
    """

    kind: str
    key: str
    labels: dict[str, str] = field(default_factory=dict)
    others: frozenset[str] = _NONE
    notation: str | None = None


@dataclass(slots=True)
class Read:
    """Everything that was read; things, projects and uses are by provisional number, links are three columns.

    The values of a project stand in the order of `SCALARS`: lists take a quarter of the room of dictionaries. Where
    sources disagree, they are those that `kg.conflicts` prefers.
    """

    things: dict[int, Draft] = field(default_factory=dict)
    projects: dict[int, list[str | None]] = field(default_factory=dict)
    uses: dict[int, dict[str, str]] = field(default_factory=dict)
    user: dict[int, int] = field(default_factory=dict)
    relations: array[int] = field(default_factory=lambda: array("i"))
    sources: array[int] = field(default_factory=lambda: array("i"))
    targets: array[int] = field(default_factory=lambda: array("i"))
    newest: str | None = None
    read_sources: set[int] = field(default_factory=set)
    dated_sources: set[int] = field(default_factory=set)


_Handler = Callable[[int, bytes], None]
"""Takes the number of a subject, and what follows the predicate in a line: the value, the graph, a full stop."""


class Reader:
    """Takes statements one by one; the long texts go straight to the database.

    There are dozens for each project, so lines stay bytes: only what is kept is decoded.
    """

    def __init__(self, names: Names, database: sqlite3.Connection) -> None:
        self.read = Read()
        self._database = database
        self._told = Told()
        self._start = f"<{names.thing('x').removesuffix('x/')}".encode()
        self._numbers: dict[bytes, int] = {}
        self._texts: list[tuple[int, str]] = []
        self._layouts: dict[int, str] = {}
        self._times: dict[int, str] = {}
        self._handlers = self._made(names)

    def lines(self, lines: Iterable[bytes]) -> Read:
        """Read N-Quads lines in canonical form, in any order; graphs are passed over."""
        handler_of = self._handlers.get
        before, number = b"", -1
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            handler = handler_of(predicate)
            if handler is None:
                continue
            # Statements about one thing mostly stand together.
            if subject != before:
                before = subject
                number = self.number(subject) if subject.startswith(self._start) else -1
            if number >= 0:
                handler(number, rest)
        self._write_texts()
        self._told.settle(self.read, self._source)
        self._forget()
        return self.read

    def _forget(self) -> None:
        """Let go of the IRIs of all things but methods, by which uses are found: all links are numbers now."""
        things = self.read.things
        methods = {
            term: number
            for term, number in self._numbers.items()
            if number in things and things[number].kind == "method"
        }
        self._numbers = methods

    def _source(self, graph: bytes) -> SourceRank:
        number = self._numbers.get(graph, -1)
        thing = self.read.things.get(number)
        name = thing.labels.get("", thing.key) if thing else graph.decode()
        return SourceRank(name, self._layouts.get(number, ""), self._times.get(number, ""))

    def number(self, term: bytes) -> int:
        """Return the provisional number of a thing of ours; the first time it becomes known."""
        known = self._numbers.get(term)
        if known is None:
            known = self._numbers[term] = len(self._numbers)
            kind, _, key = term[len(self._start) : -1].decode().partition("/")
            if kind == "project":
                self.read.projects[known] = [None] * len(SCALARS)
            if kind == "use":
                self.read.uses[known] = {}
            else:
                self.read.things[known] = Draft(intern(kind), key)
        return known

    def _made(self, names: Names) -> dict[bytes, _Handler]:
        prefixes = names.prefixes()

        def term(short: str) -> bytes:
            prefix, _, name = short.partition(":")
            return f"<{prefixes[prefix]}{name}>".encode()

        made: dict[bytes, _Handler] = {}
        for name, short in RELATIONS.items():
            made[term(short)] = self._link(NUMBER[name])
        for name, short in SCALARS.items():
            made[term(short)] = self._scalar(name)
        for name, short in USE.items():
            made[term(short)] = self._use_value(name)
        made |= {term(short): self._label for short in _PREF}
        made |= {term(short): self._other_label for short in _ALT}
        made[term("skos:notation")] = self._notation
        made[term("kg:methodUse")] = self._use
        made[term("kg:organisationNumber")] = self._other_label
        made[term("dcterms:description")] = self._text
        made[term("kg:sha256")] = lambda subject, value: self.read.read_sources.add(subject)
        made[term("prov:generatedAtTime")] = self._retrieved
        made[term("kg:layout")] = self._layout
        return made

    def _link(self, relation: int) -> _Handler:
        start, read = self._start, self.read

        def handle(subject: int, rest: bytes) -> None:
            if rest.startswith(start):
                read.relations.append(relation)
                read.sources.append(subject)
                read.targets.append(self.number(_term(rest)))

        return handle

    def _scalar(self, name: str) -> _Handler:
        values_of, place, repeated = self.read.projects.get, PLACE[name], name in _REPEATED
        kept = self._told.kept

        def handle(subject: int, rest: bytes) -> None:
            values = values_of(subject)
            if values is not None:
                text = intern(_lexical(rest)) if repeated else _lexical(rest)
                values[place] = kept(subject, place, values[place], text, rest)

        return handle

    def _use_value(self, name: str) -> _Handler:
        values_of = self.read.uses.get

        def handle(subject: int, rest: bytes) -> None:
            values = values_of(subject)
            if values is not None:
                text = _lexical(rest)
                known = values.get(name)
                values[name] = text if known is None else min(text, known)

        return handle

    def _use(self, subject: int, rest: bytes) -> None:
        self.read.user[self.number(_term(rest))] = subject

    def _label(self, subject: int, rest: bytes) -> None:
        thing = self.read.things.get(subject)
        if thing:
            text, language = _lexical(rest), _language(rest)
            known = thing.labels.get(language)
            if thing.kind == "project":
                thing.labels[language] = self._told.kept(subject, language, known, text, rest)
            else:
                thing.labels[language] = text if known is None else min(text, known)

    def _other_label(self, subject: int, rest: bytes) -> None:
        thing = self.read.things.get(subject)
        if thing:
            thing.others |= {_lexical(rest)}

    def _notation(self, subject: int, rest: bytes) -> None:
        thing = self.read.things.get(subject)
        if thing:
            thing.notation = _lexical(rest)

    def _text(self, subject: int, rest: bytes) -> None:
        if subject in self.read.projects:
            self._texts.append((subject, _lexical(rest)))
            if len(self._texts) >= _BATCH:
                self._write_texts()

    def _write_texts(self) -> None:
        self._database.executemany("INSERT INTO temp.text VALUES (?, ?)", self._texts)
        self._texts.clear()

    def _layout(self, subject: int, rest: bytes) -> None:
        self._layouts[subject] = intern(_lexical(rest))

    def _retrieved(self, subject: int, rest: bytes) -> None:
        day = self._times[subject] = _lexical(rest)
        self.read.dated_sources.add(subject)
        self.read.newest = max(self.read.newest or day, day)

    def use_method(self, iri: str) -> int | None:
        """Return the provisional number of the method that a use names by its IRI."""
        return self._numbers.get(f"<{iri}>".encode())


def _term(rest: bytes) -> bytes:
    """Return the IRI, in angle brackets, with which the rest of a line begins."""
    return rest[: rest.index(b" ")]


def _lexical(rest: bytes) -> str:
    """Return the text of the literal, or the IRI, with which the rest of a line begins."""
    # No graph holds a quotation mark.
    text = rest[1 : rest.rindex(b'"')] if rest.startswith(b'"') else rest[1 : rest.index(b" ") - 1]
    return unescaped(text.decode())


def _language(rest: bytes) -> str:
    _, mark, after = rest.rpartition(b'"')
    return intern(after[1 : after.index(b" ")].decode()) if mark and after.startswith(b"@") else ""
