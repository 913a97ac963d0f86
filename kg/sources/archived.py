"""Takes the page out of a web archive (MHTML), which browsers offer beside plain HTML when a page is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass

ARCHIVE_SUFFIXES = frozenset((".mhtml", ".mht"))
_HEAD = 4096
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """The bytes of the first page of an archive, their encoding and the address, None where these are not told."""

    content: bytes
    charset: str | None
    address: str | None


def is_archive(data: bytes) -> bool:
    r"""Return whether bytes are a web archive, whatever the name of their file.

    >>> is_archive(b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n")
    True
    """
    head = data[:_HEAD].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def archived_page(data: bytes) -> ArchivedPage | None:
    """Return the page of a web archive, None where it holds none."""
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            named = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "")
            address = named if _ADDRESS.fullmatch(named) else None
            return ArchivedPage(content if isinstance(content, bytes) else b"", part.get_content_charset(), address)
    return None
