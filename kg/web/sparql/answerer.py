"""The program of an engine: answers one query after the other from one store, over the socket that it was given.

A script of its own, run behind `guard` with nothing of this package but this file, so that one starts in little time
and memory: ``answerer.py LIBRARIES STORE MOST BASE PREFIXES SHARED``. LIBRARIES is the folder that holds pyoxigraph,
MOST the bytes that an answer may have, BASE that of relative IRIs, PREFIXES a JSON object of those that a query need
not declare. SHARED is the number of an open file of two counters, mapped by both sides.

What passes between an engine and its owner, on standard input, which is a socket: a `REQUEST` with the lengths of a
form and of a query, then both; back a `REPLY` with a verdict and the length of a body, then the body. A form is a JSON
list: media type for rows, media type for graphs (null where that kind was not asked for), default graphs and named
graphs of the dataset (null for the whole store).

Requests may be sent before others are answered; they are answered in their order, one at a time. Of the two counters
one is written here, the number of the request that was begun last, so that the one to blame is known when the process
dies; the other by the owner: requests with a greater number are not to be begun any more.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
import time
from contextlib import suppress

TYPE_CHECKING = False  # the module that has it takes longer to import than all the others here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import NamedNode, QueryBoolean, Store

REQUEST, REPLY = struct.Struct("<II"), struct.Struct("<BI")
ROWS, GRAPH, UNWANTED, ILLEGAL, LARGE, BROKEN, SKIPPED = range(7)
"""Verdicts: rows or a truth value; a graph; the answer is of the kind that was not asked for; the query is not legal,
and why; the answer is too large; it could not be worked out, and why; it was not to be begun any more."""
BEGUN, ALLOWED = 0, 1
"""Places of the counters, of 8 bytes each."""
COUNTERS = 16
OUT_OF_MEMORY = 71
"""Exit code."""
_AT_ONCE = 1 << 14
"""Bytes to read; more would be taken from the system and given back each time."""
_TOGETHER_BYTES, _TOGETHER_SECONDS = 1 << 15, 0.005
"""Replies to requests that are here already are sent together, up to so many bytes and for so long."""
_REMEMBERED = 100
_NICENESS = 5


class _Bounded:
    """Takes what is written, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self._room = most

    def write(self, part: bytes) -> int:
        """Keep a part; raises OverflowError when there is no room for it."""
        self._room -= len(part)
        if self._room < 0:
            raise OverflowError
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Do nothing: what was written is here."""


class _Form:
    """In which form to answer, and from which dataset."""

    def __init__(self, text: bytes) -> None:
        import pyoxigraph

        rows, graphs, default, named = json.loads(text)
        self.rows = pyoxigraph.QueryResultsFormat.from_media_type(rows) if rows else None
        self.graphs = pyoxigraph.RdfFormat.from_media_type(graphs) if graphs else None
        self.dataset: dict[str, list[NamedNode]] = {}
        if default is not None:
            self.dataset["default_graph"] = [pyoxigraph.NamedNode(iri) for iri in default]
            self.dataset["named_graphs"] = [pyoxigraph.NamedNode(iri) for iri in named]
        self._truths: dict[bool, bytes] = {}

    def truth(self, found: QueryBoolean) -> bytes:
        """Return a truth value in the form for rows; there are two, so each is written once."""
        value = bool(found)
        if value not in self._truths:
            self._truths[value] = found.serialize(format=self.rows)  # type: ignore[assignment]
        return self._truths[value]


class Answerer:
    """Answers from a store in answers of at most `most` bytes."""

    def __init__(self, store: Store, most: int, base: str, prefixes: dict[str, str]) -> None:
        from pyoxigraph import QueryBoolean, QueryTriples

        self._store, self._most, self._base = store, most, base
        self._prefixes = [(f"{name}:", name, iri) for name, iri in prefixes.items()]
        self._graph, self._truth = QueryTriples, QueryBoolean
        self._forms: dict[bytes, _Form] = {}

    def answer(self, form: bytes, query: bytes) -> tuple[int, list[bytes]]:
        """Return the verdict on a query, and the body of the answer in pieces."""
        out = _Bounded(self._most)
        try:
            return self._written(self._form(form), query.decode(), out), out.parts
        except (SyntaxError, ValueError) as error:
            return ILLEGAL, [str(error).encode()]
        except OverflowError:
            return LARGE, []
        except (OSError, RuntimeError) as error:
            return BROKEN, [str(error).encode()]

    def _form(self, text: bytes) -> _Form:
        form = self._forms.get(text)
        if form is None:
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()
            form = self._forms[text] = _Form(text)
        return form

    def _written(self, form: _Form, query: str, out: _Bounded) -> int:
        # A prefix that only seems to be used does no harm, and those declared in the query win.
        prefixes = {name: iri for mark, name, iri in self._prefixes if mark in query}
        found = self._store.query(query, base_iri=self._base, prefixes=prefixes, **form.dataset)  # type: ignore[arg-type]
        if isinstance(found, self._graph):
            if form.graphs is None:
                return UNWANTED
            found.serialize(out, form.graphs)  # type: ignore[arg-type]
            return GRAPH
        if form.rows is None:
            return UNWANTED
        if isinstance(found, self._truth):
            out.write(form.truth(found))
        else:
            found.serialize(out, form.rows)  # type: ignore[arg-type]
        return ROWS


def _requests(source: int) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield form and query of all requests that have arrived, until the other side closes."""
    held, head = b"", REQUEST.size
    while part := os.read(source, _AT_ONCE):
        held += part
        arrived, place = [], 0
        while len(held) - place >= head:
            form_size, query_size = REQUEST.unpack_from(held, place)
            query = place + head + form_size
            end = query + query_size
            if end > len(held):
                break
            arrived.append((held[place + head : query], held[query:end]))
            place = end
        held = held[place:]
        if arrived:
            yield arrived


def _send(target: int, data: bytes) -> None:
    sent = os.write(target, data)
    while sent < len(data):
        data = data[sent:]
        sent = os.write(target, data)


def _serve(answerer: Answerer, counters: memoryview) -> None:
    for arrived in _requests(0):
        ready: list[bytes] = []
        left, size, since = len(arrived), 0, time.monotonic()
        for form, query in arrived:
            counters[BEGUN] += 1
            allowed = counters[BEGUN] <= counters[ALLOWED]
            verdict, parts = answerer.answer(form, query) if allowed else (SKIPPED, [])
            length = sum(map(len, parts))
            size += length
            left -= 1
            ready += (REPLY.pack(verdict, length), *parts)
            if not left or size > _TOGETHER_BYTES or time.monotonic() - since > _TOGETHER_SECONDS:
                _send(0, b"".join(ready))
                ready, size, since = [], 0, time.monotonic()


def _give_way() -> None:
    """Leave the processor to the pages of the site; not before, because somebody may wait for the start."""
    os.nice(_NICENESS)
    # Nor is it taken away from whoever wakes this process: the one who has a query for it may have more to say.
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def main(arguments: list[str]) -> int:
    """Answer until the other side closes the socket."""
    libraries, location, most, base, prefixes, shared = arguments
    sys.path.append(libraries)
    from pyoxigraph import Store

    counters = memoryview(mmap.mmap(int(shared), COUNTERS)).cast("Q")
    try:
        answerer = Answerer(Store.read_only(location), int(most), base, json.loads(prefixes))
        _give_way()
        _serve(answerer, counters)
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
