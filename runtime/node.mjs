/* Answers questions about formulas, a line each, as a browser would: {tree, rows, now, zone} or {supported: true}. */
import { createInterface } from "node:readline";
import { build, env, Fault, FUNCTIONS, OPERATIONS, VERSION } from "./static/js/formula.mjs";

/** @param {any} question */
function answer({ tree, rows, now, zone, supported }) {
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
