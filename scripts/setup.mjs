/** `npm run setup`: everything that the workshop needs, and nothing started. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { endChildrenWithUs } = await import("./processes.mjs");
const { setUp } = await import("./set-up.mjs");

endChildrenWithUs();
await runScript(async () => setUp());
