"""Reads query files: the header lines that start with ``#+``, and the SPARQL below them.

A file looks like this::

    #+ summary: Which projects has an owner run?
    #+ sammanfattning: Vilka projekt har en ägare drivit?
    #+ tags: owner, project
    #+ param owner: owner | ägare: organisationsnummer eller namn | owner: number or name | 2220002162
    PREFIX kg: <…ontology#>
    SELECT ?project WHERE {
      VALUES ?owner { UNDEF }
      ?project kg:owner ?owner .
    }
    ORDER BY ?project

A parameter is a line ``VALUES ?name { UNDEF }`` at the head of WHERE. As it stands it asks for all; a value takes the
place of UNDEF as a typed term, never as text. Where the answer for all grows with the square of the graph, a line
``#+ needs: owner, method`` says that `kg query` wants one of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from kg import resources
from kg.errors import InputError, UsageError
from kg.queries.parameters import Parameter, parameter_type
from kg.store.syntax import QueryKind, query_kind

_HEADER = re.compile(r"#\+\s*([^:]+?)\s*:\s*(.*?)\s*")
_SUMMARIES = MappingProxyType({"summary": "en", "sammanfattning": "sv"})
_PARAMETER_LINE = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*UNDEF\s*\}")
_PREFIX_LINE = re.compile(r"(PREFIX\s+[\w-]*:\s*<)([^>]*)(>)", re.IGNORECASE)
_TERMS = "ontology#"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query file: `summary` by language, `question` the numbers of the competency questions that it answers.

    `needs` names the parameters of which one must be given, because the answer for all of them together is too long.
    """

    name: str
    summary: Mapping[str, str]
    tags: tuple[str, ...]
    questions: tuple[int, ...]
    parameters: tuple[Parameter, ...]
    kind: QueryKind
    text: str
    needs: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name.

        Raises:
            UsageError: the query has no such parameter; the message lists those that it has.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in self.parameters)
        has = f"has {known}" if known else "has none"
        raise UsageError(f"the query {self.name} has no parameter {name!r}: it {has}")


def is_name(text: str) -> bool:
    """Return whether `text` can be the name of a query, and so is no SPARQL.

    >>> is_name("shared-methods"), is_name("ASK {}")
    (True, False)
    """
    return bool(_NAME.fullmatch(text))


def named_queries(folder: Path | None = None) -> tuple[NamedQuery, ...]:
    """Return the queries of a folder, by default those that come with the package, in the order of their names.

    Raises:
        InputError: a file breaks a rule; the message names file, line and rule.
    """
    return tuple(_read(path) for path in sorted((folder or resources.folder("queries")).glob("*.rq")))


def find(name: str, folder: Path | None = None) -> NamedQuery:
    """Return the query of that name.

    Raises:
        UsageError: there is none; the message names the nearest.
    """
    path = (folder or resources.folder("queries")) / f"{name}.rq"
    if is_name(name) and path.is_file():
        return _read(path)
    raise UsageError(f"there is no query {name!r}" + _nearest(name, path.parent) + "; `kg queries` lists them")


def _nearest(name: str, folder: Path) -> str:
    from difflib import get_close_matches

    names = get_close_matches(name, [path.stem for path in folder.glob("*.rq")], n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(names)}?)" if names else ""


@lru_cache(maxsize=256)
def _read(path: Path) -> NamedQuery:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    query = parse(path.stem, text, f"queries/{path.name}")
    for key in _SUMMARIES:
        if _SUMMARIES[key] not in query.summary:
            raise InputError(f"queries/{path.name} has no '#+ {key}:' line")
    if not query.tags:
        raise InputError(f"queries/{path.name} has no '#+ tags:' line")
    for name in _PARAMETER_LINE.findall(text):
        if name not in [parameter.name for parameter in query.parameters]:
            raise InputError(f"queries/{path.name} has 'VALUES ?{name} {{ UNDEF }}' but no line '#+ param {name}:'")
    return query


def parse(name: str, text: str, place: str) -> NamedQuery:
    """Return the query that `text` holds; `place` names it in messages. All header lines may be missing.

    Raises:
        InputError: a header line or a parameter breaks a rule.
    """
    summary: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    questions: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    parameters: list[Parameter] = []
    for number, key, value in _headers(text, place):
        where = f"{place}, line {number}"
        match key.split():
            # One line for each key, so that nothing is silently overwritten.
            case [("summary" | "sammanfattning") as one] if value and _SUMMARIES[one] not in summary:
                summary[_SUMMARIES[one]] = value
            case ["tags"] if value and not tags:
                tags = tuple(tag.strip() for tag in value.split(","))
            case ["question"] if re.fullmatch(r"\d+(, \d+)*", value) and not questions:
                questions = tuple(map(int, value.split(", ")))
            case ["needs"] if value and not needs:
                needs = tuple(variable.strip() for variable in value.split(","))
            case ["param", variable]:
                parameters.append(_parameter(variable, value, where))
            case _:
                raise InputError(f"{where}: '#+ {key}: {value}' is empty, repeated or not a known header line")
    kind = query_kind(text)
    if kind is None:
        raise InputError(f"{place} is not a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    _check_parameters(text, parameters, place)
    for variable in needs:
        if variable not in [parameter.name for parameter in parameters]:
            raise InputError(f"{place} needs {variable} but has no line '#+ param {variable}:'")
    return NamedQuery(name, MappingProxyType(summary), tags, questions, tuple(parameters), kind, text, needs)


def _headers(text: str, place: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#+"):
            found = _HEADER.fullmatch(line)
            if not found:
                raise InputError(f"{place}, line {number}: a header line is written '#+ key: value'")
            yield number, found[1], found[2]


def _parameter(variable: str, value: str, where: str) -> Parameter:
    parts = [part.strip() for part in value.split("|")]
    if len(parts) != 4 or not all(parts):
        raise InputError(f"{where}: a parameter is written '#+ param NAME: TYPE | Swedish | English | example'")
    kind, swedish, english, example = parts
    if parameter_type(kind) is None:
        raise InputError(f"{where}: {kind!r} is not a type of parameter")
    return Parameter(variable, kind, MappingProxyType({"sv": swedish, "en": english}), example)


def _check_parameters(text: str, parameters: list[Parameter], place: str) -> None:
    lines = _PARAMETER_LINE.findall(text)
    declared = [parameter.name for parameter in parameters]
    for name in declared:
        if declared.count(name) > 1:
            raise InputError(f"{place} declares the parameter {name} twice")
        if name not in lines:
            raise InputError(f"{place} declares the parameter {name} but has no line 'VALUES ?{name} {{ UNDEF }}'")


def rebased(text: str, base: str) -> str:
    """Return the query with `base` in its PREFIX lines in the place of the one that its own ``kg:`` line has.

    >>> rebased("PREFIX kg: <https://a.example/ontology#> ASK { ?s a kg:Project }", "https://b.example/")
    'PREFIX kg: <https://b.example/ontology#> ASK { ?s a kg:Project }'
    """
    own = next((found[2] for found in _PREFIX_LINE.finditer(text) if found[2].endswith(_TERMS)), None)
    if own is None:
        return text
    declared = own.removesuffix(_TERMS)
    return _PREFIX_LINE.sub(lambda line: line[1] + _moved(line[2], declared, base) + line[3], text)


def _moved(namespace: str, declared: str, base: str) -> str:
    return base + namespace.removeprefix(declared) if namespace.startswith(declared) else namespace


def with_values(text: str, terms: Mapping[str, str]) -> str:
    """Return the query with terms, in SPARQL's own writing, in the place of UNDEF for the parameters named.

    All at once: a text given for one parameter may itself read like the line of another.

    >>> with_values("SELECT * { VALUES ?n { UNDEF } VALUES ?m { UNDEF } }", {"n": "1 2"})
    'SELECT * { VALUES ?n { 1 2 } VALUES ?m { UNDEF } }'
    """
    return _PARAMETER_LINE.sub(lambda line: f"VALUES ?{line[1]} {{ {terms.get(line[1], 'UNDEF')} }}", text)
