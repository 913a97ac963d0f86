from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.build import build
from kg.errors import BuildError
from kg.generations import current
from kg.resources import folder
from kg.search import FACETS, FILE, ORDERS, Answered, Index, Query, Sum, create, created_beside
from kg.store import DATA, open_build
from tests import two_currencies

PAGES = Path(__file__).parent.parent / "pages"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "build"
    build([folder("seeds"), PAGES], out, workers=1)
    return out


@pytest.fixture(scope="module")
def index(built: Path) -> Iterator[Index]:
    path = built / "made.sqlite"
    with open_build(built) as store, (current(built) / DATA).open("rb") as lines:
        create(lines, store.base, path)
    with Index(path) as found:
        yield found


def keys(index: Index, found: Answered) -> list[str]:
    return [row.thing.key for row in index.project_rows(found.projects)]


def everything(index: Index, query: Query) -> list[str]:
    return keys(index, index.search(Query(query.text, query.chosen, query.within, query.order, size=1000)))


def test_a_word_finds_its_other_forms(index: Index) -> None:
    both = set(everything(index, Query("deltagarnas")))
    assert both == set(everything(index, Query("deltagare")))
    assert len(both) > 8


def test_the_label_of_a_method_finds_the_projects_that_name_it_otherwise(index: Index) -> None:
    found = everything(index, Query("motivational interviewing"))
    named = set(everything(index, Query("", {"method": ["mi"]})))
    assert named
    assert named <= set(found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("suported employment", "supported"), ("supported emplyoment", "employment"), ("arbetsmarknd", "arbetsmarknad")],
)
def test_typing_mistakes_are_forgiven_and_said(index: Index, typed: str, meant: str) -> None:
    found = index.search(Query(typed))
    assert found.total
    assert any(word.startswith(meant[:8]) for word in found.reading.instead.values()) or meant.startswith(typed)


def test_letters_without_their_marks_find_those_with_them(index: Index) -> None:
    assert everything(index, Query("Sodertorn")) == everything(index, Query("Södertörn"))


def test_an_unknown_word_is_said_and_left_out(index: Index) -> None:
    found = index.search(Query("zzzzqqqq supported employment"))
    assert found.reading.unknown == ("zzzzqqqq",)
    assert keys(index, found) == keys(index, index.search(Query("supported employment")))
    assert index.search(Query("zzzzqqqq")).total == 0


def test_a_diary_number_comes_first(index: Index) -> None:
    for number, key in (("2017/00082", "2017-00082"), ("22-045-S01", "22-045-S01")):
        assert keys(index, index.search(Query(number)))[0] == key


def test_a_phrase_stands_as_it_is(index: Index) -> None:
    phrase = set(everything(index, Query('"supported employment"')))
    assert phrase
    assert phrase <= set(everything(index, Query("supported employment")))


def test_an_unwanted_word_is_kept_out(index: Index) -> None:
    with_word, without = set(everything(index, Query("arbete"))), set(everything(index, Query("arbete -unga")))
    assert without
    assert without < with_word
    assert without.isdisjoint(everything(index, Query("unga")))


def test_all_words_come_before_some_words(index: Index) -> None:
    found = index.search(Query("Inkluderingslyftet Lumena"))
    assert found.loose
    assert {"22-045-S01", "22-014-S05"} <= set(keys(index, found))


def test_a_word_in_the_title_weighs_more_than_in_the_text(index: Index) -> None:
    assert keys(index, index.search(Query("Lumena")))[0] == "22-014-S05"


@pytest.mark.parametrize("facet", FACETS)
def test_the_count_of_a_facet_is_what_choosing_it_gives(index: Index, facet: str) -> None:
    found = index.search(Query("projektet"))
    assert found.facets[facet]
    for count in found.facets[facet]:
        key = str(count.value) if facet == "year" else index.thing(count.value).key
        chosen = index.search(Query("projektet", {facet: [key]}))
        assert chosen.total == count.projects, key
        assert next(row for row in chosen.facets[facet] if row.chosen).projects == count.projects


def test_counts_agree_with_the_graph(index: Index, built: Path) -> None:
    with open_build(built) as store:
        rows = store.texts(f"SELECT ?r ?p {{ ?p a <{store.base}ontology#Project> ; <{store.base}ontology#region> ?r }}")
        expected = Counter(str(region).rpartition("/")[2] for region, _ in set(rows))
    counts = index.search(Query()).facets["region"]
    assert {index.thing(count.value).key: count.projects for count in counts} == expected


def test_two_values_of_a_facet_widen_and_two_facets_narrow(index: Index) -> None:
    one = index.search(Query("", {"region": ["SE11"]})).total
    two = index.search(Query("", {"region": ["SE11", "SE12"]})).total
    both = index.search(Query("", {"region": ["SE11"], "fund": ["ESF_PLUS"]})).total
    assert 0 < both <= one < two


def test_an_unknown_value_of_a_facet_finds_nothing(index: Index) -> None:
    assert index.search(Query("", {"region": ["XX99"]})).total == 0
    assert index.search(Query("", {"year": ["19x4"]})).total == 0


@pytest.mark.parametrize("order", ORDERS)
def test_pages_together_hold_each_project_once(index: Index, order: str) -> None:
    whole = index.search(Query("arbete", order=order, size=1000))
    parts = [index.search(Query("arbete", order=order, page=page, size=7)) for page in range(1, whole.total // 7 + 3)]
    assert [number for part in parts for number in part.projects] == list(whole.projects)
    assert len(set(whole.projects)) == whole.total


def test_orders_are_in_order_and_the_unknown_comes_last(index: Index) -> None:
    for order, column in (
        ("newest", "start"),
        ("oldest", "start"),
        ("participants", "participants"),
        ("budget", "total_budget"),
    ):
        rows = index.project_rows(index.search(Query(order=order, size=1000)).projects)
        values = [getattr(row, column) for row in rows]
        known = [value for value in values if value is not None]
        assert values[: len(known)] == known
        assert known == sorted(known, reverse=order != "oldest")


def test_names_are_offered_from_their_beginning(index: Index) -> None:
    assert "bip" in [thing.key for thing in index.named("BIP", limit=5)]
    assert any(thing.kind == "owner" for thing in index.named("samordningsförbundet ös", limit=5))
    assert index.named("", limit=5) == []


def test_totals_say_for_how_many_they_are_known(index: Index) -> None:
    thing = index.thing_of("owner", "2220002162")
    assert thing
    projects = index.projects_of(thing.id)
    totals = index.figures.totals(projects)
    assert totals["participants"] == (Sum(2600.0, 2),)
    assert totals["total_budget"] == ()


def test_where_sources_disagree_the_preferred_value_stands_in_one_currency(tmp_path: Path) -> None:
    with Index(current(two_currencies.built(tmp_path)) / FILE) as found:
        both, listed = (found.thing_of("project", key) for key in ("2018-00128", "2018-00129"))
        assert both
        assert listed
        one, other = found.project_rows([both.id, listed.id])
        totals = found.figures.totals()

    # A page of the Council goes before a list, and what the list says in euro is no amount in kronor.
    assert (one.thing.sv, one.end, one.granted, one.currency) == ("Vidga normen", "2021-12-31", 14131094, "SEK")
    assert (one.total_budget, one.eu, one.total_cost) == (15000000, None, None)
    assert (other.thing.sv, other.eu, other.currency) == ("Bara i listan", 900000, "EUR")
    assert totals["total_budget"] == (Sum(2000000, 1, "EUR"), Sum(15000000, 1, "SEK"))
    assert totals["granted"] == (Sum(14131094, 1, "SEK"),)
    assert totals["eu"] == (Sum(900000, 1, "EUR"),)


def test_projects_alike_share_a_method_and_say_which(index: Index) -> None:
    number = index.thing_of("project", "22-014-S05")
    assert number
    found = index.likeness.projects(number.id, 5)
    assert found
    assert all(any(facet == "method" for facet, _ in alike.shared) for alike in found)
    assert [alike.score for alike in found] == sorted((alike.score for alike in found), reverse=True)
    assert all(0 < alike.score <= 1 for alike in found)


def test_owners_alike_use_the_same_methods(index: Index) -> None:
    owner = index.thing_of("owner", "2220002162")
    assert owner
    found = index.likeness.owners(owner.id, 5)
    assert owner.id not in [alike.number for alike in found]
    assert any(index.thing(alike.number).key == "2220002485" for alike in found)
    for alike in found:
        projects = [len(index.columns.having("method", number)) for _, number in alike.shared]
        assert projects == sorted(projects), "the rarest methods tell most and come first"


@pytest.mark.parametrize("facet", ["method", "owner", "region"])
def test_the_first_counts_are_those_of_all_counts(index: Index, facet: str) -> None:
    everything = index.columns.listed(index.columns.everything)
    whole = index.columns.counts(facet, everything, ())
    assert len(whole) > 3
    assert index.columns.counts(facet, everything, (), 3) == whole[:3]


def test_projects_that_lead_to_a_thing_are_the_same_as_a_list_and_as_a_set(index: Index) -> None:
    thing = index.thing_of("owner", "2220002162")
    assert thing
    assert sorted(index.joined(thing.id)) == index.projects_of(thing.id)


def test_links_of_many_projects_are_those_of_each(index: Index) -> None:
    numbers = index.columns.everything.tolist()
    together = index.targets(numbers, "method", "owner", "region")
    assert together == {number: index.targets([number], "method", "owner", "region")[number] for number in numbers}
    for linked in together.values():
        order = [(["method", "owner", "region"].index(name), -thing.projects, thing.id) for name, thing in linked]
        assert order == sorted(order)


def test_the_index_of_the_file_and_of_the_store_are_the_same(index: Index, built: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with open_build(built) as store:
        create(store.nquads(), store.base, path)
    with Index(path) as other:
        assert other.meta == index.meta
        assert other.search(Query("arbete")).projects == index.search(Query("arbete")).projects


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_text("this is no database", encoding="utf-8")
    with pytest.raises(BuildError, match="not a readable search index"):
        Index(path)
    with pytest.raises(BuildError, match="there already"):
        create([], "https://example.org/", path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=40), st.from_regex(r'[a-zåäö"*():^+ -]{0,30}', fullmatch=True)))
def test_no_text_breaks_the_search(index: Index, text: str) -> None:
    found = index.search(Query(text))
    assert found.total >= len(found.projects)


@pytest.mark.parametrize(
    "text", ['"', '""', "*", "a* OR b", "NEAR(a b)", "title:x", "{title}:x", "-", "--x", "^x", "a AND", "x" * 5000]
)
def test_the_language_of_the_index_is_not_the_language_of_people(index: Index, text: str) -> None:
    assert index.search(Query(text)).total >= 0


def test_a_county_finds_the_projects_whose_beneficiary_sits_in_it(index: Index, built: Path) -> None:
    with open_build(built) as store:
        seat = f"<{store.base}ontology#beneficiaryMunicipality>/<http://www.w3.org/2004/02/skos/core#broader>"
        rows = set(store.texts(f"SELECT ?p ?county {{ ?p {seat} ?county }}"))
    expected = Counter(str(county).rpartition("/")[2] for _, county in rows)
    counts = index.search(Query()).facets["county"]
    assert expected
    assert {index.thing(count.value).key: count.projects for count in counts} == expected
    county = index.thing(counts[0].value)
    named = set(everything(index, Query(county.sv or "")))
    assert named >= set(everything(index, Query("", {"county": [county.key]})))
    assert set(everything(index, Query(within=[("region", county.key)]))) == set(
        everything(index, Query("", {"county": [county.key]}))
    )
    assert county.projects == counts[0].projects


def test_an_index_made_beside_something_else_is_the_same_to_the_byte(built: Path, tmp_path: Path) -> None:
    data, made = current(built) / DATA, []
    for name in ("one", "two"):
        with open_build(built) as store, created_beside(data, store.base, tmp_path / name):
            pass
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    with (
        pytest.raises(BuildError, match="there already"),
        created_beside(data, "https://example.org/", tmp_path / "one"),
    ):
        pass


def test_the_most_alike_word_is_meant_among_hundreds_that_share_letters(index: Index) -> None:
    for typed, meant in (("samordningsfrbundet", "samordningsförbundet"), ("arbetsmarkndaen", "arbetsmarknaden")):
        found = index.search(Query(typed))
        assert [word[:13] for word in found.reading.instead.values()] == [meant[:13]], typed
        assert found.total
    assert everything(index, Query("samordningsforbund")) == everything(index, Query("samordningsförbund"))


def test_years_and_funds_are_words(index: Index) -> None:
    row = index.project_rows(index.search(Query("22-014-S05")).projects[:1])[0]
    year = str(int((row.start or "")[:4]) + 1)
    assert row.thing.key in everything(index, Query(f"Lumena {year}"))
    assert row.thing.key in everything(index, Query("Lumena socialfonden"))
    assert index.search(Query("Lumena 1999")).reading.unknown == ("1999",)


def test_a_diary_number_is_found_without_its_marks(index: Index) -> None:
    for typed, key in (("201700082", "2017-00082"), ("22045S01", "22-045-S01"), ("dnr 201700082", "2017-00082")):
        assert keys(index, index.search(Query(typed)))[0] == key, typed


def test_a_compound_written_apart_is_found(index: Index) -> None:
    whole = set(everything(index, Query("samordningsförbundet")))
    assert whole
    assert whole <= set(everything(index, Query("samordnings förbundet")))
    assert whole & set(everything(index, Query("samordnings förbundet lumena"))) == {"22-014-S05"}


def test_another_first_letter_is_another_word(index: Index) -> None:
    assert index.search(Query("coaching")).reading.instead.get("coaching") != "teaching"
    assert index.search(Query("youth")).reading.unknown == ("youth",)
    assert index.search(Query("rabetsmarknad")).reading.instead == {"rabetsmarknad": "arbetsmarknad"}


def test_words_together_find_what_each_of_them_finds(index: Index) -> None:
    words = ("arbete", "unga", "metod", "samverkan", "lumena", "arbetsmarknad")
    alone = {word: set(everything(index, Query(word))) for word in words}
    for one in words:
        for other in words:
            some = alone[one] & alone[other] or alone[one] | alone[other]
            assert set(everything(index, Query(f"{one} {other}"))) == some, (one, other)
            assert set(everything(index, Query(f"{one} -{other}"))) == alone[one] - alone[other], (one, other)


def test_of_very_many_projects_those_named_so_come_first(
    index: Index, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("unga", "unga arbete", "arbete -unga")
    few = [keys(index, index.search(Query(text, size=1000))) for text in texts]
    monkeypatch.setattr("kg.search.ranking.RANKED_UP_TO", 5)
    with Index(built / "made.sqlite") as other:
        many = [other.search(Query(text, size=1000)) for text in texts]
        assert [sorted(keys(other, found)) for found in many] == [sorted(found) for found in few]
        rows = other.project_rows(many[0].projects)
        titled = [not {"ung", "unga", "ungas"}.isdisjoint((row.thing.sv or "").lower().split()) for row in rows]
        assert sum(titled) > 1
        assert titled == sorted(titled, reverse=True), "those whose title has the word come first"
        starts = [row.start for row in rows[-5:] if row.start]
    assert len(starts) > 2
    assert starts == sorted(starts, reverse=True)


@pytest.mark.usefixtures("index")
def test_what_common_words_have_is_known_before_anybody_asks(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.search.ranking.RANKED_UP_TO", 5)
    query = Query("deltagare arbete", size=1000)
    with Index(built / "made.sqlite") as plain, Index(built / "made.sqlite") as prepared:
        prepared.remember_common_words(lambda: True)
        assert prepared._ranking._having.cache_info().currsize == 0
        prepared.remember_common_words(lambda: False)
        known = prepared._ranking._having.cache_info()
        assert prepared.search(query) == plain.search(query)
        assert prepared._ranking._having.cache_info().misses == known.misses > 0
