"""Named questions in `queries/*.rq` and free SPARQL, with parameters that are bound and never pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.errors import UsageError
from kg.queries.parameters import PARAMETER_TYPES, Parameter, Value, term
from kg.queries.reading import NamedQuery, find, is_name, named_queries, parse, rebased, with_values
from kg.store.interface import Store
from kg.store.syntax import with_prefixes
from kg.vocabulary import Names

__all__ = [
    "PARAMETER_TYPES",
    "NamedQuery",
    "Parameter",
    "Value",
    "find",
    "is_name",
    "named_queries",
    "parse",
    "prepared",
]

Values = Mapping[str, Value | Sequence[Value]]
"""Values of parameters by name; several values of one parameter mean any of them."""


def prepared(query: NamedQuery | str, values: Values, store: Store) -> str:
    """Return the SPARQL to run on `store`: named by `query`, or free text, with the values in their places.

    Raises:
        UsageError: there is no such query or parameter, or a value is not of its type.
        InputError: a header line of the query breaks a rule.

    The standard prefixes that a free text uses but does not declare are added.
    """
    named = find(query) if isinstance(query, str) and is_name(query) else query
    if isinstance(named, str):
        text, known = named, parse("query", named, "the query") if "#+" in named else None
    else:
        text, known = rebased(named.text, store.base), named
    if values and known is None:
        raise UsageError("this query has no parameters: a line '#+ param NAME: TYPE | …' declares one")
    terms = {name: _written(known.parameter(name), value, store) for name, value in values.items() if known}
    return with_values(
        with_prefixes(text, Names(store.base).prefixes()), {key: one for key, one in terms.items() if one}
    )


def _written(parameter: Parameter, value: Value | Sequence[Value], store: Store) -> str:
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return " ".join(term(parameter, one, store).n3() for one in several)
