/** `npm start`: see `npm start -- --help`. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { startWorkshop } = await import("./start-workshop.mjs");

await runScript(() => startWorkshop(process.argv.slice(2)));
