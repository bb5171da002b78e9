"""Changes of the platform's own tables, one module each, in order of their numbers."""
