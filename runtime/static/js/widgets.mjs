/* Controls that need a hand: pickers of days and records, uploads, rows of a child table. Native inputs stay what is sent. */
import { all, one, toast, words } from "./shell.mjs";

const libraries = JSON.parse(one("#libraries")?.textContent ?? "{}");
const zh = document.documentElement.lang.startsWith("zh");
/** @type {Record<string, Promise<void>>} */
const loading = {};

/** A library, once, when the first control asks for it. @param {string} name @returns {Promise<void>} */
function load(name) {
  return (loading[name] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = libraries[name];
    script.onload = () => resolve();
    script.onerror = reject;
    document.head.append(script);
  }));
}

/** Wake every control below an element. @param {ParentNode} root */
export async function wake(root) {
  all("[data-subform]", root).forEach(rows);
  all("[data-upload]", root).forEach(upload);
  const days = all("input[data-date]", root), picks = all("select[data-pick]", root).filter((e) => !e.closest("template"));
  if (days.length) { await load("flatpickr"); if (zh) await load("flatpickr_zh"); days.forEach(calendar); }
  if (picks.length) { await load("tomselect"); picks.forEach(choose); }
}

/** @param {any} input */
function calendar(input) {
  if (input._flatpickr) return;
  const time = input.dataset.date === "time";
  globalThis.flatpickr(input, {
    allowInput: true, disableMobile: true, dateFormat: time ? "Y-m-d H:i" : "Y-m-d", enableTime: time, time_24hr: true,
    locale: zh ? "zh" : { firstDayOfWeek: 1 }, clickOpens: true, appendTo: input.closest("dialog") ?? undefined,
    onReady: (_days, _text, picker) => acts(picker),
    onClose: () => input.dispatchEvent(new Event("change", { bubbles: true })),
  });
}

// The library waits 50 ms before it follows its field; until then an open calendar would make a narrow page scroll.
addEventListener("resize", () => {
  for (const { _flatpickr: picker } of all("input[data-date]")) if (picker?.isOpen) picker._positionCalendar();
});

/** Today, and nothing at all. */
function acts(picker) {
  const row = document.createElement("div");
  row.className = "picker-acts";
  for (const [text, value] of [[zh ? "今天" : "Today", new Date()], [zh ? "清除" : "Clear", null]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn ghost sm", textContent: text });
    button.onclick = () => { picker.setDate(value, true); picker.close(); };
    row.append(button);
  }
  picker.calendarContainer.append(row);
}

/** @param {any} select */
function choose(select) {
  if (select.tomselect?.wrapper.isConnected) return;
  select.tomselect?.dropdown.remove(); // its picker went when the pane around it was drawn anew
  delete select.tomselect;
  const remote = select.dataset.lookup, name = select.getAttribute("aria-label") ?? nameOf(select);
  const picker = new globalThis.TomSelect(select, {
    plugins: select.multiple ? { remove_button: { title: words.remove } } : {}, maxOptions: 500, refreshThrottle: remote ? 300 : 0, hidePlaceholder: true, allowEmptyOption: false, create: false,
    preload: remote ? "focus" : false, valueField: "value", labelField: "text", searchField: "text", closeAfterSelect: !select.multiple,
    dropdownParent: select.closest("dialog, .dd, td") ? null : "body",
    render: { no_results: () => `<div class="no-results">${words.nothing}</div>` },
    ...(remote ? { load: (q, done) => fetch(`${remote}?q=${encodeURIComponent(q)}`).then((r) => r.json()).then(done, () => done()), shouldLoad: () => true } : {}),
  });
  for (const named of [select, picker.control_input]) named.setAttribute("aria-label", name);  // the library takes the label away from one and gives it to the other
}

/** What a field is called. @param {any} control */
function nameOf(control) {
  const box = control.closest(".fld, fieldset");
  return (control.labels?.[0] ?? (box && one(".lbl, label, legend", box)))?.textContent.trim() ?? "";
}

/** @param {HTMLElement} box */
function upload(box) {
  const input = one("[data-file]", box), list = one("[data-files]", box), drop = one(".drop", box);
  input.addEventListener("change", () => { [...input.files].forEach((file) => send(box, list, file)); input.value = ""; });
  list.addEventListener("click", (event) => event.target.closest("[data-drop-file]")?.closest("li").remove());
  for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("on", name === "dragover");
    if (name === "drop") [...event.dataTransfer.files].forEach((file) => send(box, list, file));
  });
}

/** @param {HTMLElement} box @param {HTMLElement} list @param {File} file */
function send(box, list, file) {
  const item = document.createElement("li");
  item.className = "row";
  item.innerHTML = `<span class="fill cut"></span><span class="small muted num"></span>`;
  one(".fill", item).textContent = file.name;
  if (box.dataset.many !== "1") list.replaceChildren();
  list.append(item);
  const body = new FormData(), request = new XMLHttpRequest();
  body.append("file", file);
  body.append("spot", box.dataset.spot ?? "");
  request.open("POST", box.dataset.upload ?? "/files");
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => (one(".num", item).textContent = `${Math.round((100 * event.loaded) / event.total)}%`);
  request.onerror = () => { item.remove(); toast(words.failed, "bad"); };
  request.onload = () => {
    const answer = JSON.parse(request.responseText || "{}");
    if (request.status !== 200) { item.remove(); toast(`${file.name}: ${answer.message ?? words.failed}`, "bad"); return; }
    item.innerHTML = `<input type="hidden" name="${box.dataset.name}" value="${answer.id}"><svg class="i" aria-hidden="true"><use href="#i-clip"/></svg><span class="fill cut"></span><button type="button" class="btn ghost sm ic" data-drop-file aria-label="${words.remove}"><svg class="i s" aria-hidden="true"><use href="#i-x"/></svg></button>`;
    one(".fill", item).textContent = answer.name;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  request.send(body);
}

/** Rows of a child table: added, taken away, put in another order; by mouse and by keyboard. @param {HTMLElement} box */
function rows(box) {
  if (box.dataset.awake) return;
  box.dataset.awake = "1";
  const body = one("tbody", box), template = one("template", box);
  const add = () => {
    const n = Number(box.dataset.next);
    box.dataset.next = String(n + 1);
    const holder = document.createElement("tbody");
    holder.innerHTML = template.innerHTML.replaceAll(/NEW/g, String(n));
    const row = /** @type {HTMLElement} */ (holder.firstElementChild);
    body.append(row);
    wake(row);
    one("input:not([type=hidden]), select, textarea", row)?.focus();
  };
  box.addEventListener("click", (event) => {
    const at = /** @type {HTMLElement} */ (event.target), row = at.closest("[data-row]");
    if (at.closest("[data-row-add]")) add();
    if (at.closest("[data-row-drop]")) row?.remove();
    if (at.closest("[data-row-up]") && row?.previousElementSibling) { row.previousElementSibling.before(row); one("[data-row-up]", row).focus(); }
    if (at.closest("[data-row-down]") && row?.nextElementSibling) { row.nextElementSibling.after(row); one("[data-row-down]", row).focus(); }
    const blank = Boolean(at.closest("[data-row-add]")); // nothing stands in it yet
    if (blank || at.closest("[data-row-drop], [data-row-up], [data-row-down]")) box.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: { blank } }));
  });
  one("[data-row-find]", box)?.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = event.target.value.trim().toLowerCase(), says = (/** @type {any} */ input) => input.value.toLowerCase().includes(wanted);
    for (const row of all("[data-row]", body)) row.hidden = !all("input:not([type=hidden])", row).some(says);
  });
  box.addEventListener("keydown", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest("[data-row]");
    if (event.key === "Enter" && row && !row.nextElementSibling && /** @type {HTMLElement} */ (event.target).matches("input")) { event.preventDefault(); add(); }
    if (event.altKey && event.key === "ArrowUp" && row?.previousElementSibling) row.previousElementSibling.before(row);
    if (event.altKey && event.key === "ArrowDown" && row?.nextElementSibling) row.nextElementSibling.after(row);
  });
}
