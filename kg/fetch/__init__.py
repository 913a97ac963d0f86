"""Fetches project pages politely and stores each with a record of where and when it came from.

Only this package opens the network for pages. It keeps to the rules of a site (robots.txt), waits between requests,
asks only for what has changed, and never talks to an address inside a private network unless told to.
"""

from __future__ import annotations

from kg.fetch.fetching import Options, Outcome, Summary, fetch
from kg.fetch.targets import PROJECT_ADDRESS, Target, targets

__all__ = ["PROJECT_ADDRESS", "Options", "Outcome", "Summary", "Target", "fetch", "targets"]
