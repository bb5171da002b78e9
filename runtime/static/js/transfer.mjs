/* Import and export: the dropped file's name, how far a job is, which columns are taken. Everything works without. */
import { all, one, piece } from "./shell.mjs";

const drop = one("[data-drop]");
if (drop) {
  const input = one("input", drop);
  const named = () => { if (input.files.length) one("[data-name]", drop).textContent = input.files[0].name; };
  input.addEventListener("change", named);
  for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.toggleAttribute("data-over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; named(); }
  });
  one("[data-upload]").addEventListener("submit", (event) => event.submitter?.setAttribute("aria-busy", "true"));
}

/** Asks again until the job is through; then the page shows what came of it. */
async function follow() {
  const box = one("[data-progress]");
  if (!box) return;
  if (box.dataset.going === "no") return location.reload();
  try {
    box.outerHTML = await piece(box.dataset.progress);
  } catch { /* the next round may get through */ }
  setTimeout(follow, one("[data-progress]")?.dataset.going === "no" ? 0 : 600);
}
if (one("[data-progress]")) setTimeout(follow, 250);

const columns = one("form[data-columns]");
if (columns) {
  const key = one("[data-key]", columns), show = () => (key.hidden = one("[name=mode]:checked", columns)?.value === "insert");
  columns.addEventListener("change", (event) => {
    show();
    if (event.target.name?.startsWith("c")) event.target.closest("tr").classList.toggle("out", !event.target.value);
  });
  show();
}

const out = one("[data-export]");
if (out) {
  one("[data-every]", out).onclick = () => all("[name=field]", out).forEach((e) => (e.checked = true));
  one("[data-shown]", out).onclick = () => all("[name=field]", out).forEach((e) => (e.checked = "inList" in e.dataset));
}
