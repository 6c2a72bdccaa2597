/** A service's process as seen from outside: started so that it outlives us, found again, ended. */
import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { packageFolder } from "../../engine/package-folder.js";
import type { ServiceDocument } from "../service-settings.js";
import type { ServiceStatus } from "../service-status.js";
import { NODE_OPTIONS } from "../supervisor/node-options.js";
import { processStart } from "../supervisor/process-identity.js";
import { control, Unreachable } from "./control-client.js";
import type { DeploymentFolder } from "./deployment-folder.js";

/** Milliseconds for a service to end by itself. */
const GRACE = 15_000;
/** And for its replicas after it. */
const REPLICA_GRACE = 2000;

/** The running process; undefined where there is none. */
export async function findProcess(folder: DeploymentFolder): Promise<ServiceDocument | undefined> {
  const service = await folder.readService();
  if (!service) return undefined;
  return (await processStart(service.pid)) === service.processStart ? service : undefined;
}

export async function readStatus(folder: DeploymentFolder): Promise<ServiceStatus | undefined> {
  const service = await findProcess(folder);
  if (!service) return undefined;
  return control<ServiceStatus>(service.control, "GET", "/status").catch((error: unknown) => {
    if (error instanceof Unreachable) return undefined;
    throw error;
  });
}

/** Starts the process; resolves when it can be reached. @throws Error with what it said last */
export async function startProcess(folder: DeploymentFolder): Promise<ServiceDocument> {
  await rm(join(folder.path, "service.json"), { force: true });
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  const output = await open(folder.output, "w");
  const script = join(packageFolder(), "dist", "serving", "supervisor", "main.js");
  const child = spawn(process.execPath, [...NODE_OPTIONS, script, dirname(folder.path), folder.name], {
    cwd: folder.path,
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
  });
  await output.close();
  let failed: string | undefined;
  child.once("error", (error) => {
    failed = error.message;
  });
  child.once("exit", (code, signal) => {
    failed ??= `the process ended (${signal ?? code ?? ""})`;
  });
  child.unref();
  for (;;) {
    const service = await folder.readService().catch(() => undefined);
    if (service) return service;
    if (failed !== undefined) throw new Error(await lastWords(folder, failed));
    await wait(30);
  }
}

/** Ends the process and its replicas, gently first; resolves when all are gone. */
export async function endProcess(folder: DeploymentFolder): Promise<void> {
  const service = await findProcess(folder);
  if (!service) return;
  const all = [service, ...(await replicasOf(service))];
  await control(service.control, "POST", "/stop").catch(() => {
    signalProcess(service.pid, "SIGTERM");
  });
  if (await goneWithin([service], GRACE)) {
    // They end with the process, and after it where that was not itself.
    if (await goneWithin(all, REPLICA_GRACE)) return;
  }
  for (const { pid } of await stillThere(all)) signalProcess(pid, "SIGKILL");
  await goneWithin(all, GRACE);
}

/** A process by its number and its beginning. */
type Identity = Pick<ServiceDocument, "pid" | "processStart">;

async function replicasOf(service: ServiceDocument): Promise<Identity[]> {
  const status = await control<ServiceStatus>(service.control, "GET", "/status").catch(() => undefined);
  const all = (status?.replicas ?? []).map(async ({ pid }) => ({ pid, processStart: (await processStart(pid)) ?? "" }));
  return Promise.all(all);
}

async function stillThere(all: readonly Identity[]): Promise<Identity[]> {
  const starts = await Promise.all(all.map(({ pid }) => processStart(pid)));
  return all.filter((one, i) => starts[i] === one.processStart);
}

async function goneWithin(all: readonly Identity[], milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  for (;;) {
    if ((await stillThere(all)).length === 0) return true;
    if (Date.now() > end) return false;
    await wait(30);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile.
  }
}

async function lastWords(folder: DeploymentFolder, otherwise: string): Promise<string> {
  const text = await readFile(folder.output, "utf8").catch(() => "");
  const said = /^vitrine: (\{.*\})$/m.exec(text)?.[1];
  if (said === undefined) return text.trim() === "" ? otherwise : text.trim().slice(-2000);
  const { code, message } = JSON.parse(said) as { code?: string; message: string };
  return code === "EADDRINUSE" ? `its port is taken (${message})` : message;
}
