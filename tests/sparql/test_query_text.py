"""What the scan of a query refuses, what it lets pass, and that its work stays in proportion to the query."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_letters

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.web.refusal import Refusal
from kg.web.sparql.query_text import QueryText, read
from tests.sparql.serving import Listener, listening

LEGAL = (
    "SELECT ?service { ?service a ?o }",
    "SELECT * { ?s ?p 'SERVICE <http://example.org/> {}' }",
    'SELECT * { ?s ?p """SERVICE "quoted" ""\nSERVICE""" }',
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT * { # don't use SERVICE\n ?s ?p ?o }",
    "SELECT * { ?s <http://example.org/service> ?o }",
    "PREFIX e: <http://example.org/> SELECT * { ?s e:service ?o ; e:SERVICE ?p }",
    "PREFIX e: <http://example.org/> SELECT * { ?s e:it\\'s_service ?o }",
    "SELECT * { ?s ?p 'x'@en-service }",
    "SELECT * { ?s ?p 'l\\u0069ke'  }",
    "ASK { _:service ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o<5 && ?o>3) }",
    "SELECT * { ?s ?p 'INSERT DATA { <a> <b> <c> }' }",
    "SELECT * { ?s ?p 'it\\'s' , \"a\\\"b\" , '' , \"\" , '''''' }",
    "BASE <http://example.org/> DESCRIBE <x>",
    "select*{?s?p?o}",
)
ASKING_ELSEWHERE = (
    "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { service<U>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<U>{ ?s ?p ?o } }",
    "SELECT * { VALUES ?g { <U> } SERVICE ?g { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <U> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1e5SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o.SERVICE <U> { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<1)SERVICE<U>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 'a\\\\'SERVICE <U> { ?s ?p 'b' } }",
    "PREFIX : <U> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <U> SELECT * { SERVICESILENT: { ?s ?p ?o } }",
    "PREFIX : <U> SELECT * { ?s ?p 5.SERVICE:x { ?s ?p ?o } }",
    "PREFIX service: <U> SELECT * { ?s service:x ?o }",
    "PREFIX here: <U> PREFIX SERVICEhere: <U> SELECT * { SERVICEhere:x { ?s ?p ?o } }",
    "PREFIX here: <U> SELECT * { ?s ?p true.serviceSilenthere:{ ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <U> { ?s ?p ?o } }",
    "SELECT * { SER\\U00000056ICE <U> { ?s ?p ?o } }",
    "SELECT * { \\u005Cu0053ERVICE <U> { ?s ?p ?o } }",
    "SELECT * { # note\rSERVICE <U> { ?s ?p ?o } }",
    "SELECT * { # note\\u000ASERVICE <U> { ?s ?p ?o } }",
    "SELECT * { FILTER('a\\u0027 != '') SERVICE <U> { ?s ?p ?o } FILTER('a' != '') }",
    'SELECT * { ?s ?p """a" , SERVICE <U> { ?s ?p ?o } }',
    "ASK { { { { SERVICE <U> { ?s ?p ?o } } } } }",
    "SELECT * { { SELECT * { ?s ?p ?o { SERVICE <U> { ?s ?p ?o } } } } }",
    "CONSTRUCT { ?s ?p ?o } { FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "DESCRIBE ?s { ?s <a>/(<b>|^<c>)* ?o . MINUS { SERVICE <U> { ?s ?p ?o } } }",
    "\ufeffSELECT * { SERVICE <U> { ?s ?p ?o } }",
)
UPDATES = (
    "INSERT DATA { <http://e/a> <http://e/b> 1 }",
    "PREFIX e: <http://e/> DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://e/a>",
    "load silent <http://e/a> into graph <http://e/b>",
    "CLEAR ALL",
    "drop all",
    "CREATE GRAPH <http://e/a>",
    "COPY DEFAULT TO <http://e/a>",
    "MOVE <http://e/a> TO <http://e/b>",
    "ADD <http://e/a> TO <http://e/b>",
    "WITH <http://e/a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# a query\nDELETE DATA { <http://e/a> <http://e/b> 1 }",
)


@pytest.mark.parametrize("query", LEGAL)
def test_a_query_that_only_looks_like_it_asks_elsewhere_passes(query: str) -> None:
    assert isinstance(read(query), QueryText)


@pytest.mark.parametrize("query", ASKING_ELSEWHERE)
def test_service_is_refused_in_every_spelling(query: str) -> None:
    refusal = read(query.replace("<U>", "<http://127.0.0.1:9/>"))

    assert isinstance(refusal, Refusal)
    assert refusal.status == 403
    assert "SERVICE" in refusal.detail


@pytest.mark.parametrize("query", UPDATES)
def test_an_update_is_refused_as_one(query: str) -> None:
    refusal = read(query)

    assert isinstance(refusal, Refusal)
    assert (refusal.status, "read-only" in refusal.detail) == (403, True)


@pytest.mark.parametrize("text", ["", "  # nothing", "hello", "PREFIX a: <http://e/>", "{}", "'SELECT'"])
def test_what_is_no_query_is_refused_as_illegal(text: str) -> None:
    refusal = read(text)

    assert isinstance(refusal, Refusal)
    assert refusal.status == 400


@pytest.mark.parametrize(
    ("query", "kind", "undeclared", "volatile"),
    [
        ("PREFIX kg: <http://e/> select ?s { ?s a kg:Project ; skos:prefLabel ?l }", "select", {"skos"}, False),
        ("ask{?s org:unitOf ?o FILTER(?o-kg:rate > 1)}", "ask", {"org", "kg"}, False),
        ("CONSTRUCT { ?s ?p 'a:b' } { ?s ?p ?o # c:d\n }", "construct", set(), False),
        ("SELECT (NOW() AS ?now) {}", "select", set(), True),
        ("SELECT (rand() AS ?r) {}", "select", set(), True),
        ("SELECT (STRUUID() AS ?r) {}", "select", set(), True),
        ('VERSION "1.2" BASE <http://e/> DESCRIBE <now>', "describe", set(), False),
    ],
)
def test_kind_prefixes_and_volatility_are_read(query: str, kind: str, undeclared: set[str], volatile: bool) -> None:
    found = read(query)

    assert isinstance(found, QueryText)
    assert (found.kind, set(found.undeclared), found.volatile) == (kind, undeclared, volatile)


@pytest.mark.parametrize(
    "piece",
    [
        "a-",
        '"""\n\\',
        "'\\''\n",
        "<a",
        "<",
        "a",
        ":",
        "a:",
        "?",
        "1 ",
        "#\n",
        "\\u0041",
        "'service",
        "x:\\",
        "@a-",
        '""',
    ],
)
def test_the_longest_query_is_read_in_a_moment(piece: str) -> None:
    text = piece * (65_000 // len(piece))
    began = time.process_time()
    read(text)

    assert time.process_time() - began < 1


_SPACE = ("", " ", "\n", "\t", "\r", " # it's \"\n", "# '\r", "#\n#\r\n")
_BEFORE = (
    "",
    "?s ?p ?o .",
    "?s ?p true",
    "?s ?p 1",
    "?s ?p 1.5e3",
    "?s ?p 'it\\'s'",
    '?s ?p """a "b" \\""""',
    "?s ?p 'x'@en-GB",
    "?s ?p 'x'^^<http://e/t>",
    "?s e:it\\'s e:x\\#y .",
    "?s <http://e/it's> ?o .",
    "?s e:a?/^e:b* ?o .",
    "FILTER(?a<1 && ?b>2)",
    "FILTER(?a<?b)",
    "FILTER('#' != \"'\")",
    "BIND('\\u0027' AS ?q)",
    "BIND('\\\\' AS ?q)",
    "VALUES ?v { '''''' \"\" }",
)
_WRAP = (
    "{}",
    "{{ {} }}",
    "OPTIONAL {{ {} }}",
    "{{ }} UNION {{ {} }}",
    "MINUS {{ {} }}",
    "GRAPH ?g {{ {} }}",
    "FILTER EXISTS {{ {} }}",
    "FILTER(NOT EXISTS {{ {} }})",
    "{{ SELECT * {{ {} }} }}",
    "{{ SELECT (COUNT(*) AS ?n) {{ {} }} GROUP BY ?z }}",
    "LATERAL {{ {} }}",
)
_FORM = ("SELECT * {{ {} }}", "ASK {{ {} }}", "ASK{{{}}}", "CONSTRUCT {{ ?s ?p ?o }} {{ {} }}", "DESCRIBE ?s {{ {} }}")
_TARGET = ("<{U}>", "<{U}x>", "here:", "here:x", ":", ":x", "<x>", "<{E}>", "?t")


@st.composite
def _spelling(draw: st.DrawFn) -> str:
    """Draw a way to write the keyword: any case, some letters as escapes, perhaps SILENT without a space."""
    word = "".join(letter.lower() if draw(st.booleans()) else letter for letter in "SERVICE")
    for position in draw(st.sets(st.integers(0, 6), max_size=2)):
        if draw(st.integers(0, 3)) == 0:
            form = draw(st.sampled_from(["\\u{:04x}", "\\U{:08X}"]))
            word = word[:position] + form.format(ord(word[position])) + word[position + 1 :] if len(word) == 7 else word
    return word + draw(st.sampled_from(["", "", " SILENT", "silent"]))


def _query(
    keyword: str, before: str, target: str, *, spaces: tuple[str, str, str], wraps: Iterable[str], form: str
) -> str:
    """Return a query that asks another server; `{U}` stands for its address."""
    inner = f"VALUES ?t {{ <{{U}}> }} {before}{spaces[0]}{keyword}{spaces[1]}{target}{spaces[2]}{{ ?s ?p ?o }}"
    for wrap in (*wraps, form):
        inner = wrap.format(inner)
    return "BASE <{U}> PREFIX e: <http://e/> PREFIX here: <{U}> PREFIX : <{U}> " + inner


@st.composite
def _asking(draw: st.DrawFn) -> str:
    one = st.sampled_from
    return _query(
        draw(_spelling()),
        draw(one(_BEFORE)),
        draw(one(_TARGET)),
        spaces=(draw(one(_SPACE)), draw(one(_SPACE)), draw(one(_SPACE))),
        wraps=draw(st.lists(one(_WRAP), max_size=3)),
        form=draw(one(_FORM)),
    )


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as running:
        yield running


def _run(query: str) -> bool:
    """Run a query in an engine without any guard; False if it is not legal."""
    try:
        result = pyoxigraph.Store().query(query)
        if not isinstance(result, pyoxigraph.QueryBoolean):
            list(result)
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return True


def _addressed(query: str, listener: Listener) -> str:
    address = f"http://127.0.0.1:{listener.port}/"
    return query.replace("{U}", address).replace("{E}", address.replace("/", "\\u002F"))


def test_an_engine_without_guard_would_go_out(listener: Listener) -> None:
    before = listener.hits
    _run(_addressed("SELECT * { SERVICE <{U}> { ?s ?p ?o } }", listener))

    assert listener.hits == before + 1


def test_no_spelling_goes_out(listener: Listener) -> None:
    refused, gone_out = 0, 0
    gaps = (("", "", ""), (" ", " ", " "), ("# it's\r", "#\n", "\t"))
    words = ("SERVICE", "service", "SeRvIcE SILENT", "SERVICEsilent")
    for number, (keyword, before, target, spaces, wrap, form) in enumerate(
        product(words, _BEFORE, _TARGET, gaps, _WRAP, _FORM)
    ):
        if number % 7:
            continue
        query = _addressed(_query(keyword, before, target, spaces=spaces, wraps=(wrap,), form=form), listener)
        passes, hits = isinstance(read(query), QueryText), listener.hits
        if passes or number % 50 == 0:
            _run(query)
        assert listener.hits == hits or not passes, query
        gone_out += listener.hits > hits
        refused += not passes

    assert refused > 5000
    assert gone_out > 50, "the variants must be such that an engine without a guard goes out"


def test_no_spelling_that_passes_the_scan_goes_out(listener: Listener) -> None:
    refused: list[str] = []

    @settings(max_examples=600, deadline=None, database=None)
    @given(_asking())
    def attempt(query: str) -> None:
        text = _addressed(query, listener)
        if isinstance(read(text), Refusal):
            refused.append(text)
            return
        before = listener.hits
        _run(text)
        assert listener.hits == before, text

    attempt()

    assert len(refused) > 400


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(alphabet=ascii_letters + "\"'\\<>{}()#?:.@ \n\r\u00e9", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(read(text), QueryText | Refusal)
