/** `npm run build`: compiles the library and bundles the widgets, for whoever works on them. */
import { requireNode } from "./node-version.mjs";

requireNode();
const { runScript } = await import("./set-up-error.mjs");
const { endChildrenWithUs } = await import("./processes.mjs");
const { BUILD_STEPS, setUp } = await import("./set-up.mjs");

endChildrenWithUs();
await runScript(async () => setUp(process.stdout, BUILD_STEPS));
