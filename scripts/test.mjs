/** `npm test`: see `npm test -- --help`. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { runTests } = await import("./run-tests.mjs");

await runScript(() => runTests(process.argv.slice(2)));
