"""Loading: any base, three graphs, quickly, and a clear word about a file that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph
import pytest

from kg import ontology, terms
from kg.errors import InputError, UsageError, VocabularyError
from tests.ontology.files import BASE, FOLDER, NAMES, graph

OTHER = "https://example.org/x/"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def test_another_base_leaves_nothing_of_the_default_base() -> None:
    loaded = ontology.load(OTHER)

    assert BASE.encode() not in b"".join(loaded.graphs.values())
    assert loaded.names.term("Project") == f"{OTHER}ontology#Project"
    assert {concept.iri.startswith(OTHER) for scheme in ontology.SCHEMES for concept in loaded.concepts(scheme)} == {
        True
    }
    assert f'"{OTHER}ontology#"'.encode() in b"".join(loaded.graphs.values())


def test_another_base_changes_nothing_but_the_base() -> None:
    default, other = ontology.load(), ontology.load(OTHER)
    moved = {iri.replace(BASE, OTHER): text.decode().replace(BASE, OTHER) for iri, text in default.graphs.items()}

    assert {iri: sorted(text.splitlines()) for iri, text in moved.items()} == {
        iri: sorted(text.decode().splitlines()) for iri, text in other.graphs.items()
    }
    assert {field.name: field.labels for field in default.fields} == {
        field.name: field.labels for field in other.fields
    }


@pytest.mark.parametrize(
    "base", ["https://example.org/x", "example.org/", "urn:x:", "https://example.org/a b/", "", "https://e.org/#/"]
)
def test_a_base_that_cannot_carry_iris_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="absolute IRI that ends in a slash"):
        terms.checked_base(base)


def test_the_graphs_hold_every_statement_once_in_sorted_n_quads() -> None:
    graphs = ontology.load().graphs

    assert list(graphs) == [f"{BASE}id/graph/{name}" for name in ("methods", "ontology", "reference")]
    for iri, text in graphs.items():
        lines = text.decode().splitlines()
        assert lines == sorted(set(lines))
        quads = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
        assert {str(quad.graph_name) for quad in quads} == {f"<{iri}>"}
    assert sum(text.count(b"\n") for text in graphs.values()) == len(graph())


def test_a_scheme_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(VocabularyError, match="no concept scheme 'colours'"):
        ontology.load().concepts("colours")


def test_a_concept_is_found_by_its_id() -> None:
    method = ontology.load().concept("methods", "mi")

    assert method is not None
    assert method.pref == {"sv": "Motiverande samtal", "en": "Motivational interviewing"}
    assert ontology.Label("motiverade samtal", "sv") in method.hidden
    assert method.broader == ("counselling-and-coaching",)
    assert "MI-samtal" in set(method.spellings())
    assert ontology.load().concept("methods", "nothing") is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("funds.ttl", "<a> <b> <c> .\n", "does not open with a line 'BASE <…>'"),
        ("funds.ttl", f"BASE <{BASE}>\n<a> <b> .\n", r"funds\.ttl is not Turtle"),
        ("funds.ttl", f"BASE <{BASE}>\n<a> <b> [] .\n", "has a blank node"),
        ("funds.ttl", f"BASE <{BASE}>\n[] <b> <c> .\n", "has a blank node"),
        (
            "funds.ttl",
            f"BASE <{BASE}>\n<x/y> <http://www.w3.org/2004/02/skos/core#inScheme> <id/scheme/funds> .\n",
            "scheme funds has",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named(copy: Path, name: str, text: str, message: str) -> None:
    (copy / name).write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=message):
        ontology.load(folder=copy)


def test_a_programme_without_its_period_is_named(copy: Path) -> None:
    path = copy / "programmes.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("kg:endDate", "kg:call"), encoding="utf-8")

    with pytest.raises(InputError, match="the programme 2014SE05M9OP001 lacks kg:startDate or kg:endDate"):
        ontology.load(folder=copy)


def test_a_missing_ontology_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"kg\.ttl cannot be read"):
        ontology.load(folder=tmp_path)


def test_a_spelling_added_by_hand_is_read(copy: Path) -> None:
    path = copy / "kg.ttl"
    text = path.read_text(encoding="utf-8")
    line = '    kg:fieldLabel "Startdatum" ;\n'
    path.write_text(text.replace(line, line + line.replace("Startdatum", "Börjar")), encoding="utf-8")

    assert ontology.load(folder=copy).field_by_label["Börjar"].name == "startDate"
    assert "Börjar" not in ontology.load().field_by_label
