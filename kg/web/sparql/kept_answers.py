"""Answers kept to be given again, the ones not asked for longest dropped first; a build never changes, so they hold."""

from __future__ import annotations

from collections import OrderedDict

from kg.web.sparql.outcomes import Found

_LARGEST_PART = 16
"""An answer that would fill more than this part of the room is not kept."""


class KeptAnswers:
    """Answers by key, at most `room` bytes in all, keys included."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._kept: OrderedDict[str, Found] = OrderedDict()

    def get(self, key: str) -> Found | None:
        """Return the answer with that key, if it is kept."""
        answer = self._kept.get(key)
        if answer is not None:
            self._kept.move_to_end(key)
        return answer

    def put(self, key: str, answer: Found) -> None:
        """Keep an answer, if it is not too large."""
        size = len(key) + len(answer.body)
        if size > self._room // _LARGEST_PART or key in self._kept:
            return
        self._kept[key] = answer
        self._used += size
        while self._used > self._room:
            oldest, dropped = self._kept.popitem(last=False)
            self._used -= len(oldest) + len(dropped.body)

    def clear(self) -> None:
        """Drop all."""
        self._kept.clear()
        self._used = 0
