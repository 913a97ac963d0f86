"""Who publishes a release, where, and under which licence: a small TOML file with defaults for everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from kg.errors import UsageError
from kg.owners.known import known
from kg.release.words import DESCRIPTION, KEYWORDS, TITLE, Text
from kg.toml import read_toml
from kg.values import ValueProblem, parse_organisation_number
from kg.vocabulary import DATAPORTAL_ORGANISATION, Names

CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
LICENCES = {
    "CC0-1.0": CC0,
    "CC-BY-4.0": "http://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "http://creativecommons.org/licenses/by-sa/4.0/",
}
"""Licences by their SPDX names, each with the IRI that data portals compare letter by letter."""
PUBLISHER_TYPES = tuple(
    """Academia-ScientificOrganisation Company IndustryConsortium LocalAuthority NationalAuthority
    NonGovernmentalOrganisation NonProfitOrganisation RegionalAuthority StandardisationBody
    SupraNationalAuthority""".split()
)
"""Kinds of publishers of the ADMS list; its private individuals are left out, since no person is named."""
_KIND_BY_NUMBER = {"2021": "NationalAuthority", "2120": "LocalAuthority", "2321": "RegionalAuthority"}
FREQUENCIES = tuple("ANNUAL BIENNIAL CONT DAILY IRREG MONTHLY NEVER QUARTERLY WEEKLY UNKNOWN".split())
_ADDRESS = re.compile(r"https?://[^<>\"{}|\\^`\s]+")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ()-]{5,24}")
_SENT_AS_THEY_ARE = "%/?:@!$&'()*+,;=~"
_KEYS = {
    "site": {"landing", "download", "endpoint"},
    "publisher": {"organisation-number", "iri", "name", "type", "description"},
    "contact": {"name", "email", "telephone", "page"},
    "data": {"title", "description", "keywords", "licence", "issued", "modified", "version", "frequency"},
}
_TRANSLATED = frozenset(("name", "title", "description", "keywords"))


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation that publishes: its official IRI, its names, its kind (of `PUBLISHER_TYPES`), its number."""

    iri: str
    name: Text
    kind: str
    number: str | None
    description: Text | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an organisation answers questions; never a person. `telephone` is in international form."""

    name: Text
    email: str
    telephone: str | None
    page: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """What a release says of itself. Addresses end in a slash, but for `endpoint`, which is None where there is none.

    `issued` and `modified` are None where the data are to say it.
    """

    landing: str
    download: str
    endpoint: str | None
    publisher: Publisher
    contact: Contact | None
    title: Text
    description: Text
    keywords: Mapping[str, Sequence[str]] = field(hash=False)
    licence: str
    issued: date | None
    modified: date | None
    version: str | None
    frequency: str


def read_publication(base: str, path: Path | None = None) -> Publication:
    """Return what the file says, with defaults for a graph with `base`; without a file all is default.

    Raises:
        InputError: the file cannot be read, or is not TOML.
        UsageError: a key is not known, or a value is not what the key takes; the message names file, key and rule.
    """
    return _Reader(base, path.name if path else "the configuration", read_toml(path)[1] if path else {}).publication()


def as_sent(address: str) -> str:
    """Return an address on the web with the signs that programs send.

    >>> as_sent("https://räksmörgås.se:8443/å b/?q=%C3%A5")
    'https://xn--rksmrgs-5wao1o.se:8443/%C3%A5%20b/?q=%C3%A5'

    Raises:
        ValueError: it names no host, or a port that is no number, or a user.
    """
    parts = urlsplit(address)
    if not parts.hostname:
        raise ValueError("the address names no host")
    if parts.username is not None:
        raise ValueError("the address is published, so it holds no name and no password")
    if address.isascii() and (parts.port is None or parts.port):
        return address
    host = parts.hostname.encode("idna").decode() + (f":{parts.port}" if parts.port else "")
    path, query = (quote(text, safe=_SENT_AS_THEY_ARE) for text in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, parts.fragment))


class _Reader:
    """Takes one value after the other out of a configuration, and refuses what is wrong by its name."""

    def __init__(self, base: str, file: str, values: Mapping[str, Any]) -> None:
        self._base, self._file, self._values = base, file, values
        for section, keys in values.items():
            if section not in _KEYS or not isinstance(keys, dict):
                raise UsageError(f"{file}: {section!r} is no section; there are {_listed(_KEYS)}")
            known_keys = _KEYS[section] | {f"{key}-{tag}" for key in _KEYS[section] & _TRANSLATED for tag in Text.TAGS}
            for key in keys:
                if key not in known_keys:
                    raise UsageError(f"{file}: [{section}] has no key {key!r}; it has {_listed(_KEYS[section])}")

    def publication(self) -> Publication:
        landing = self._folder("site", "landing", self._base)
        return Publication(
            landing=landing,
            download=self._folder("site", "download", f"{landing}release/"),
            endpoint=self._endpoint(landing),
            publisher=self._publisher(),
            contact=self._contact(),
            title=self._text("data", "title") or TITLE,
            description=self._text("data", "description") or DESCRIPTION,
            keywords={tag: self._words(tag) for tag in Text.TAGS},
            licence=self._licence(),
            issued=self._day("issued"),
            modified=self._day("modified"),
            version=self._one("data", "version"),
            frequency=self._choice("data", "frequency", FREQUENCIES, "IRREG"),
        )

    def _get(self, section: str, key: str) -> object | None:
        found: object | None = self._values.get(section, {}).get(key)
        return found

    def _wrong(self, section: str, key: str, rule: str) -> UsageError:
        return UsageError(f"{self._file}: {key} of [{section}] is {self._get(section, key)!r}; {rule}")

    def _one(self, section: str, key: str) -> str | None:
        value = self._get(section, key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value.strip() if isinstance(value, str) else None
        raise self._wrong(section, key, "it is a text that is not empty")

    def _text(self, section: str, key: str) -> Text | None:
        both = self._one(section, key)
        swedish, english = (self._one(section, f"{key}-{tag}") or both for tag in Text.TAGS)
        first = swedish or english
        return Text(swedish or english or first, english or swedish or first) if first else None

    def _words(self, tag: str) -> tuple[str, ...]:
        for key in (f"keywords-{tag}", "keywords"):
            value = self._get("data", key)
            if value is None:
                continue
            if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
                raise self._wrong("data", key, "it is a list of words")
            return tuple(value)
        return tuple(KEYWORDS[tag])

    def _address(self, section: str, key: str) -> str | None:
        value = self._one(section, key)
        if value is not None and not _ADDRESS.fullmatch(value):
            raise self._wrong(section, key, "an address is absolute and begins with https:// or http://")
        return value

    def _place(self, section: str, key: str) -> str | None:
        """Return the address of a place on the web as programs send it: portals and redirects take no other."""
        value = self._address(section, key)
        try:
            return value and as_sent(value)
        except ValueError as error:
            raise self._wrong(section, key, str(error)) from error

    def _folder(self, section: str, key: str, default: str) -> str:
        value = self._place(section, key) or default
        if not value.endswith("/") or "?" in value or "#" in value:
            raise self._wrong(section, key, "the address of a folder ends in a slash")
        return value

    def _endpoint(self, landing: str) -> str | None:
        if self._get("site", "endpoint") is False:
            return None
        return self._place("site", "endpoint") or f"{landing}sparql"

    def _licence(self) -> str:
        value = self._one("data", "licence") or "CC0-1.0"
        if value in LICENCES:
            return LICENCES[value]
        if "creativecommons.org" in value and value not in LICENCES.values():
            raise self._wrong("data", "licence", f"portals know Creative Commons by {_listed(LICENCES.values())}")
        return self._address("data", "licence") or value

    def _day(self, key: str) -> date | None:
        value = self._get("data", key)
        if value is None or (isinstance(value, date) and type(value) is date):
            return value
        raise self._wrong("data", key, "it is a day such as 2026-01-31, without quotation marks")

    def _choice(self, section: str, key: str, choices: Sequence[str], default: str) -> str:
        value = self._one(section, key) or default
        if value not in choices:
            raise self._wrong(section, key, f"it is one of {_listed(choices)}")
        return value

    def _publisher(self) -> Publisher:
        printed = self._one("publisher", "organisation-number")
        try:
            number = parse_organisation_number(printed) if printed else None
        except ValueProblem as problem:
            raise self._wrong("publisher", "organisation-number", str(problem)) from problem
        listed = known().by_number.get(number) if number else None
        iri = self._address("publisher", "iri") or (f"{DATAPORTAL_ORGANISATION}{number}" if number else None)
        name = self._text("publisher", "name") or (Text(listed.name, listed.name) if listed else None)
        if iri and not name:
            raise UsageError(f"{self._file}: [publisher] has no name, and the list of public bodies does not know it")
        if name and not iri:
            raise UsageError(f"{self._file}: [publisher] has a name but neither organisation-number nor iri")
        developers = Text("ESF-KG:s utvecklare", "The ESF-KG developers")
        return Publisher(
            iri=iri or Names(self._base).thing("agent", "developers"),
            name=name or developers,
            kind=self._choice("publisher", "type", PUBLISHER_TYPES, _kind_of(number)),
            number=number,
            description=self._text("publisher", "description"),
        )

    def _contact(self) -> Contact | None:
        if not self._values.get("contact"):
            return None
        name, email = self._text("contact", "name"), self._one("contact", "email")
        telephone = self._one("contact", "telephone")
        if not name or not email:
            raise UsageError(f"{self._file}: [contact] needs both name and email, those of the organisation")
        if not _MAILBOX.fullmatch(email):
            raise self._wrong("contact", "email", "it is the mailbox of an organisation, such as data@example.org")
        if telephone and not _TELEPHONE.fullmatch(telephone):
            raise self._wrong("contact", "telephone", "a number is written with its country, such as +46 8 123 45 67")
        return Contact(name, email, telephone, self._address("contact", "page"))


def _kind_of(number: str | None) -> str:
    """Return the kind of publisher that the first digits of an organisation number tell.

    >>> _kind_of("2021005224"), _kind_of(None)
    ('NationalAuthority', 'NonProfitOrganisation')
    """
    return _KIND_BY_NUMBER.get(number[:4] if number else "", "NonProfitOrganisation")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
