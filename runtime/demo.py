"""Demo data on the pages: how far it is, restoring and clearing it, and opening the workspace as one of its people."""

import threading
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from engines.apps.demo import Demo, read_recipe
from engines.apps.demo.personas import personas
from engines.apps.platform import SYSTEM, Platform
from engines.core.access import audit
from engines.core.kernel.work import Look
from engines.core.records import marks

from . import render, shell
from .account import enable_personas
from .guard import actor, platform, right

demo = Blueprint("demo", __name__)


class Loader:
    """Loads, restores or clears demo data beside the pages, one thing at a time."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self._lock = platform, threading.Lock()

    @property
    def busy(self) -> bool:
        return self._lock.locked()

    def load(self, app: str, folder: Path, language: str = "") -> threading.Thread:
        """The demo data of a freshly installed sample; without a language in the workspace's."""
        recipe = read_recipe(folder)
        return self._start(lambda: Demo(self._platform, app).load(recipe, language=language) if recipe else None)

    def reset(self, app: str, language: str = "") -> threading.Thread:
        return self._start(lambda: Demo(self._platform, app).reset(language=language))

    def clear(self, app: str) -> threading.Thread:
        return self._start(lambda: Demo(self._platform, app).clear())

    def go_on(self) -> None:
        """What a restart cut short is done again."""
        for app in self._platform.look(SYSTEM, _cut_short):
            self.reset(app)

    def _start(self, do: Any) -> threading.Thread:
        def work() -> None:
            with self._lock:
                do()

        thread = threading.Thread(target=work, name="demo data", daemon=True)
        thread.start()
        return thread


def _cut_short(look: Look) -> list[str]:
    loads = {app.id: marks.load_of(look, app.id) for app in look.apps.all()}
    return [app for app, load in loads.items() if load is not None and not load.whole]


def state(look: Look) -> list[dict[str, Any]]:
    """Apps with demo data: {app, done, of, whole, others}; `others`: languages it could be made in as well."""
    found = []
    for app in look.apps.all():
        if load := marks.load_of(look, app.id):
            others = [one for one in app.definition["languages"] if one != load.language and one in render.LANGUAGES]
            found.append({"app": app, "done": load.done, "of": load.of, "whole": load.whole, "others": others})
    return found


@demo.get("/demo")
@right("signed_in")
def progress() -> str:
    """The block of the home page, asked for again while data arrives."""
    return render_template("demo/block.html", block=platform().look(actor(), block))


def block(look: Look) -> dict[str, Any]:
    """What the home page shows of demo data: progress to everybody, restoring to the owner."""
    loader: Loader = current_app.extensions["dougong.demo"]
    return {"apps": state(look), "busy": loader.busy, "owner": look.rights.may("owner")}


@demo.post("/demo/<name>/<do>")
@right("owner")
def act(name: str, do: str) -> Response:
    """Restore, in another `language` when one is sent, or clear; on record."""
    if do not in ("reset", "clear"):
        abort(404)
    loader: Loader = current_app.extensions["dougong.demo"]
    platform().run(actor(), lambda uow: audit.record(uow, f"demo_{do}", f"app:{name}"))
    loader.reset(name, request.form.get("language", "")) if do == "reset" else loader.clear(name)
    return redirect("/")


def install(app: Flask, platform: Platform) -> None:
    app.extensions["dougong.demo"] = Loader(platform)
    shell.BLOCKS[:] = [one for one in shell.BLOCKS if one[0] != "demo/block.html"] + [("demo/block.html", block)]
    enable_personas(app, personas)
