"""Answers what SPARQL constraints ask of single values: each value is tested once, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.validation.facts import Facts, Term
from kg.validation.regular import MATCHES, matches
from kg.validation.sparql_constraints import ValueConditions

LONGEST_LIST = 100_000
"""Longest list of values, in characters, that is put into a query; longer ones are looked up here."""
_Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A SPARQL constraint on single values: the variable of its focus node, its whole pattern, and what it asks."""

    focus: str
    core: str
    conditions: ValueConditions


def broken_patterns(facts: Facts, head: str, path: str, jobs: Sequence[Condition]) -> list[str]:
    """Return for each condition the pattern of the focus nodes that have a value at the end of `path` that breaks it.

    It is empty where no value does. `head` declares the prefixes.
    """
    names = "?p ?v" if path == "?p" else "?v"
    flags = {f"?b{number}": job for number, job in enumerate(jobs)}
    # To ask what is common to all first was measured slower: Oxigraph asks it before the values are distinct.
    bound = " ".join(f"BIND({job.conditions.broken} AS {flag})" for flag, job in flags.items())
    values = f"{{ SELECT DISTINCT {names} WHERE {{ ?s {path} ?v }} }}"
    bad: list[list[_Row]] = [[] for _ in jobs]
    for row in facts.rows(
        f"{head}SELECT {names} {' '.join(flags)} WHERE {{ {values} {bound} FILTER({' || '.join(flags)}) }}"
    ):
        for found, flag in zip(bad, row[-len(jobs) :], strict=True):
            if isinstance(flag, ox.Literal) and flag.value == "true":
                found.append(row[: -len(jobs)])
    return [_listed(job, names, found) if found else "" for job, found in zip(jobs, bad, strict=True)]


def answered(query: str) -> bool:
    """Return whether Oxigraph takes a query; what it is to pySHACL will be seen."""
    try:
        ox.Store().query(query, custom_functions={MATCHES: matches})
    except (SyntaxError, RuntimeError):  # the latter for a function that it does not know
        return False
    return True


def _listed(job: Condition, names: str, found: list[_Row]) -> str:
    """Return the pattern of focus nodes that have one of some values; where those cannot be listed, the constraint."""
    listed = " ".join(f"({' '.join(map(str, values))})" for values in found)
    if len(listed) > LONGEST_LIST or any(isinstance(value, ox.BlankNode) for values in found for value in values):
        return job.core
    return f"VALUES ({names}) {{ {listed} }} {job.focus} {job.conditions.path} ?v ."
