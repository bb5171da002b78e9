"""The designers of rules and of decision tables."""
