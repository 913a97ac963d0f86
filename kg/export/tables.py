"""CSV tables of projects, owners, methods and uses, with a description of every column (CSV on the Web).

A cell with several values joins them with ``|``; a bar inside a value is written ``\\|``. Dates are ISO 8601; numbers
and booleans stand as in the graph; what is not known is an empty cell. Where sources disagree, both values are there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from kg.export.things import Things

SEPARATOR = "|"
_Values = Callable[[Things, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it says, the values of a thing in it, and the XML Schema type of those.

    A column that is `single` has one value in each row and no separator. The values of one that `names` a file are keys
    of rows there.
    """

    name: str
    meaning: str
    values: _Values
    datatype: str = "string"
    single: bool = False
    names: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the name of its file, the class of its things, one row each, and its columns."""

    file: str
    kind: str
    meaning: str
    columns: tuple[Column, ...]


def csv_text(table: Table, things: Things) -> Iterator[str]:
    """Yield the CSV text of a table: a heading line, then one record a thing, sorted by IRI."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for thing in things.of_class(table.kind):
        writer.writerow([_cell(column.values(things, thing)) for column in table.columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def metadata() -> str:
    """Return the description of all tables as JSON of the W3C recommendation "Metadata Vocabulary for Tabular Data".

    Each row is about the thing of its IRI, and keys that name rows of other tables are foreign keys.
    """
    keys = {table.file: next(column.name for column in table.columns if column.single) for table in TABLES}
    tables = [
        {
            "url": table.file,
            "dc:description": table.meaning,
            "tableSchema": {
                "aboutUrl": "{+iri}",
                "columns": [_described(column) for column in table.columns],
                "primaryKey": "iri",
                "foreignKeys": [
                    {
                        "columnReference": column.name,
                        "reference": {"resource": column.names, "columnReference": keys[column.names]},
                    }
                    for column in table.columns
                    if column.names
                ],
            },
        }
        for table in TABLES
    ]
    document = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}], "tables": tables}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _cell(values: Sequence[str]) -> str:
    return SEPARATOR.join(value.replace(SEPARATOR, f"\\{SEPARATOR}") for value in values)


def _described(column: Column) -> dict[str, str | bool]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.meaning,
        "datatype": column.datatype,
        **({"required": True} if column.single else {"separator": SEPARATOR}),
    }


def _key(things: Things, thing: str) -> list[str]:
    return [things.key(thing)]


def _iri(_things: Things, thing: str) -> list[str]:
    return [thing[1:-1]]


def _label(things: Things, thing: str) -> list[str]:
    return [things.label(thing)]


def _of(name: str, language: str | None = None) -> _Values:
    return lambda things, thing: things.texts(thing, name, language)


def _labels(name: str) -> _Values:
    return lambda things, thing: [things.label(value) for value in things.values(thing, name)]


def _notations(name: str) -> _Values:
    return lambda things, thing: [
        text
        for value in things.values(thing, name)
        for text in things.texts(value, "skos:notation") or [things.key(value)]
    ]


def _projects(things: Things, thing: str) -> list[str]:
    return [things.key(project) for project in things.users(thing)]


def _project_titles(things: Things, thing: str) -> list[str]:
    return [things.label(project) for project in things.users(thing)]


def _of_projects(name: str) -> _Values:
    return lambda things, thing: sorted(
        {things.key(value) for project in things.users(thing) for value in things.values(project, name)}
    )


def _count(name: str, meaning: str, values: _Values) -> Column:
    return Column(name, meaning, lambda things, thing: [str(len(values(things, thing)))], "integer", single=True)


def _ours(name: str, meaning: str, datatype: str = "string") -> Column:
    return Column(name, meaning, _of(f"kg:{name}"), datatype)


_PROJECTS = Table(
    "projects.csv",
    "Project",
    "One row a project.",
    (
        Column("project", "Key of the project: its diary number, a slash written as a hyphen.", _key, single=True),
        Column("iri", "IRI of the project in the graph.", _iri, "anyURI", single=True),
        Column("identifier", "Diary number as printed.", _of("dcterms:identifier")),
        Column("title", "Name of the project.", _of("dcterms:title")),
        Column(
            "owner",
            "Key of the owner: its organisation number, or its name where no number is known.",
            _of("kg:owner"),
            names="owners.csv",
        ),
        Column("ownerName", "Legal name of the owner.", _labels("kg:owner")),
        Column("ownerUnit", "Department or unit of the owner, as printed.", _labels("kg:ownerUnit")),
        Column("partner", "Names of organisations that take part.", _labels("kg:partner")),
        _ours("region", "NUTS code of the region; SE is the whole country."),
        Column("regionName", "Name of the region in Swedish.", _labels("kg:region")),
        _ours("fund", "Code of the fund."),
        _ours("programme", "Code (CCI) of the programme."),
        Column("programmeArea", "Code of the programme area as printed.", _notations("kg:programmeArea")),
        Column("specificObjective", "Code of the specific objective as printed.", _notations("kg:specificObjective")),
        Column("interventionField", "Code of the intervention field.", _notations("kg:interventionField")),
        _ours("startDate", "First day.", "date"),
        _ours("endDate", "Last day.", "date"),
        _ours("plannedParticipants", "Planned number of participants; empty is unknown, 0 is none.", "integer"),
        _ours("totalBudget", "Total budget, in the currency of the row.", "decimal"),
        _ours("totalCost", "Total cost so far, in the currency of the row.", "decimal"),
        _ours("grantedSupport", "Granted support, which may hold national money, in the currency.", "decimal"),
        _ours("euContribution", "Contribution of the European Union, in the currency of the row.", "decimal"),
        _ours("currency", "Currency of the amounts (ISO 4217)."),
        _ours("coFinancingRate", "The Union's share of the cost; 0.4 is 40 %.", "decimal"),
        _ours("strategicImportance", "Whether the operation is of strategic importance.", "boolean"),
        _ours("childPovertyTheme", "Whether tackling child poverty is a secondary theme.", "boolean"),
        _ours("beneficiaryPlace", "Place of the beneficiary."),
        _ours("beneficiaryPostcode", "Postcode of the beneficiary."),
        _ours("projectPhase", "Phase of the project, as printed on older pages."),
        _ours("call", "Call for proposals, as printed on older pages."),
        _ours("continues", "Keys of earlier projects that the text builds on."),
        Column(
            "method",
            "Ids of the methods that the project develops, trains staff in, builds on or uses.",
            _of("kg:method"),
            names="methods.csv",
        ),
        Column("methodName", "Names of those methods, in the same order.", _labels("kg:method")),
        Column("source", "Names of the pages or lists that the row comes from.", _labels("prov:wasDerivedFrom")),
        Column("description", "Description in Swedish.", _of("dcterms:description", "sv")),
    ),
)
_OWNERS = Table(
    "owners.csv",
    "Owner",
    "One row an organisation that owns a project.",
    (
        Column("owner", "Key of it: its organisation number, or its name where no number is known.", _key, single=True),
        Column("iri", "IRI of the organisation in the graph.", _iri, "anyURI", single=True),
        Column("name", "Legal name.", _label),
        Column("otherNames", "Other spellings that sources print.", _of("skos:altLabel")),
        _ours("organisationNumber", "Swedish organisation number, ten digits."),
        _ours("ownerType", "Id of the type of organisation."),
        Column("sameAs", "IRI of the organisation elsewhere.", _of("owl:sameAs"), "anyURI"),
        _count("projects", "Number of projects that the organisation owns.", _projects),
        Column("project", "Keys of those projects.", _projects, names="projects.csv"),
        Column("region", "NUTS codes of the regions of those projects.", _of_projects("kg:region")),
        Column("method", "Ids of the methods of those projects.", _of_projects("kg:method"), names="methods.csv"),
    ),
)
_METHODS = Table(
    "methods.csv",
    "Method",
    "One row a method, whether or not a project uses it; groups of methods are in the graph only.",
    (
        Column("method", "Id of the method.", _key, single=True),
        Column("iri", "IRI of the method in the graph.", _iri, "anyURI", single=True),
        Column("name", "Name in Swedish.", _of("skos:prefLabel", "sv")),
        Column("nameEn", "Name in English.", _of("skos:prefLabel", "en")),
        Column("otherNames", "Other names, in both languages.", _of("skos:altLabel")),
        Column("broader", "Ids of broader methods or groups.", _of("skos:broader")),
        Column("definition", "Definition in Swedish.", _of("skos:definition", "sv")),
        _count("projects", "Number of projects that develop, train, build on or use it.", _projects),
        _count("owners", "Number of owners of those projects.", _of_projects("kg:owner")),
        Column("project", "Keys of those projects.", _projects, names="projects.csv"),
        Column("owner", "Keys of the owners of those projects.", _of_projects("kg:owner"), names="owners.csv"),
    ),
)
_USES = Table(
    "uses.csv",
    "MethodUse",
    "One row a method in a role in a project, with the words that prove it; mentions and negations are here too.",
    (
        Column("iri", "IRI of the use in the graph.", _iri, "anyURI", single=True),
        Column("project", "Key of the project.", _projects, single=True, names="projects.csv"),
        Column("projectTitle", "Name of the project.", _project_titles),
        Column("method", "Id of the method.", _of("kg:useOf"), single=True, names="methods.csv"),
        Column("methodName", "Name of the method in Swedish.", _labels("kg:useOf")),
        _ours("role", "Role: develops, trains, builds-on, uses, mentions or negated."),
        _ours("quote", "The sentence that holds the name, exactly as in the description."),
        _ours("quoteStart", "Where the matched name begins in the description, in characters from 0.", "integer"),
        _ours("quoteEnd", "Where the matched name ends, exclusive.", "integer"),
        _ours("matchedText", "The name as found."),
        _ours("matchRule", "The rule that found it."),
        _ours("confidence", "How sure the rule is, from 0 to 1.", "decimal"),
    ),
)
TABLES = (_PROJECTS, _OWNERS, _METHODS, _USES)
"""The tables of an export."""
