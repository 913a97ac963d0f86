"""What all questions of `kg network` have in common: their options, and how an answer is shown."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints, overload

import typer

from kg.cli.opening import Build, Endpoint, opened
from kg.cli.output import Plain, message, row_format, write_file, write_json, write_rows
from kg.counting import counted
from kg.errors import UsageError
from kg.writing import check_folder

if TYPE_CHECKING:
    from kg.network import Facts, Node
    from kg.network.matrices import Choice
    from kg.store import Store

Roles = Annotated[
    list[str] | None, typer.Option("--role", help="Count only methods in this role; may be given several times.")
]
First = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="Only projects that run on this day or later.")
]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Only projects that run on this day or earlier.")]
Region = Annotated[str | None, typer.Option("--region", help="Only projects of this region (NUTS code).")]
Fund = Annotated[str | None, typer.Option("--fund", help="Only projects of this fund (code).")]
Format = Annotated[str, typer.Option("--format", "-f", help="table, csv, tsv or json.")]
AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Limit = Annotated[int, typer.Option("--limit", min=0, help="Most rows of a table, 0 for all; other formats hold all.")]
MOST_ROWS = 50
Top = Annotated[int, typer.Option("--top", "-n", min=1, help="How many to show.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Also draw the answer into this SVG file.")]


_Found = TypeVar("_Found")
_Shown_co = TypeVar("_Shown_co", covariant=True)


class Shown(Sequence[_Shown_co]):
    """What is found in the form in which it is shown, made where it is looked at: a table shows few of many rows.

    >>> Shown(["b", "a"], str.upper)[:1]
    ['B']
    """

    def __init__(self, found: Sequence[_Found], form: Callable[[_Found], _Shown_co]) -> None:
        self._found = found
        self._form: Callable[[Any], _Shown_co] = form

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> _Shown_co: ...
    @overload
    def __getitem__(self, place: slice) -> list[_Shown_co]: ...
    def __getitem__(self, place: int | slice) -> _Shown_co | list[_Shown_co]:
        if isinstance(place, slice):
            return [*map(self._form, self._found[place])]
        return self._form(self._found[place])


@dataclass(frozen=True, slots=True)
class Report:
    """Rows under their columns, the sentence that says what they mean, the same as plain JSON, and the picture."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Plain]]
    sentence: str
    data: Sequence[object]
    picture: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The store that is asked, and which projects and uses count."""

    store: Store
    choice: Choice

    def source(self, facts: Facts) -> str:
        """Return the line under a picture: how many projects it rests on, and which were chosen."""
        return source_line(facts, self.choice)


def source_line(facts: Facts, choice: Choice | None = None) -> str:
    """Return the line under a picture that rests on the chosen projects of `facts`, by default on all."""
    from kg.network.matrices import EVERYTHING, chosen_projects

    choice = choice or EVERYTHING
    first, last = choice.period or (None, None)
    named = {"region": choice.region, "fund": choice.fund, "from": first, "to": last}
    chosen = "".join(f", {word} {value}" for word, value in named.items() if value)
    return f"Source: ESF-KG, {counted(len(chosen_projects(facts, choice)), 'project')}{chosen}."


def _options(
    roles: Roles = None,
    first: First = None,
    last: Last = None,
    region: Region = None,
    fund: Fund = None,
    build: Build = Path("build"),
    endpoint: Endpoint = None,
    fmt: Format = "table",
    as_json: AsJson = False,
    limit: Limit = MOST_ROWS,
    plot: Plot = None,
) -> None:
    """Only the signature counts: the options that every question has."""


def question(answer: Callable[..., Report]) -> Callable[..., None]:
    """Turn a function that answers (its first parameter is `Asked`) into a command with the common options as well."""
    own = dict(list(inspect.signature(answer).parameters.items())[1:])
    common = inspect.signature(_options).parameters

    @wraps(answer)
    def command(**given: Any) -> None:
        fmt = "json" if given["as_json"] else row_format(given["fmt"])
        checked_picture(given["plot"])
        choice = _choice(given["roles"], given["first"], given["last"], given["region"], given["fund"])
        with opened(given["build"], given["endpoint"]) as store:
            report = answer(Asked(store, choice), **{name: given[name] for name in own})
        _show(report, fmt, given["limit"])
        if given["plot"]:
            write_file(given["plot"], [report.picture()])

    # Typer reads the signature and the hints of what it is given.
    hints = {**get_type_hints(answer, include_extras=True), **get_type_hints(_options, include_extras=True)}
    parameters = [parameter.replace(annotation=hints[name]) for name, parameter in {**own, **common}.items()]
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {name: hints[name] for name in (*own, *common)}
    return command


def checked_picture(file: Path | None) -> None:
    """Refuse a file for a picture whose name promises another format, or whose folder is missing.

    Raises:
        UsageError: the name ends in neither ``.svg`` nor nothing.
        InputError: there is no such folder.
    """
    if file is None:
        return
    if file.suffix.lower() not in ("", ".svg"):
        raise UsageError(f"{file} cannot be drawn: pictures are SVG, so name a file that ends in .svg")
    check_folder(file)


def _show(report: Report, fmt: str, limit: int) -> None:
    """Write the rows; the sentence goes into JSON as ``summary``, and else to standard error."""
    if fmt == "json":
        write_json({"summary": report.sentence, "results": [*report.data]})
    else:
        write_limited(report.columns, report.rows, fmt, limit)
        message(report.sentence)


def write_limited(columns: Sequence[str], rows: Sequence[Sequence[Plain]], fmt: str, limit: int) -> None:
    """Write rows, of a table the first `limit` only (0: all), and say on standard error how many are left out."""
    left = len(rows) - limit if fmt == "table" and limit else 0
    write_rows(columns, rows[:limit] if left > 0 else rows, fmt)
    if left > 0:
        message(f"… and {left:,} more; --limit 0 shows all.")


def labels(nodes: Iterable[Node]) -> str:
    """Return the labels of nodes, joined by commas."""
    return ", ".join(node.label for node in nodes)


def percent(share: float) -> str:
    """Return a share in per cent, with two figures where it is small.

    >>> percent(0.5), percent(0.00123), percent(0.0)
    ('50%', '0.12%', '0%')
    """
    return f"{100 * share:.0f}%" if share >= 0.1 or not share else f"{100 * share:.2g}%"


def name(node: Node) -> dict[str, str]:
    """Return what names a node, as plain JSON."""
    return {"kind": node.kind, "key": node.key, "label": node.label}


def names(nodes: Iterable[Node]) -> list[dict[str, str]]:
    """Return what names nodes, as plain JSON."""
    return [name(node) for node in nodes]


def _choice(
    roles: list[str] | None, first: str | None, last: str | None, region: str | None, fund: str | None
) -> Choice:
    from kg.model import LINKING_ROLES
    from kg.network.matrices import Choice

    period = (_day(first), _day(last)) if first or last else None
    return Choice(roles=frozenset(roles) if roles else LINKING_ROLES, period=period, region=region, fund=fund)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is not a day written as 2023-08-01") from None
