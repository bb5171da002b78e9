"""Pages that end users live in."""
