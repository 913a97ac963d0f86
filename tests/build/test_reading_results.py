"""What reading a page gives arrives in the process that joins all pages as it left the one that read it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

from kg import ontology
from kg.joining import MappedPage
from kg.mentions import TextMention
from kg.model import Notice, OwnerMention
from kg.reading import mapped_pages
from kg.reading_results import SkippedFile, packed, unpacked
from kg.shards import open_workers
from kg.sources import files

GRAPH = "<https://example.org/derived>"
NOTICE = Notice("a.txt", 3, "x", "not-a-date", "no day")
OWNER = OwnerMention("SALA KOMMUN", "Sala kommun", None, "2120002098", ("SALA KOMMUN",), 4)
MENTION = TextMention("partner", "Sala kommun", "Sala kommun deltar.", 0, 11, "named")
PAGE = MappedPage(
    *("a", "a.txt", "0" * 64, "E1", "22-045-S01", "22-045-S01", "Ljuset", "<https://example.org/g>", b"s p o g .\n"),
    uses=(("bip", "uses", "s p o"),),
    derived=("s p o",),
    owner=OWNER,
    single=(("title", "Ljuset"),),
    notices=(NOTICE,),
    personal=2,
    mentions=(MENTION,),
)


def test_what_was_packed_is_unpacked_whole() -> None:
    skipped = SkippedFile("a.txt", (NOTICE,))
    bare = replace(PAGE, text=b"", derived=(), owner=None, notices=(), mentions=())
    cases: list[list[MappedPage | SkippedFile]] = [[PAGE], [skipped], [], [PAGE, SkippedFile("b.txt", ()), bare, PAGE]]
    for results in cases:
        arrived = list(unpacked(pickle.loads(pickle.dumps(packed(results, GRAPH))), GRAPH))

        assert arrived == results
        assert [type(each) for each in arrived] == [type(each) for each in results]
    (again,) = unpacked(packed([PAGE], GRAPH), GRAPH)
    assert [type(each) for each in again.notices] == [Notice]


def test_what_pages_say_is_nquads_with_what_follows_in_a_graph_of_its_own() -> None:
    assert packed([PAGE, PAGE], GRAPH).nquads == b"s p o g .\ns p o <https://example.org/derived> .\n" * 2


def test_pages_come_in_order_whatever_the_files_are(tmp_path: Path) -> None:
    texts = ["22-045-S01 - Ljuset\n\nNamn:\nLjuset\n", "", "Här finns inget.", "2017/00082 - Bron\n\nNamn:\nBron\n"]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    found = files.find([tmp_path]).pages
    with open_workers(1) as crew:
        results = list(mapped_pages(found, ontology.load().base, crew, lambda phase, done, total: None))

    assert [result.name for result in results] == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert [result.project if isinstance(result, MappedPage) else None for result in results] == [
        *("22-045-S01", None, None, "2017-00082")
    ]
