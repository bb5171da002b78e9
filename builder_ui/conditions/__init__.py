"""Conditions as sentences and as formulas, wherever a builder writes one."""
