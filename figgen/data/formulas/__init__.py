"""Formulas over arrays: parsed, evaluated, and differentiated exactly."""
