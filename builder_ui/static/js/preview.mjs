/* The preview of a form: controls awake, formulas answering as the draft has them. */
import { one } from "/static/js/shell.mjs";
import { sections } from "/static/js/sections.mjs";
import { wake } from "/static/js/widgets.mjs";

const form = one("#look");
wake(form);
const parts = sections(form);

if (one("[data-live]", form)) import("/static/js/live.mjs").then(({ live }) => live(form, { parts }));
