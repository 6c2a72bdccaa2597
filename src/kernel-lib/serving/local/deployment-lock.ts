/** One change to a service at a time, whichever notebook asks; a lock whose holder is gone is none. */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { VitrineError } from "../../structures/errors.js";
import { processStart } from "../supervisor/process-identity.js";
import type { DeploymentFolder } from "./deployment-folder.js";

interface Holder {
  pid: number;
  processStart: string;
  operation: string;
  id: string;
}

/** @throws DeploymentFailed where another change is under way */
export async function withLock<T>(folder: DeploymentFolder, operation: string, work: () => Promise<T>): Promise<T> {
  const id = await acquire(folder, operation);
  try {
    return await work();
  } finally {
    if ((await readHolder(folder.lock))?.id === id) await rm(folder.lock, { force: true });
  }
}

async function acquire(folder: DeploymentFolder, operation: string): Promise<string> {
  const id = randomUUID();
  const beside = `${folder.lock}.${id}`;
  await mkdir(dirname(folder.lock), { recursive: true, mode: 0o700 }).catch((cause: unknown) =>
    refuseWrite(folder, cause),
  );
  const holder: Holder = { pid: process.pid, processStart: (await processStart(process.pid)) ?? "", operation, id };
  await writeFile(beside, JSON.stringify(holder)).catch((cause: unknown) => refuseWrite(folder, cause));
  try {
    for (let tries = 0; tries < 3; tries++) {
      // A link comes whole or not at all, unlike a new file's content.
      const taken = await link(beside, folder.lock).then(() => false, isTaken);
      if (!taken) return id;
      const other = await readHolder(folder.lock);
      if (other && (await processStart(other.pid)) === other.processStart) return refuse(folder, operation, other);
      await rm(folder.lock, { force: true });
    }
    return refuse(folder, operation, undefined);
  } finally {
    await rm(beside, { force: true });
  }
}

function isTaken(error: unknown): true {
  if ((error as NodeJS.ErrnoException).code === "EEXIST") return true;
  throw error;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function refuse({ name }: DeploymentFolder, operation: string, other: Holder | undefined): never {
  const who = other ? `process ${other.pid} is at its ${other.operation}` : "another process is at it";
  throw new VitrineError("DeploymentFailed", { name, operation, reason: who, waysOut: ["Wait until it is done"] });
}

function refuseWrite({ path }: DeploymentFolder, cause: unknown): never {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  throw new VitrineError("CannotWrite", { path, what: "a service's state", reason }, { cause });
}
