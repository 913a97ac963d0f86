"""Opens the workers that a build is given, for as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kg.shards.place import Place
from kg.shards.workers import InProcess, LocalProcesses, Workers


@dataclass(frozen=True, slots=True)
class OnCluster:
    """A dask.distributed cluster: the address of its scheduler, and the path or URL of a place that its workers see.

    With `keep` the N-Quads of the shards stay there.
    """

    address: str
    shared: str
    keep: bool = False


@contextmanager
def open_workers(wanted: int | OnCluster) -> Iterator[Workers]:
    """Give so many processes, this one alone if it is one, or a cluster.

    Raises:
        UsageError: the cluster cannot be meant so.
        BuildError: the cluster cannot be used.
    """
    workers = _workers(wanted)
    whole = False
    try:
        yield workers
        whole = True
    finally:
        workers.close(whole=whole)


def _workers(wanted: int | OnCluster) -> Workers:
    if isinstance(wanted, OnCluster):
        from kg.shards.cluster import Cluster

        return Cluster(wanted.address, Place(wanted.shared), keep=wanted.keep)
    return InProcess() if wanted == 1 else LocalProcesses(wanted)
