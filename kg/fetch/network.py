"""The one door to the network: resolves a host once, refuses what is not public, and connects to what was checked."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from kg.values import ValueProblem

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 write them (RFC 6052)."""


def is_public(address: str) -> bool:
    """Return whether an IP address lies in the public internet.

    >>> is_public("127.0.0.1"), is_public("10.0.0.1"), is_public("::ffff:192.168.0.1"), is_public("193.10.0.1")
    (False, False, False, True)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolved(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """Return the IP addresses of a host, the preferred one first.

    Raises:
        ValueProblem: `unknown-host`, or `private-address` where one of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ValueProblem("unknown-host", f"the host {host} cannot be found ({error})") from error
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not allow_private and not is_public(address):
            message = f"{host} leads to {address}, which is no public address (--allow-private lifts this)"
            raise ValueProblem("private-address", message)
    return tuple(dict.fromkeys(addresses))


class CheckedTransport(httpx.BaseTransport):
    """Sends requests to the address that was checked, so that a name cannot lead elsewhere in between.

    Args:
        allow_private: whether addresses that are not public may be asked.
        headers_timeout: seconds until a server must have sent the head of its answer, however it spreads it.
    """

    def __init__(self, *, allow_private: bool, headers_timeout: float) -> None:
        self._allow_private, self._headers_timeout = allow_private, headers_timeout
        # One connection at a time, so that the one that was made last is the one in use.
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self._inner = httpx.HTTPTransport(retries=0, trust_env=False, limits=limits)
        self._connected: Any = None
        self._late = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            ValueProblem: the host is unknown or not public, or the head of its answer takes too long.
        """
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = resolved(host, port, allow_private=self._allow_private)
        # The certificate is checked against the name; the Host header was set from it when the request was made.
        request.extensions = {**request.extensions, "sni_hostname": host, "trace": self._note}
        for address in addresses[:-1]:
            try:
                return self._sent(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                # A host with IPv6 and IPv4 may be in reach by one of them only.
                continue
        return self._sent(request, addresses[-1])

    def _sent(self, request: httpx.Request, address: str) -> httpx.Response:
        request.url = request.url.copy_with(host=address)
        self._late = False
        # The time limit for reading counts from byte to byte, and a head may come in very many.
        timer = threading.Timer(self._headers_timeout, self._break_off)
        timer.daemon = True
        timer.start()
        try:
            return self._inner.handle_request(request)
        except httpx.TransportError as error:
            if self._late:
                limit = f"more than {self._headers_timeout:.0f} seconds to begin its answer"
                raise ValueProblem("too-slow", f"{request.extensions['sni_hostname']} took {limit}") from error
            raise
        finally:
            timer.cancel()

    def _note(self, event: str, found: Mapping[str, Any]) -> None:
        """Remember the connection that was made."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._connected = found["return_value"]

    def _break_off(self) -> None:
        self._late = True
        connected = self._connected.get_extra_info("socket") if self._connected is not None else None
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close all connections."""
        self._inner.close()
