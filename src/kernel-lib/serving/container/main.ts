/**
 * The process of an image: the same front and the same replicas as on this machine, without a folder of state. `node main.js [service.json]`;
 * its log goes to standard output.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { packageFolder, packageVersion } from "../../engine/package-folder.js";
import { Supervisor } from "../supervisor/supervisor.js";
import { ContainerStore } from "./container-store.js";

/** Milliseconds between two looks at the mounted keys. */
const KEY_INTERVAL = 2000;

async function main(path: string): Promise<void> {
  const store = await ContainerStore.open(path);
  const supervisor = await Supervisor.open(store, packageVersion());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => supervisor.stop());
  await supervisor.start();
  // Whoever runs containers reads why one ended, and starts it again; one that never gets ready says nothing.
  supervisor.firstReplicas().catch(fail);
  let known = JSON.stringify(await store.readKeys());
  for (;;) {
    await wait(KEY_INTERVAL, undefined, { ref: false });
    // Half-written or gone for a moment: the keys that were known go on.
    const keys = await store.readKeys().catch(() => undefined);
    if (!keys || JSON.stringify(keys) === known) continue;
    known = JSON.stringify(keys);
    supervisor.keys.replace(keys);
  }
}

function fail(error: unknown): void {
  process.stderr.write(`vitrine: ${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1));
}

main(process.argv[2] ?? join(packageFolder(), "..", "..", "service.json")).catch(fail);
