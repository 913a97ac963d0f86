from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.web.headers import SECURITY

MISTAKES = [
    ("GET", "/none", 404),
    ("GET", "/sv/none", 404),
    ("GET", "/sv/project/none", 404),
    ("GET", "/id/", 404),
    ("GET", "/static/000000000000/site.css", 404),
    ("GET", "/static/x/../../pyproject.toml", 404),
    ("GET", "/sv/search?order=sideways", 400),
    ("GET", "/sv/search?page=0", 400),
    ("GET", "/sv/search?page=1e9", 400),
    ("GET", "/search.json?colour=blue", 400),
    ("GET", "/sv/method/bip?role=dances", 400),
    ("GET", "/sv/method/bip?page=x", 400),
    ("GET", f"/sv/search?q={'x' * 5000}", 414),
    ("GET", f"/sv/{'x' * 1200}", 404),
    ("POST", "/sv/", 405),
    ("DELETE", "/project/22-014-S05", 405),
    ("PUT", "/search", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), MISTAKES)
def test_every_mistake_is_answered_in_one_shape(site: httpx.Client, method: str, path: str, status: int) -> None:
    answer = site.request(method, path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert problem["detail"]
    assert answer.headers["cache-control"] == "no-store"
    if status == 405:
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(("method", "path", "status"), MISTAKES)
def test_people_get_a_page_that_tells_nothing_of_the_machine(
    site: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = site.request(method, path, headers={"Accept": "text/html,*/*;q=0.1", "Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text
    for secret in ("Traceback", "site-packages", "starlette", "sqlite", ".py", "/home", "/tmp"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/sv/search?q=x", "/project/22-014-S05.ttl", "/id/project/x", "/none", "/health", "/search.csv"]
)
def test_every_answer_has_the_headers_that_keep_it_safe(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers
    for name, value in SECURITY.items():
        assert headers[name] == value
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/sv/", "/sv/search?q=%3Cscript%3E", "/sv/project/23-099-S99", "/sv/search?q=alert", "/sv/owner/"]
)
def test_markup_in_data_and_in_input_is_text(site: httpx.Client, path: str) -> None:
    text = site.get(path, headers={"Accept": "text/html"}).text
    for active in ("<script>", "</script><script>alert", "<IMG", "<SVG ONLOAD", "<b onmouseover"):
        assert active not in text


def test_the_hostile_page_is_shown_as_it_was_printed(site: httpx.Client) -> None:
    text = site.get("/sv/project/23-099-S99").text
    assert "&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt;" in text
    assert "{{7*7}}" in text
    assert text.count("</script>") == text.count("<script ")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), order=st.text(max_size=8))
def test_no_input_breaks_the_search_or_comes_back_as_markup(site: httpx.Client, text: str, order: str) -> None:
    answer = site.get(
        "/sv/search",
        params={"q": f"<i>{text}", "order": order, "method": text, "page": "1"},
        headers={"Accept": "text/html"},
    )
    assert answer.status_code in (200, 400)
    assert "<i>" not in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["project", "owner", "source", "id/project", "sv/use"]), key=st.text(min_size=1, max_size=40)
)
def test_no_key_breaks_a_document_or_a_header(site: httpx.Client, kind: str, key: str) -> None:
    answer = site.get(f"/{kind}/{quote(key, safe='')}", headers={"Accept": "text/turtle"})
    assert answer.status_code in (200, 303, 400, 404, 406, 410)
    assert "x-injected" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/id/project/x%0d%0aX-Injected:%201",
        "/id/project//evil.example/",
        "/id/project/..%2f..%2fevil",
        "//evil.example/id/project/x",
    ],
)
def test_no_address_adds_a_header_or_leads_away(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert "x-injected" not in answer.headers
    location = answer.headers.get("location", "/project/x")
    assert location.startswith("/")
    assert not location.startswith("//")


def test_a_false_host_is_not_repeated(site: httpx.Client) -> None:
    for path in ("/", "/sv", "/id/project/22-014-S05", "/project/22-014-S05.ttl", "/none"):
        answer = site.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": "*/*"})
        assert "evil.example" not in str(answer.headers) + answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/..%2f..%2fapp.py",
        "/static/../app.py",
        "/sv/..%2f..%2f..%2fetc%2fpasswd",
        "/project/..%2f..%2f..%2f..%2fetc%2fpasswd.ttl",
        "/source/%2e%2e/%2e%2e/report.json",
        "/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_no_file_can_be_reached(site: httpx.Client, path: str) -> None:
    assert site.get(path, headers={"Accept": "text/turtle"}).status_code == 404
