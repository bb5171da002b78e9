/* The preview of a form: controls awake, conditional fields shown as the draft says. */
import { all, one } from "/static/js/shell.mjs";
import { sections } from "/static/js/sections.mjs";
import { wake } from "/static/js/widgets.mjs";

const form = one("#look");
wake(form);
const parts = sections(form);

async function reveal() {
  const answer = await fetch(form.dataset.shown, { method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))) }).catch(() => null);
  if (!answer?.ok) return;
  for (const [name, shown] of Object.entries(await answer.json())) all(`[data-field="${name}"]`, form).forEach((e) => (e.hidden = !shown));
  for (const section of all("section", form)) section.hidden = all("[data-field]", section).every((e) => e.hidden);
  parts();
}
if (one("[data-visible]", form)) {
  reveal();
  form.addEventListener("change", reveal);
}
