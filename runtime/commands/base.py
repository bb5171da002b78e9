"""How a command of the command line is declared: one decorated function, found by its module's import."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from engines.apps.platform import Platform


@dataclass(frozen=True)
class Call:
    """What a command gets: the open workspace, its arguments, and the blueprints that app.py adds."""

    platform: Platform
    args: argparse.Namespace
    parts: Sequence[Blueprint] = ()

    def say(self, result: dict[str, Any]) -> None:
        """The answer: JSON with --json, else a line each."""
        if self.args.json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            for name, value in result.items():
                print(f"{name}: {value}")


Do = Callable[[Call], int | None]
Argument = tuple[Sequence[str], dict[str, Any]]


@dataclass(frozen=True)
class Command:
    path: tuple[str, ...]
    do: Do
    arguments: tuple[Argument, ...]
    workspace: bool = True
    """Does it work on a workspace? One that does not makes none."""


_commands: dict[tuple[str, ...], Command] = {}


def argument(*flags: str, **options: Any) -> Argument:
    return flags, options


def command(path: str, *arguments: Argument, workspace: bool = True) -> Callable[[Do], Do]:
    """Declares `app.py <path>`; the function's docstring is its help. Without `workspace` none is opened."""

    def declare(do: Do) -> Do:
        key = tuple(path.split())
        _commands[key] = Command(key, do, arguments, workspace)
        return do

    return declare


def commands() -> Iterator[Command]:
    yield from (_commands[key] for key in sorted(_commands))
