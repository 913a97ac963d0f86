"""Reads what people have settled about owners: which names mean one organisation, which do not, and who was renamed.

A file is TOML with tables of four kinds::

    [[same]]
    owners = ["Samordningsförbundet RAR i Sörmland", "Samordningsförbundet RAR Sörmland"]
    reason = "The page of 22-046-S08 uses both names."

    [[different]]
    owners = ["Stiftelsen Activa", "Stiftelsen Activa i Örebro län"]
    reason = "Two foundations, with different registers."

    [[renamed]]
    from = "Sveriges Kommuner och Landsting"
    to = "Sveriges Kommuner och Regioner"
    date = 2019-11-27
    reason = "Decision of the congress."

    [[unclear]]
    owners = ["Region Västerbotten"]
    reason = "Until 2018 the name of another legal person; the name alone proves nothing."

An owner is named in any spelling, or by its organisation number. `date` is a day, or text for a month or a year
("2019-11", "2019"). Every entry says its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from kg import resources
from kg.errors import InputError
from kg.owners.names import name_key
from kg.toml import read_toml
from kg.values import ValueProblem, parse_organisation_number

DEFAULT = "owners-reviewed.toml"
Kind = Literal["same", "different", "renamed", "unclear"]
_KINDS: tuple[Kind, ...] = ("same", "different", "renamed", "unclear")
_NEEDED: Mapping[str, frozenset[str]] = {
    "same": frozenset(("owners", "reason")),
    "different": frozenset(("owners", "reason")),
    "unclear": frozenset(("owners", "reason")),
    "renamed": frozenset(("from", "to", "date", "reason")),
}
_FEWEST = {"same": 2, "different": 2, "renamed": 2, "unclear": 1}
_HEAD = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
_DATE = re.compile(r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2]))?")
_NUMBER = re.compile(r"[\d SE-]{10,16}")


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of a reviewed file.

    `owners` are names as written, or organisation numbers of ten digits; of a renaming the old one and the new one.
    `date` is ISO 8601, a day, month or year. `place` is file and line.
    """

    kind: Kind
    owners: tuple[str, ...]
    date: str
    reason: str
    place: str

    def compared(self) -> tuple[str, ...]:
        """Return the owners as they are compared: numbers as they are, names in normal form."""
        return tuple(owner if owner.isdecimal() else name_key(owner) for owner in self.owners)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything that people have settled, in the order of the files."""

    decisions: tuple[Decision, ...] = ()

    def of(self, kind: Kind) -> Iterator[Decision]:
        """Yield the decisions of one kind."""
        return (decision for decision in self.decisions if decision.kind == kind)


def unmet(reviewed: Reviewed, named: Callable[[str], bool]) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and name of each owner in files of the user that `named` does not know (compared form).

    The new name of a renaming need not stand anywhere yet.
    """
    for decision in reviewed.decisions:
        name, _, line = decision.place.partition(":")
        if name != DEFAULT:
            written = list(zip(decision.owners, decision.compared(), strict=True))
            looked_for = written[:1] if decision.kind == "renamed" else written
            yield from ((name, int(line or 0), owner) for owner, key in looked_for if not named(key))


def read(paths: Iterable[Path] = (), *, installed: bool = True) -> Reviewed:
    """Return the decisions of the installed file, unless `installed` is false, and of `paths`.

    Raises:
        InputError: a file cannot be read, is not of the form above, or contradicts another decision.
    """
    files = [*([resources.folder("ontology") / DEFAULT] if installed else []), *paths]
    decisions = tuple(decision for path in files for decision in _decisions(path))
    _check_together(decisions)
    return Reviewed(decisions)


def _decisions(path: Path) -> Iterator[Decision]:
    text, tables = read_toml(path)
    if unknown := sorted(set(tables) - set(_KINDS)):
        raise InputError(f"{path}: unknown table {unknown[0]!r}; the tables are {', '.join(_KINDS)}")
    lines = _lines(text)
    for kind in _KINDS:
        entries = tables.get(kind, [])
        if not isinstance(entries, list):
            raise InputError(f"{path}: {kind} must be written [[{kind}]], in double brackets")
        for number, entry in enumerate(entries):
            line = lines.get(kind, [])[number : number + 1]
            yield _decision(kind, entry, f"{path.name}:{line[0]}" if line else path.name)


def _lines(text: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _HEAD.match(line):
            found.setdefault(match[1], []).append(number)
    return found


def _decision(kind: Kind, entry: Mapping[str, Any], place: str) -> Decision:
    if wrong := sorted(_NEEDED[kind] ^ set(entry)):
        problem = "lacks" if wrong[0] in _NEEDED[kind] else "does not know"
        raise InputError(f"{place}: [[{kind}]] {problem} the key {wrong[0]!r}; it has {', '.join(_keys(kind))}")
    owners = [entry["from"], entry["to"]] if kind == "renamed" else entry["owners"]
    if not isinstance(owners, list) or not all(isinstance(owner, str) for owner in owners):
        raise InputError(f"{place}: the owners of [[{kind}]] are names or organisation numbers, each in quotes")
    named = tuple(_owner(owner, place) for owner in owners)
    decision = Decision(kind, named, _date(entry.get("date", ""), place), _reason(entry["reason"], place), place)
    if len(set(decision.compared())) < max(_FEWEST[kind], len(named)):
        raise InputError(f"{place}: [[{kind}]] needs at least {_FEWEST[kind]} owners that are not equal already")
    return decision


def _keys(kind: Kind) -> list[str]:
    order = ("owners", "from", "to", "date", "reason")
    return [key for key in order if key in _NEEDED[kind]]


def _owner(text: str, place: str) -> str:
    if _NUMBER.fullmatch(text.strip()):
        try:
            return parse_organisation_number(text)
        except ValueProblem as problem:
            shown = "an organisation number" if problem.rule == "person-number" else repr(text.strip())
            raise InputError(f"{place}: {shown}: {problem}") from problem
    if not name_key(text):
        raise InputError(f"{place}: {text!r} is not the name of an owner")
    return text


def _date(value: object, place: str) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str) and (not value or _DATE.fullmatch(value)):
        return value
    raise InputError(f'{place}: a date is a day such as 2019-11-27, or "2019-11" or "2019" in quotes')


def _reason(value: object, place: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise InputError(f"{place}: the reason is a sentence in quotes")


def _check_together(decisions: Iterable[Decision]) -> None:
    """Refuse decisions that cannot all hold: two numbers as one owner, or a pair both same and different."""
    group: dict[str, str] = {}
    number: dict[str, str] = {}

    def root(key: str) -> str:
        while group.setdefault(key, key) != key:
            key = group[key]
        return key

    _check_renamings(decisions)
    ordered = sorted(decisions, key=lambda decision: decision.kind == "different")
    for decision in ordered:
        first, *others = decision.compared()
        for other in others:
            one, two = root(first), root(other)
            if decision.kind == "different" and one == two:
                raise InputError(f"{decision.place}: says that owners differ which other decisions say are one")
            if decision.kind in ("same", "renamed"):
                group[one] = two
                _one_number(number, {one, two}, (first, other), decision.place)


def _check_renamings(decisions: Iterable[Decision]) -> None:
    """Refuse renamings that lead back to the name with which they began, so that no name would be the present one."""
    after: dict[str, str] = {}
    for decision in decisions:
        if decision.kind != "renamed":
            continue
        old, new = decision.compared()
        after[old] = step = new
        while step in after and step != old:
            step = after[step]
        if step == old:
            raise InputError(
                f"{decision.place}: {decision.owners[1]!r} is by other decisions an earlier name of itself"
            )


def _one_number(number: dict[str, str], roots: set[str], keys: Iterable[str], place: str) -> None:
    numbers = {number[root] for root in roots if root in number} | {key for key in keys if key.isdecimal()}
    if len(numbers) > 1:
        raise InputError(f"{place}: makes one owner of two organisation numbers, which are two legal persons")
    number.update((root, each) for root in roots for each in numbers)
