"""The tables of the search index, and what of the graph they hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VERSION = 5
"""Raised when the tables change, so that an index of another form is not read."""

RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "owner": "kg:owner",
        "ownerUnit": "kg:ownerUnit",
        "partner": "kg:partner",
        "region": "kg:region",
        "fund": "kg:fund",
        "programme": "kg:programme",
        "programmeArea": "kg:programmeArea",
        "specificObjective": "kg:specificObjective",
        "interventionField": "kg:interventionField",
        "method": "kg:method",
        "municipality": "kg:beneficiaryMunicipality",
        "continues": "kg:continues",
        "source": "prov:wasDerivedFrom",
        "unitOf": "org:unitOf",
        "ownerType": "kg:ownerType",
        "broader": "skos:broader",
        "related": "skos:related",
        "isPartOf": "dcterms:isPartOf",
    }
)
"""Links between things, as properties of the graph; a link is kept as the place of its name in this list."""
DERIVED = ("county",)
"""Links that follow from others: the county is the one that holds the municipality of the beneficiary's postcode."""
NUMBER = MappingProxyType({name: number for number, name in enumerate((*RELATIONS, *DERIVED))})

SCALARS: Mapping[str, str] = MappingProxyType(
    {
        "identifier": "dcterms:identifier",
        "start": "kg:startDate",
        "end": "kg:endDate",
        "participants": "kg:plannedParticipants",
        "total_budget": "kg:totalBudget",
        "total_cost": "kg:totalCost",
        "granted": "kg:grantedSupport",
        "eu": "kg:euContribution",
        "rate": "kg:coFinancingRate",
        "currency": "kg:currency",
        "place": "kg:beneficiaryPlace",
    }
)
"""Columns of a project with the properties that fill them; where sources disagree, the preferred value."""
PLACE = MappingProxyType({name: place for place, name in enumerate(SCALARS)})
"""Where the values of a project stand in a list of them."""
MONEY, CURRENCY = ("total_budget", "total_cost", "granted", "eu"), "currency"
"""Columns of a project that are amounts, and the one that tells their currency."""
NUMERIC = frozenset(("participants", *MONEY, "rate"))

USE: Mapping[str, str] = MappingProxyType(
    {
        "method": "kg:useOf",
        "role": "kg:role",
        "quote": "kg:quote",
        "start": "kg:quoteStart",
        "end": "kg:quoteEnd",
        "matched": "kg:matchedText",
        "rule": "kg:matchRule",
        "confidence": "kg:confidence",
    }
)
"""Columns of a use of a method with the properties that fill them."""

_WORDS_HELD = 64 << 20
"""Bytes of words that are held before they are written; parts that are written apart are read again to be joined."""


def _in_large_parts(table: str) -> str:
    """Return the statements that have an index of words written in large parts, which are joined once, in the end."""
    settings = {"hashsize": _WORDS_HELD, "automerge": 0}
    return "".join(
        f"INSERT INTO {table} ({table}, rank) VALUES ('{name}', {value});\n" for name, value in settings.items()
    )


TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, sv TEXT, en TEXT, notation TEXT,
    projects INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE project (
    id INTEGER PRIMARY KEY, {", ".join(f"{name} {'REAL' if name in NUMERIC else 'TEXT'}" for name in SCALARS)}
);
CREATE TABLE outgoing (source INTEGER PRIMARY KEY, links BLOB NOT NULL);
CREATE TABLE incoming (id INTEGER PRIMARY KEY, sources BLOB NOT NULL);
CREATE TABLE use (
    id INTEGER PRIMARY KEY, project INTEGER NOT NULL, method INTEGER NOT NULL, role TEXT NOT NULL, quote TEXT,
    start INTEGER, end INTEGER, matched TEXT, rule TEXT, confidence REAL
);
CREATE TABLE facet (name TEXT PRIMARY KEY, projects BLOB NOT NULL, things BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE ordering (name TEXT PRIMARY KEY, projects BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE word (
    id INTEGER PRIMARY KEY, form TEXT NOT NULL, stem TEXT NOT NULL, folded TEXT NOT NULL, projects INTEGER NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    identifier, title, methods, owner, place, text, content='', tokenize="unicode61 remove_diacritics 0"
);
CREATE VIRTUAL TABLE names USING fts5(text, content='', prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE spelling USING fts5(folded, content='', tokenize=trigram);
{"".join(map(_in_large_parts, ("words", "names", "spelling")))}
CREATE TEMP TABLE text (project INTEGER NOT NULL, text TEXT NOT NULL);
"""
INDEXES = """
CREATE UNIQUE INDEX thing_name ON thing (kind, key);
CREATE INDEX thing_size ON thing (kind, projects DESC);
CREATE INDEX use_project ON use (project);
CREATE INDEX use_method ON use (method, role, project);
CREATE UNIQUE INDEX word_form ON word (form);
CREATE INDEX word_stem ON word (stem);
CREATE INDEX word_folded ON word (folded);
"""
WEIGHTS = (20.0, 10.0, 6.0, 4.0, 3.0, 1.0)
"""How much a word counts in each column of `words`."""
