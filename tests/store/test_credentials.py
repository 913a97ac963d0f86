"""Secrets come from the environment or a netrc file, reach the server that asks for them, and nobody else."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from kg.errors import EndpointError, InputError, KgError, UsageError
from kg.store import RemoteStore
from kg.store.credentials import NETRC, PASSWORD, PLAIN, TOKEN, USER, credentials
from kg.store.push import push
from tests.servers import Reply, replying
from tests.store import graphs, small_server
from tests.store.small_server import Behaviour
from tests.store.small_server import small_server as server
from tests.store.test_push import quads, remote_at


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (TOKEN, USER, PASSWORD, NETRC, PLAIN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def netrc(folder: Path, password: str = small_server.PASSWORD, host: str = "127.0.0.1") -> Path:
    path = folder / "logins"
    path.write_text(f"machine {host} login {small_server.USER} password {password}\n")
    return path


def logged_in(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    if login == "bearer":
        monkeypatch.setenv(TOKEN, small_server.TOKEN)
    else:
        monkeypatch.setenv(USER, small_server.USER)
        monkeypatch.setenv(PASSWORD, small_server.PASSWORD)


@pytest.mark.parametrize("login", ["basic", "digest", "bearer"])
@pytest.mark.parametrize("way", ["update", "graph store"])
def test_a_server_that_asks_for_a_login_gets_it(login: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in(monkeypatch, login)
    with server(Behaviour(login=login)) as address:
        store = remote_at(address)
        report = push(quads, store, graph_store=f"{address}/store" if way == "graph store" else None)

        assert report.sent == len(graphs.lines())
        assert store.select("ASK { ?s ?p ?o }").truth is True
        assert len(list(store.dataset.triples((None, None, None)))) > 0


@pytest.mark.parametrize("login", ["basic", "digest"])
def test_a_netrc_file_knows_the_login(login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NETRC, str(netrc(tmp_path)))
    with server(Behaviour(login=login)) as address:
        assert remote_at(address).select("ASK { ?s ?p ?o }").truth is False


def test_the_netrc_file_at_home_is_read_for_its_host_only(tmp_path: Path) -> None:
    netrc(tmp_path, host="example.org").rename(tmp_path / ".netrc")
    environment = {"HOME": str(tmp_path)}

    assert credentials("https://example.org/sparql", environment).user == small_server.USER
    assert not credentials("https://example.com/sparql", environment)


def test_a_server_that_does_not_ask_is_told_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in(monkeypatch, "basic")
    behaviour = Behaviour()
    with server(behaviour) as address:
        push(quads, remote_at(address))

    assert set(behaviour.authorizations) == {""}


def test_a_secret_does_not_follow_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in(monkeypatch, "bearer")
    other = Behaviour(login="bearer")
    with server(other) as elsewhere:
        moved = Reply(302, "text/plain", b"", headers={"Location": f"{elsewhere}/query?query=ASK%20%7B%7D"})
        with replying(moved) as address, pytest.raises(EndpointError, match="answers 401"):
            RemoteStore(address, base=graphs.BASE).select("ASK {}")

    assert other.authorizations == [""]


def test_a_readable_secret_leaves_this_machine_only_by_https_or_on_demand() -> None:
    environment = {USER: "me", PASSWORD: "secret"}

    assert credentials("https://example.org/", environment).readable
    assert credentials("http://127.0.0.1:8890/", environment).readable
    assert not credentials("http://example.org/", environment).readable
    assert credentials("http://example.org/", {**environment, PLAIN: "yes"}).readable
    assert not credentials("http://example.org/", {TOKEN: "secret"}).headers()
    digest_only = credentials("http://example.org/", environment).handlers("http://example.org/")
    assert [type(handler).__name__ for handler in digest_only] == ["HTTPDigestAuthHandler"]


@pytest.mark.parametrize("given", [{USER: "me"}, {PASSWORD: "secret"}])
def test_a_name_without_a_password_is_a_mistake(given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="go together") as refused:
        credentials("https://example.org/", given)

    assert "secret" not in str(refused.value)


def test_a_broken_netrc_file_is_named_by_line_and_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "logins"
    path.write_text("machine example.org login me\nhunter2secret\n")
    with pytest.raises(InputError, match=r"logins, line \d+: this is not how") as refused:
        credentials("https://example.org/", {NETRC: str(path)})

    assert "hunter2secret" not in str(refused.value)
    with pytest.raises(InputError, match="which is no file"):
        credentials("https://example.org/", {NETRC: str(tmp_path / "none")})


@pytest.mark.parametrize("login", ["basic", "digest", "bearer"])
def test_secrets_are_in_no_message_and_no_representation(login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    secrets = ("wrong-password", "wrong-token")
    if login == "bearer":
        monkeypatch.setenv(TOKEN, secrets[1])
    else:
        monkeypatch.setenv(USER, small_server.USER)
        monkeypatch.setenv(PASSWORD, secrets[0])
    said = io.StringIO()
    with server(Behaviour(login=login)) as address, redirect_stdout(said), redirect_stderr(said):
        result = CliRunner().invoke(app, ["query", "ASK { ?s ?p ?o }", "--endpoint", f"{address}/query"])
        try:
            push(quads, remote_at(address))
        except KgError as error:
            said.write(f"{error!r} {error.__cause__!r}")
    said.write(result.output + repr(credentials("https://example.org/", os.environ)))

    assert result.exit_code == 4
    assert "401" in said.getvalue() or "refuses ours" in said.getvalue()
    assert not any(secret in said.getvalue() for secret in secrets)


def test_no_option_takes_a_secret() -> None:
    from typer.main import get_command

    from kg.cli import app

    group = get_command(app)
    commands = getattr(group, "commands")  # noqa: B009
    names = [name for command in commands.values() for option in command.params for name in option.opts]

    assert len(names) > 50
    assert not [name for name in names if any(word in name for word in ("pass", "secret", "token", "user"))]
