"""Finds where the sources of a build disagree about a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.agreement import MONEY, Agreement, Said
from kg.model import Notice

_NOT_COMPARED = frozenset(("currency", "fieldEnglishTitle", "fieldEnglishDescription", "sameAs"))
Values = Sequence[tuple[str, str]]
"""Properties with their values, several times where there are several."""


class Account(NamedTuple):
    """What a source says of a project in one place; `name` is how people know the project."""

    source: str
    name: str
    values: Values


class Comparison:
    """The accounts of each project; rows of one list about one project count as one source."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement
        self._accounts: defaultdict[str, list[Account]] = defaultdict(list)

    def add(self, project: str, account: Account) -> None:
        """Add an account; the earlier ones are those that later ones are said to disagree with."""
        self._accounts[project].append(account)

    def notices(self) -> Iterator[Notice]:
        """Yield a notice for each source that disagrees with the first one that has the property."""
        for accounts in self._accounts.values():
            if len({account.source for account in accounts}) > 1:
                yield from self._compared(accounts)

    def _compared(self, accounts: Sequence[Account]) -> Iterator[Notice]:
        names = {account.source: account.name for account in reversed(accounts)}
        for key, by_source in _by_property(accounts).items():
            (first, ones), *others = by_source.items()
            for source, values in others:
                if self._agreement.disagree(key, ones, values):
                    message = f"{names[source]}: {key} is {ones[0].value!r} in {first}; both are kept"
                    yield Notice(source, 0, values[0].value, "sources-disagree", message)


def _by_property(accounts: Sequence[Account]) -> dict[str, dict[str, list[Said]]]:
    found: dict[str, dict[str, list[Said]]] = {}
    for account in accounts:
        currency = dict(account.values).get("currency", "")
        for key, value in account.values:
            if key not in _NOT_COMPARED:
                said = Said(value, currency if key in MONEY else "")
                found.setdefault(key, {}).setdefault(account.source, []).append(said)
    return found
