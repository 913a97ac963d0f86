"""Parameters that name a concept which is no longer used."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.graph import Graph
from kg.store import EmbeddedStore, create

BASE = "https://w3id.org/esf-kg/"
ECHO = """#+ param value: method | ett värde | a value | x
SELECT ?value WHERE { VALUES ?value { UNDEF } }"""


@pytest.mark.parametrize("value", ["older", "old", "new", "Urmetoden", f"{BASE}id/method/old"])
def test_an_old_id_or_name_means_what_has_taken_its_place(tmp_path: Path, value: str) -> None:
    graph = f"<{BASE}id/graph/methods>"
    label, replaced = "<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://purl.org/dc/terms/isReplacedBy>"
    lines = [
        f"<{BASE}id/method/{key}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Method> {graph} .\n"
        for key in ("older", "old", "new")
    ]
    lines.append(f"<{BASE}id/method/older> {replaced} <{BASE}id/method/old> {graph} .\n")
    lines.append(f"<{BASE}id/method/old> {replaced} <{BASE}id/method/new> {graph} .\n")
    lines += [f'<{BASE}id/method/{key}> {label} "Urmetoden"@sv {graph} .\n' for key in ("older", "new")]
    data = tmp_path / "data.nq"
    data.write_text("".join(sorted(lines)), encoding="utf-8")
    create(data, tmp_path / "store")
    with Graph(EmbeddedStore.open(tmp_path / "store", base=BASE)) as opened:
        (row,) = opened.query(ECHO, value=value)

    assert str(row["value"]) == f"{BASE}id/method/new"
