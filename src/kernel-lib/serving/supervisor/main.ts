/** A service's process: `node main.js HOME NAME`. It says "listening" to whoever started it, and stays when they go. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { packageFolder } from "../../engine/package-folder.js";
import { DeploymentFolder } from "../local/deployment-folder.js";
import { Supervisor } from "./supervisor.js";

async function main(home: string, name: string): Promise<void> {
  const supervisor = await Supervisor.open(new DeploymentFolder(name, home), await vitrineVersion());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => supervisor.stop());
  // A closed terminal is no reason to end.
  process.on("SIGHUP", () => undefined);
  await supervisor.start();
}

async function vitrineVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}

function fail(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException;
  // Read by whoever waits for the service: one line, after which nothing comes.
  process.stderr.write(`vitrine: ${JSON.stringify({ code, message })}\n`);
  process.exit(1);
}

const [home = "", name = ""] = process.argv.slice(2);
process.title = `vitrine service ${name}`;
main(home, name).catch(fail);
