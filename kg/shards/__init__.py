"""Has pieces of work (shards) done in this process, in processes beside it, or on a cluster: always in one order."""

from __future__ import annotations

from kg.shards.nquads import Shard, in_graph, out_of_graph, statements_end
from kg.shards.opening import OnCluster, open_workers
from kg.shards.place import Place
from kg.shards.workers import Workers

__all__ = ["OnCluster", "Place", "Shard", "Workers", "in_graph", "open_workers", "out_of_graph", "statements_end"]
