"""Demo data: a recipe in JSON, one seeded generator, marks on what it made."""

from . import moments, values
from .load import Demo, NoDemo
from .recipe import check_recipe, read_recipe

__all__ = ["Demo", "NoDemo", "check_recipe", "moments", "read_recipe", "values"]
