"""Asks a SPARQL server for items: again where it is busy, nothing twice, and of its answers only what they may hold."""

from __future__ import annotations

import hashlib
import json
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import ontology
from kg.errors import BuildError, EndpointError

if TYPE_CHECKING:
    from urllib.error import HTTPError

RETRIES, FIRST_WAIT_SECONDS, TIMEOUT_SECONDS = 4, 1.0, 60
LONGEST_WAIT_SECONDS = 300.0
_RETRIED = frozenset((429, 500, 502, 503, 504))
_ITEM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


@dataclass(frozen=True, slots=True)
class Asking:
    """How a server is asked: its address, a folder that keeps answers (None for none), and how to wait, in seconds."""

    endpoint: str
    cache: Path | None = None
    wait: Callable[[float], None] = time.sleep


def agent() -> str:
    """Return how this program names itself: with an address where more is told, as public servers ask for."""
    return f"esf-kg/{version('esf-kg')} (+{ontology.default_base()}) SPARQLWrapper"


def answer(question: str, asking: Asking) -> list[tuple[str, str]]:
    """Return the rows (item, value) of an answer, from the cache if it was asked before.

    Raises:
        EndpointError: the server cannot be reached, keeps refusing, or does not answer with items.
        BuildError: the cache cannot be written.
    """
    name = hashlib.sha256(f"{asking.endpoint}\n{question}".encode()).hexdigest()
    kept = asking.cache / f"{name}.json" if asking.cache else None
    known = _kept(kept) if kept else None
    if known is not None:
        return known
    rows = _asked(question, asking)
    if kept:
        _keep(kept, rows)
    return rows


def _keep(path: Path, rows: list[tuple[str, str]]) -> None:
    # Whole or not at all: a run that is killed must not leave half an answer.
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(rows), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise BuildError(f"the folder of answers {path.parent} cannot be written: {error.strerror}") from error


def _kept(path: Path) -> list[tuple[str, str]] | None:
    """Return an answer that was kept, None where there is none that can be read."""
    try:
        return [(str(item), str(value)) for item, value in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return None


def _asked(question: str, asking: Asking) -> list[tuple[str, str]]:
    seconds = FIRST_WAIT_SECONDS
    for attempt in range(RETRIES + 1):
        found = _try(question, asking.endpoint)
        if isinstance(found, list):
            return found
        if found.wait > LONGEST_WAIT_SECONDS:
            most = f"{LONGEST_WAIT_SECONDS:.0f} are the most"
            raise EndpointError(f"{asking.endpoint} asks to wait {found.wait:.0f} seconds, and {most}")
        if attempt == RETRIES:
            again = "; the answers so far are kept, so the same command goes on from there" if asking.cache else ""
            raise EndpointError(f"{asking.endpoint} {found.problem}, after {RETRIES + 1} attempts{again}")
        asking.wait(found.wait or seconds)
        seconds *= 2
    raise AssertionError("the loop returns or raises")


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why there is no answer yet, and how many seconds the server asks to wait: 0 where it does not say."""

    problem: str
    wait: float = 0.0


def _try(question: str, endpoint: str) -> list[tuple[str, str]] | _Refused:
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError

    from SPARQLWrapper import JSON, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON, agent=agent())
    wrapper.setQuery(question)
    wrapper.setMethod(POST)
    wrapper.setTimeout(TIMEOUT_SECONDS)
    try:
        result = wrapper.query()
        _check_direct(endpoint, result.geturl())
        with warnings.catch_warnings():
            # What is wrong with an answer in another format is told below, in words of our own.
            warnings.simplefilter("ignore", RuntimeWarning)
            return rows_of(result.convert())
    except (HTTPError, SPARQLWrapperException) as error:
        cause = error if isinstance(error, HTTPError) else error.__context__
        return _refused(endpoint, cause) if isinstance(cause, HTTPError) else _Refused("answers 500")
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error or type(error).__name__
        return _Refused(f"cannot be reached ({reason})")
    except (KeyError, TypeError, ValueError) as error:
        raise EndpointError(f"{endpoint} does not answer in the JSON of SPARQL results") from error


def _check_direct(endpoint: str, answered: str) -> None:
    """Check that no redirect was followed: the question is lost on the way, and the answer is to none."""
    if answered.partition("?")[0] != endpoint.partition("?")[0]:
        raise EndpointError(f"{endpoint} leads on to {answered}: give the address that answers itself")


def _refused(endpoint: str, error: HTTPError) -> _Refused:
    from kg.fetch.asking import retry_after

    status, wait = error.code, retry_after(error.headers.get("Retry-After"))
    error.close()
    if status not in _RETRIED:
        raise EndpointError(f"{endpoint} answers {status} to a question for identifiers") from error
    return _Refused(f"answers {status}", wait or 0.0)


def rows_of(found: Any) -> list[tuple[str, str]]:
    """Return the rows of an answer in the JSON of SPARQL results.

    Raises:
        KeyError, TypeError, ValueError: the answer has another form.
        EndpointError: an item is no IRI: in the file of links it could become a link to something else, or a statement
            of its own.

    >>> item = {"type": "uri", "value": "http://a.example/Q1"}
    >>> rows_of({"results": {"bindings": [{"item": item, "value": {"type": "literal", "value": "SE12"}}]}})
    [('http://a.example/Q1', 'SE12')]
    """
    rows = []
    for row in found["results"]["bindings"]:
        item, value = row["item"]["value"], row["value"]["value"]
        if not isinstance(item, str) or not isinstance(value, str):
            raise TypeError("a value is no text")
        if row["item"].get("type") != "uri" or not _ITEM.fullmatch(item):
            raise EndpointError(f"the server gives {item[:200]!r} as an item with {value!r}, which is no IRI")
        rows.append((item, value))
    return rows
