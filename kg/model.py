"""The values that travel between modules: what a source says about a project, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Scalar = str | int | bool | Decimal | date
Role = Literal["develops", "trains", "builds-on", "uses", "mentions", "negated"]
ROLES: tuple[Role, ...] = ("develops", "trains", "builds-on", "uses", "mentions", "negated")
"""Roles of a method in a project, strongest first."""
LINKING_ROLES = frozenset(("develops", "trains", "builds-on", "uses"))
"""The roles for which `kg:method` links the project to the method."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a source that was not understood, not possible, or left out, and why.

    `rule` is a short stable name such as ``impossible-date``; `line` counts from 1, 0 means the whole file.
    """

    source: str
    line: int
    value: str
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        shown = f" {self.value!r}" if self.value else ""
        return f"{place}: {self.rule}:{shown} {self.message}"


class Fact(NamedTuple):
    """One typed value of one property, with the text as printed and the line it stands on.

    `name` is the local name of the property in the ontology (``startDate``, ``title``). A tuple, because a build makes
    hundreds of thousands, and a frozen data class takes three times as long to make.
    """

    name: str
    value: Scalar
    printed: str
    line: int


@dataclass(frozen=True, slots=True)
class OwnerMention:
    """The owner as a source prints it, split into organisation and unit.

    `name` is tidied print, `label` the name in ordinary capitals; `spellings` holds every form of the organisation's
    name on the page, as printed; `unit` is in ordinary capitals; `number` is ten digits. `abroad` is the country of an
    owner of another country than Sweden, where that is known.
    """

    name: str | None
    label: str | None
    unit: str | None
    number: str | None
    spellings: tuple[str, ...]
    line: int
    abroad: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A page or list file: where it came from and what exactly was read.

    `key` names its graph; `name` is the path as shown to people; `address` is the web address if known;
    `retrieved` is an ISO 8601 date-time if known.
    """

    key: str
    name: str
    sha256: str
    kind: Literal["page", "list"] = "page"
    layout: str = ""
    address: str | None = None
    retrieved: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What one source says about one project.

    `facts` are in the order of the source; a property printed twice with different values appears twice.
    `text` is the description, exactly as it stands in the source apart from trimmed ends and removed personal data.
    `language` (BCP 47) is that of the title and the text. `scope` is the number of a programme that the ontology does
    not have: the codes of the project are its own and mean nothing in another programme.
    """

    key: str
    source: Source
    facts: tuple[Fact, ...]
    owner: OwnerMention | None
    text: str
    language: str = "sv"
    scope: str | None = None

    def values(self, name: str) -> Iterator[Scalar]:
        """Yield the values of the property `name` in the order of the source."""
        return (fact.value for fact in self.facts if fact.name == name)

    def value(self, name: str) -> Scalar | None:
        """Return the first value of the property `name`, or None where the source has none."""
        for fact in self.facts:
            if fact.name == name:
                return fact.value
        return None


@dataclass(frozen=True, slots=True)
class MethodUse:
    """A method found in a text, with the words that prove it.

    `start` and `end` are offsets in characters (end exclusive) of the matched name in the text that was searched,
    so that ``text[start:end] == matched``; `quote` is the sentence that holds it, exactly as in the text.
    `confidence` is between 0 and 1.
    """

    method: str
    role: Role
    quote: str
    start: int
    end: int
    matched: str
    rule: str
    confidence: float
