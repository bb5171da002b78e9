"""The registry of functions: each says its names, what it takes and gives, how Python and PostgreSQL compute it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ..check import Checker
    from ..nodes import Call
    from ..tree import Term

Run = TypeVar("Run", bound=Callable[..., Any])
Shape = Callable[["Checker", "Call"], "Term"]


@dataclass(frozen=True)
class Param:
    """What one argument must be. A blank number is 0, a blank text is "", a blank date makes the result blank.

    `kept` leaves blanks to the function; `many` takes the rest of the arguments; `words` are the texts allowed.
    """

    kind: str
    default: Any = None
    optional: bool = False
    many: bool = False
    kept: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """`run` is the Python implementation over stored values; SQLite calls the same one under `dg_<name>`.

    `pg` is a PostgreSQL expression over {a}, {b}, … (or {all} for a repeated argument), blank where `run` raises one
    of `faults`; None: evaluated only in the application. `shape` types a call by hand. `context`: the caller must
    allow it by name. `zone` functions get the name of the app's zone first. `browser` ones have their twin of the same
    name in runtime/static/js/formula_*.mjs; a formula with any other is asked of the server while a form is filled in.
    """

    name: str
    aliases: tuple[str, ...]
    params: tuple[Param, ...]
    gives: str
    run: Callable[..., Any] | None
    pg: str | None
    faults: tuple[str, ...]
    zone: bool
    context: bool
    shape: Shape | None
    group: str
    words: dict[str, str]
    example: str
    browser: bool

    @property
    def least(self) -> int:
        return sum(not p.optional for p in self.params)

    @property
    def most(self) -> int | None:
        return None if self.params and self.params[-1].many else len(self.params)

    @property
    def pushable(self) -> bool:
        return self.name not in APPLICATION and (self.shape is not None or self.pg is not None)


APPLICATION = frozenset({"JOIN", "SPLIT", "UNIQUE", "FIRST", "LAST", "OLD", "CHANGED"})
"""Calls that a typing rule makes into something that only the application evaluates."""
FUNCTIONS: dict[str, Function] = {}
ALIASES: dict[str, str] = {}
NUMBERS = re.compile(r"-?\d+(\.\d+)?$")


def param(text: str) -> Param:
    """`number`, `number=1`, `number*` (one or more), `any?`, `date~` (blank kept), `day|month|year`."""
    kind, _, default = text.partition("=")
    many, optional, kept = "*" in kind, "?" in kind or bool(default), "~" in kind
    kind = kind.strip("*?~")
    words = tuple(kind.split("|")) if "|" in kind else ()
    value = float(default) if NUMBERS.match(default) else default or None
    return Param("text" if words else kind, value, optional, many, kept, words)


def function(
    names: str,
    takes: str = "",
    gives: str = "number",
    *,
    zh: str,
    en: str,
    example: str,
    pg: str | None = None,
    faults: str = "",
    zone: bool = False,
    context: bool = False,
    shape: Shape | None = None,
    group: str = "",
    browser: bool = True,
) -> Callable[[Run], Run]:
    """Decorator of a Python implementation: `names` is the name and its aliases, `takes` a list of `param` texts."""

    def register(run: Run) -> Run:
        name, *aliases = names.split()
        place = group or run.__module__.rpartition(".")[2]
        enter(
            Function(
                name,
                tuple(aliases),
                parameters(takes),
                gives,
                run,
                pg,
                tuple(faults.split()),
                zone,
                context,
                shape,
                place,
                {"zh": zh, "en": en},
                example,
                browser,
            )
        )
        return run

    return register


def hidden(
    name: str, takes: str, gives: str = "number", *, pg: str | None = None, faults: str = "", zone: bool = False,
    browser: bool = True,
) -> Callable[[Run], Run]:  # fmt: skip
    """Decorator of an operation that only the checker makes: its name is in small letters, which nobody can write."""

    def register(run: Run) -> Run:
        told = tuple(faults.split())
        enter(Function(name, (), parameters(takes), gives, run, pg, told, zone, False, None, "", {}, "", browser))
        return run

    return register


def enter(made: Function) -> None:
    taken = [word for word in (made.name, *made.aliases) if word in FUNCTIONS or word in ALIASES]
    if taken:
        raise ValueError(f"function names taken twice: {taken}")
    FUNCTIONS[made.name] = made
    ALIASES.update(dict.fromkeys(made.aliases, made.name))


def parameters(takes: str) -> tuple[Param, ...]:
    return tuple(param(part) for part in takes.split(", ")) if takes else ()


def special(names: str, *, zh: str, en: str, example: str, context: bool = False) -> Callable[[Shape], Shape]:
    """Decorator of a typing rule: the call becomes terms that the back ends know by themselves."""

    def register(shape: Shape) -> Shape:
        mark = function(names, zh=zh, en=en, example=example, shape=shape, context=context, group=group_of(shape))
        mark(nothing)
        return shape

    return register


def group_of(shape: Shape) -> str:
    return shape.__module__.rpartition(".")[2]


def nothing() -> None:
    """The implementation of a function that its typing rule replaces."""


def canonical(word: str) -> str:
    """The name of a function for any of its names; an unknown word stays."""
    return ALIASES.get(word, word)


def spoken(name: str, language: str) -> str:
    """The name of a function for a reader: the first Chinese alias, else the name itself."""
    found = FUNCTIONS.get(name)
    chinese = [alias for alias in found.aliases if not alias.isascii()] if found and language == "zh" else []
    return chinese[0] if chinese else name


def every() -> Iterator[Function]:
    """All that people can write, by name."""
    return iter(sorted((f for f in FUNCTIONS.values() if f.words), key=lambda f: f.name))
