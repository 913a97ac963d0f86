"""Workers of a dask.distributed cluster that runs already; what they read and write travels through a shared place.

Only names go through the scheduler: a worker takes a piece of work from the place and puts the result there, what it
says as a compressed file of N-Quads and the rest in a file beside that. A piece whose worker is lost is done again by
another, and gives the same bytes.
"""

from __future__ import annotations

import gzip
import pickle
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import count
from threading import Lock
from typing import Any

from kg.errors import BuildError, UsageError
from kg.shards.nquads import Shard
from kg.shards.place import Place
from kg.shards.workers import Item, Result

NQUADS = ".nq.gz"
"""How the names of files of N-Quads end."""
_LEVEL = 1
"""Of compression: N-Quads repeat so much that more of it saves little and takes far longer."""
_SECONDS_TO_CONNECT = 20
_FEWEST_UNDERWAY = 8
_ONE_AT_A_TIME = Lock()
"""A worker may have several threads; our work holds Python's lock nearly all the time, so they would only disturb."""


class Cluster:
    """The workers of the scheduler at `address` (`tcp://host:8786`), with a folder of their own in `shared`.

    With `keep` the N-Quads stay in that folder, unless the work ends early.

    Raises:
        UsageError: dask.distributed is not installed, or the address or the place means nothing.
        BuildError: nobody answers at the address, no worker is there, or the place cannot be used.
    """

    def __init__(self, address: str, shared: Place, *, keep: bool = False) -> None:
        self._keep = keep
        self._run = uuid.uuid4().hex[:12]
        self.place = shared.inside(f"kg-{self._run}")
        self._address = address
        self._numbers = count(1)
        self.place.write("begun", version("esf-kg").encode())
        self._client: Any = None
        try:
            self._client = _connected(address)
        finally:
            if self._client is None:
                self.place.remove()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], what: str) -> Iterator[Result]:
        """Yield what the function gives for each item, in order."""
        underway: deque[tuple[str, Any]] = deque()
        most = max(_FEWEST_UNDERWAY, 3 * sum(self._client.nthreads().values()))
        try:
            for item in items:
                underway.append(self._begun(function, item, what))
                if len(underway) >= most:
                    yield self._result(*underway.popleft(), what)
            while underway:
                yield self._result(*underway.popleft(), what)
        finally:
            for _, future in underway:
                future.cancel()

    def _begun(self, function: Callable[[Item], Result], item: Item, what: str) -> tuple[str, Any]:
        name = f"{what}-{next(self._numbers):06d}"
        self.place.write(f"{name}.in", pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
        future = self._client.submit(
            _done, function, self.place.url, name, version("esf-kg"), key=f"kg-{self._run}-{name}", pure=True
        )
        return name, future

    def _result(self, name: str, future: Any, what: str) -> Any:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            future.result()
        except KilledWorker as error:
            raise BuildError(f"the same {what} ended several workers of {self._address}; the last: {error}") from error
        except (OSError, CancelledError) as error:
            raise BuildError(f"the cluster at {self._address} was lost: {error}") from error
        except ModuleNotFoundError as error:
            raise BuildError(f"a worker of {self._address} lacks a package: {error}") from error
        return self._taken(name)

    def _taken(self, name: str) -> Any:
        result = pickle.loads(self.place.read(f"{name}.out"))
        done = [f"{name}.in", f"{name}.out"]
        if isinstance(result, Shard):
            shard = f"{name}{NQUADS}"
            result = replace(result, nquads=gzip.decompress(self.place.read(shard)))
            done += [] if self._keep else [shard]
        for each in done:
            self.place.delete(each)
        return result

    @property
    def shards(self) -> Place | None:
        """Where the N-Quads stay."""
        return self.place if self._keep else None

    def close(self, *, whole: bool) -> None:
        """Leave the cluster as it was, and take our files away."""
        self._client.close()
        if not (whole and self._keep):
            self.place.remove()
            return
        for name in self.place.files():
            if not name.endswith(NQUADS):
                self.place.delete(name)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("a cluster needs the extra esf-kg[cluster]") from error
    try:
        client: Any = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise UsageError(f"{address} is no address of a scheduler, such as tcp://host:8786: {error}") from error
    except OSError as error:
        raise BuildError(f"no scheduler of dask answers at {address}: {error}") from error
    try:
        client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
    except TimeoutError as error:
        client.close()
        raise BuildError(f"the scheduler at {address} has no workers") from error
    return client


def _done(function: Callable[[Any], object], url: str, name: str, release: str) -> str:
    """Do a piece of work on a worker."""
    if version("esf-kg") != release:
        raise BuildError(f"a worker has version {version('esf-kg')} of esf-kg; all must have {release}")
    place = Place(url)
    with _ONE_AT_A_TIME:
        result = function(pickle.loads(place.read(f"{name}.in")))
        if isinstance(result, Shard):
            place.write(f"{name}{NQUADS}", gzip.compress(result.nquads, _LEVEL, mtime=0))
            result = replace(result, nquads=b"")
        place.write(f"{name}.out", pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
    return name
