"""The record that stands beside a fetched page: where it came from, when, and what the server said about it.

The record of ``page.html`` is ``page.html.meta.json``. It speaks of a page only if the hash of the page is the one that
it names.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.model import Notice

RECORD_SUFFIX = ".meta.json"
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a stored page beyond its content; all None where there is no record that fits."""

    address: str | None = None
    retrieved: str | None = None
    charset: str | None = None
    notices: tuple[Notice, ...] = ()


def is_record(path: Path) -> bool:
    """Return whether a file is the record of a page and no source itself."""
    return path.name.endswith(RECORD_SUFFIX)


def record_path(page: Path) -> Path:
    """Return where the record of a page stands."""
    return page.with_name(page.name + RECORD_SUFFIX)


def read_record(page: Path, name: str, sha256: str) -> Record:
    """Return what the record beside `page`, called `name`, says about a content with the hash `sha256`."""
    try:
        # Hardly any page has a record; to put its path together as text is the quickest way to find that out.
        with Path(f"{page}{RECORD_SUFFIX}").open(encoding="utf-8") as opened:
            found = json.load(opened)
    except FileNotFoundError:
        return Record()
    except (OSError, ValueError) as error:
        return _unusable(name, f"the record of the page cannot be read ({error}); it was passed over")
    if not isinstance(found, dict):
        return _unusable(name, "the record of the page is no JSON object; it was passed over")
    if found.get("sha256") != sha256:
        return _unusable(name, "the page is not the one that its record speaks of; the record was passed over")
    address, retrieved, kind = (found.get(key) for key in ("address", "retrieved", "content_type"))
    return Record(
        address=address if isinstance(address, str) and _ADDRESS.fullmatch(address) else None,
        retrieved=_moment(retrieved),
        charset=charset_of(kind) if isinstance(kind, str) else None,
    )


def charset_of(content_type: str) -> str | None:
    """Return the encoding that a header ``Content-Type`` names.

    >>> charset_of("text/html; charset=UTF-8"), charset_of("text/html")
    ('UTF-8', None)
    """
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def _unusable(name: str, message: str) -> Record:
    return Record(notices=(Notice(name, 0, "", "wrong-record", message),))


def _moment(text: object) -> str | None:
    """Return a point in time in UTC as XML Schema writes it."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
