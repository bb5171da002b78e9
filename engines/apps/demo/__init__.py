"""Demo data: a recipe in JSON, one seeded generator, marks on what it made."""

from .load import Demo, quiet
from .recipe import check_recipe, read_recipe

__all__ = ["Demo", "check_recipe", "quiet", "read_recipe"]
