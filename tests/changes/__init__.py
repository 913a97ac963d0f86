"""Tests of what changed between two graphs."""
