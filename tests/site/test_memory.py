from __future__ import annotations

import time
from pathlib import Path

from kg.web.answers import Content
from kg.web.memory import Key, Memory, made
from kg.web.serving import serve_build
from tests.site.running import client, running


def _key(name: str) -> Key:
    return Key("000001", name, "sv", "html", ())


def test_a_body_comes_back_as_it_was_made_compressed_or_not() -> None:
    for body in (b"short", b"long " * 1_000):
        kept = made(Content(body, "text/html"))
        assert kept.body(compress=False) == body
        assert (len(kept.kept) < len(body)) == kept.packed == (len(body) > 600)


def test_the_least_used_is_thrown_out_when_the_room_is_taken() -> None:
    memory = Memory(20_000)
    for number in range(30):
        memory.put(_key(str(number)), made(Content(bytes([number]) * 500, "text/html")))
        memory.get(_key("0"))
    assert memory.get(_key("0"))
    assert memory.get(_key("1")) is None
    assert memory.get(_key("29"))


def test_what_is_too_large_is_not_kept() -> None:
    memory = Memory(4_000)
    memory.put(_key("large"), made(Content(bytes(range(256)) * 2 + b"x" * 80, "text/html")))
    assert memory.get(_key("large")) is None


def test_the_first_pages_are_made_before_anybody_asks(built: Path) -> None:
    serving = serve_build(built)
    with running(serving, warm=True) as address, client(address) as site:
        with serving.lend() as opened:
            for _ in range(400):
                if "coverage" in vars(opened.index.figures):
                    break
                time.sleep(0.02)
            else:
                raise AssertionError("nothing is made beforehand")
        assert site.get("/sv/quality").status_code == 200
