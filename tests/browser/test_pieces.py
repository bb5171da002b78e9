"""A page that took over hundreds of partial answers says the same as one that is loaded anew."""

import random

BUILD = "/build/crm_livestream"
COMMANDS = 40
MODULES = """async () => { const at = document.querySelector('script[src*="js/builder.mjs"]').src;
  window.builder = await import(at); }"""
LOOSE = """async ([panes]) => {
  const url = `${document.querySelector('[data-view]').dataset.view}?sel=${encodeURIComponent(builder.selected())}`;
  const fresh = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
  const bare = (root) => { const copy = root.cloneNode(true); copy.normalize();
    const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), blank = [];
    while (walk.nextNode()) if (!walk.currentNode.data.trim()) blank.push(walk.currentNode);
    blank.forEach((one) => one.remove());
    return copy.innerHTML; };
  return panes.map((pane) => [bare(document.querySelector(pane)), bare(fresh.querySelector(pane))]); }"""
"""What some panes hold, here and on the page as the server sends it whole."""


def opened(page, served, path):
    page.goto(served)
    page.goto(f"{page.url.rstrip('/')}{BUILD}{path}")
    page.wait_for_function("() => window.trips === 0 && document.querySelector('[data-n]').textContent !== '…'")
    page.evaluate(MODULES)
    return page


def done(page, op, values):
    page.evaluate("([op, values]) => builder.send(op, values)", [op, values])


def chosen(page, sel):
    page.evaluate("sel => new Promise(then => builder.select(sel, then))", sel)


def the_same(page, *panes):
    for here, anew in page.evaluate(LOOSE, [panes]):
        at = next((n for n, (a, b) in enumerate(zip(here, anew, strict=False)) if a != b), min(len(here), len(anew)))
        around = slice(max(0, at - 120), at + 240)
        assert here[around] == anew[around]


def on_a_form(page, r):
    """(operation, what it needs) of something that can be done on the canvas as it stands."""
    fields = page.locator("#canvas [data-kind=field]").evaluate_all("all => all.map(e => e.dataset.id)")
    drops = page.locator("#canvas [data-accepts=field]").evaluate_all("all => all.map(e => e.dataset.drop)")
    one, where = r.choice(fields), {"section": r.choice(drops), "index": r.randrange(6)}
    return r.choice(
        [
            ("add", {"type": r.choice(["text", "number", "date", "subform", "select"]), **where}),
            ("add", {"type": r.choice(["section", "tab"])}),
            ("move", {"id": one, **where}),
            ("move", {"id": f"section:{drops[-1]}", "index": r.randrange(len(drops))}),
            ("nudge", {"id": one, "by": r.choice([-1, 1])}),
            ("duplicate", {"id": one}),
            ("remove", {"id": one}),
            ("wrap", {"id": one}),
            ("say", {"sel": one, "text": f"Name {r.randrange(99)}"}),
            ("widen", {"sel": one, "width": r.choice([3, 4, 6, 12])}),
            ("undo", {}),
            ("undo", {}),
            ("redo", {}),
        ]
    )


def on_a_flow(page, r):
    lines = page.locator("#cv [data-at]").evaluate_all("all => all.map(e => e.dataset.at)")
    steps = page.locator("#cv .node").evaluate_all("all => all.map(e => e.dataset.step)")
    step, at = r.choice([one for one in steps if one != "start"]), r.choice(lines)
    return r.choice(
        [
            ("insert", {"at": at, "kind": r.choice(["approve", "branch", "cc", "wait", "fork"])}),
            ("insert", {"at": at, "kind": "approve"}),
            ("insert", {"at": at, "kind": "cc"}),
            ("insert", {"at": at, "kind": "branch"}),
            ("branch", {"step": step}),
            ("move", {"step": step, "at": at}),
            ("duplicate", {"step": step}),
            ("delete", {"step": step}),
            ("rename", {"step": step, "text": f"Step {r.randrange(99)}"}),
            ("jump", {"edge": at.partition(",")[0], "to": r.choice(steps)}),
            ("undo", {}),
            ("redo", {}),
        ]
    )


def test_a_form_after_many_partial_answers_is_the_form_loaded_anew(page, served):
    r, page = random.Random(5), opened(page, served, "/forms/fan")
    for _ in range(COMMANDS):
        if r.random() < 0.2:
            chosen(page, r.choice(["", page.locator("#canvas [data-id]").first.get_attribute("data-id")]))
        done(page, *on_a_form(page, r))
        the_same(page, "#canvas", "#side", "#state")
    assert page.locator("#canvas [data-kind=field]").count() > 3


def test_a_flow_after_many_partial_answers_is_the_flow_loaded_anew(page, served):
    r, page = random.Random(5), opened(page, served, "/flows")
    page.locator("[data-test=flow-menu]").click()
    page.locator("[data-test=new-flows]").click()
    page.wait_for_function("() => document.querySelectorAll('#cv .node').length === 2")
    page.evaluate(MODULES)
    most = 0
    for _ in range(COMMANDS):
        done(page, *on_a_flow(page, r))
        the_same(page, "#canvas", "#state")
        most = max(most, page.locator("#cv .node").count())
    assert most > 8


def test_what_was_altered_here_or_is_missing_is_sent_again(page, served):
    page = opened(page, served, "/forms/fan")
    done(page, "add", {"type": "text", "section": "rest", "index": 0})
    page.evaluate("document.querySelector('#canvas [data-kind=field]:nth-child(2)').remove()")
    done(page, "add", {"type": "text", "section": "rest", "index": 0})
    the_same(page, "#canvas")
    page.evaluate(
        """() => { const send = window.fetch; window.fetch = async (...given) => { const answer = await send(...given);
        document.querySelector('#canvas [data-kind=field]:nth-child(2)')?.remove();
        window.fetch = send; return answer; } }"""
    )
    done(page, "add", {"type": "text", "section": "rest", "index": 0})
    the_same(page, "#canvas")
