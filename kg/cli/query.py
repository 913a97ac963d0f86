"""`kg query`, `kg queries`: named questions and free SPARQL, on a build or a SPARQL server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.opening import Build, Endpoint
from kg.cli.output import message, row_format, write_json, write_rows
from kg.errors import InputError, UsageError

if TYPE_CHECKING:
    from kg.queries import NamedQuery

Base = Annotated[
    str | None,
    typer.Option("--base", envvar="KG_BASE", help="Base of our IRIs on the server; by default what its ontology says."),
]


_Question = Annotated[
    str,
    typer.Argument(metavar="NAME|FILE|-", help="Name of a query (see `kg queries`), a SPARQL file, or - for stdin."),
]
_Param = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="NAME=VALUE", help="Value of a parameter; may be given several times."),
]
_Beside = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE", help="RDF file to ask together with the build, such as a report."),
]
_Fmt = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        help="Rows: table, csv, tsv or json (SPARQL 1.1 Results JSON). Graphs: turtle, ntriples, jsonld or rdfxml.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(name="query")(query)
    app.command(name="queries")(queries)


def query(
    question: _Question,
    param: _Param = None,
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    base: Base = None,
    beside: _Beside = None,
    fmt: _Fmt = None,
) -> None:
    """Answer a named question or free SPARQL (SELECT, ASK, CONSTRUCT or DESCRIBE).

    Things are given by key, number or name: --param owner=2220002162, --param region=SE12, --param method="Case
    management". A parameter given twice means either.
    """
    import kg
    from kg.cli.answers import checked_format, write_answer, write_graph
    from kg.graph import open_build_beside
    from kg.queries import prepared
    from kg.store.syntax import query_kind

    asked = _asked(question)
    values = _values(param or [])
    _check_needs(asked, values)
    if beside and endpoint:
        raise UsageError("--with adds files to a build, not to a server")
    opened = (
        open_build_beside(build, beside)
        if beside
        else kg.open(build, endpoint=endpoint, base=base if endpoint else None)
    )
    with opened as graph:
        text = prepared(asked, values, graph.store)
        makes_graph = query_kind(text) in ("construct", "describe")
        chosen = checked_format(fmt, graph=makes_graph)
        if makes_graph:
            write_graph(graph.store.construct(text), chosen)
            return
        answer = graph.store.select(text)
        write_answer(answer, chosen, graph.store.base)
    if chosen == "table" and answer.truth is None:
        message(f"{len(answer)} {'row' if len(answer) == 1 else 'rows'}")


def queries(
    name: Annotated[str | None, typer.Argument(help="Show the SPARQL of this query instead of the list.")] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the questions: en or sv.")] = "en",
    fmt: Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv, json or markdown.")] = "table",
    examples: Annotated[
        bool, typer.Option("--examples", help="Write the queries as Turtle, for editors that offer examples.")
    ] = False,
    target: Annotated[
        str | None, typer.Option("--target", help="With --examples: address of the SPARQL service they are for.")
    ] = None,
) -> None:
    """List the named queries: the question that each answers, and its parameters."""
    from kg.queries import find, named_queries
    from kg.queries.listing import markdown

    if lang not in ("en", "sv"):
        raise UsageError(f"unknown language {lang!r}: the questions are in en and sv")
    if name is not None:
        sys.stdout.write(find(name).text)
        return
    found = named_queries()
    if examples:
        _write_examples(found, target)
    elif fmt == "markdown":
        sys.stdout.writelines(markdown(found))
    elif row_format(fmt) == "json":
        write_json([_described(each) for each in found])
    else:
        rows = [(each.name, each.summary[lang], _parameters(each)) for each in found]
        write_rows(("name", "question", "parameters"), rows, fmt)


def _asked(question: str) -> str:
    """Return the name of a query as it is, and anything else as the SPARQL text that it stands for."""
    from kg.queries import is_name

    if question == "-":
        return sys.stdin.read()
    path = Path(question)
    if is_name(question) and not path.is_file():
        return question
    if "{" in question:
        return question
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no query and no file {question!r}; `kg queries` lists the queries") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{question} cannot be read: {error}") from error


def _check_needs(asked: str, values: dict[str, list[str]]) -> None:
    from kg.queries import find, is_name

    query = find(asked) if is_name(asked) else None
    if query and query.needs and not values.keys() & set(query.needs):
        wanted = " or ".join(f"--param {name}={query.parameter(name).example}" for name in query.needs)
        raise UsageError(f"the query {query.name} needs one of these, as the answer about all is too long: {wanted}")


def _values(given: list[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise UsageError(f"a parameter is written --param NAME=VALUE, and {each!r} is not")
        values.setdefault(name, []).append(value)
    return values


def _write_examples(found: tuple[NamedQuery, ...], target: str | None) -> None:
    from kg.ontology import default_base
    from kg.queries.listing import examples

    sys.stdout.writelines(examples(found, default_base(), target))


def _parameters(query: NamedQuery) -> str:
    return ", ".join(
        parameter.name if parameter.name == parameter.kind else f"{parameter.name}: {parameter.kind}"
        for parameter in query.parameters
    )


def _described(query: NamedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "summary": dict(query.summary),
        "tags": list(query.tags),
        "questions": list(query.questions),
        "kind": query.kind,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.kind,
                "description": dict(parameter.description),
                "example": parameter.example,
            }
            for parameter in query.parameters
        ],
        "text": query.text,
    }
