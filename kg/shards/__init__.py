"""Has pieces of work (shards) done in this process, in processes beside it, or on a cluster: always in one order."""

from __future__ import annotations

from kg.shards.opening import OnCluster, open_workers
from kg.shards.place import Place
from kg.shards.workers import Workers

__all__ = ["OnCluster", "Place", "Workers", "open_workers"]
