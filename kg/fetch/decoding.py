"""Undoes the compression of an answer: whole or not at all, and never to more than is allowed."""

from __future__ import annotations

import zlib

from kg.values import ValueProblem

ACCEPTED = "gzip, deflate"
"""What a request says that this module can read."""
_GZIP, _ZLIB, _RAW = 31, 15, -15
_NONE = frozenset(("", "identity"))


def decoded(content: bytes, encodings: str, largest: int, *, cut: bool = False) -> bytes:
    """Return the bytes that a server packed, the last named encoding undone first.

    Args:
        content: the body as it was sent.
        encodings: the header ``Content-Encoding``, empty where there is none.
        largest: how many bytes may come out.
        cut: whether a beginning will do, of a body that breaks off or is longer.

    Raises:
        ValueProblem: `unknown-encoding`, `broken-encoding` where the body ends too early or is damaged, `too-large`.

    >>> decoded(zlib.compress(b"page"), "deflate", 10)
    b'page'
    """
    for encoding in reversed([each.strip().lower() for each in encodings.split(",")]):
        if encoding in ("gzip", "x-gzip"):
            content = _unpacked(content, _GZIP, largest, cut=cut)
        elif encoding == "deflate":
            content = _unpacked(content, _deflate_kind(content), largest, cut=cut)
        elif encoding not in _NONE:
            raise ValueProblem("unknown-encoding", f"the page is packed as {encoding}; asked for was {ACCEPTED}")
    return content


def _deflate_kind(content: bytes) -> int:
    """Return whether the wrapping of RFC 1950 is there, which some servers leave out."""
    wrapped = len(content) > 1 and content[0] & 0x0F == zlib.DEFLATED and int.from_bytes(content[:2], "big") % 31 == 0
    return _ZLIB if wrapped else _RAW


def _unpacked(content: bytes, kind: int, largest: int, *, cut: bool) -> bytes:
    unpacked = bytearray()
    rest = content
    while rest:
        unpacker = zlib.decompressobj(kind)
        try:
            unpacked += unpacker.decompress(rest, largest + 1 - len(unpacked))
        except zlib.error as error:
            raise ValueProblem("broken-encoding", f"the page cannot be unpacked ({error})") from error
        if len(unpacked) > largest:
            if cut:
                return bytes(unpacked[:largest])
            raise ValueProblem("too-large", f"the page has more than {largest} bytes when unpacked")
        if not unpacker.eof:
            if cut:
                return bytes(unpacked)
            raise ValueProblem("broken-encoding", "the packed page breaks off before its end")
        # A gzip file may have several parts; zeros after the last are filling.
        rest = unpacker.unused_data.lstrip(b"\0") if kind == _GZIP else b""
    return bytes(unpacked)
