/* Microseconds a record for all rules, each way taking turns; every way has to find the same ones. */
import { readFileSync } from "node:fs";
import { build, env } from "../runtime/static/js/formula.mjs";

const place = process.argv[2], given = JSON.parse(readFileSync(`${place}/given.json`, "utf-8"));
const { rules } = await import(`${place}/hand.mjs`);
const logic = await import("./peers/node_modules/json-logic-js/logic.js").then((module) => module.default, () => null);
const runs = given.trees.map(build), here = env(1_795_348_800_000_000, "UTC");
/** @type {Record<string, (record: any) => number>} how many rules hold */
const ways = {
  ours: (record) => { let hits = 0; for (const run of runs) if (run(record, here)) hits += 1; return hits; },
  hand: (record) => { let hits = 0; for (const rule of rules) if (rule(record)) hits += 1; return hits; },
  ...(logic && { logic: (record) => { let hits = 0; for (const one of given.logic) if (logic.apply(one, record)) hits += 1; return hits; } }),
};
/** @type {Record<string, number[]>} */
const spent = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
const wanted = given.records.map(ways.hand);
for (let turn = 0; turn < 60; turn++) {
  for (const [name, way] of Object.entries(ways)) {
    const begin = performance.now(), found = given.records.map(way);
    spent[name].push(((performance.now() - begin) * 1000) / found.length);
    if (found.some((/** @type {number} */ hits, /** @type {number} */ n) => hits !== wanted[n])) throw new Error(`${name} finds others`);
  }
}
/** @param {number[] | undefined} times */
const middle = (times) => times?.slice(20).sort((a, b) => a - b)[Math.floor((times.length - 20) / 2)] ?? null;
console.log(JSON.stringify({ ours: middle(spent.ours), hand: middle(spent.hand), logic: middle(spent.logic) }));
