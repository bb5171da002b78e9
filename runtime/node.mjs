/* Answers questions about formulas and about the values of a form, a line each, as a browser would. */
import { createInterface } from "node:readline";
import { read, shown, stored } from "./static/js/live_values.mjs";
import { build, env, Fault, FUNCTIONS, OPERATIONS, VERSION } from "./static/js/formula.mjs";

/** `tree` for `rows` of facts; what is `supported`; `read` of a control with `sent` texts; what is `kept` and shown of an answer.
 * @param {any} question */
function answer({ tree, rows, now, zone, supported, spec, sent, kept, language }) {
  if (sent) {
    const data = new FormData();
    for (const text of sent) data.append("x", text);
    return read(data, "x", spec, zone);
  }
  if (kept) {
    const value = stored(kept[0], spec);
    return { stored: value, shown: value === null ? null : shown(value, spec, language, zone) };
  }
  if (supported) return { version: VERSION, core: Object.keys(OPERATIONS).sort(), functions: Object.keys(FUNCTIONS).sort() };
  const run = build(tree), here = env(now, zone);
  return rows.map((row) => {
    try { return { value: run(row, here) ?? null }; } catch (fault) {
      if (fault instanceof Fault) return { fault: fault.code };
      throw fault;
    }
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try { told = { ok: answer(JSON.parse(line)) }; } catch (broken) { told = { broken: String(/** @type {any} */ (broken)?.stack ?? broken) }; }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
