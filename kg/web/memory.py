"""A memory of pages made before, kept compressed, so that all pages of a large graph fit into little."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from kg.web.answers import Content, Language

WORTH_GZIP = 600
"""Bytes below which compression does not pay."""
_LEVEL = 5
_ROOM = 1_000
"""Bytes that an entry takes besides its body."""


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer follows from: the generation, and what was asked of it."""

    generation: str
    path: str
    language: Language
    form: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An answer as it is kept: `content` without its body, which stands in `kept`, compressed if it is `packed`."""

    content: Content
    etag: str
    kept: bytes
    packed: bool

    def body(self, *, compress: bool) -> bytes:
        """Return the body, compressed or as it was made."""
        return self.kept if compress or not self.packed else gzip.decompress(self.kept)


def made(content: Content) -> Made:
    """Return an answer as it is kept."""
    body = content.body
    packed = len(body) > WORTH_GZIP
    kept = gzip.compress(body, _LEVEL, mtime=0) if packed else body
    return Made(replace(content, body=b""), hashlib.sha256(body).hexdigest()[:32], kept, packed)


class Memory:
    """Keeps what was made up to so many bytes, the least used thrown out first."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._made: OrderedDict[Key, Made] = OrderedDict()

    def get(self, key: Key) -> Made | None:
        """Return what was made, if it is still kept."""
        with self._lock:
            found = self._made.get(key)
            if found:
                self._made.move_to_end(key)
            return found

    def put(self, key: Key, fresh: Made) -> None:
        """Keep what was made, unless it would take the room of too many others."""
        with self._lock:
            if key in self._made or len(fresh.kept) > self._most // 8:
                return
            self._made[key] = fresh
            self._size += len(fresh.kept) + _ROOM
            while self._size > self._most:
                _, old = self._made.popitem(last=False)
                self._size -= len(old.kept) + _ROOM
