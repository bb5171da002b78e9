"""Options of select and tags: `[{id, label {zh, en}, tone}]` in the field itself."""

import re

from engines.core.kernel.kind import Definition

SEPARATORS = ",，、;；|\n"
OPTIONS_FROM = {
    "id": "options_from",
    "type": "text",
    "label": {"zh": "用共用的选项表", "en": "From a shared list"},
    "help": {"zh": "填应用里共用选项表的 id", "en": "The id of one of the app's shared lists"},
    "pattern": "[a-z][a-z0-9_]*",
    "max_length": 32,
}


def choices(field: Definition) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(option id, all its labels) in order, as formulas want them."""
    return tuple((o["id"], tuple(o["label"].values())) for o in field.get("options", ()))


def id_of(text: str, field: Definition) -> str:
    """The id of the option that is called `text` in any language; `text` itself when none is."""
    return _names(field).get(_folded(text.strip()), text)


def ids_of(text: str, field: Definition) -> list[str]:
    """The same for several in one cell; a label that contains a separator stays whole."""
    names, found, rest = _names(field), [], text.strip(SEPARATORS + " ")
    while rest:
        name = _leading(rest, names)
        found.append(names.get(_folded(name.strip()), name.strip()))
        rest = rest[len(name) :].strip(SEPARATORS + " ")
    return found


def label_of(option: str | None, field: Definition, language: str) -> str:
    """What a reader calls the option; its id when it is gone."""
    for known in field.get("options", ()):
        if known["id"] == option:
            return str(known["label"].get(language) or next(iter(known["label"].values())))
    return option or ""


def _leading(text: str, names: dict[str, str]) -> str:
    """The longest name that `text` starts with, up to a separator; else whatever stands before the first one."""
    for name in sorted(names, key=len, reverse=True):
        if _folded(text[: len(name)]) == name and text[len(name) :].lstrip()[:1] in ("", *SEPARATORS):
            return text[: len(name)]
    return re.split(f"[{SEPARATORS}]", text, maxsplit=1)[0]


def _names(field: Definition) -> dict[str, str]:
    """Labels win over ids, so that what was shown is what is read."""
    labels = {_folded(label): option for option, labels in reversed(choices(field)) for label in labels}
    return {_folded(option): option for option, _labels in choices(field)} | labels


def _folded(text: str) -> str:
    """Small letters, one for one: ß and İ would change the length and shift what stands behind them."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
