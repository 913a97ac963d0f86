"""Processes that share the steps of a check of a large store, which each of them opens for reading."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from copyreg import pickle as how_to_pickle
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from threading import Thread
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from kg.errors import KgError
from kg.store.bulk_loader import end_with_parent
from kg.store.child import Child
from kg.validation.checking import Checking

if TYPE_CHECKING:
    from kg.validation.facts import Facts
    from kg.validation.shapes import Shapes

Step = tuple[str, Any]
"""The name of a method of `Checking`, and what it is called with."""


class Crew(Protocol):
    """Those who do the steps of a check."""

    def do(self, steps: Sequence[Step]) -> Iterator[Any]:
        """Do steps and yield what each gives, in any order."""


@dataclass(frozen=True, slots=True)
class Alone:
    """This process."""

    checking: Checking

    def do(self, steps: Sequence[Step]) -> Iterator[Any]:
        """Do steps, each when it is asked for."""
        return (getattr(self.checking, name)(argument) for name, argument in steps)


class Processes:
    """Some processes on this machine; a step goes to the first of them that is free."""

    def __init__(self, number: int, folder: str, facts: Facts, shapes: Shapes) -> None:
        """Start `number` processes for the store in `folder`, of which `facts` tell what is not in it.

        Raises:
            KgError: they cannot be started.
        """
        self._members: list[_Member] = []
        with ExitStack() as stack:
            stack.callback(self.close)
            try:
                start = pickle.dumps((folder, facts, shapes))
                for _ in range(number):
                    self._members.append(_Member(start))
            except OSError as error:
                raise KgError(f"no process could be started to check with: {error}; try --workers 1") from error
            stack.pop_all()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes."""
        return tuple(member.pid for member in self._members)

    def do(self, steps: Sequence[Step]) -> Iterator[Any]:
        """Do steps and yield what each gives, in any order.

        Raises:
            KgError: what a step raises, or a process was lost.
        """
        todo = iter(steps)
        busy: dict[Connection, _Member] = {}
        free = list(self._members)
        while True:
            while free and (step := next(todo, None)) is not None:
                member = free.pop()
                member.tell(step)
                busy[member.speaker] = member
            if not busy:
                return
            for ready in wait(list(busy)):
                member = busy.pop(ready)  # type: ignore[call-overload]
                yield member.answer()
                free.append(member)

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for member in self._members:
            member.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Member:
    """One process; it ends with this one, however that ends."""

    def __init__(self, start: bytes) -> None:
        program = ("-c", "from kg.validation.crew import main; main()")
        # Whoever interrupts the check from the keyboard interrupts this process only, which ends that one.
        self._child = Child(program, group=0)
        self.speaker = Connection(self._child.speaker.detach())
        self._send(start)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    def tell(self, step: Step) -> None:
        """Have it do a step."""
        self._send(pickle.dumps(step))

    def answer(self) -> Any:
        """Return what the step gave."""
        try:
            answer = self.speaker.recv()
        except (EOFError, OSError) as error:
            raise self._lost() from error
        if isinstance(answer, KgError):
            raise answer
        return answer

    def end(self) -> None:
        """End the process."""
        self.speaker.close()
        self._child.end()

    def _send(self, message: bytes) -> None:
        try:
            self.speaker.send_bytes(message)
        except OSError as error:
            raise self._lost() from error

    def _lost(self) -> KgError:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1)  # so that it can say why
        return KgError(
            "a process that checks ended before its work was done: it was killed, or memory ran out; "
            "try again, or with --workers 1"
        )


def _view(members: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(members)


how_to_pickle(MappingProxyType, lambda view: (_view, (dict(view),)))


def main() -> None:
    """Do the steps that are told over the socket whose number is the argument of this process, until it is closed."""
    import pyoxigraph

    Thread(target=end_with_parent, daemon=True).start()
    with Connection(int(sys.argv[1])) as speaker:
        folder, facts, shapes = speaker.recv()
        facts.store = pyoxigraph.Store.read_only(folder)
        checking = Checking(facts, shapes)
        while True:
            try:
                name, argument = speaker.recv()
            except EOFError:
                return
            try:
                answer = getattr(checking, name)(argument)
            except KgError as error:
                answer = error
            speaker.send(answer)
