/* The frame of every page: palette, menus, theme, counts that come after, notices, questions before something goes. */

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
/** @param {string} selector @param {ParentNode} [root] @returns {any} */
export const one = (selector, root = document) => root.querySelector(selector);
export const words = JSON.parse(one("#words")?.textContent ?? "{}");
const figures = new Intl.NumberFormat(document.documentElement.lang);

/** A piece of a page as HTML. @param {string} url */
export async function piece(url) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** @param {string} text @param {string} [tone] */
export function toast(text, tone = "grey") {
  const box = document.createElement("div");
  box.className = "toast";
  box.innerHTML = `<span class="tone t-${tone}"><svg class="i" aria-hidden="true"><use href="#i-info"/></svg></span><span></span>`;
  one("span:last-child", box).textContent = text;
  one(".toasts")?.append(box);
  setTimeout(() => box.remove(), 6000);
}

/** Yes or no in our own dialog; the focus starts on no. @param {{title: string, text: string, yes: string}} what */
export function ask(what) {
  const box = one("#ask");
  one("[data-title]", box).textContent = what.title;
  one("[data-text]", box).textContent = what.text;
  one("[data-yes]", box).textContent = what.yes;
  box.showModal();
  one("[data-no]", box).focus();
  return new Promise((resolve) => {
    one("[data-yes]", box).onclick = () => { resolve(true); box.close(); };
    one("[data-no]", box).onclick = () => box.close();
    box.onclose = () => resolve(false);
  });
}

/* counts: asked for once a page, kept half a minute so that walking about does not make them blink */
/** @param {string} url */
async function counted(url) {
  const key = `counts:${url}`, kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && Date.now() - kept.at < 30_000 && !document.referrer.includes("/new")) return kept.found;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return null;
  const found = await answer.json();
  sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), found }));
  return found;
}

async function fillCounts() {
  const urls = new Set(all("[data-counts]").map((e) => e.dataset.counts ?? ""));
  for (const url of urls) {
    const found = await counted(url);
    if (!found) continue;
    const mine = all(`[data-counts="${url}"]`).some((e) => e.closest(".nav")) ? document : one(`[data-counts="${url}"]`);
    for (const [name, n] of Object.entries(found.forms)) all(`[data-count="${name}"]`, mine).forEach((e) => (e.textContent = figures.format(n)));
    for (const [name, n] of Object.entries(found.badges)) all(`[data-badge="${name}"]`).forEach((e) => { e.textContent = String(n); e.hidden = !n; });
  }
  const tabs = one("[data-views]");
  const views = tabs && (await counted(tabs.dataset.views));
  for (const [name, n] of Object.entries(views?.views ?? {})) all(`[data-view="${name}"]`, tabs).forEach((e) => (e.textContent = figures.format(/** @type {number} */ (n))));
}

/* what is cut to fit says itself whole to whoever points at it; to be read aloud it is whole anyway */
document.addEventListener("pointerover", (event) => {
  const at = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(".cut"));
  if (at && !at.closest("[title]") && at.scrollWidth > at.clientWidth) at.title = at.textContent?.trim() ?? "";
});

for (const box of all("[data-fill]")) piece(box.dataset.fill ?? "").then((html) => (box.innerHTML = html)).catch(() => {});
addEventListener("load", () => fillCounts());

/* palette */
const palette = one("#palette");
let waiting = 0;
function openPalette() {
  palette.showModal();
  one("input", palette).select();
  find();
}
/** A late answer does not take the place of a newer one. */
async function find() {
  const q = one("input", palette).value, html = await piece(`${palette.dataset.url ?? "/search"}?q=${encodeURIComponent(q)}`);
  if (q !== one("input", palette).value) return;
  one("[data-found]", palette).innerHTML = html;
  one("[data-found] a", palette)?.classList.add("on");
}
function step(by) {
  const hits = all("[data-found] a", palette), at = hits.findIndex((e) => e.classList.contains("on"));
  hits[at]?.classList.remove("on");
  const next = hits[(at + by + hits.length) % hits.length];
  next?.classList.add("on");
  next?.scrollIntoView({ block: "nearest" });
}
if (palette) {
  one("input", palette).addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 150); });
  palette.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { step(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
    if (event.key === "Enter") { const hit = one("[data-found] a.on", palette); if (hit) { event.preventDefault(); hit.click(); } }
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
}

/* one place for clicks and keys of the frame */
document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.closest("[data-palette]")) { event.preventDefault(); openPalette(); all("details.dd[open]").forEach((menu) => { /** @type {any} */ (menu).open = false; }); }
  const sure = /** @type {any} */ (at.closest("[data-sure]"));
  if (sure) { event.preventDefault(); if (await ask({ title: sure.dataset.sure, text: sure.dataset.sureText, yes: sure.dataset.sureYes })) sure.form.submit(); }
  if (at.closest("[data-close]")) at.closest(".toast, .pop")?.remove();
  const copy = /** @type {any} */ (at.closest("[data-copy]"));
  if (copy) {
    const text = copy.dataset.copy ?? "";
    await navigator.clipboard?.writeText(text.startsWith("/") ? location.origin + text : text).catch(() => {});
    toast(words.copied, "ok");
  }
  if (at.closest("[data-theme-next]")) nextTheme();
  all("details.dd[open]").forEach((menu) => { if (!menu.contains(at)) /** @type {any} */ (menu).open = false; });
});
document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), typing = at.matches("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) { event.preventDefault(); openPalette(); }
  if (event.key === "Escape") all("details.dd[open]").forEach((menu) => { /** @type {any} */ (menu).open = false; one("summary", menu).focus(); });
  if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") { const box = one("[data-test=find]"); if (box) { box.focus(); event.preventDefault(); } }
    const link = /^[a-z]$/.test(event.key) ? one(`a[data-key="${event.key}"][href]`) : null;
    if (link) link.click();
  }
});

function nextTheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
}

/* the tab that is open is in sight, however narrow the window */
all(".tabs > .on").forEach((tab) => { const row = /** @type {HTMLElement} */ (tab.parentElement); if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - 24; });

/* notices go by themselves, those that can be undone stay longer */
for (const box of all("[data-toast]")) setTimeout(() => box.remove(), one("form", box) ? 15_000 : 5000);

/* a draft that was sent and did not come back with problems has served */
const sent = sessionStorage.getItem("sent");
if (sent && !one("[data-test=problems], [data-test=conflict]")) localStorage.removeItem(sent);
sessionStorage.removeItem("sent");
for (const form of all("form[action='/sign-out'], form[action$='sign-out']")) form.addEventListener("submit", () => { sessionStorage.clear(); Object.keys(localStorage).filter((k) => k.startsWith("draft:")).forEach((k) => localStorage.removeItem(k)); });

/* the network */
const offline = one("#offline");
const tell = () => { if (offline) offline.hidden = navigator.onLine; };
addEventListener("online", tell);
addEventListener("offline", tell);
tell();

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
});
/* the figures of the frame are asked for twice a minute, not while nobody looks */
const pulse = one("#pulse");
const beat = () => { if (document.visibilityState === "visible") pulse?.dispatchEvent(new Event("pulse")); };
if (pulse) { setInterval(beat, 30_000); document.addEventListener("visibilitychange", beat); }
