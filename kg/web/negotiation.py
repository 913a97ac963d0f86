"""Chooses the type and language of an answer from what a client says it accepts (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

_Measure = Callable[[str], float]
LONGEST = 1_000
"""Characters of a header that are read; a longer one counts as absent."""
_PART = re.compile(r"\s*([^;,\s]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def media_type(header: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that an Accept header likes best, the first of equals, or None where it refuses all.

    >>> media_type("text/turtle;q=0.8, application/ld+json", ("text/html", "text/turtle", "application/ld+json"))
    'application/ld+json'
    >>> media_type("text/*;q=0.5, text/html;q=0", ("text/html", "text/turtle"))
    'text/turtle'
    """
    wanted = list(_parts(header))
    if not wanted:
        return offers[0]
    return _best(offers, lambda offer: _quality_of_type(offer, wanted))


def language(header: str | None, offers: Sequence[str]) -> str:
    """Return the offered language that an Accept-Language header likes best; the first offer where it likes none.

    >>> language("nb;q=0.9, en-GB;q=0.8, sv;q=0.3", ("sv", "en"))
    'en'
    """
    wanted = list(_parts(header))
    return _best(offers, lambda offer: _quality_of_language(offer, wanted)) or offers[0]


def allows_gzip(header: str | None) -> bool:
    """Return whether an Accept-Encoding header allows gzip.

    >>> allows_gzip("gzip, deflate"), allows_gzip("gzip;q=0, *"), allows_gzip(None)
    (True, False, False)
    """
    wanted = dict(_parts(header))
    return wanted.get("gzip", wanted.get("*", 0.0)) > 0


def matches_etag(header: str | None, etag: str) -> bool:
    """Return whether an If-None-Match header names an entity tag, by weak comparison.

    >>> matches_etag('"a", W/"b"', '"b"'), matches_etag("*", '"b"'), matches_etag('"bc"', '"b"')
    (True, True, False)
    """
    if header is None or len(header) > LONGEST:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag in tags


def _parts(header: str | None) -> Iterator[tuple[str, float]]:
    """Yield each range with its quality; a quality that cannot be read counts as 0."""
    if header is None or len(header) > LONGEST:
        return
    for part in header.split(","):
        found = _PART.fullmatch(part)
        if found:
            quality = _QUALITY.search(found[2])
            stated = re.search(r";\s*q\s*=", found[2], re.IGNORECASE)
            yield found[1].lower(), float(quality[1]) if quality else 0.0 if stated else 1.0


def _best(offers: Sequence[str], quality: _Measure) -> str | None:
    best = max(offers, key=quality)
    return best if quality(best) > 0 else None


def _quality_of_type(offer: str, wanted: Sequence[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that holds the type."""
    kind = offer.partition("/")[0]
    for name in (offer, f"{kind}/*", "*/*"):
        found = [quality for given, quality in wanted if given == name]
        if found:
            return max(found)
    return 0.0


def _quality_of_language(offer: str, wanted: Sequence[tuple[str, float]]) -> float:
    found = [quality for tag, quality in wanted if tag == offer or tag.startswith(f"{offer}-")]
    return max(found) if found else max([quality for tag, quality in wanted if tag == "*"], default=0.0)
