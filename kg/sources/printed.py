"""What a page prints, taken apart into heading, fields with their values, lines that nobody knows, and description."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from kg.ontology import Field


class Style(Enum):
    """How a page prints its labels."""

    COLON = "colon"
    BARE = "bare"
    GLUED = "glued"
    NONE = "none"


class PrintedField(NamedTuple):
    """One label with the value printed for it; `line` is that of the label, `value` is empty if none is printed."""

    field: Field
    value: str
    line: int
    label: str


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A line that looks like a label but is none that the ontology knows, with the value under it."""

    label: str
    value: str
    line: int


@dataclass(slots=True)
class Sections:
    """A page taken apart; line numbers count from 1."""

    style: Style
    heading: str = ""
    heading_line: int = 0
    above: list[tuple[int, str]] = field(default_factory=list)
    fields: list[PrintedField] = field(default_factory=list)
    unknown: list[UnknownField] = field(default_factory=list)
    text: str = ""
    text_line: int = 0
