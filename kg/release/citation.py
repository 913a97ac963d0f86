"""How to cite a release, in the Citation File Format 1.2.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from kg.release.publication import LICENCES, Publication


def citation(publication: Publication, version: str, released: date) -> str:
    """Return the text of CITATION.cff; every value is written as JSON, which is YAML too."""
    return "".join(f"{line}\n" for line in _lines(publication, version, released))


def _lines(publication: Publication, version: str, released: date) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_quoted('If you use these data, please cite them as below.')}"
    yield "type: dataset"
    yield f"title: {_quoted(publication.title.en)}"
    yield f"abstract: {_quoted(publication.description.en)}"
    yield "authors:"
    yield f"  - name: {_quoted(publication.publisher.name.en)}"
    yield f"version: {_quoted(version)}"
    yield f"date-released: {released.isoformat()}"
    yield f"url: {_quoted(publication.landing)}"
    names = [name for name, iri in LICENCES.items() if iri == publication.licence]
    yield f"license: {names[0]}" if names else f"license-url: {_quoted(publication.licence)}"
    yield "keywords:"
    yield from (f"  - {_quoted(word)}" for word in publication.keywords["en"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
