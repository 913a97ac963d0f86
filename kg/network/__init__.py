"""The network of projects, owners, methods and regions: NetworkX graphs, and what projects share."""

from __future__ import annotations

from kg.network.graph import network
from kg.network.library import Network
from kg.network.reading import Facts, Link, Node, Use, read, selected
from kg.network.sharing import Shared, shared

__all__ = ["Facts", "Link", "Network", "Node", "Shared", "Use", "network", "read", "selected", "shared"]
