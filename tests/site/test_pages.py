from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from kg.web.answers import LANGUAGES
from kg.web.pages.table import PAGES
from kg.web.serving import Site, serve_build
from kg.web.wording import catalogue
from tests import two_currencies
from tests.site.running import client, running

FIXED = [page for page in PAGES if not page.open_ended]
KINDS = (
    "project owner unit method region fund programme programme-area specific-objective intervention-field owner-type"
    " source scheme agent mention name-match"
).split()


class Outline(HTMLParser):
    """What of a page can be checked without a browser."""

    VOID = frozenset("meta link input br img".split())

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.handlers: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.fields: list[str | None] = []
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.handlers += [name for name in values if name.startswith("on") or name == "style"]
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag == "html":
            self.language = values["lang"]
        if tag == "script":
            self.scripts.append(values)
        if tag == "label":
            self.labels.add(values.get("for"))
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            self.fields.append(values.get("id"))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> ends nothing"
        assert self.open.pop() == tag


def checked(site: httpx.Client, path: str, language: str) -> Outline:
    """Return the outline of a page that is whole, in its language, and free of what our rules forbid."""
    answer = site.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text[:300])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    outline = Outline(answer.text)
    assert outline.open == []
    assert outline.language == language
    assert outline.handlers == [], "no inline script or style"
    assert all(script.get("src") or script.get("type") == "application/ld+json" for script in outline.scripts)
    assert len(outline.ids) == len(set(outline.ids)), "an id stands twice"
    assert outline.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert set(outline.fields) <= outline.labels
    return outline


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", FIXED, ids=lambda page: page.path or "start")
def test_every_page_is_whole_in_both_languages(site: httpx.Client, page: object, language: str) -> None:
    path = page.path  # type: ignore[attr-defined]
    if "html" in page.forms and "{" not in path:  # type: ignore[attr-defined]
        checked(site, f"/{language}/{path}", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_thing_has_a_whole_page(site: httpx.Client, opened: Site, kind: str, language: str) -> None:
    for thing in opened.index.things(kind, limit=3):
        checked(site, f"/{language}/{kind}/{thing.key}", language)


def test_every_project_has_a_whole_page(site: httpx.Client, opened: Site) -> None:
    for key in opened.index.keys("project"):
        checked(site, f"/sv/project/{key}", "sv")


def test_no_link_of_the_main_pages_is_broken(site: httpx.Client) -> None:
    seen: set[str] = set()
    for path in (
        "/sv/",
        "/en/",
        "/en/search?q=metod",
        "/sv/project/22-014-S05",
        "/sv/owner/2220002162",
        "/sv/method/bip",
    ):
        for link in checked(site, path, path[1:3]).links:
            address = link.partition("#")[0]
            if address.startswith("/") and address not in seen:
                seen.add(address)
                assert site.get(address).status_code == 200, (path, address)
    assert len(seen) > 60


def test_every_link_of_every_fixed_page_leads_somewhere(site: httpx.Client) -> None:
    seen: set[str] = set()
    for page in FIXED:
        if "html" not in page.forms or "{" in page.path:
            continue
        for link in checked(site, f"/en/{page.path}", "en").links:
            address = link.partition("#")[0]
            if address.startswith("/") and address not in seen and not address.startswith("/sparql"):
                seen.add(address)
                assert site.get(address, headers={"Accept": "*/*"}).status_code == 200, (page.path, address)
    assert len(seen) > 200


def test_links_inside_a_page_lead_to_a_place_on_it(site: httpx.Client) -> None:
    for path in ("/sv/search?q=metod", "/sv/project/22-014-S05", "/sv/owner/2220002162"):
        outline = checked(site, path, "sv")
        places = [link[1:] for link in outline.links if link.startswith("#")]
        assert places
        assert set(places) <= set(outline.ids)


@pytest.mark.parametrize(
    ("accepted", "language"), [("en-GB,en;q=0.9", "en"), ("sv", "sv"), ("fi, en;q=0.1", "en"), ("fi", "sv")]
)
def test_a_page_without_a_language_takes_the_one_that_is_accepted(
    site: httpx.Client, accepted: str, language: str
) -> None:
    for path in ("/", "/search", "/method/bip"):
        answer = site.get(path, headers={"Accept-Language": accepted, "Accept": "text/html"})
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]
        assert answer.headers["content-location"] == f"/{language}{path if path != '/' else '/'}"


def test_the_language_is_changed_by_a_link_that_keeps_the_search(site: httpx.Client) -> None:
    page = site.get("/sv/search?q=metod&region=SE11").text
    assert 'href="/en/search?q=metod&amp;region=SE11"' in page
    assert "set-cookie" not in site.get("/en/search?q=metod&region=SE11").headers


def test_numbers_and_days_are_written_as_in_the_language(site: httpx.Client) -> None:
    swedish, english = (site.get(f"/{language}/project/2017-00082").text for language in LANGUAGES)
    assert "15\u202f935\u202f467\u00a0kr" in swedish
    assert "SEK\u00a015,935,467" in english
    assert re.search(r"\d oktober 2020", swedish)
    assert re.search(r"\d October 2020", english)


def test_what_is_unknown_is_said(site: httpx.Client) -> None:
    assert '<strong class="unknown">okänt</strong>' in site.get("/sv/project/22-014-S05").text
    assert "unknown for" in site.get("/en/").text
    owner = site.get("/en/owner/2220002162").text
    assert re.search(
        r'<dt>Money</dt>\s*<dd><strong class="unknown">unknown</strong>\s*<small>known for 0, unknown', owner
    )


def test_a_project_shows_its_methods_in_the_words_of_its_text(site: httpx.Client) -> None:
    page = site.get("/sv/project/22-014-S05").text
    assert re.search(r"<blockquote><p>[^<]*<mark>Supported Employment</mark>", page)
    assert re.search(r'<mark><a href="#use-\d+-\w+" title="Supported Employment">Supported Employment</a></mark>', page)


def test_the_highlighted_description_is_the_text_of_the_source(site: httpx.Client, opened: Site) -> None:
    from html import unescape

    from kg.web.facts import texts_of

    for key in ("22-014-S05", "22-045-S01", "23-099-S99"):
        iri = f"{opened.base}id/project/{key}"
        page = site.get(f"/sv/project/{key}").text
        shown = re.search(r'<div class="text">(.*?)</div>', page, re.DOTALL)
        assert shown
        assert unescape(re.sub("<[^>]*>", "", shown[1])) == texts_of(opened.store, [iri])[iri][0]


def test_a_project_names_its_relatives_with_reasons(site: httpx.Client) -> None:
    page = site.get("/sv/project/22-012-S04").text
    assert "samma ägare" in page
    assert re.search(r"delar <a [^>]*>", page)


def test_an_owner_shows_totals_spellings_and_time(site: httpx.Client) -> None:
    page = site.get("/sv/owner/2220002162").text
    assert "2\u202f600" in page
    assert "SAMORDNINGSFÖRBUNDET ÖSTRA SÖDERTÖRN" in page
    assert page.count('<rect class="project"') == 2


def test_an_owner_of_one_project_has_its_total_in_the_singular(site: httpx.Client) -> None:
    text = site.get("/sv/owner/2220002485").text
    assert "känt för projektet" in text
    assert "känt för alla" not in text


def test_an_objective_without_a_name_of_its_own_is_named_once(site: httpx.Client) -> None:
    text = site.get("/sv/search").text
    assert ">A2A<" in text
    assert "A2A A2A" not in text


def test_a_method_shows_who_uses_it_in_which_role(site: httpx.Client) -> None:
    page = site.get("/en/method/bip").text
    assert "builds on" in page
    assert "Inkluderingslyftet" in page
    chosen = site.get("/en/method/bip?role=builds-on").text
    assert 'aria-current="true">builds on' in chosen


def test_a_method_shows_where_it_is_and_who_trains_people_in_it(site: httpx.Client) -> None:
    page = site.get("/sv/method/bip").text
    assert page.count('<path class="step-') == 8
    assert '<path class="step-5"' in page
    trained = re.search(r'id="trainers">.*?</section>', page, re.DOTALL)
    assert trained
    quotes = site.get("/sv/method/bip?role=trains").text
    assert ("Inget projekt har metoden i den rollen" in quotes) == ("säger att det utbildar" in trained[0])


def test_what_is_not_there_is_said_as_it_is(site: httpx.Client) -> None:
    assert "Inget projekt har metoden i den rollen" in site.get("/sv/method/case-management?role=negated").text
    assert "There are not that many pages" in site.get("/en/method/bip?page=90").text
    beyond = site.get("/en/search?q=metod&page=90").text
    assert "There are not that many pages" in beyond
    assert 'href="/en/search?q=metod"' in beyond
    nowhere = site.get("/en/search?region=XX99").text
    assert "XX99" in nowhere, "a choice that names nothing can be dropped again"
    assert 'id="order"' not in nowhere


def test_regions_are_listed_by_what_their_numbers_count(site: httpx.Client) -> None:
    regions, counties, communes = (
        site.get(f"/sv/regions?level={level}").text for level in ("region", "county", "municipality")
    )
    assert ">Östra Mellansverige</a>" in regions
    assert ">Östergötlands län</a>" in counties
    assert ">Linköpings kommun</a>" in communes
    assert ">Östergötlands län</a>" not in regions + communes
    assert all(
        ">Östergötlands län</a>" in site.get(path).text
        for path in ("/sv/regions?q=götl", "/sv/regions?q=östergötlands")
    )
    assert len(site.get("/regions.json").json()["things"]) > 300, "files hold all"
    assert len(site.get("/regions.json?level=county").json()["things"]) == 21
    assert site.get("/owners.json?level=county").status_code == 400
    assert site.get("/sv/regions?level=street").status_code == 400


def test_types_of_owners_count_the_projects_of_their_owners(site: httpx.Client) -> None:
    types = {each["key"]: each["projects"] for each in site.get("/owner-types.json").json()["things"]}
    chosen = site.get("/search.json?type=municipality").json()
    assert types["municipality"] == chosen["total"] > 0
    assert chosen["projects"][0]["title"] in site.get("/sv/owner-type/municipality").text


def test_a_year_without_projects_stands_between_those_with_them(site: httpx.Client) -> None:
    page = site.get("/sv/owner-type/municipality").text
    years = [int(year) for year in re.findall(r"search\?year=(\d{4})", page)]
    assert len(years) > 2
    assert years == list(range(years[0], years[-1] + 1))


def test_two_names_typed_together_are_both_offered(site: httpx.Client) -> None:
    page = site.get("/sv/search?q=motiverande samtal östergötland").text
    named = re.search(r'<div class="named">.*?</div>', page, re.DOTALL)
    assert named
    assert "/sv/method/mi" in named[0]
    assert "/sv/region/SE123" in named[0]


def test_the_explorer_shows_relatives_of_what_has_no_projects(site: httpx.Client) -> None:
    page = site.get("/sv/explore/owner-type/municipality").text
    assert "är av typen" in page
    assert "Linköpings kommun" in page
    assert "är besläktad med" in site.get("/sv/explore/method/supported-employment").text


def test_a_page_that_is_missing_offers_a_search_in_the_language_of_its_address(site: httpx.Client) -> None:
    people = {"Accept": "text/html", "Accept-Language": "en"}
    page = site.get("/sv/project/2099-00001", headers=people).text
    assert "Sidan finns inte" in page
    assert 'value="2099-00001"' in page
    assert 'href="/en/project/2099-00001"' in page
    assert "Sidan finns inte" in site.get("/sv/none", headers=people).text


def test_a_project_shows_the_words_that_name_earlier_projects_and_partners(site: httpx.Client) -> None:
    path = "project/vagen-till-malet-genomforande-2010-02-01"
    known = site.get(f"/en/{path}", headers={"Accept": "text/html"}).text
    assert re.search(r'builds on</span> <a href="[^"]+">Vägen till målet</a>', known)
    assert "förprojektet <mark>Vägen Till Målet</mark> summeras" in known
    unknown = site.get("/en/project/2022-00358", headers={"Accept": "text/html"}).text
    assert re.search(r"ConnectWithUkraine</strong> <span[^>]*>\(not in the graph\)", unknown)
    assert "<mark>ConnectWithUkraine</mark>" in unknown


def test_every_message_is_used() -> None:
    from pathlib import Path

    import kg.web

    folder = Path(str(kg.web.__file__)).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".html", ".py"))
    # Messages whose names are put together from a section and a value.
    made = (
        "kind.",
        "kinds.",
        "facet.",
        "order.",
        "role.",
        "sureness.",
        "graph.",
        "property.",
        "total.",
        "error.",
        "sister.",
        "thing.by_",
        "start.unknown_",
        "map.",
        "relation.",
        "known.",
        "severity.",
        "graphs.",
        "why.",
        "level.",
        "level_counts.",
        "severities.",
    )
    unused = [
        name
        for name in catalogue()
        if not name.startswith(made) and f'"{name}"' not in text and f"'{name}'" not in text
    ]
    assert unused == []


def test_amounts_stand_in_the_currency_of_their_source(tmp_path: Path) -> None:
    with running(serve_build(two_currencies.built(tmp_path))) as address, client(address) as here:
        both, owner = (_plain(here.get(f"/en/{path}").text) for path in ("project/2018-00128", "owner/motala-kommun"))

    assert "Planned participants unknown Total budget SEK 15,000,000 Granted support SEK 14,131,094 Belongs" in both
    assert "Total budget EUR 1,400,000 Source 3 SEK 15,000,000 Source 2 Granted support SEK 14,131,094 Source 2" in both
    assert "EU contribution EUR 700,000 Source 3" in both
    assert '"value": 14131094.0, "currency": "SEK"' in both
    assert "Total budget EUR 2 million + SEK 15 million known for all 2 projects" in owner


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("\xa0", " ").split())
