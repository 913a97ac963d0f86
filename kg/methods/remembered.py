"""What was worked out about a word, kept for when the word comes again: a language has few different words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sized
from typing import Generic, Protocol, TypeVar, overload


class _Asked(Hashable, Sized, Protocol):
    """A word, or several things one after another."""


_Owner = TypeVar("_Owner")
_Word = TypeVar("_Word", bound=_Asked)
_Known = TypeVar("_Known")

_MOST = 50_000
_LONGEST = 60


class Remembered(dict[_Word, _Known]):
    """A table of what `of` tells of each word asked for, so that looking a word up again costs next to nothing.

    The common words come early, so the first 50,000 are kept, and none of more than 60 letters: texts without end fill
    no memory.

    >>> sizes = Remembered(len)
    >>> sizes["ord"], list(sizes)
    (3, ['ord'])
    """

    def __init__(self, of: Callable[[_Word], _Known]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, word: _Word) -> _Known:
        known = self._of(word)
        if len(self) < _MOST and len(word) <= _LONGEST:
            self[word] = known
        return known


class once(Generic[_Owner, _Known]):  # noqa: N801
    """A property that is worked out when it is asked for first, and then kept: `functools.cached_property` locks."""

    def __init__(self, of: Callable[[_Owner], _Known]) -> None:
        self._of, self._name = of, of.__name__
        self.__doc__ = of.__doc__

    @overload
    def __get__(self, owner: None, kind: type[_Owner]) -> once[_Owner, _Known]: ...
    @overload
    def __get__(self, owner: _Owner, kind: type[_Owner]) -> _Known: ...
    def __get__(self, owner: _Owner | None, kind: type[_Owner]) -> once[_Owner, _Known] | _Known:
        if owner is None:
            return self
        known = vars(owner)[self._name] = self._of(owner)
        return known
