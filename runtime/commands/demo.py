"""`demo …`: the demo data of an app."""

import sys
from pathlib import Path

from engines.apps.demo import Demo, read_recipe
from engines.apps.platform import SYSTEM, Platform
from engines.core.kernel.errors import NotFound
from engines.core.records import marks

from .base import Call, argument, command

SAMPLES = Path(__file__).parents[2] / "sample_apps"
APP = argument("app", help="the app's id")
LANGUAGE = argument("--language", choices=["zh", "en"], help="of texts and names")


@command("demo load", APP, LANGUAGE, argument("--recipe", metavar="FOLDER", help="where demo.json stands"))
def load(call: Call) -> None:
    """make demo data from the recipe in the app's folder; what is there is replaced"""
    folder = Path(call.args.recipe) if call.args.recipe else SAMPLES / call.args.app
    call.say(load_from(call.platform, call.args.app, folder, call.args.language))


@command("demo reset", APP, LANGUAGE)
def reset(call: Call) -> None:
    """take demo data away and make it again as of today; what people entered themselves stays"""
    call.say(Demo(call.platform, call.args.app).reset(language=call.args.language or ""))


@command("demo clear", APP)
def clear(call: Call) -> None:
    """take demo data away; what people entered themselves stays"""
    call.say({"removed": Demo(call.platform, call.args.app).clear()})


@command("demo show", APP)
def show(call: Call) -> None:
    """how much of the demo data is there"""
    found = call.platform.look(SYSTEM, lambda look: marks.load_of(look, call.args.app))
    call.say({"done": found.done, "of": found.of, "language": found.language} if found else {"done": 0, "of": 0})


def load_from(platform: Platform, app: str, folder: Path, language: str | None = None) -> dict[str, int]:
    """Load an app's demo data from `folder`; how many records of each form. NotFound without a demo.json in it."""
    recipe = read_recipe(folder)
    if recipe is None:
        raise NotFound(recipe=str(folder / "demo.json"))
    print(f"demo data for {app} …", file=sys.stderr, flush=True)
    return Demo(platform, app).load(recipe, language=language or "")
