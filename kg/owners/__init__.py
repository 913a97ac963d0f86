"""Who owns a project: reads the printed owner, and decides when two mentions are one organisation.

The organisation number decides; without one, only a name that is equal after normalisation, or what people settled.
"""

from __future__ import annotations

from kg.owners.index import Doubt, NameMatch, Owner, OwnerIndex, join_owners
from kg.owners.names import name_key, ordinary_capitals, tidy_name
from kg.owners.splitting import SplitOwner, split_owner
from kg.owners.types import type_teller

__all__ = [
    "Doubt",
    "NameMatch",
    "Owner",
    "OwnerIndex",
    "SplitOwner",
    "join_owners",
    "name_key",
    "ordinary_capitals",
    "split_owner",
    "tidy_name",
    "type_teller",
]
