"""The files of a release: where each stands, what it holds, its media type, size and checksum."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kg.release.words import Text

GZIP = ".gz"
_CHUNK = 1 << 20
_COMPRESSION = 6


@dataclass(frozen=True, slots=True)
class Form:
    """A form of files: its name for people, its media type, and its code in the European list of file types.

    `media_type` is one that IANA has registered; `file_type` is None where the list has no code for the form.
    """

    name: Text
    media_type: str
    file_type: str | None


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "ttl": Form(Text("Turtle", "Turtle"), "text/turtle", "RDF_TURTLE"),
        "nt": Form(Text("N-Triples", "N-Triples"), "application/n-triples", "RDF_N_TRIPLES"),
        "nq": Form(Text("N-Quads", "N-Quads"), "application/n-quads", "RDF_N_QUADS"),
        "trig": Form(Text("TriG", "TriG"), "application/trig", "RDF_TRIG"),
        "jsonld": Form(Text("JSON-LD", "JSON-LD"), "application/ld+json", "JSON_LD"),
        "rdf": Form(Text("RDF/XML", "RDF/XML"), "application/rdf+xml", "RDF_XML"),
        "csv": Form(Text("CSV", "CSV"), "text/csv", "CSV"),
        "parquet": Form(Text("Parquet", "Parquet"), "application/vnd.apache.parquet", "PARQUET"),
        # Neither GraphML nor GEXF is registered; both are XML.
        "graphml": Form(Text("GraphML", "GraphML"), "application/xml", "XML"),
        "gexf": Form(Text("GEXF", "GEXF"), "application/xml", "XML"),
    }
)
"""Forms by the ending of the name, without that of the compression."""
WHOLE_GRAPH: Mapping[str, Text] = MappingProxyType(
    {
        "ttl": Text("Hela grafen, grupperad efter ämne", "The whole graph, grouped by subject"),
        "nt": Text("Hela grafen, en utsaga per rad", "The whole graph, one statement a line"),
        "nq": Text("Hela grafen med en delgraf per källa", "The whole graph with one named graph a source"),
        "trig": Text("Delgraferna, grupperade efter ämne", "The named graphs, grouped by subject"),
        "jsonld": Text("Hela grafen som JSON med korta nycklar", "The whole graph as JSON with short keys"),
        "rdf": Text("Hela grafen som XML", "The whole graph as XML"),
        "graphml": Text(
            "Nätverket, för Gephi, Cytoscape och NetworkX", "The network, for Gephi, Cytoscape and NetworkX"
        ),
        "gexf": Text("Nätverket, för Gephi", "The network, for Gephi"),
    }
)
"""What the files of the whole graph hold, by ending."""
TABLES: Mapping[str, Text] = MappingProxyType(
    {
        "projects": Text("Projekt, ett per rad", "Projects, one a row"),
        "owners": Text("Projektägare och samarbetsparter, en per rad", "Project owners and partners, one a row"),
        "methods": Text("Arbetsmetoder, en per rad", "Working methods, one a row"),
        "uses": Text(
            "Metoder i projekt, en metod i en roll per rad, med meningen som styrker den",
            "Methods in projects, one method in one role a row, with the sentence that proves it",
        ),
    }
)
"""What the tables hold, by the name of the file without its ending."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that holds data: its path below the release, what it holds, and its form, size in bytes and SHA-256."""

    path: str
    holds: Text
    form: Form
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]

    @property
    def compressed(self) -> bool:
        """Whether the file is compressed with gzip."""
        return self.path.endswith(GZIP)


def data_parts(root: Path, paths: Sequence[Path]) -> tuple[Part, ...]:
    """Return the parts among `paths` that hold the data, in that order; other files hold descriptions of them."""
    found = []
    for path in paths:
        stem, _, ending = path.name.removesuffix(GZIP).partition(".")
        holds = TABLES.get(stem) if ending in ("csv", "parquet") else WHOLE_GRAPH.get(ending) if stem == "kg" else None
        if holds:
            size, digest = path.stat().st_size, sha256(path)
            found.append(Part(path.relative_to(root).as_posix(), holds, FORMS[ending], size, digest))
    return tuple(found)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compressed(path: Path) -> Path:
    """Replace a file by its gzip form, which holds neither time nor name and so is the same for the same content."""
    target = path.with_name(path.name + GZIP)
    with (
        path.open("rb") as plain,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, _CHUNK)
    path.unlink()
    return target
