"""Tests and what they share; run from the project's root."""
