"""The text of a page is made where it is read, and stays in order whatever joining takes away or puts in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kg.joining import MappedPage, own_text, with_uses
from kg.joining.pages import merged
from kg.triples import quads

GRAPH = "<https://example.org/g>"
USES = (
    ("bip", "uses", "<p> <method> <bip>\n<p> <methodUse> <bip/uses>"),
    ("bip", "trains", "<p> <method> <bip>\n<p> <methodUse> <bip/trains>"),
    ("mi", "mentions", "<p> <methodUse> <mi/mentions>"),
)
PAGE = MappedPage(
    *("a", "a.txt", "0" * 64, "E1", "p", "p", "P", GRAPH, own_text(GRAPH, '<p> <title> "P"\n<a> <layout> "E1"', USES)),
    uses=USES,
    derived=(),
    owner=None,
    single=(),
    notices=(),
    personal=0,
)
LINES = st.lists(
    st.from_regex(r"<[a-c]{1,2}> <[a-c]{1,2}> \"[ -!#-\[\]-~]{0,3}\"(@[a-b])?", fullmatch=True), max_size=8
)


def test_the_text_of_a_page_is_whole_and_in_order() -> None:
    lines = PAGE.text.decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 6
    assert all(line.endswith(f" {GRAPH} .") for line in lines)


def test_a_use_that_another_page_has_takes_its_statements_along_but_not_those_of_others() -> None:
    for kept in ((True, True, False), (True, False, True), (False, False, True), (False, False, False)):
        uses = tuple(use for use, stays in zip(USES, kept, strict=True) if stays)
        left = with_uses(PAGE, kept)
        assert left == replace(PAGE, uses=uses, text=own_text(GRAPH, '<p> <title> "P"\n<a> <layout> "E1"', uses))


@given(LINES, LINES)
def test_lines_are_put_in_at_their_places(one: list[str], other: list[str]) -> None:
    text, more = (quads(GRAPH, lines).encode() for lines in (one, other))
    assert merged(text, more) == quads(GRAPH, one + other).encode()
