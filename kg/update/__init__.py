"""Keeps a site current by one command that may be started at any time and killed at any moment."""

from __future__ import annotations

from kg.update.plan import Fetching, Plan, read_plan
from kg.update.running import Outcome, Result, roll_back, update

__all__ = ["Fetching", "Outcome", "Plan", "Result", "read_plan", "roll_back", "update"]
