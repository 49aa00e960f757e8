"""Measurements of the build against yardsticks."""
