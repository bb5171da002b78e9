/* Public forms: how far one is, one press one entry. */
import { all, one } from "./shell.mjs";

const form = one("form[data-public]");
if (form) {
  const { wake } = await import("./widgets.mjs");
  await wake(form);
  if (one("[data-live]", form)) import("./live.mjs").then(({ live }) => live(form));
  const boxes = all("[data-field]", form), bar = one("[data-filled]", form);
  const filled = (box) => all("input, select, textarea", box).some((e) => e.name && (e.type === "checkbox" || e.type === "radio" ? e.checked : e.value));
  const seen = () => boxes.filter((box) => !box.hidden);
  const tell = () => { bar.style.inlineSize = `${Math.round((100 * seen().filter(filled).length) / Math.max(1, seen().length))}%`; };
  let sending = false;
  for (const name of ["input", "change"]) form.addEventListener(name, tell);
  form.addEventListener("submit", (event) => {
    if (sending) return event.preventDefault();
    sending = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => { sending = false; all("[aria-busy]", form).forEach((e) => e.removeAttribute("aria-busy")); });
  tell();
  (one("[aria-invalid=true]", form) ?? one("[data-test=problems]", form))?.focus();
}
