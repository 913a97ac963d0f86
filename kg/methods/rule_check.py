"""What is wrong with the rules about methods: mistakes of writing that would go unnoticed, and examples that fail."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import ontology
from kg.errors import InputError
from kg.methods import rulebook
from kg.methods.extract import Extractor
from kg.methods.integrity import Fault
from kg.methods.lexicon import names
from kg.methods.phrases import NAME, placed
from kg.model import ROLES
from kg.ontology import Ontology

_TABLES = frozenset("lists names defaults meanings cue confidence clues negation candidates never context".split())
_LISTS = ("methods", "labels", "needs", "document", "blocked", "yes", "no")
_KEYS: Mapping[str, Mapping[str, type]] = {
    "cue": {
        **{"name": str, "role": str, "strength": float, "phrases": list},
        **{"learners": bool, "doing": bool},
    },
    "context": {**dict.fromkeys(_LISTS, list), "confidence": float, "reason": str},
    "never": {"reason": str, "phrases": list, "no": list},
}
_NEEDED = {
    "cue": ("name", "role", "strength", "phrases"),
    "context": ("methods", "reason", "yes"),
    "never": ("reason", "phrases"),
}
_SORTS = {str: "a text in quotation marks", list: "a list in []", float: "a number", bool: "true or false"}
_HEAD = re.compile(r"^\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule of the file: its table, what is written in it, and the lines from its head to the next one."""

    table: str
    fields: Mapping[str, Any]
    line: int
    lines: Sequence[str]

    @property
    def name(self) -> str:
        """What people call the rule."""
        told = (
            self.fields.get("name") or ", ".join(map(str, self.fields.get("methods", ()))) or self.fields.get("reason")
        )
        return f"{self.table} {told}" if told else self.table

    def fault(self, rule: str, problem: str, shown: str = "") -> Fault:
        """Return the fault at the line that holds what is shown, or where the rule begins."""
        inside = next((at for at, line in enumerate(self.lines) if shown and shown in line), 0)
        return Fault(self.name, rule, problem, rulebook.FILE, self.line + inside)


def rule_faults(folder: Path) -> tuple[Fault, ...]:
    """Return what is wrong with the file of rules in the folder of an ontology whose scheme is sound, by line.

    Raises:
        InputError: a file is missing, or the file of rules is not TOML.
    """
    path = folder / rulebook.FILE
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as rules: {error}") from error
    entries = list(_entries(table, text))
    found = [*_tables(table, text), *(fault for entry in entries for fault in _written(entry))]
    if not found:
        known = ontology.load(folder=folder)
        rulebook.read(path)
        found = [*_repeated(entries), *_examples(entries, known, path)]
    return tuple(sorted(found, key=lambda fault: fault.line))


def _entries(table: Mapping[str, Any], text: str) -> Iterator[_Entry]:
    lines = text.split("\n")
    heads = [(at, found[1]) for at, line in enumerate(lines) if (found := _HEAD.match(line))]
    ends = [*(at for at, _ in heads[1:]), len(lines)]
    seen: Counter[str] = Counter()
    for (at, name), end in zip(heads, ends, strict=True):
        if name in _KEYS:
            yield _Entry(name, table[name][seen[name]], at + 1, lines[at:end])
        seen[name] += 1


def _tables(table: Mapping[str, Any], text: str) -> Iterator[Fault]:
    for name in table:
        if name not in _TABLES:
            heads = (f"[{name}", f"[[{name}", name)
            line = next(at for at, line in enumerate(text.split("\n"), start=1) if line.startswith(heads))
            yield Fault(name, "tables", f"is none of the tables {', '.join(sorted(_TABLES))}", rulebook.FILE, line)
    for name in sorted(_TABLES - table.keys()):
        yield Fault(name, "tables", "is missing", rulebook.FILE, 1)


def _written(entry: _Entry) -> Iterator[Fault]:
    known = _KEYS[entry.table]
    for key in _NEEDED[entry.table]:
        if key not in entry.fields:
            yield entry.fault("fields", f"has no {key!r}")
    for key, value in entry.fields.items():
        if key not in known:
            yield entry.fault("fields", f"has {key!r}, which is none of {', '.join(known)}", key)
        elif not _is_a(value, known[key]):
            yield entry.fault("fields", f"has a {key!r} that is not {_SORTS[known[key]]}", key)
        elif known[key] is list:
            for item in value:
                if not isinstance(item, str) or not item.strip():
                    yield entry.fault("fields", f"has {item!r} among {key!r}, which is not a text", str(item))
    if entry.table == "cue":
        yield from _cue(entry)


def _is_a(value: object, sort: type) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) if sort is float else isinstance(value, sort)


def _cue(entry: _Entry) -> Iterator[Fault]:
    role, phrases = (entry.fields.get(key) for key in ("role", "phrases"))
    if isinstance(role, str) and role not in ROLES:
        yield entry.fault("roles", f"gives the role {role!r}, which is none of {', '.join(ROLES)}", "role")
    for written in phrases if isinstance(phrases, list) else ():
        if isinstance(written, str) and NAME in placed(written)[0]:
            yield entry.fault("phrases", f"has {written!r}, where one ~ may stand for the name, first or last", written)


def _repeated(entries: Sequence[_Entry]) -> Iterator[Fault]:
    """Yield the cues with the name of another: what they decide could not be told apart."""
    cues: dict[str, _Entry] = {}
    for entry in entries:
        if entry.table == "cue":
            first = cues.setdefault(entry.fields["name"], entry)
            if first is not entry:
                yield entry.fault("names", f"has the name of the cue at line {first.line}", "name")


def _examples(entries: Sequence[_Entry], known: Ontology, path: Path) -> Iterator[Fault]:
    """Yield the contexts that name what the scheme lacks, and those whose examples do not come true."""
    extractor = Extractor(known, path)
    concepts = {concept.id: concept for concept in known.concepts("methods")}
    spellings = {(one.method, one.written.lower()) for one in names(concepts.values(), extractor.rules.names.extra)}
    for entry in entries:
        methods = entry.fields.get("methods", ())
        for method in methods:
            if method not in concepts:
                yield entry.fault("methods", f"names the method {method!r}, which the scheme lacks", method)
        for label in entry.fields.get("labels", ()):
            if not any((method, label.lower()) in spellings for method in methods):
                yield entry.fault("labels", f"names the spelling {label!r}, which none of its methods has", label)
        for wanted in ("yes", "no"):
            for text in entry.fields.get(wanted, ()):
                found = {use.method for use in extractor.extract(text).uses}
                named = found & set(methods) if entry.table == "context" else found
                if bool(named) != (wanted == "yes"):
                    problem = "names no method of the rule" if wanted == "yes" else f"names {', '.join(sorted(named))}"
                    yield entry.fault("examples", f"has {text!r} under {wanted!r}, which {problem}", text)
