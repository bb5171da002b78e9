// Draws the charts of a page offline, in the reader's light or dark, and offers what can be done with a mark.
const looksTag = document.getElementById("chart-looks");
const looks = JSON.parse(looksTag?.textContent ?? "{}");
const menu = /** @type {any} */ (document.getElementById("mark-menu"));
const darkness = matchMedia("(prefers-color-scheme: dark)");

function mode() {
  const chosen = document.documentElement.dataset.theme;
  return chosen || (darkness.matches ? "dark" : "light");
}

/** Drawings name colours by $token, so that one template serves both themes. */
function themed(spec) {
  const { config, tokens } = looks[mode()];
  let text = JSON.stringify(spec);
  for (const [name, color] of Object.entries(tokens)) text = text.replaceAll(`"$${name}"`, `"${color}"`);
  return { ...JSON.parse(text), config };
}

function withPart(url, name, value) {
  return url + (url.includes("?") ? "&" : "?") + name + "=" + encodeURIComponent(JSON.stringify(value));
}

function recordsOf(given, datum) {
  const column = datum.m ? { measure: datum.m } : {};
  return withPart(given.records, "mark", { row: given.rows[datum.i], ...column });
}

function filterBy(given, datum) {
  return withPart(location.pathname + location.search, "x", { w: given.widget, r: given.report, row: given.rows[datum.i] });
}

function closer(given, datum) {
  const name = Object.keys(given.finer ?? {}).find((one) => given.rows[datum.i][one] !== null);
  const item = menu.querySelector("[data-down]");
  item.lastElementChild.textContent = name ? given.finer[name] : "";
  return name ? withPart(given.page, "mark", { row: given.rows[datum.i] }) + "&down=" + encodeURIComponent(name) : "";
}

function offer(given, datum, at) {
  if (!menu || datum?.i === undefined || given.click === "none") return;
  const records = given.records ? recordsOf(given, datum) : "";
  if (given.click === "records" && records) return location.assign(records);
  if (given.click === "filter" && given.filter) return location.assign(filterBy(given, datum));
  menu.querySelector("[data-words]").textContent = [datum.x, datum.k === datum.x ? "" : datum.k, datum.t].filter(Boolean).join(" · ");
  link("[data-records]", records);
  link("[data-filter]", given.filter ? filterBy(given, datum) : "");
  link("[data-down]", closer(given, datum));
  menu.showPopover();
  menu.style.left = Math.max(8, Math.min(at.clientX, innerWidth - menu.offsetWidth - 8)) + "px";
  menu.style.top = Math.max(8, Math.min(at.clientY, innerHeight - menu.offsetHeight - 8)) + "px";
  menu.querySelector("a:not([hidden])")?.focus();
}

function link(where, url) {
  const item = menu.querySelector(where);
  item.hidden = !url;
  if (url) item.href = url;
}

/** What a drawing depends on: the same again need not be drawn again. */
const state = (box, text) => `${mode()} ${box.clientWidth}x${box.clientHeight} ${text}`;

async function draw(box) {
  const text = document.getElementById(box.dataset.chart)?.textContent;
  if (!text) return;
  if (box.drawnAs === state(box, text) && box.firstElementChild) { box.dataset.drawn = mode(); return; }
  const given = JSON.parse(text), as = state(box, text);
  box.drawnAs = as;
  const options = { mode: "vega-lite", actions: false, ast: true, renderer: "svg", defaultStyle: false };
  const made = await globalThis.vegaEmbed(box, themed(given.spec), options);
  made.view.addEventListener("click", (event, item) => offer(given, item?.datum, event));
  box.dataset.drawn = mode();
}

/** Every chart that stands on the page now; what has not changed stays as it is. */
export async function drawAll() {
  const boxes = [...document.querySelectorAll("[data-chart]")];
  if (!boxes.length) return;
  await import(looksTag?.dataset.vega ?? "");
  for (const box of boxes) await draw(box);
}

await drawAll();
darkness.addEventListener("change", drawAll);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
