"""Loads RDF files into a store: most lines as text, as they are, and statement by statement those that need care."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.errors import InputError
from kg.validation.facts import UNION, XSD, Facts, Term, as_written, retyped
from kg.validation.files import format_of, parsed, readable
from kg.validation.lines import parted, types_of_whole_numbers

_LARGE = 200_000_000
"""Size of files, in bytes, from which on a store is kept on disk."""
_INTEGER = ox.NamedNode(f"{XSD}integer")
_IRI = re.compile(r"<[^<>\\\s]*>")
_PART = 32 << 20
"""Text that is loaded at once, in bytes."""
_STATEMENTS = 50_000
"""Statements of other formats that are made text at once."""


def size_of(paths: Iterable[Path]) -> int:
    """Return the size of files in bytes; what is no file counts nothing."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def too_large_for_memory(size: int) -> bool:
    """Return whether files of a size are too large for a store in memory, about six times the size of N-Triples."""
    return size >= _LARGE


@contextmanager
def scratch_store(*, on_disk: bool) -> Iterator[tuple[ox.Store, str]]:
    """Give an empty store, in memory or in a folder that goes away afterwards, and the name of that folder."""
    if not on_disk:
        yield ox.Store(), ""
        return
    with TemporaryDirectory(prefix="kg-check-") as folder:
        yield ox.Store(folder), folder


def loaded(quads: Iterable[ox.Quad], store: ox.Store) -> Facts:
    """Load quads into an empty store: all of them into the default graph, and those of a named graph there as well."""
    with _Loading(store, one_type=False) as loading:
        loading.add(quads)
        return loading.facts()


def loaded_files(paths: Iterable[Path], ontology_base: str | None, store: ox.Store) -> Facts:
    """Load files as `loaded` does quads; with `ontology_base` also our terms, code lists and methods under that base.

    Raises:
        InputError: a file cannot be read or is not RDF.
    """
    files = list(paths)
    facts = _loaded_files(files, ontology_base, _Loading(store))
    if facts is None:  # which is rare
        store.clear()
        facts = _loaded_files(files, ontology_base, _Loading(store, one_type=False))
    assert facts is not None
    return facts


def _loaded_files(paths: Iterable[Path], ontology_base: str | None, loading: _Loading) -> Facts | None:
    """Load files; None if the whole numbers of a predicate are of several types, and were taken to be of one."""
    from kg import ontology

    with loading:
        for path in paths:
            for text, format_ in _texts(path):
                loading.add_text(text, format_, path)
        for lines in ontology.load(ontology_base).graphs.values() if ontology_base else ():
            loading.add_text(lines, ox.RdfFormat.N_QUADS)
        return loading.facts() if loading.certain_types() else None


def _texts(path: Path) -> Iterator[tuple[bytes, ox.RdfFormat]]:
    """Yield the statements of a file in whole lines, about `_PART` bytes at once, as N-Triples or N-Quads."""
    format_ = format_of(path)
    if format_ in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS):
        with readable(path) as file:
            while lines := file.readlines(_PART):
                yield b"".join(lines), format_
        return
    quads = parsed(path)
    target = ox.RdfFormat.N_QUADS if format_.supports_datasets else ox.RdfFormat.N_TRIPLES
    while text := ox.serialize(islice(quads, _STATEMENTS), format=target):
        yield text, target


class _Loading:
    """Loads into an empty store, text in a thread of its own while the next is being read."""

    def __init__(self, store: ox.Store, *, one_type: bool = True) -> None:
        """Make one for `store`; with `one_type` all whole numbers of a predicate are taken to be of one type."""
        self._store, self._one_type = store, one_type
        self._odd: list[ox.Quad] = []
        self._types: dict[str, set[str]] = {}
        self._thread = ThreadPoolExecutor(1, "loading")
        self._loads: Future[None] | None = None
        self._path: Path | None = None

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Load quads."""
        self._wait()
        self._store.bulk_extend(self._certain(quads))

    def add_text(self, text: bytes, format_: ox.RdfFormat, path: Path | None = None) -> None:
        """Load whole lines of N-Triples or N-Quads, which stand in the file `path`.

        Raises:
            InputError: this text, or the one before, is not of the format.
        """
        text = text if text.endswith(b"\n") else text + b"\n"
        for predicate, kind in types_of_whole_numbers(text) if self._one_type else ():
            self._types.setdefault(predicate, set()).add(kind)
        parts = parted(text, quads=format_ == ox.RdfFormat.N_QUADS, retyped=self._one_type)
        self._wait()
        self._path = path
        self._loads = self._thread.submit(self._load, parts.union, parts.named)
        if parts.careful:
            self._wait()
            with _naming(path):
                self.add(ox.parse(parts.careful, format=format_))

    def certain_types(self) -> bool:
        """Return whether the whole numbers of each predicate are of one type, if they were loaded as if they were."""
        return all(len(types) == 1 and _IRI.fullmatch(predicate) for predicate, types in self._types.items())

    def facts(self) -> Facts:
        """Return all that was loaded."""
        self._wait()
        odd = self._odd
        types = {name[1:-1]: ox.NamedNode(XSD + kind) for name, (kind,) in self._types.items() if kind != "integer"}
        kept: dict[tuple[Term, Term], dict[Term, tuple[Term, ...]]] = {}
        in_file: set[tuple[Term, Term, Term]] = {(quad.subject, quad.predicate, quad.object) for quad in odd}
        for quad in odd:
            form = _stored(quad.object)
            if form != quad.object:
                forms = kept.setdefault((quad.subject, quad.predicate), {})
                written = retyped(form, types.get(quad.predicate.value))
                before = forms.get(form) or ((written,) if _stands(self._store, quad, form, in_file) else ())
                forms[form] = before if quad.object in before else (*before, quad.object)
        self._store.bulk_extend(copy for quad in odd for copy in _copies(quad))
        self._store.flush()  # other processes may read it
        return Facts(self._store, kept, odd, types)

    def _certain(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Yield the quads that stay as they are, and put the others by."""
        for quad in quads:
            value = quad.object
            if isinstance(value, ox.Literal):
                if not as_written(value):
                    self._odd.append(quad)
                    continue
                if self._one_type and value.datatype == _INTEGER:
                    self._types.setdefault(str(quad.predicate), set()).add("integer")
            if quad.graph_name == UNION:
                yield quad
            else:
                yield from _copies(quad)

    def _load(self, union: bytes, named: bytes) -> None:
        if union:
            self._store.bulk_load(union, format=ox.RdfFormat.N_TRIPLES)
        if named:
            # The same terms have just been read with all checks.
            self._store.bulk_load(named, format=ox.RdfFormat.N_QUADS, lenient=True)

    def _wait(self) -> None:
        loads, self._loads = self._loads, None
        if loads is None:
            return
        with _naming(self._path):
            loads.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()


@contextmanager
def _naming(path: Path | None) -> Iterator[None]:
    """Make of an error in some of a file's text one that names the file and the line."""
    try:
        yield
    except (SyntaxError, MemoryError) as error:
        if path is not None:
            deque(parsed(path), maxlen=0)
        raise InputError(f"{path or 'the ontology'} cannot be read: {error}") from error


def _copies(quad: ox.Quad) -> Iterator[ox.Quad]:
    yield ox.Quad(quad.subject, quad.predicate, quad.object, UNION)
    if quad.graph_name != UNION:
        yield quad


def _stands(store: ox.Store, quad: ox.Quad, form: Term, odd: set[tuple[Term, Term, Term]]) -> bool:
    """Return whether the file itself has the triple in the store's form, besides another form of it."""
    if (quad.subject, quad.predicate, form) in odd:
        return True
    return ox.Quad(quad.subject, quad.predicate, form, UNION) in store


@lru_cache(maxsize=65536)
def _stored(value: Term) -> Term:
    """Return a literal as Oxigraph gives it back."""
    scratch = ox.Store()
    node = ox.NamedNode("urn:x")
    scratch.add(ox.Quad(node, node, value))
    found: ox.Quad = next(iter(scratch))
    return found.object
