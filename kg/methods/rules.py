"""Reads `ontology/method-rules.toml`: what domain experts wrote down about names, contexts, roles and negation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from kg import resources
from kg.errors import InputError
from kg.methods.phrases import Phrase, phrase
from kg.model import ROLES, Role

FILE = "method-rules.toml"
METHOD = "~"
Side = Literal["before", "after", "anywhere"]


@dataclass(frozen=True, slots=True)
class NameRules:
    """How labels may be bent and joined; `never` are phrases that hold a label and are not the method."""

    noun_endings: frozenset[str]
    verb_endings: frozenset[str]
    heads: tuple[str, ...]
    last_parts: frozenset[str]
    refused_first_parts: tuple[str, ...]
    closed: frozenset[str]
    open_compound_letters: int
    misspelling_letters: int
    never: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that give a role to a method on one side of them, or anywhere in the sentence."""

    name: str
    role: Role
    side: Side
    steps: Phrase
    strength: float
    confidence: float
    learners: bool


@dataclass(frozen=True, slots=True)
class NegationRules:
    """Phrases that deny to their right in the clause or in the next few words, or to their left."""

    clause: tuple[Phrase, ...]
    short: tuple[Phrase, ...]
    after: tuple[Phrase, ...]
    harmless: tuple[Phrase, ...]
    enders: frozenset[str]
    short_enders: frozenset[str]
    short_words: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All the rules of one file; `words` are its lists."""

    words: Mapping[str, tuple[str, ...]]
    names: NameRules
    cues: tuple[Cue, ...]
    negation: NegationRules


def read(path: Path) -> Rules:
    """Return the rules in the file `path`.

    Raises:
        InputError: the file is missing, is not TOML, or breaks the rule vocabulary.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as rules: {error}") from error
    try:
        return _rules(table)
    except (KeyError, TypeError) as error:
        raise InputError(f"{path.name} breaks the rule vocabulary: {error}") from error


@cache
def installed() -> Rules:
    """Return the rules that travel with the package."""
    return read(resources.folder("ontology") / FILE)


def _rules(table: Mapping[str, Any]) -> Rules:
    words = {name: _words(value) for name, value in table["lists"].items()}
    return Rules(
        words=words,
        names=_names(table["names"], table["context"]),
        cues=tuple(cue for entry in table["cue"] for cue in _cues(entry, words)),
        negation=_negation(table["negation"], words),
    )


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(value.split() if isinstance(value, str) else value)


def _names(table: Mapping[str, Any], context: Mapping[str, Any]) -> NameRules:
    return NameRules(
        noun_endings=frozenset(_words(table["noun_endings"])),
        verb_endings=frozenset(_words(table["verb_endings"])),
        heads=tuple(word.removesuffix("*") for word in _words(table["heads"])),
        last_parts=frozenset(_words(table.get("last_parts", ()))),
        refused_first_parts=_words(table.get("refused_first_parts", ())),
        closed=frozenset(_words(table.get("closed", ()))),
        open_compound_letters=int(table["open_compound_letters"]),
        misspelling_letters=int(table["misspelling_letters"]),
        never={entry["phrase"]: entry["reason"] for entry in context.get("never", ())},
    )


def _cues(entry: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]) -> list[Cue]:
    role = cast("Role", entry["role"])
    if role not in ROLES:
        raise InputError(f"the cue {entry['name']!r} gives the role {role!r}, which is none of {', '.join(ROLES)}")
    found = []
    for written in entry["phrases"]:
        side, inner = _sided(written)
        steps = phrase(inner, words)
        found.append(
            Cue(
                entry["name"],
                role,
                side,
                steps,
                float(entry.get("strength", 5)),
                float(entry.get("confidence", 0.9)),
                bool(entry.get("learners", False)),
            )
        )
    return found


def _sided(written: str) -> tuple[Side, str]:
    if written.endswith(METHOD):
        return "before", written.removesuffix(METHOD).strip().removesuffix("…").strip()
    if written.startswith(METHOD):
        return "after", written.removeprefix(METHOD).strip().removeprefix("…").strip()
    return "anywhere", written


def _negation(table: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]) -> NegationRules:
    def phrases(name: str) -> tuple[Phrase, ...]:
        return tuple(phrase(written, words) for written in table[name])

    return NegationRules(
        clause=phrases("clause"),
        short=phrases("short"),
        after=phrases("after"),
        harmless=phrases("harmless"),
        enders=frozenset(table["enders"]),
        short_enders=frozenset(table["short_enders"]),
        short_words=int(table["short_words"]),
    )
