/* A spreadsheet is looked at as soon as it is chosen: what its columns would become stands below, to be changed. */
import { one } from "/static/js/shell.mjs";

document.addEventListener("change", async (event) => {
  const input = /** @type {any} */ (event.target), form = input.closest?.("[data-look]");
  if (!form || input.type !== "file" || !input.files.length) return;
  const body = new FormData(), box = one("[data-columns]", form), name = one("[name=name]", form);
  body.set("file", input.files[0]);
  box.setAttribute("aria-busy", "true");
  const answer = await fetch(form.dataset.look, { method: "POST", body }).catch(() => null);
  box.removeAttribute("aria-busy");
  if (!answer) return;
  box.innerHTML = await answer.text();
  if (name && !name.value) name.value = input.files[0].name.replace(/\.[^.]*$/, "");
});
