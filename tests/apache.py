"""A real Apache on loopback, of Debian's package, that serves a folder with the `.htaccess` files in it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests import servers

PACKAGE = "apache2-bin"
_PROGRAM = "apache2"
_SETTINGS = """
ServerRoot {place}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {place}/pid
ErrorLog {place}/log
User www-data
Group www-data
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule negotiation_module {modules}/mod_negotiation.so
LoadModule rewrite_module {modules}/mod_rewrite.so
TypesConfig /dev/null
DocumentRoot {place}/pages
<Directory {place}/pages>
    AllowOverride All
    Require all granted
</Directory>
"""
_MODULES = Path("/usr/lib/apache2/modules")
_PATIENCE = 30
"""Seconds within which the server must answer."""


def installed() -> bool:
    """Return whether the server is there, as `tests.servers.installed` says it."""
    return servers.installed(PACKAGE, _PROGRAM)


@contextmanager
def serving(files: Mapping[str, str]) -> Iterator[str]:
    """Serve files by their paths and yield the address, without a slash at its end.

    Raises:
        RuntimeError: Apache is not installed, or does not start.
    """
    program = servers.program(_PROGRAM)
    if program is None:
        raise RuntimeError(f"Apache is Debian's package {PACKAGE}, which is not installed")
    # The server gives up the rights of root, and must still read its pages.
    place = Path(tempfile.mkdtemp(prefix="kg-apache-"))
    place.chmod(0o755)
    port = servers.free_port()
    for name, text in files.items():
        path = place / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = place / "settings"
    settings.write_text(_SETTINGS.format(place=place, port=port, modules=_MODULES), encoding="utf-8")
    server = subprocess.Popen([program, "-f", settings, "-DFOREGROUND"], stderr=subprocess.PIPE)
    try:
        _wait(server, f"http://127.0.0.1:{port}", place / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=_PATIENCE)
        shutil.rmtree(place)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until the server answers.

    Raises:
        RuntimeError: it does not start.
    """
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    said = log.read_text("utf-8") if log.exists() else ""
    raise RuntimeError(f"Apache does not start: {said}")
