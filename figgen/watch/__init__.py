"""Figures drawn again as their files are saved, and shown on a local page."""
