"""Who we are to a server: a name and password or a token, from the environment or a netrc file, never from arguments.

| where                                                     | what for                                        |
|-----------------------------------------------------------|-------------------------------------------------|
| ``KG_ENDPOINT_TOKEN``                                     | sent as ``Authorization: Bearer``               |
| ``KG_ENDPOINT_USER`` with ``KG_ENDPOINT_PASSWORD``        | Basic or Digest, whichever the server asks for  |
| the file ``NETRC`` names, or ``.netrc`` in the home folder | the same, by host                               |
| ``KG_ENDPOINT_PLAIN_HTTP=yes``                            | lets readable secrets leave this machine by http |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPBasicAuthHandler, HTTPDigestAuthHandler, HTTPPasswordMgrWithDefaultRealm

from kg.errors import InputError, UsageError

TOKEN, USER, PASSWORD, NETRC, PLAIN = (
    "KG_ENDPOINT_TOKEN",
    "KG_ENDPOINT_USER",
    "KG_ENDPOINT_PASSWORD",
    "NETRC",
    "KG_ENDPOINT_PLAIN_HTTP",
)
"""Names of the variables."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name with its password, or a token; `readable` says that they may be sent as they are.

    Digest hides a password even where `readable` is false.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    readable: bool = True

    def __bool__(self) -> bool:
        return bool(self.user or self.token)

    def headers(self) -> Mapping[str, str]:
        """Return the headers to send with every request."""
        return {"Authorization": f"Bearer {self.token}"} if self.token and self.readable else {}

    def handlers(self, address: str) -> list[BaseHandler]:
        """Return what answers a server's question for a password; a server that does not ask is told nothing."""
        if not self.user:
            return []
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, address, self.user, self.password)
        return [HTTPDigestAuthHandler(known), *([HTTPBasicAuthHandler(known)] if self.readable else [])]


def credentials(address: str, environment: Mapping[str, str]) -> Credentials:
    """Return what to log in with at `address`; the environment goes before the netrc file.

    Raises:
        UsageError: there is a name without a password, or the other way round.
        InputError: the netrc file is not one; its text is never repeated.

    >>> credentials("https://example.org/sparql", {"KG_ENDPOINT_USER": "me", "KG_ENDPOINT_PASSWORD": "secret"})
    Credentials(user='me', readable=True)
    """
    readable = _readable(address, environment)
    if token := environment.get(TOKEN):
        return Credentials(token=token, readable=readable)
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if bool(user) != bool(password):
        raise UsageError(f"{USER} and {PASSWORD} go together, and only one of them is set")
    if not user:
        user, password = _from_netrc(urlsplit(address).hostname or "", environment)
    return Credentials(user, password, readable=readable)


def _readable(address: str, environment: Mapping[str, str]) -> bool:
    """Return whether a secret may be sent unhidden: not over a network on which others can read it."""
    parts = urlsplit(address)
    here = parts.hostname in ("localhost", "::1") or str(parts.hostname).startswith("127.")
    return parts.scheme == "https" or here or environment.get(PLAIN, "").lower() in ("yes", "true", "1")


def _from_netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str]:
    from netrc import NetrcParseError, netrc

    named = environment.get(NETRC)
    home = environment.get("HOME")
    path = Path(named) if named else Path(home) / ".netrc" if home else None
    if path is None or not path.is_file():
        if named:
            raise InputError(f"{NETRC} names {named}, which is no file")
        return "", ""
    try:
        found = netrc(str(path)).authenticators(host)
    except NetrcParseError as error:
        # The library's own message may hold a word of the file, which may be the password.
        raise InputError(f"{path}, line {error.lineno}: this is not how a netrc file is written") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {type(error).__name__}") from None
    return (found[0], found[2] or "") if found else ("", "")
