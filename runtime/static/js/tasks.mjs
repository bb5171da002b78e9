/* The inbox: moving through the list by key, controls of a task that has just come, one primary button by key. */
import { all, one } from "./shell.mjs";
import { wake } from "./widgets.mjs";

const pane = one("#task-pane"), items = () => all("#tasks-list [data-task]");

/** The list marks what the pane shows. */
function mark() {
  const shown = one("[data-shown-task]")?.dataset.shownTask;
  for (const item of items()) {
    item.classList.toggle("on", item.dataset.task === shown);
    if (item.dataset.task === shown) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}

/** @param {number} by */
function step(by) {
  const found = items(), at = found.findIndex((e) => e.classList.contains("on"));
  const next = found[Math.min(found.length - 1, Math.max(0, at + by))];
  if (!next || next === found[at]) return;
  found[at]?.classList.remove("on");
  next.classList.add("on");
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

/** The first thing to fill in, else the button. */
function work() {
  const form = one("#task-form");
  if (form) one("[aria-invalid=true], [data-test=asked] :is(input, select, textarea):not([type=hidden]), #task-comment, [data-main], button", form)?.focus();
}

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (!pane) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && at.closest("#task-form")) {
    one("[data-main]", pane)?.click();
    event.preventDefault();
  }
  if (event.key === "Escape" && at.closest("#task-form")) { at.blur(); one("#tasks-list .li.on")?.focus(); }
  if (event.ctrlKey || event.metaKey || event.altKey || at.matches("input, textarea, select, [contenteditable]") || one("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); event.preventDefault(); }
  if (event.key === "Enter" && !at.closest("button, summary, #task-pane a, .nav a, .top a, .tasks-list .bar a, .search a")) {
    if (!at.matches("[data-task]") || at.classList.contains("on")) { event.preventDefault(); work(); }
  }
});

let shown = one("#task-form");
document.addEventListener("htmx:after:swap", () => {
  mark();
  if (!pane) return;
  wake(pane);
  for (const box of all(".toast[data-toast]")) setTimeout(() => box.remove(), 5000);
  if (shown !== (shown = one("#task-form"))) one("[data-test=problems], [data-test=conflict]", pane)?.scrollIntoView({ block: "nearest" });
});
if (pane) { wake(pane); mark(); }

/* what arrives meanwhile: asked for every 20 s while somebody looks; the answer is empty when nothing changed */
const fresh = () => { if (document.visibilityState === "visible") one("#tasks-fresh")?.dispatchEvent(new Event("fresh")); };
if (pane) { setInterval(fresh, 20_000); document.addEventListener("visibilitychange", fresh); }

/* conditions of the team's list act at once */
const auto = one("form[data-auto]");
auto?.addEventListener("change", (event) => { if (!/** @type {HTMLElement} */ (event.target).closest(".dd")) auto.submit(); });
