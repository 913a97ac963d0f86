"""Reads N-Quads lines into what the index needs: things with labels, links, values, uses and texts."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kg.search.schema import NUMBER, RELATIONS, SCALARS, USE
from kg.statements import unescaped
from kg.vocabulary import Names

_BATCH = 2_000
_PREF = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name")
_ALT = ("skos:altLabel", "skos:hiddenLabel")
_TITLE = "dcterms:title"


@dataclass(slots=True)
class Draft:
    """What was read of one thing; labels are by language, the empty text standing for none."""

    kind: str
    key: str
    labels: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    notation: str | None = None


@dataclass(slots=True)
class Read:
    """Everything that was read; things, projects and uses are by provisional number, `links` by three columns."""

    things: dict[int, Draft] = field(default_factory=dict)
    projects: dict[int, dict[str, str]] = field(default_factory=dict)
    uses: dict[int, dict[str, str]] = field(default_factory=dict)
    user: dict[int, int] = field(default_factory=dict)
    relations: array[int] = field(default_factory=lambda: array("i"))
    sources: array[int] = field(default_factory=lambda: array("i"))
    targets: array[int] = field(default_factory=lambda: array("i"))
    newest: str | None = None
    read_sources: set[int] = field(default_factory=set)
    dated_sources: set[int] = field(default_factory=set)


_Handler = Callable[[int, str], None]


class Reader:
    """Takes statements one by one; the long texts go straight to the database."""

    def __init__(self, names: Names, database: sqlite3.Connection) -> None:
        self.read = Read()
        self._database = database
        self._start = f"<{names.thing('x').removesuffix('x/')}"
        self._numbers: dict[str, int] = {}
        self._texts: list[tuple[int, str]] = []
        self._handlers = self._made(names)

    def lines(self, lines: Iterable[bytes]) -> Read:
        """Read N-Quads lines in canonical form, in any order; graphs are passed over."""
        handlers = {predicate.encode(): handler for predicate, handler in self._handlers.items()}
        start = self._start.encode()
        before, number = b"", -1
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            handler = handlers.get(predicate)
            if handler is None:
                continue
            # Statements about one thing mostly stand together.
            if subject != before:
                before = subject
                number = self.number(subject.decode()) if subject.startswith(start) else -1
            if number >= 0:
                handler(number, rest[: rest.rindex(b"<") - 1].decode())
        self._write_texts()
        return self.read

    def number(self, term: str) -> int:
        """Return the provisional number of a thing of ours; the first time it becomes known."""
        known = self._numbers.get(term)
        if known is None:
            known = self._numbers[term] = len(self._numbers)
            kind, _, key = term[len(self._start) : -1].partition("/")
            if kind == "project":
                self.read.projects[known] = {}
            if kind == "use":
                self.read.uses[known] = {}
            else:
                self.read.things[known] = Draft(kind, key)
        return known

    def _made(self, names: Names) -> dict[str, _Handler]:
        prefixes = names.prefixes()

        def term(short: str) -> str:
            prefix, _, name = short.partition(":")
            return f"<{prefixes[prefix]}{name}>"

        made: dict[str, _Handler] = {}
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
        return made

    def _link(self, relation: int) -> _Handler:
        def handle(subject: int, value: str) -> None:
            if value.startswith(self._start):
                self.read.relations.append(relation)
                self.read.sources.append(subject)
                self.read.targets.append(self.number(value))

        return handle

    def _scalar(self, name: str) -> _Handler:
        def handle(subject: int, value: str) -> None:
            values = self.read.projects.get(subject)
            if values is not None:
                text = _lexical(value)
                known = values.get(name)
                values[name] = text if known is None else min(text, known)

        return handle

    def _use_value(self, name: str) -> _Handler:
        def handle(subject: int, value: str) -> None:
            values = self.read.uses.get(subject)
            if values is not None:
                text = value if value[0] == "<" else _lexical(value)
                known = values.get(name)
                values[name] = text if known is None else min(text, known)

        return handle

    def _use(self, subject: int, value: str) -> None:
        self.read.user[self.number(value)] = subject

    def _label(self, subject: int, value: str) -> None:
        thing = self.read.things.get(subject)
        if thing:
            text, language = _lexical(value), _language(value)
            known = thing.labels.get(language)
            thing.labels[language] = text if known is None else min(text, known)

    def _other_label(self, subject: int, value: str) -> None:
        thing = self.read.things.get(subject)
        if thing:
            thing.others.add(_lexical(value))

    def _notation(self, subject: int, value: str) -> None:
        thing = self.read.things.get(subject)
        if thing:
            thing.notation = _lexical(value)

    def _text(self, subject: int, value: str) -> None:
        if subject in self.read.projects:
            self._texts.append((subject, _lexical(value)))
            if len(self._texts) >= _BATCH:
                self._write_texts()

    def _write_texts(self) -> None:
        self._database.executemany("INSERT INTO temp.text VALUES (?, ?)", self._texts)
        self._texts.clear()

    def _retrieved(self, subject: int, value: str) -> None:
        day = _lexical(value)
        self.read.dated_sources.add(subject)
        self.read.newest = max(self.read.newest or day, day)

    def use_method(self, term: str) -> int | None:
        """Return the provisional number of the method that a use names by its term."""
        return self._numbers.get(term)


def _lexical(term: str) -> str:
    text = term[1 : term.rindex('"')] if term[0] == '"' else term[1:-1]
    return unescaped(text)


def _language(term: str) -> str:
    _, mark, tag = term.rpartition('"')
    return tag[1:] if mark and tag[:1] == "@" else ""
