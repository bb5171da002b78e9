"""`make gallery`: a picture of every page, wide and narrow, light and dark, in both languages, into var/gallery;
`--readme` takes those of the READMEs into docs/pictures instead."""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from engines.apps.platform import open_platform
from runtime.commands.demo import SAMPLES, load_from
from runtime.commands.serve import first_start

from .steps import chromium

ROOT = Path(__file__).resolve().parents[1]
GALLERY, PICTURES = ROOT / "var" / "gallery", ROOT / "docs" / "pictures"
SAMPLE = "crm_livestream"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
APP, BUILD = f"/a/{SAMPLE}", f"/build/{SAMPLE}"
PAGES = {
    "sign_in": "/sign-in",
    "public_form": "{public}",
    "home": "/",
    "list": f"{APP}/fan?sort=-total_spend",
    "no_result": f"{APP}/fan?q=nobody-is-called-so",
    "list_board": f"{APP}/fan?view=board&f=",
    "record": f"{APP}/fan/{{fan}}",
    "record_edit": f"{APP}/fan/{{fan}}/edit",
    "record_new": f"{APP}/order/new",
    "board_review": f"{APP}/d/session_review",
    "board_value": f"{APP}/d/fan_value",
    "board_sales": f"{APP}/d/sales_desk",
    "report": f"{APP}/r/sales_funnel",
    "behind": f"{APP}/r/platform_fans/records",
    "inbox": "/tasks",
    "team": "/tasks/team",
    "import": f"{APP}/fan/import",
    "export": f"{APP}/fan/export",
    "links": f"{APP}/fan/links",
    "bin": f"{APP}/fan/bin",
    "search": "/search?q=a",
    "account": "/account",
    "people": "/admin",
    "person": "/admin/people/2",
    "departments": "/admin/departments",
    "roles": "/admin/roles",
    "tokens": "/admin/tokens",
    "runs": "/admin/runs",
    "outbox": "/admin/outbox",
    "audit": "/admin/audit",
    "api": "/api/docs",
    "design": BUILD,
    "design_form": f"{BUILD}/forms/fan?sel=field:tags",
    "design_flow": f"{BUILD}/flows/high_intent",
    "design_flow_branch": f"{BUILD}/flows/coupon?sel=node/big",
    "design_rule": f"{BUILD}/rules/vip",
    "design_table": f"{BUILD}/tables/fan_tier",
    "design_report": f"{BUILD}/reports/session_sources",
    "design_analysis": f"{BUILD}/reports/sales_funnel",
    "design_board": f"{BUILD}/dashboards/session_review",
    "design_tile": f"{BUILD}/dashboards/session_review?sel=tile:w_daily_revenue",
    "design_dataset": f"{BUILD}/datasets/sales",
    "design_message": f"{BUILD}/messages/welcome",
    "design_role": f"{BUILD}/roles/seller",
    "design_menu": f"{BUILD}/menu",
    "design_texts": f"{BUILD}/texts?of=forms/fan",
    "design_uses": f"{BUILD}/uses?of=fan.total_spend",
    "design_preview": f"{BUILD}/forms/fan/preview",
    "new_app": "/build/new",
    "publish": f"{BUILD}/publish",
    "export_app": f"{BUILD}/export",
    "import_app": "/build/import",
    "components": "/build/components",
    "reference": "/build/reference",
    "app_arrived": f"{BUILD}/arrived",
    "nowhere": "/nowhere",
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AS_SUPERVISOR = ("inbox", "team")
README = {"list": "list", "board_review": "dashboard"}


def main(arguments: list[str]) -> int:
    """0, or 1 when a page could not be opened."""
    readme = "--readme" in arguments
    target = PICTURES if readme else GALLERY
    if not readme:
        shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    bad = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        for language in LANGUAGES:
            with workspace(language) as link:
                bad += for_readme(browser, link, language) if readme else everything(browser, link, language)
        browser.close()
    if not readme:
        (target / "index.html").write_text(index(target), encoding="utf-8")
    print(f"{len(list(target.glob('*.png')))} pictures in {target}", *bad, sep="\n")
    return 1 if bad else 0


@contextmanager
def workspace(language: str) -> Iterator[str]:
    """The sign-in link of a server that has the sample and its demo data in `language`."""
    with tempfile.TemporaryDirectory() as folder:
        platform = open_platform(Path(folder), sync="off")
        first_start(platform, SAMPLE)
        load_from(platform, SAMPLE, SAMPLES / SAMPLE, language)
        platform.close()
        command = [sys.executable, "app.py", "serve", "--data", folder, "--port", "0"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            said = (re.search(r"http://\S+/sign-in/\S+", line) for line in server.stdout or ())
            yield next(found[0] for found in said if found)
            server.terminate()


def for_readme(browser: Browser, link: str, language: str) -> list[str]:
    with signed_in(browser, link, language) as (page, root):
        page.set_viewport_size({"width": 1400, "height": 760})
        return [
            told
            for name, called in README.items()
            if (told := take(page, root + PAGES[name], PICTURES / f"{called}.{language}.png"))
        ]


def everything(browser: Browser, link: str, language: str) -> list[str]:
    with signed_in(browser, link, language) as (page, root):
        found = places(page, root)
        bad = []
        for theme in THEMES:
            page.context.add_cookies([{"name": "theme", "value": theme, "url": root}])
            page.emulate_media(color_scheme=theme)
            for supervisor in (False, True):
                act_as(page, root, supervisor=supervisor)
                for name in (one for one in PAGES if (one in AS_SUPERVISOR) == supervisor):
                    for size, pixels in SIZES.items():
                        page.set_viewport_size(pixels)
                        file = GALLERY / f"{name}.{language}.{theme}.{size}.png"
                        bad.append(take(page, root + PAGES[name].format(**found), file))
            act_as(page, root, supervisor=False)
    return [told for told in bad if told]


@contextmanager
def signed_in(browser: Browser, link: str, language: str) -> Iterator[tuple[Page, str]]:
    with browser.new_context(locale=LANGUAGES[language], viewport=SIZES["wide"]) as context:
        page = context.new_page()
        page.goto(link)
        yield page, link.partition("/sign-in/")[0]


def places(page: Page, root: str) -> dict[str, str]:
    """What the addresses of PAGES leave open: the biggest spender's record, the path of the public form."""
    page.goto(root + PAGES["list"])
    fan = str(page.locator("tbody tr").first.get_attribute("data-id"))
    page.goto(root + PAGES["links"])
    return {"fan": fan, "public": urlsplit(page.locator(".link-card input").first.input_value()).path}


def act_as(page: Page, root: str, *, supervisor: bool) -> None:
    page.set_viewport_size(SIZES["wide"])
    page.goto(root)
    page.locator("[data-test=me]").click()
    person = page.locator("#me-menu [data-test^=act-as]")
    if supervisor:
        person.first.click()
    elif page.locator("[data-test=act-as-0]").count():
        page.locator("[data-test=act-as-0]").click()


def take(page: Page, address: str, file: Path) -> str:
    """What is wrong with the page, empty when nothing is."""
    answer = page.goto(address, wait_until="networkidle")
    page.wait_for_function(
        "document.querySelectorAll('[data-chart]').length === document.querySelectorAll('[data-drawn]').length"
    )
    page.screenshot(path=file, animations="disabled")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        return f"{file.stem} scrolls sideways by {wide} px"
    return f"{file.stem}: {answer.status}" if answer and answer.status >= 400 and "nowhere" not in file.stem else ""


def index(folder: Path) -> str:
    """One page with all of them, a row a page."""
    rows = []
    for name in PAGES:
        shots = sorted(folder.glob(f"{name}.*.png"), key=lambda file: (file.stem.rpartition(".")[2], file.stem))
        pictures = "".join(
            f'<a href="{file.name}"><img src="{file.name}" alt="{html.escape(file.stem)}" height="300"></a>'
            for file in shots
        )
        rows.append(f"<h2>{name}</h2><p>{pictures}</p>")
    style = "body{font:14px system-ui;margin:24px}p{display:flex;gap:8px;overflow-x:auto}img{border:1px solid #ccc}"
    return f'<!doctype html><meta charset="utf-8"><title>Dougong</title><style>{style}</style>{"".join(rows)}\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
