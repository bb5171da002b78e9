"""Every page of the product with the sample and its demo data: nobody is shut out, nothing is left in the wrong
language, nothing scrolls sideways on a phone."""

import re

import pytest
from babel.messages.pofile import read_po

from runtime.render import HERE
from tools.gallery import LANGUAGES, PAGES, SIZES, places, workspace

from ..conftest import ROOT
from .conftest import narrow_enough

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TALL = {**SIZES["phone"], "height": 12000}
"""The bar at the foot of a phone covers half a line that is scrolled under it: here nothing lies there."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PHRASE = re.compile(r"[A-Z]?[a-z]+(?: [a-z]+){2,}[.?]?$")
"""Three English words in a row that nobody gave a name to."""
SEEN = """() => {
  const apart = "script, style, template, code, kbd, pre, .mono, body [lang], [hidden], textarea, [data-test^=row-], " +
    "[data-test=timeline], [data-said]";
  const theirs = (e) => e.closest(apart), found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!theirs(walk.currentNode.parentElement)) found.push(walk.currentNode.textContent.trim());
  for (const name of ["aria-label", "placeholder", "title"])
    for (const e of document.querySelectorAll(`[${name}]`)) if (!theirs(e)) found.push(e.getAttribute(name).trim());
  return found.filter((text) => text);
}"""


SHIFTS = """
window.shifts = [];
const rect = (r) => [r.x, r.y, r.width, r.height].map(Math.round).join(" ");
const told = ({ node, previousRect, currentRect }) =>
  `${(node?.outerHTML ?? node?.textContent ?? "").slice(0, 120)}: ${rect(previousRect)} to ${rect(currentRect)}`;
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (!one.hadRecentInput) window.shifts.push({ value: one.value, moved: one.sources.map(told) });
}).observe({ type: "layout-shift", buffered: true });
"""
"""What moves by itself after it was drawn, and by how much."""
MOST_SHIFT = 0.1


def english():
    """Texts of the product as its code has them, where Chinese says it in other words."""
    with (HERE / "translations" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {one.id for one in read_po(file) if isinstance(one.id, str) and one.id and one.id != one.string}


@pytest.mark.parametrize(("language", "theme", "size"), [("zh", "light", "wide"), ("en", "dark", "phone")])
def test_every_page_is_open_to_everybody_in_their_language(browser, language, theme, size):
    wrong, asked = [], set()
    with workspace(language) as link, browser.new_context(locale=LANGUAGES[language], bypass_csp=True) as window:
        page = window.new_page()
        page.goto(link)
        root = link.partition("/sign-in/")[0]
        found = places(page, root)
        window.add_cookies([{"name": "theme", "value": theme, "url": root}])
        page.emulate_media(color_scheme=theme)
        page.add_init_script(SHIFTS)
        for name, path in PAGES.items():
            page.set_viewport_size(SIZES[size])
            page.goto(root + path.format(**found), wait_until="networkidle")
            if size == "phone":
                wrong += [f"{name}: {told}" for told in moving(page)]
            page.set_viewport_size(SIZES[size] if size == "wide" else TALL)
            wrong += [f"{name}: {told}" for told in (*shut_out(page, asked), *foreign(page, language))]
            narrow_enough(page, f"{name} scrolls sideways on a {size} screen")
    assert not wrong, "\n".join(wrong)
    assert "target-size" in asked


def moving(page):
    """What moved under the reader's eyes, when it was too much in all."""
    shifts = page.evaluate("window.shifts")
    total = sum(one["value"] for one in shifts)
    return [f"moves by {total:.2f}: {what}" for one in shifts for what in one["moved"]] if total > MOST_SHIFT else []


def shut_out(page, asked):
    """What axe finds that keeps somebody from using the page; `asked` gets the rules that had something to look at."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = {"runOnly": list(RULES), "resultTypes": ["violations"]}
    results = page.evaluate("told => axe.run(document, told)", told)
    asked |= {one["id"] for one in results["passes"]}
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in results["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def foreign(page, language):
    """Texts that are not in the reader's language; what people and builders wrote is theirs."""
    texts = set(page.evaluate(SEEN))
    if language == "en":
        return sorted(text for text in texts if CHINESE.search(text))
    return sorted(texts & english() | {text for text in texts if PHRASE.match(text)})
