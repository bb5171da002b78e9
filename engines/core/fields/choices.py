"""Options of select and tags: `[{id, label {zh, en}, tone}]` in the field itself."""

from engines.core.kernel.kind import Definition


def choices(field: Definition) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(option id, all its labels) in order, as formulas want them."""
    return tuple((o["id"], tuple(o["label"].values())) for o in field.get("options", ()))


def id_of(text: str, field: Definition) -> str:
    """The id of the option that is called `text` in any language; `text` itself when none is."""
    for option, labels in choices(field):
        if text == option or text in labels:
            return option
    return text


def label_of(option: str | None, field: Definition, language: str) -> str:
    """What a reader calls the option; its id when it is gone."""
    for known in field.get("options", ()):
        if known["id"] == option:
            return str(known["label"].get(language) or next(iter(known["label"].values())))
    return option or ""
