from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import Difference, difference, side
from kg.errors import InputError

_TURTLE = """
@prefix e: <http://e/> .
e:a e:has [ e:name "one" ] , [ e:name "two" ; e:next [ e:name "deep" ] ] .
e:b e:has [ e:name "one" ] .
"""


def _difference(folder: Path, old: str, new: str, ending: str = "ttl") -> Difference:
    (folder / f"old.{ending}").write_text(old, encoding="utf-8")
    (folder / f"new.{ending}").write_text(new, encoding="utf-8")
    return difference(side(folder / f"old.{ending}"), side(folder / f"new.{ending}"))


def test_names_and_order_of_blank_nodes_make_no_difference(tmp_path: Path) -> None:
    other = """
    @prefix x: <http://e/> .
    x:b x:has _:c . _:c x:name "one" .
    x:a x:has _:b , _:a . _:a x:name "one" . _:b x:next _:d ; x:name "two" . _:d x:name "deep" .
    """

    assert _difference(tmp_path, _TURTLE, other).same


def test_only_the_group_that_changed_is_renamed(tmp_path: Path) -> None:
    found = _difference(tmp_path, _TURTLE, _TURTLE.replace('"deep"', '"deeper"'))

    assert len(found.removed) == len(found.added) == 4
    assert not [triple for triple in (*found.added, *found.removed) if '"one"' in triple]


def test_two_groups_that_say_the_same_are_two(tmp_path: Path) -> None:
    once = "<http://e/a> <http://e/p> [ <http://e/q> 1 ] ."
    twice = "<http://e/a> <http://e/p> [ <http://e/q> 1 ] , [ <http://e/q> 1 ] ."

    assert not _difference(tmp_path, once, twice).same
    assert _difference(tmp_path, twice, twice).same


_TERMS = st.sampled_from(["<http://e/a>", "<http://e/b>", "_:x", "_:y", "_:z"])
_STATEMENTS = st.lists(st.tuples(_TERMS, st.sampled_from(["<http://e/p>", "<http://e/q>"]), _TERMS), max_size=8)


@given(_STATEMENTS, st.permutations(["_:x", "_:y", "_:z"]), st.randoms())
def test_renaming_blank_nodes_never_makes_a_difference(
    tmp_path_factory: pytest.TempPathFactory, statements: list[tuple[str, str, str]], names: list[str], random: object
) -> None:
    renamed = dict(zip(["_:x", "_:y", "_:z"], names, strict=True))
    old = [" ".join(triple) for triple in statements]
    new = [" ".join(renamed.get(term, term) for term in triple) for triple in reversed(statements)]
    folder = tmp_path_factory.mktemp("renamed")

    assert _difference(folder, "".join(f"{t} .\n" for t in old), "".join(f"{t} .\n" for t in new), "nt").same


def test_a_statement_that_moves_to_another_source_is_told_apart(tmp_path: Path) -> None:
    old = "<http://e/a> <http://e/p> 1 <http://e/g> .".replace(" 1 ", ' "1" ')
    new = old.replace("/g>", "/h>")
    found = _difference(tmp_path, old, new, "nq")

    assert (found.added, found.removed, found.moved) == ([], [], 2)
    assert not found.same


def test_a_file_without_graphs_is_compared_by_what_it_states(tmp_path: Path) -> None:
    (tmp_path / "old.nq").write_text(
        '<http://e/a> <http://e/p> "1" <http://e/g> .\n<http://e/a> <http://e/p> "1" <http://e/h> .\n', encoding="utf-8"
    )
    (tmp_path / "new.ttl").write_text('<http://e/a> <http://e/p> "1" .', encoding="utf-8")

    assert difference(side(tmp_path / "old.nq"), side(tmp_path / "new.ttl")).same
    assert difference(side(tmp_path / "new.ttl"), side(tmp_path / "old.nq")).same


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
def test_every_format_is_read_packed_or_not(ending: str, tmp_path: Path) -> None:
    plain = b'<http://e/a> <http://e/p> "1" .\n'
    form = pyoxigraph.RdfFormat.from_extension(ending)
    assert form
    quads = list(pyoxigraph.parse(plain, format=pyoxigraph.RdfFormat.N_QUADS))
    data = pyoxigraph.serialize(quads if form.supports_datasets else [q.triple for q in quads], format=form)
    assert data is not None
    (tmp_path / f"new.{ending}.gz").write_bytes(gzip.compress(data))
    (tmp_path / "old.nt").write_bytes(plain)

    assert difference(side(tmp_path / "old.nt"), side(tmp_path / f"new.{ending}.gz")).same


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "of no RDF format"),
        ("a.ttl", b"<http://e/a> .", "is not Turtle"),
        ("a.nq.gz", b"not packed", "cannot be read"),
        ("a.nt", b"\xff\xfe", "is not N-Triples"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.nt").write_bytes(b"")

    with pytest.raises(InputError, match=message):
        difference(side(tmp_path / "good.nt"), side(tmp_path / name))


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a release nor a build"):
        side(tmp_path)
    with pytest.raises(InputError, match="is not there"):
        side(tmp_path / "none")
