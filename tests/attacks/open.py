"""Attacks that still win or disturb, and why. Their tests have to fail (strict)."""

OPEN = {}
