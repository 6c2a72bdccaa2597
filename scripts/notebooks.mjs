/** `npm run notebooks`: see `npm run notebooks -- --help`. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { runNotebooks } = await import("./run-notebooks.mjs");

await runScript(() => runNotebooks(process.argv.slice(2)));
