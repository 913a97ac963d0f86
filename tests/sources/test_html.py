"""A saved page reads like its text, whatever elements the site used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

import pytest

from kg import ontology
from kg.model import Source
from kg.sources.html import charset, read_html
from kg.sources.lines import cut
from kg.sources.page import Page, PageReader
from kg.sources.printed import Sections

PAGES = sorted((Path(__file__).parent.parent / "pages").glob("*.txt"))
AROUND = """<!DOCTYPE html><html lang="sv"><head><title>Projektbanken</title><meta charset="utf-8">
<link rel="canonical" href="https://example.org/projekt?dnr=1"><style>p {{ color: red }}</style>
<script>var Region = "Namn:";</script></head>
<body><header><nav><ul><li>Start</li><li>Region</li><li>Namn:</li></ul></nav></header>
<div class="cookie-banner"><h2>information (1)</h2><p>Vi använder cookies. Lär dig mer</p></div>
<main>{}</main><footer><p>Kontakt: Svenska ESF-rådet</p><dl><dt>Region</dt><dd>Hela landet</dd></dl></footer></body></html>"""


@cache
def _reader() -> PageReader:
    return PageReader(ontology.load())


def _facts(text: str) -> Page:
    return _reader().read(text, Source("key", "page", "0" * 64))


def _description(text: str) -> str:
    paragraphs = (block.split("\n") for block in text.split("\n\n") if block.strip())
    return "".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>\n" for lines in paragraphs)


def _definitions(fields: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>\n" for label, value in fields) + "</dl>"


def _table(fields: list[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><th scope='row'>{label}:</th>\n<td>{value}</td></tr>" for label, value in fields)
    return f"<table class='fakta'><tbody>{rows}</tbody></table>"


def _boxes(fields: list[tuple[str, str]]) -> str:
    return "".join(
        f"<div class='row'>\n <div class='l'>{label}</div>\n <div class='v'> {value} </div>\n</div>"
        for label, value in fields
    )


def _paragraphs(fields: list[tuple[str, str]]) -> str:
    return "".join(f"<p><strong>{label}:</strong><br>\n{value}</p>" for label, value in fields)


def _breaks(fields: list[tuple[str, str]]) -> str:
    return "<p>" + "<br/>".join(f"<b>{label}:</b><br />{value}" for label, value in fields) + "<br/></p>"


def _spans(fields: list[tuple[str, str]]) -> str:
    return (
        "<ul>"
        + "".join(f"<li><span>{label}:</span>&nbsp;<span>{value}</span></li>" for label, value in fields)
        + "</ul>"
    )


FORMS = (_definitions, _table, _boxes, _paragraphs, _breaks, _spans)


def _as_html(sections: Sections, form: Callable[[list[tuple[str, str]]], str]) -> str:
    fields = [(escape(each.label), escape(each.value)) for each in sections.fields]
    return AROUND.format(f"<h1>{escape(sections.heading)}</h1>{form(fields)}{_description(sections.text)}")


def _words(page: Page) -> list[str]:
    assert page.project is not None
    return page.project.text.split()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__.strip("_"))
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_as_html_gives_the_facts_and_the_text_of_the_page(
    path: Path, form: Callable[[list[tuple[str, str]]], str]
) -> None:
    sections = cut(path.read_text("utf-8"), _reader().labels)
    plain = _facts(path.read_text("utf-8"))
    page = read_html(_as_html(sections, form), _reader().labels)
    found = _facts(page.text)

    assert plain.project is not None
    assert found.project is not None
    assert {(f.name, f.value) for f in found.project.facts} == {(f.name, f.value) for f in plain.project.facts}
    assert (found.project.owner and found.project.owner.name) == (plain.project.owner and plain.project.owner.name)
    assert found.project.key == plain.project.key
    assert _words(found) == _words(plain)
    assert page.address == "https://example.org/projekt?dnr=1"


def test_paragraphs_stay_paragraphs_and_entities_become_signs() -> None:
    body = "<h1>22-045-S01 - Väg &amp; v&auml;l</h1><dl><dt>Region</dt><dd>Stockholm</dd></dl><p>Ett &lt;b&gt;.</p><p>Två<br>rader.</p>"
    page = read_html(AROUND.format(body), _reader().labels)

    assert page.text == "22-045-S01 - Väg & väl\n\nRegion:\nStockholm\n\nEtt <b>.\n\nTvå\nrader.\n"


def test_the_saved_view_of_a_source_is_the_page_that_it_shows() -> None:
    body = "<h1>22-045-S01 - Väg</h1><dl><dt>Region</dt><dd>Stockholm</dd></dl>"
    rows = "".join(
        f'<tr><td class="line-number" value="{number}"></td><td class="line-content"><span>{escape(line)}</span></td></tr>'
        for number, line in enumerate(AROUND.format(body).split("\n"), start=1)
    )
    page = read_html(f"<html><body><table><tbody>{rows}</tbody></table></body></html>", _reader().labels)

    assert page.text == "22-045-S01 - Väg\n\nRegion:\nStockholm\n"
    assert read_html('<table><tr><td class="line-content">22-045-S01</td></tr></table>', _reader().labels).text == ""


def test_the_heading_is_the_line_with_the_number_also_where_another_stands_below_it() -> None:
    body = "<h1>22-045-S01 - Väg</h1><h2>Om projektet</h2><dl><dt>Region</dt><dd>Stockholm</dd></dl><p>En text.</p>"
    page = _facts(read_html(AROUND.format(body), _reader().labels).text)

    assert page.project is not None
    assert (page.project.key, page.project.value("title")) == ("22-045-S01", "Väg")
    assert [(notice.rule, notice.value) for notice in page.notices] == [("text-above-heading", "Om projektet")]


def test_a_region_with_its_counties_on_one_line_does_not_contradict_itself() -> None:
    page = _facts("22-045-S01 - Väg\n\nRegion:\nÖvre Norrland (Norrbotten och Västerbotten)\nNamn:\nVäg\n\nText.\n")

    assert page.project is not None
    assert [fact.value for fact in page.project.facts if fact.name == "region"] == ["SE33", "SE332", "SE331"]
    assert page.notices == ()


def test_an_empty_value_does_not_take_the_text_below_it() -> None:
    body = "<h1>22-045-S01 - Väg</h1><table><tr><th>Region</th><td>Stockholm</td></tr><tr><th>Namn</th><td></td></tr></table><p>En text.</p>"
    project = _facts(read_html(AROUND.format(body), _reader().labels).text).project

    assert project is not None
    assert project.value("title") == "Väg"
    assert project.text == "En text."


def test_a_label_in_running_text_is_no_label() -> None:
    body = "<h1>22-045-S01 - Väg</h1><dl><dt>Namn</dt><dd>Väg</dd></dl><p>Vi arbetar i <b>Region</b> Skåne.</p>"
    project = _facts(read_html(AROUND.format(body), _reader().labels).text).project

    assert project is not None
    assert project.text == "Vi arbetar i Region Skåne."


def test_a_page_wrapped_in_a_form_is_not_lost() -> None:
    fields = _definitions([("Diarienummer", "22-045-S01"), ("Namn", "Väg"), ("Region", "Stockholm")])
    project = _facts(read_html(f"<body><form>{fields}</form></body>", _reader().labels).text).project

    assert project is not None
    assert project.value("title") == "Väg"


def test_damaged_and_endless_html_is_read_as_far_as_it_goes() -> None:
    deep = "<div>" * 20_000 + "<p>22-045-S01 - Väg<p>Namn:<p>Väg<table><tr><td>Region<td>Stockholm"

    assert "Stockholm" in read_html(deep, _reader().labels).text
    assert read_html("", _reader().labels).text.strip() == ""


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        (b"\xef\xbb\xbf<html>", None, "utf-8-sig"),
        (b"<meta charset='windows-1252'>", None, "cp1252"),
        (b"<meta charset='windows-1252'>", "utf-8", "utf-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><html>', None, "cp1252"),
        (b"<meta charset=nonsense>", None, "utf-8"),
        (b"<html>", None, "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_is_declared(data: bytes, declared: str | None, expected: str) -> None:
    assert charset(data, declared) == expected


def test_the_address_may_come_from_the_mark_of_a_browser() -> None:
    html = "<!-- saved from url=(0023)https://example.org/a?b -->\n<html><body><h1>x</h1></body></html>"

    assert read_html(html, _reader().labels).address == "https://example.org/a?b"
