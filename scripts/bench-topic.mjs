/**
 * One topic's benchmark in a process of its own, so that no topic pays for another's memory; its rows go to the parent.
 * @module
 */
import { pathToFileURL } from "node:url";

const [file] = process.argv.slice(2);
if (file === undefined || process.send === undefined) throw new Error("bench-topic.mjs is run by bench.mjs");

/** @type {unknown} */
const module = await import(pathToFileURL(file).href);
const { bench } = /** @type {{ bench: () => Promise<unknown> }} */ (module);
const rows = await bench();
// A worker thread that is still up would keep this process; what it was for is done.
process.send(rows, () => process.exit(0));
