/** `npm run bench`: see `npm run bench -- --help`. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { runBench } = await import("./run-bench.mjs");

await runScript(() => runBench(process.argv.slice(2)));
