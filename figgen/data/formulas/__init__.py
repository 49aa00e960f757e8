"""Formulas over arrays: text -> tree (`parser`), tree -> array (`evaluate`), exact derivatives (`derivative`)."""
