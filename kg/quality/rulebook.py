"""Reads `rules.toml`: what the rules of the quality report are called, what they cost, and how they speak."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg.quality.model import Text

LANGUAGES = ("sv", "en")
_FILE = Path(__file__).with_name("rules.toml")
_LONGEST_VALUE, _LONGEST_MESSAGE = 160, 400


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: cost (1 to 100), severity, the property it is about, and its texts with ``{value}`` and the like."""

    name: str
    cost: int
    severity: str
    property: str
    label: Text = field(hash=False)
    message: Text = field(hash=False)
    suggestion: Text = field(hash=False)

    def messages(self, **values: object) -> Text:
        """Return the message in both languages; a value that is a mapping has its own text in each language."""
        return MappingProxyType(
            {language: self.message[language].format(**_values(values, language)) for language in LANGUAGES}
        )


def _values(values: Mapping[str, object], language: str) -> dict[str, str]:
    return {
        name: shortened(value[language], _LONGEST_MESSAGE) if isinstance(value, Mapping) else shortened(str(value))
        for name, value in values.items()
    }


def shortened(text: str, longest: int = _LONGEST_VALUE) -> str:
    """Return a text in one line and no longer than that many characters.

    >>> shortened("a long  text", 6)
    'a lon…'
    """
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Return all rules by name; the readings as ``reading.`` and their name, the severities as ``shape.Violation``."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = {name: _rule(name, table) for name, table in tables.items() if name not in ("readings", "owed")}
    owed = tables["shape.Warning"]
    found.update((name, _rule(name, {**owed, "cost": cost})) for name, cost in tables["owed"].items())
    reading = tables["reading"]
    for name, (cost, swedish, english, *suggestion) in tables["readings"].items():
        severity = "Info" if cost < 30 else reading["severity"]
        own = {**reading, "cost": cost, "severity": severity, "label": [swedish, english]}
        if suggestion:
            own["suggestion"] = suggestion
        found[f"reading.{name}"] = _rule(name, own)
    return MappingProxyType(found)


def reading_rule(name: str) -> Rule:
    """Return the rule of a notice of the build; one that is not listed speaks its own name."""
    known = rules().get(f"reading.{name}")
    if known:
        return known
    base = rules()["reading"]
    spoken = name.replace("-", " ").capitalize()
    label = MappingProxyType(dict.fromkeys(LANGUAGES, spoken))
    return Rule(name, base.cost, base.severity, "", label, base.message, base.suggestion)


def _rule(name: str, table: Mapping[str, Any]) -> Rule:
    texts = {
        each: MappingProxyType(dict(zip(LANGUAGES, table[each], strict=True)))
        for each in ("label", "message", "suggestion")
    }
    return Rule(name, int(table["cost"]), str(table["severity"]), str(table["property"]), **texts)
