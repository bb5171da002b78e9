"""A message as a mail that looks like the product, by day and by night; the plain text always goes beside it."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

LINK = re.compile(r"(https?://[^\s<>\"，。；、）)]+)")


def letter(subject: str, body: str) -> str:
    """HTML of a mail: a heading, paragraphs at blank lines, addresses that can be clicked; nothing from outside."""
    paragraphs = [part.split("\n") for part in re.split(r"\n\s*\n", body.strip()) if part.strip()]
    return _template().render(subject=subject, paragraphs=[[_words(line) for line in part] for part in paragraphs])


def _words(line: str) -> list[tuple[str, bool]]:
    """(text, is it an address)."""
    return [(word, bool(LINK.fullmatch(word))) for word in LINK.split(line) if word]


@cache
def _template() -> Template:
    looked_up = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
    return looked_up.get_template("mail/letter.html")
