"""Charts as PNG or SVG, made in a process of its own: `python -m engines.report.pictures FORMAT < spec.json`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .theme import theme

ROOT = Path(__file__).parents[2]
SIZE = (720, 360)
LOCALES = {"zh": "zh-CN", "en": "en-US"}


def picture(spec: dict[str, Any], language: str, kind: str, *, title: str = "", mode: str = "light") -> bytes:
    """`kind` is png or svg; the spec still has $tokens. The renderer's 150 MB stay out of the asking process."""
    job = {"spec": themed(spec, mode, title), "locale": LOCALES[language]}
    command = [sys.executable, "-m", "engines.report.pictures", kind]
    given = json.dumps(job).encode()
    done = subprocess.run(command, input=given, cwd=ROOT, capture_output=True, timeout=120, check=True)  # noqa: S603  our own module
    return done.stdout


def themed(spec: dict[str, Any], mode: str, title: str = "") -> dict[str, Any]:
    """Tokens become colours, sizes fixed ones, and the panel a background."""
    look = theme(mode)
    text = json.dumps(spec, ensure_ascii=False)
    for name, color in look["tokens"].items():
        text = text.replace(f'"${name}"', f'"{color}"')
    found: dict[str, Any] = json.loads(text)
    width, height = SIZE
    config = look["config"] | {"background": look["tokens"]["panel"], "padding": 16}
    heading = {"title": {"text": title, "anchor": "start", "color": look["tokens"]["ink"]}} if title else {}
    return found | {"width": width, "height": height, "config": config} | heading


def _draw(kind: str, job: dict[str, Any]) -> bytes:
    import vl_convert

    options = {"format_locale": job["locale"], "time_format_locale": job["locale"]}
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(job["spec"], **options)).encode()
    return bytes(vl_convert.vegalite_to_png(job["spec"], scale=2, **options))


if __name__ == "__main__":
    sys.stdout.buffer.write(_draw(sys.argv[1], json.load(sys.stdin)))
